"""The bid box: sealed envelopes from the officers' keys to the opening, one stream `box/<event id>` per solicitation."""
