"""Whole procurements, from the draft to the price list, as people live them."""
