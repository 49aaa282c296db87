"""Proof: what anybody can check of the journal, without asking anyone."""
