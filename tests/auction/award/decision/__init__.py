"""Tests of the way from a recommendation to a final award."""
