"""What an award means to a district: a price per item, and what it saves."""
