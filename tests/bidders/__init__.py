"""The vendors' side: its client, and the simulated vendors."""
