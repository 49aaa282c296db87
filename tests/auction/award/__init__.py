"""Promises of `auction/award`."""
