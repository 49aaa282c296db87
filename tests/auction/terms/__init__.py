"""Promises of `auction/terms`."""
