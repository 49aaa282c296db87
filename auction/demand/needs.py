"""What one district needs in one call: the decider of the stream `needs/<call>.<district>`.

A line is one item for one ship-to. Its numbers keep the unit they were stated in, with the exact ratio to the item's base
unit at that time, so that a line means the same for ever. Stating what stands already changes nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from fractions import Fraction

import msgspec

from auction.demand.units import ratio
from auction.kernel import Command, Event, Refused
from auction.money import MICROS, parse_decimal
from auction.refusals import Refusal, no

MOST_LINES = 50_000


class NeedLine(msgspec.Struct, frozen=True, gc=False):
    """One item for one ship-to: how much, and what was last paid.

    `per` and `paid_per` say how many base units one `unit`, or one `paid_unit`, holds. `needed_by` is a date such as 2026-08-15.
    """

    item: str
    quantity: str
    unit: str
    per: str = "1"
    ship_to: str = ""
    needed_by: str = ""
    paid: str | None = None
    paid_unit: str = ""
    paid_per: str = "1"

    @property
    def key(self) -> tuple[str, str]:
        """What tells a district's lines apart."""
        return self.item, self.ship_to

    @property
    def base(self) -> int:
        """How much of the base unit it is, in millionths; exact, which the reading of lines makes sure of."""
        return int((parse_decimal(self.quantity, 6) or 0) * (ratio(self.per) or 0))

    @property
    def price(self) -> Fraction | None:
        """What was last paid for one base unit, in millionths of the currency unit."""
        paid, per = parse_decimal(self.paid, 6) if self.paid else None, ratio(self.paid_per)
        return Fraction(paid) / per if paid is not None and per else None

    @property
    def spend(self) -> Fraction | None:
        """What the whole quantity costs at the price last paid, in millionths of the currency unit."""
        price = self.price
        return None if price is None else price * self.base / MICROS


class Terms(msgspec.Struct, frozen=True):
    """How the call stands: its deadline, and whether it was ended before."""

    deadline: datetime
    ended: bool = False


class StateNeeds(Command, frozen=True):
    """State lines; those with the same item and ship-to are replaced.

    `whole` takes out every line that is not among them, and `drop` those of these keys. `file` is the content hash of the file
    that they come from.
    """

    terms: Terms
    lines: tuple[NeedLine, ...]
    drop: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    source: str = "form"
    file: str = ""


class EditNeed(Command, frozen=True):
    """Change one line as it was seen (`was`), or take it out (`line` is None)."""

    terms: Terms
    n: int
    was: NeedLine
    line: NeedLine | None = None


class ConfirmNeeds(Command, frozen=True):
    """Say that this is all, also where it is nothing."""

    terms: Terms


class ReopenNeeds(Command, frozen=True):
    """Take the confirmation back."""

    terms: Terms


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """A line with its number in the stream."""

    n: int
    line: NeedLine


class NeedsStated(Event, frozen=True, tag="needs.stated"):
    """Lines were stated or changed, and others taken out by their numbers."""

    lines: tuple[Numbered, ...] = ()
    removed: tuple[int, ...] = ()
    source: str = "form"
    file: str = ""


class NeedsConfirmed(Event, frozen=True, tag="needs.confirmed"):
    """The district said that this is all."""


class NeedsReopened(Event, frozen=True, tag="needs.reopened"):
    """The district took its confirmation back."""


NeedsEvent = NeedsStated | NeedsConfirmed | NeedsReopened


class Needs(msgspec.Struct):
    """A district's lines by their numbers, and the number of each key."""

    lines: dict[int, NeedLine] = msgspec.field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = msgspec.field(default_factory=dict)
    last: int = 0
    confirmed_at: datetime | None = None


class Stated(msgspec.Struct, frozen=True):
    """What was done: how many lines were new, changed, taken out, and how many were the same already."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    @property
    def nothing(self) -> bool:
        """Tell whether nothing changed."""
        return not (self.added or self.changed or self.removed)


def initial() -> Needs:
    """Return no needs."""
    return Needs()


def decide(needs: Needs, command: Command, now: datetime) -> Generator[Event, None, Stated]:
    """Judge one command."""
    if not isinstance(command, StateNeeds | EditNeed | ConfirmNeeds | ReopenNeeds):
        raise Refused(no("BAD_COMMAND"))
    if command.terms.ended or now > command.terms.deadline:
        raise Refused(no("CLOSED", "The call for needs is over; ask the lead to extend its deadline."))
    if isinstance(command, ConfirmNeeds):
        if needs.confirmed_at is None:
            yield NeedsConfirmed(at=now, by=command.by)
        return Stated(same=len(needs.lines))
    if isinstance(command, ReopenNeeds):
        if needs.confirmed_at is not None:
            yield NeedsReopened(at=now, by=command.by)
        return Stated(same=len(needs.lines))
    if needs.confirmed_at is not None:
        raise Refused(no("NOT_ALLOWED", "Your needs are confirmed as final; open them again to change them."))
    if isinstance(command, EditNeed):
        return (yield from _edit(needs, command, now))
    return (yield from _state(needs, command, now))


def _state(needs: Needs, command: StateNeeds, now: datetime) -> Generator[Event, None, Stated]:
    keys = {line.key for line in command.lines}
    if len(keys) < len(command.lines):
        raise Refused(no("BAD_COMMAND", "An item is named twice for one ship-to; keep one line."))
    changed = [line for line in command.lines if _before(needs, line) != line]
    gone = [needs.numbers[key] for key in command.drop if key in needs.numbers and key not in keys]
    if command.whole:
        gone = [n for key, n in needs.numbers.items() if key not in keys]
    numbered = tuple(_numbered(needs, changed))
    if len(needs.lines) - len(gone) + sum(1 for each in numbered if each.n > needs.last) > MOST_LINES:
        raise Refused(no("NOT_ALLOWED", f"A district states at most {MOST_LINES:,} lines in one call."))
    added = sum(1 for each in numbered if each.n not in needs.lines)
    if numbered or gone:
        yield NeedsStated(
            at=now,
            by=command.by,
            lines=numbered,
            removed=tuple(gone),
            source=command.source,
            file=command.file,
        )
    return Stated(added, len(numbered) - added, len(gone), len(command.lines) - len(changed))


def _before(needs: Needs, line: NeedLine) -> NeedLine | None:
    n = needs.numbers.get(line.key)
    return None if n is None else needs.lines[n]


def _numbered(needs: Needs, lines: Iterable[NeedLine]) -> Iterator[Numbered]:
    last = needs.last
    for line in lines:
        n = needs.numbers.get(line.key)
        if n is None:
            last += 1
            n = last
        yield Numbered(n, line)


def _edit(needs: Needs, command: EditNeed, now: datetime) -> Generator[Event, None, Stated]:
    before = needs.lines.get(command.n)
    if before is None or before != command.was:
        raise Refused(
            no("NOT_ALLOWED", "Somebody else changed this line meanwhile; look at it again, then change it.")
        )
    line = command.line
    if line is None:
        yield NeedsStated(at=now, by=command.by, removed=(command.n,))
        return Stated(removed=1)
    if line == before:
        return Stated(same=1)
    if needs.numbers.get(line.key, command.n) != command.n:
        raise Refused(
            no("BAD_COMMAND", "There is a line for this item and ship-to already; change that one.")
        )
    yield NeedsStated(at=now, by=command.by, lines=(Numbered(command.n, line),))
    return Stated(changed=1)


def evolve(needs: Needs, event: Event) -> Needs:
    """Write one event into the needs."""
    if isinstance(event, NeedsStated):
        for n in event.removed:
            needs.numbers.pop(needs.lines.pop(n).key, None)
        for each in event.lines:
            before = needs.lines.get(each.n)
            if before is not None:
                needs.numbers.pop(before.key, None)
            needs.lines[each.n] = each.line
            needs.numbers[each.line.key] = each.n
            needs.last = max(needs.last, each.n)
    elif isinstance(event, NeedsConfirmed):
        needs.confirmed_at = event.at
    elif isinstance(event, NeedsReopened):
        needs.confirmed_at = None
    return needs


def refusal(needs: Needs, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a district are answered, not written."""
    return iter(())
