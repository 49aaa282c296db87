"""Promises of the vendors' side."""
