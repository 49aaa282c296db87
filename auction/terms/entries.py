"""Entries: what a vendor typed into a schedule, line by line, read into prices with every fault beside its field.

An entry holds text as it was typed, so that a half-filled schedule can be kept as it is. Read, it gives a unit price, or a
no-bid, or nothing yet. A pack alone is enough: the unit price follows from it, where it is exact. An extension is only
checked: where it disagrees with quantity × unit price, the unit price counts and the fault names both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from auction.money import exact, parse_decimal
from auction.terms import offers, packs
from auction.terms.faults import Fault
from auction.terms.offers import Alternate, Kind, Offer
from auction.terms.packs import Pack
from auction.terms.schedule import LinePrice, LotLine, extension

KINDS: tuple[Kind, ...] = ("as_asked", "equal")
LONGEST = 200
"""The longest text of a field that is kept."""
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
CENT_PLACES, TOTAL_PLACES = 2, 12


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line as typed; everything may be empty."""

    unit_price: str = ""
    no_bid: bool = False
    extension: str = ""
    kind: str = "as_asked"
    brand: str = ""
    model: str = ""
    literature: str = ""
    pack_name: str = ""
    pack_size: str = ""
    pack_price: str = ""
    alternate_price: str = ""
    alternate_brand: str = ""
    alternate_model: str = ""
    alternate_literature: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing was typed that would be offered."""
        return not self.no_bid and not self.unit_price.strip() and not self.pack_price.strip()


class ReadLine(msgspec.Struct, frozen=True):
    """An entry read: the price to be filed, None while there is none; its extension in 10^-12; and its faults by field."""

    price: LinePrice | None
    extension: int
    faults: tuple[Fault, ...] = ()


class ReadSchedule(msgspec.Struct, frozen=True):
    """A whole schedule read: its prices, what is still missing, and every fault, each with the path `line.field`."""

    prices: tuple[LinePrice, ...]
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]
    worth: int
    """The sum of all extensions, in 10^-12."""


def plain_number(text: str) -> str:
    """Take from a typed number what does not count: spaces, a dollar sign, commas between thousands, zeros before."""
    found = text.strip().removeprefix("$").strip()
    if _GROUPED.fullmatch(found):
        found = found.replace(",", "")
    if re.fullmatch(r"[0-9]*\.?[0-9]*", found) and any(each.isdigit() for each in found):
        whole, _, part = found.partition(".")
        found = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    return found


def read_line(line: LotLine, entry: Entry) -> ReadLine:
    """Read one entry; its faults have the field's name as their path."""
    faults: list[Fault] = []
    if entry.no_bid:
        return _no_bid(line, entry)
    unit = plain_number(entry.unit_price) if entry.unit_price.strip() else None
    pack = _pack(entry, faults)
    if unit is None and pack is not None:
        unit = packs.per_unit(pack, line.decimals)
        if unit is None and packs.is_pack(pack):
            faults += offers.faults("", Offer(pack=pack), "0", line.decimals, True)
    elif unit is not None and not _above_zero(unit, line.decimals):
        faults.append(Fault("unit_price", _not_a_price(entry.unit_price, line.decimals)))
        unit = None
    if unit is None:
        return ReadLine(None, 0, tuple(_bare(fault) for fault in faults))
    offer = _offer(entry, pack)
    if offer is not None:
        faults += offers.faults("", offer, unit, line.decimals, line.or_equal)
    worth = extension(line.quantity, unit)
    faults += _extension(line, entry, unit, worth)
    second = _alternate(line, entry, faults)
    return ReadLine(LinePrice(line.id, unit, offer, second), worth, tuple(_bare(fault) for fault in faults))


def _no_bid(line: LotLine, entry: Entry) -> ReadLine:
    faults: list[Fault] = []
    if not line.no_bid:
        faults.append(Fault("no_bid", "is not allowed on this line: give a price"))
    if entry.unit_price.strip():
        faults.append(Fault("unit_price", "stands beside a no-bid: take one of the two out"))
    second = _alternate(line, entry, faults)
    read = tuple(_bare(fault) for fault in faults)
    return ReadLine(None if faults else LinePrice(line.id, None, alternate=second), 0, read)


def _alternate(line: LotLine, entry: Entry, faults: list[Fault]) -> Alternate | None:
    """A second offer as typed; None where none is made."""
    texts = (entry.alternate_brand.strip(), entry.alternate_model.strip(), entry.alternate_literature)
    price = plain_number(entry.alternate_price)
    if not price and not any(texts):
        return None
    second = Alternate(price, *texts)
    faults += offers.alternate_faults("", second, line.decimals, line.alternates)
    return second


def _bare(fault: Fault) -> Fault:
    return Fault(fault.path.removeprefix("."), fault.message)


def _above_zero(text: str, decimals: int) -> bool:
    return (parse_decimal(text, decimals) or 0) > 0


def _not_a_price(text: str, decimals: int) -> str:
    digits = "no decimals" if not decimals else f"at most {decimals} decimals"
    return f"“{text.strip()[:40]}” is not a price above zero with {digits}, such as {'12' if not decimals else '12.50'}"


def _pack(entry: Entry, faults: list[Fault]) -> Pack | None:
    """The pack as typed, its numbers made plain; None where none is given."""
    size, price = plain_number(entry.pack_size), plain_number(entry.pack_price)
    if not size and not price:
        return None
    pack = Pack(size, price, entry.pack_name.strip())
    if not packs.is_pack(pack):
        if size and not price and entry.unit_price.strip():
            return _sized(entry, size, faults)
        field = "pack_price" if size and not price else "pack_size"
        faults.append(Fault(field, "give both how many units the pack holds and its price, above zero"))
        return None
    return pack


def _sized(entry: Entry, size: str, faults: list[Fault]) -> Pack | None:
    """A pack whose size alone is given costs what its units cost."""
    unit = plain_number(entry.unit_price)
    pack = Pack(size, packs.pack_price(size, unit), entry.pack_name.strip())
    if packs.is_pack(pack):
        return pack
    faults.append(Fault("pack_size", "must be how many units the pack holds, a number above zero"))
    return None


def _offer(entry: Entry, pack: Pack | None) -> Offer | None:
    kind: Kind = next((each for each in KINDS if each == entry.kind), "as_asked")
    offer = Offer(kind, entry.brand.strip(), entry.model.strip(), entry.literature, pack)
    return None if offer == Offer() else offer


def _extension(line: LotLine, entry: Entry, unit: str, worth: int) -> list[Fault]:
    """Hold a typed extension against the one that counts; to the cent is near enough."""
    if not entry.extension.strip():
        return []
    typed = parse_decimal(plain_number(entry.extension), TOTAL_PLACES)
    counts = exact(worth, TOTAL_PLACES)
    if typed is not None and abs(typed - worth) < 10 ** (TOTAL_PLACES - CENT_PLACES):
        return []
    said = f"“{entry.extension.strip()[:40]}” is not {line.quantity} × {unit}, which is {counts}"
    return [Fault("extension", f"{said}; the unit price counts: correct it, or clear the extension")]


def read(lines: Sequence[LotLine], entries: Mapping[str, Entry]) -> ReadSchedule:
    """Read a whole schedule."""
    prices: list[LinePrice] = []
    missing: list[str] = []
    faults: list[Fault] = []
    worth = 0
    for line in lines:
        entry = entries.get(line.id, Entry())
        told = read_line(line, entry)
        faults += [Fault(f"{line.id}.{fault.path}", fault.message) for fault in told.faults]
        worth += told.extension
        if told.price is not None:
            prices.append(told.price)
        elif entry.blank and not told.faults:
            missing.append(line.id)
    return ReadSchedule(tuple(prices), tuple(missing), tuple(faults), worth)


def cut(values: Mapping[str, object], fields: Iterable[str] = Entry.__struct_fields__) -> Entry:
    """Make an entry from texts, each cut to what is kept; `no_bid` is true for any text but none."""
    given: dict[str, object] = {}
    for name in fields:
        text = str(values.get(name) or "").strip()[:LONGEST]
        given[name] = bool(text) if name == "no_bid" else text
    if given.get("kind") not in KINDS:
        given["kind"] = "as_asked"
    return Entry(**given)  # type: ignore[arg-type]


EMPTY = Entry()
__all__ = ["EMPTY", "KINDS", "Entry", "ReadLine", "ReadSchedule", "cut", "plain_number", "read", "read_line"]
