"""Cases of the award on the command line."""
