"""Tests of who is told what, and of how it is sent."""
