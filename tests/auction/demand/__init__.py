"""Tests of what the districts need, and who they are."""
