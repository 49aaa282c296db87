"""Sealed bids at the edge: ciphertext on disk, the door for requests, the deadline, the officers' host, and the opening."""
