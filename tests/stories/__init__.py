"""Procurements from end to end."""
