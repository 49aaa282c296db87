"""Sealed bids at the server: the door, the deadline, receipts, and what nobody may see."""
