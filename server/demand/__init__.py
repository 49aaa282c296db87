"""Demand at the edge: its read models, imports in the background, and the draft that is made of lots."""
