"""Promises of the proofs."""
