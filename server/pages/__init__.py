"""The pages: each file serves one kind of visitor."""
