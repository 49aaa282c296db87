"""The shape of the source, as tests that can fail."""
