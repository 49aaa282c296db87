"""Prices: the price book's rows, the search in them, and what they save."""
