"""Tests of sealed bids at the edge."""
