"""Sealed bids, `sealbid/v1`: envelopes that no one opens alone, officers' keys, and what is signed about them.

Everything here is a pure function of its arguments: the time, fresh random bytes and stored bytes are handed in.
"""
