"""What is promised before anyone bids, as pure values that can be parsed, explained and hashed."""
