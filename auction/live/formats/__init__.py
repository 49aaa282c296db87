"""One file is one format: what a bid must be, under that format's own rules."""
