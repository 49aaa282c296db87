"""What stops the public log: it would have to contradict what it has already told others."""

from __future__ import annotations


class Unsound(Exception):
    """The log cannot go on from what was found at the start; the message says why, and what to do."""
