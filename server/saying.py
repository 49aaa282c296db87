"""Saying no to a request in a sentence that its reader may see."""

from __future__ import annotations

from litestar.exceptions import HTTPException


class Plain(HTTPException):
    """A no whose sentence may be shown as it is."""


def plain(status: int, sentence: str) -> Plain:
    """Make a no with its HTTP status."""
    return Plain(status_code=status, detail=sentence)
