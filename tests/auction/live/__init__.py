"""Promises of the live room."""
