"""The choice and its defence: who gets a lot, at which price, and why."""
