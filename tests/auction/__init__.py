"""Promises of the pure engine."""
