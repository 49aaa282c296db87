"""Promises the project keeps, in the shape of its source."""
