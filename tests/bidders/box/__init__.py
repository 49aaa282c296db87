"""Promises of the bid box."""
