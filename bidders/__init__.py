"""The vendors' side: who they are, their own programs, and simulated bidders."""
