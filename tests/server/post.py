"""A mailbox to look into: parts whose outbox keeps what was put, each key once, and what stands in a letter."""

from __future__ import annotations

from typing import Any

import msgspec

from server.parts import Parts


class Letter(msgspec.Struct, frozen=True):
    """What was put into the outbox."""

    key: str
    to: str
    notice: str
    context: dict[str, Any]

    @property
    def path(self) -> str:
        """The path of the letter's link."""
        return "/" + str(self.context["link"]).split("/", 3)[3]


class Box:
    """An outbox that sends nothing."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    async def put(self, *, key: str, to: str, notice: str, context: dict[str, Any]) -> None:
        """Keep a letter; the same key once."""
        if key not in {each.key for each in self.letters}:
            self.letters.append(Letter(key, to, notice, msgspec.json.decode(msgspec.json.encode(context))))

    def last(self, notice: str, to: str | None = None) -> Letter:
        """The newest letter of a kind."""
        return [each for each in self.letters if each.notice == notice and to in (None, each.to)][-1]


class Posting(Parts, frozen=True, kw_only=True):
    """Parts with such an outbox."""

    outbox: Box


def posting(parts: Parts) -> Parts:
    """Give parts a mailbox to look into."""
    return Posting(outbox=Box(), **{name: getattr(parts, name) for name in Parts.__struct_fields__})


def box(parts: Parts) -> Box:
    """The mailbox of such parts."""
    assert isinstance(parts, Posting)
    return parts.outbox
