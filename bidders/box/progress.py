"""How far a bid box has come, in one word, and who of its committee has released: what may be told of it to anybody."""

from __future__ import annotations

from typing import Literal

from bidders.box.state import Box

Phase = Literal["draft", "taking", "waiting", "meeting", "opened", "cancelled"]
"""Not published; bids are taken; closed and not yet opened; the opening runs; all is opened; nothing ever will be."""


def phase(box: Box) -> Phase:
    """How far a box has come."""
    if box.cancelled is not None:
        return "cancelled"
    if box.published_at is None:
        return "draft"
    if box.closed is None:
        return "taking"
    if box.meeting is None:
        return "waiting"
    return "meeting" if box.over is None else "opened"


def released(box: Box, env: str) -> list[int]:
    """The seats that have released their shares of a stage, in order; of which envelopes is not said."""
    return sorted(x for of, x in box.releases if of == env)


def wanted(box: Box, env: str) -> int:
    """How many more officers must release before a stage can be opened, whatever was bid."""
    manifest = box.manifest
    return max(0, manifest["quorum"] - len(released(box, env))) if manifest is not None else 0


def told(box: Box) -> bool:
    """Tell whether anything that was bid may be told of: from when a stage is finished, and never of opening bids."""
    return bool(box.finished) and not box.seeds
