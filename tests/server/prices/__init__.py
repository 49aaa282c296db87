"""Tests of the price book's rows and of the search in them."""
