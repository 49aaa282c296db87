"""Promises of `auction/prices`."""
