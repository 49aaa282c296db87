"""Tests of the pages in a real browser, and of the files that they are made of."""
