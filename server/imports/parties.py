"""The parties of an OCDS process: the consortium that buys, its districts, and the vendors.

The procuring entity is the consortium, else the buyer. Its districts are the other buyers, and whoever is a member of it.
Tenderers and suppliers are the vendors, wherever they are named. A party that is anything else is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auction.tender.solicitation import District, Vendor
from server.imports.draft import People
from server.imports.naming import fitted, shortened
from server.imports.organisations import name_of, vendors_of
from server.imports.source import Place

BIDDING = ("tenderer", "supplier")
HEADS = ("procuringEntity", "centralPurchasingBody")


def people_of(release: Place, tender: Place) -> People:
    """Sort the parties; a repeated id, and members of each other in a circle, are faults."""
    parties = release.rows("parties")
    by_id = _by_id(parties)
    _no_circles(parties, by_id)
    head = _head(release, tender, parties, by_id)
    buyers, vendors = _districts(release, parties, head[0]), _vendors(release, tender, parties, by_id)
    kept = {head[0], *buyers}
    for party in parties:
        if not (party.id() in kept or _acts(party, BIDDING)):
            party.drop("an organisation that is neither a buyer nor a vendor, or has no name or id")
    ids = dict(zip(buyers, fitted(list(buyers), "district"), strict=True))
    districts = tuple(District(ids[key], name) for key, name in buyers.items())
    return People(head[1], vendors, districts, ids)


def _by_id(parties: Sequence[Place]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for party in parties:
        key = party.id()
        if key in found:
            party.fault(f"{shortened(key)} is already the id of {found[key].path}; give each its own", "id")
        elif key:
            found[key] = party
    return found


def _acts(party: Place, roles: Sequence[str]) -> bool:
    return not set(roles).isdisjoint(party.words("roles"))


def _no_circles(parties: Sequence[Place], by_id: Mapping[str, Place]) -> None:
    """Find memberships that lead back to where they began."""
    above = {key: {row.id() for row in party.rows("memberOf")} & by_id.keys() for key, party in by_id.items()}
    for key in _in_circles(above):
        by_id[key].fault(
            "is, or leads to, a circle of organisations that are members of each other", "memberOf"
        )


def _in_circles(above: dict[str, set[str]]) -> Iterable[str]:
    """Take away whoever is a member of nobody that is left, again and again; what stays leads to a circle."""
    below: dict[str, list[str]] = defaultdict(list)
    for key, heads in above.items():
        for head in heads:
            below[head].append(key)
    free = [key for key, heads in above.items() if not heads]
    while free:
        head = free.pop()
        del above[head]
        for key in below[head]:
            above[key].discard(head)
            free += [] if above[key] else [key]
    return above


def _head(
    release: Place, tender: Place, parties: Sequence[Place], by_id: Mapping[str, Place]
) -> tuple[str, str]:
    """The consortium's id in the file, and its name."""
    acting = [party for party in parties if _acts(party, HEADS)]
    named = (tender.below("procuringEntity"), *acting[:1], release.below("buyer"))
    for place in named:
        if place and (name := _called(place, by_id)):
            return place.id(), name
    tender.note("names nobody; the draft has no consortium", "procuringEntity")
    return "", ""


def _called(place: Place, by_id: Mapping[str, Place]) -> str:
    """The name that stands at a reference, else that of the party it refers to."""
    party = by_id.get(place.id())
    return name_of(place) or (name_of(party) if party else "")


def _districts(release: Place, parties: Sequence[Place], head: str) -> dict[str, str]:
    """The names of the districts by their ids in the file."""
    buying = [party for party in parties if _acts(party, ("buyer",)) or _is_member(party, head)]
    found: dict[str, str] = {}
    for party in (*buying, release.below("buyer")):
        key, name = party.id(), name_of(party)
        if name and key and key != head:
            found.setdefault(key, name)
    return found


def _is_member(party: Place, head: str) -> bool:
    return bool(head) and head in [row.id() for row in party.rows("memberOf")]


def _vendors(
    release: Place, tender: Place, parties: Sequence[Place], by_id: Mapping[str, Place]
) -> tuple[Vendor, ...]:
    bidding = [party for party in parties if _acts(party, BIDDING)]
    places = [*bidding, *_named(release, tender)]
    for place in places:
        if not _called(place, by_id):
            place.note("has no name, so no vendor was made of it")
    return vendors_of((place.id(), name) for place in places if (name := _called(place, by_id)))


def _named(release: Place, tender: Place) -> Iterator[Place]:
    yield from tender.rows("tenderers")
    for bid in release.below("bids").rows("details"):
        yield from bid.rows("tenderers")
    for award in release.rows("awards"):
        yield from award.rows("suppliers")
