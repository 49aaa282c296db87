"""The difference of two documents says all that changed, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from auction.tender.difference import Change, applied, difference
from auction.tender.solicitation import District, Line, Lot, Need, Solicitation, Vendor

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
PAPER = Line("A", "Paper", "case", "10", "50.00", needs=(Need("d-oak", "6"), Need("d-elm", "4")))
EVENT = Solicitation(
    number="1",
    title="Paper",
    opens=OPENS,
    rules={"format": "english", "decrement": {"percent": "0.5"}},
    lots=(Lot("L1", "Paper", lines=(PAPER, Line("B", "Pens", "box", "5"))), Lot("L2", "Ink")),
    districts=(District("d-oak", "Oak"), District("d-elm", "Elm")),
)

names = st.sampled_from(["A", "B", "C", "lots", "lines", "#", "needs"])
texts = st.sampled_from(["", "x", "y"])
maybe = st.none() | texts
needs = st.lists(st.builds(Need, names, texts), max_size=3).map(tuple)
lines = st.lists(st.builds(Line, names, texts, texts, texts, maybe, needs=needs), max_size=4).map(tuple)
times = st.none() | st.integers(0, 3).map(lambda hours: OPENS + timedelta(hours=hours))
lots = st.lists(st.builds(Lot, names, texts, texts, maybe, times, lines=lines), max_size=4).map(tuple)
rules = st.dictionaries(
    names, st.none() | st.booleans() | texts | st.dictionaries(names, maybe, max_size=2), max_size=3
)
vendors = st.lists(st.builds(Vendor, names, texts), max_size=3).map(tuple)
documents = st.builds(
    Solicitation, number=texts, title=texts, opens=times, rules=rules, lots=lots, vendors=vendors
)


def change(**fields: Any) -> list[Change]:
    return list(difference(EVENT, msgspec.structs.replace(EVENT, **fields)))


@given(documents, documents)
def test_applying_the_difference_gives_the_new_document(old: Solicitation, new: Solicitation) -> None:
    changes = difference(old, new)
    assert applied(old, changes) == new
    assert (changes == ()) == (old == new)


@given(documents, documents)
def test_each_change_is_needed(old: Solicitation, new: Solicitation) -> None:
    changes = difference(old, new)
    order = [each for each in changes if each.path[-1] != "#order"]
    for each in order:
        if each.had and each.has:
            rest = [other for other in changes if other is not each]
            assert applied(old, rest) != new


@given(documents)
def test_a_document_does_not_differ_from_itself(document: Solicitation) -> None:
    assert difference(document, document) == ()


def test_a_moved_opening_is_one_change_with_both_times() -> None:
    assert change(opens=OPENS + timedelta(days=1)) == [
        Change(("opens",), "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z")
    ]


def test_a_quantity_of_a_line_is_found_by_lot_and_line() -> None:
    more = msgspec.structs.replace(PAPER, quantity="12")
    first = msgspec.structs.replace(EVENT.lots[0], lines=(more, EVENT.lots[0].lines[1]))
    assert change(lots=(first, EVENT.lots[1])) == [
        Change(("lots", "L1", "lines", "A", "quantity"), "10", "12")
    ]


def test_a_new_line_does_not_make_the_lines_after_it_look_changed() -> None:
    first = msgspec.structs.replace(EVENT.lots[0], lines=(Line("Z", "Glue", "ea", "1"), *EVENT.lots[0].lines))
    found = change(lots=(first, EVENT.lots[1]))
    assert [(each.path, each.had, each.has) for each in found] == [
        (("lots", "L1", "lines", "Z"), False, True),
        (("lots", "L1", "lines", "#order"), True, True),
    ]


def test_a_lot_that_is_gone_and_a_rule_that_is_new_are_said() -> None:
    found = change(lots=EVENT.lots[:1], rules={**EVENT.rules, "tick": "1"})
    assert {(each.path, each.had, each.has) for each in found} == {
        (("lots", "L2"), True, False),
        (("rules", "tick"), False, True),
    }
