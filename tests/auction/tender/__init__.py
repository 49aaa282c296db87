"""Promises of `auction/tender`."""
