"""Where a district's goods go: needs name an address by its id, its name or its street, and pages show the whole address.

A district without addresses writes freely where goods go. What it wrote so stays readable, and good for that line, later on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from auction.demand.profile import SHIP_TO_ID, DistrictProfile, ShipTo
from auction.terms.faults import Reading

LONGEST_PLACE = 120
MOST_NAMED = 6
_NUMBERED = re.compile(rf".*\(({SHIP_TO_ID.pattern})\)", re.IGNORECASE)


def written(address: ShipTo) -> str:
    """An address in one line: `High school, 12 Main St, Ithaca, NY 14850`."""
    return f"{address.name}, {address.street}, {address.city}, {address.state} {address.zip}"


def usual_of(profile: DistrictProfile) -> str:
    """The id of the address where goods usually go: the chosen one, else the first that is open; empty where none is."""
    able = [each.id for each in profile.ship_to if not each.closed]
    return profile.usual if profile.usual in able else able[0] if able else ""


class Places:
    """A district's addresses, with the places that its lines of each item name already."""

    def __init__(
        self, profile: DistrictProfile | None = None, standing: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        profile = profile or DistrictProfile()
        self.known = {each.id: each for each in profile.ship_to}
        self.usual = usual_of(profile)
        self._standing = standing or {}
        self._named: dict[str, list[ShipTo]] = {}
        for each in profile.ship_to:
            for name in dict.fromkeys(_names(each)):
                self._named.setdefault(name, []).append(each)

    def standing(self, item: str) -> Sequence[str]:
        """The places of the lines that stand of an item."""
        return self._standing.get(item, ())

    def named(self, text: str) -> list[ShipTo]:
        """The addresses that a text may mean; closed ones only where no open one is meant."""
        numbered = _NUMBERED.fullmatch(text)
        found = self._named.get((numbered[1] if numbered else text).casefold(), [])
        return [each for each in found if not each.closed] or found

    def shown(self, place: str) -> str:
        """A line's place as people read it: the address, or what was written before there were addresses."""
        return written(self.known[place]) if place in self.known else place

    def cell(self, place: str) -> str:
        """The same for a sheet, with the id, so that it is found again when it is sent back."""
        return f"{self.shown(place)} ({place})" if place in self.known else place

    def offered(self, present: str) -> list[tuple[str, str]]:
        """The places to choose from, each as its value and its words; `present` stays, also where it is closed or free text."""
        able = [(each.id, f"{each.id}: {written(each)}") for each in self.known.values() if not each.closed]
        if present in dict(able):
            return able
        return [(present, self.shown(present) or "Your usual place, as stated before"), *able]


def _names(address: ShipTo) -> Iterable[str]:
    whole = written(address)
    names = (address.id, address.name, address.street, f"{address.name}, {address.street}", whole)
    return (" ".join(each.split()).casefold() for each in (*names, whole.removeprefix(f"{address.name}, ")))


def read_place(read: Reading, path: str, text: str, item: str, places: Places) -> str:
    """Read where goods of an item go, as the address's id where it is known; what is wrong is noted in `read`.

    Nothing means the place of the item's only line, else the usual one.
    """
    said = " ".join(text.split())
    if not places.known:
        if len(said) > LONGEST_PLACE:
            read.fault(path, f"is longer than {LONGEST_PLACE} letters; shorten it")
        return said
    standing = places.standing(item)
    if said in standing:
        return said
    if not said:
        return standing[0] if len(standing) == 1 else places.usual
    found = places.named(said)
    if len(found) == 1 and (not found[0].closed or found[0].id in standing):
        return found[0].id
    read.fault(path, _fault(said, found, places))
    return said


def _fault(said: str, found: Sequence[ShipTo], places: Places) -> str:
    able = [f"{each.id} ({each.name})" for each in places.known.values() if not each.closed]
    more = f" or one of {len(able) - MOST_NAMED} more" if len(able) > MOST_NAMED else ""
    remedy = f"give {', '.join(able[:MOST_NAMED])}{more}" if able else "open an address again"
    if len(found) > 1:
        return f"“{said[:40]}” is more than one of your addresses; write {' or '.join(each.id for each in found)}"
    if found:
        return f"{found[0].id} ({found[0].name}) is closed; {remedy}"
    return f"“{said[:40]}” is none of your addresses; {remedy}, or add it on your district’s page"
