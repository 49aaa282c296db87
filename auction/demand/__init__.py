"""What the districts need: the catalog, calls for needs, their roll-up and the lots that are made of it."""
