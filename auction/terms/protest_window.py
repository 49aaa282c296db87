"""Protest window: how long a bidder may protest an intended award, counted from which day, and whether a protest stays it."""

from __future__ import annotations

from typing import Literal

import msgspec

Anchor = Literal["notice", "board"]
ANCHORS = ("notice", "board")
MOST_DAYS = 365


class Window(msgspec.Struct, frozen=True):
    """So many days, of the calendar or working ones, after the notice or the board's decision.

    `stay` says whether an open protest keeps the award from becoming final, `source` where all this stands.
    """

    days: int
    working: bool = False
    anchor: Anchor = "notice"
    stay: bool = True
    source: str = ""
