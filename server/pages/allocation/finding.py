"""Finding the workbench of an event: its bids as a case, its scenarios, and the names by which readers know them."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from auction.award import market_of
from auction.award.consensus import earned
from auction.award.criteria import merit
from auction.award.explaining import Found
from auction.award.market import Market
from auction.award.market_of import Case
from auction.award.rule_words import Called
from auction.award.workbench.facts import Scenarios, ScenarioSaved
from auction.award.workbench.workbench import allocation_of
from auction.live import board
from auction.terms.exact_numbers import parse, write
from server.pages.answering import plain
from server.pages.award import name
from server.pages.ending import all_over, ended, names_shown
from server.pages.showing import Shown, names_public
from server.parts import Parts
from server.presenting import money

NOT_YET = "There is nothing to allocate yet: it begins once every lot is over and vendors may be named."
CLOSED = "The chosen allocation is public once every lot is awarded, where the event’s rules let everybody see the bids."
CENTS, LONGEST = 100, 2000


class Bench(msgspec.Struct, frozen=True):
    """An event with its case, the case's hash, and its scenarios."""

    shown: Shown
    case: Case
    mark: str
    scenarios: Scenarios
    called: Called

    @property
    def lots(self) -> list[str]:
        """The ids of the lots that can be allocated."""
        return [str(each["id"]) for each in self.case["lots"]]

    @property
    def vendors(self) -> list[str]:
        """The ids of the vendors that bid, by name."""
        found = {str(each["vendor"]) for each in self.case["offers"]}
        return sorted(found, key=lambda each: (self.called.vendor(each), each))

    @property
    def has_quality(self) -> bool:
        """Tell whether offers have a quality that was scored."""
        return any("quality" in each for each in self.case["offers"])

    def market(self, saved: ScenarioSaved) -> Market:
        """The market under a scenario's rules."""
        return market_of.read(self.case, saved.rules)

    def fresh(self, saved: ScenarioSaved) -> bool:
        """Tell whether a scenario was solved on the bids as they stand."""
        return saved.market == self.mark

    def scenario(self, number: int) -> ScenarioSaved:
        """A scenario that was not dropped; a page that says no for another."""
        found = self.scenarios.saved.get(number)
        if found is None or number in self.scenarios.dropped:
            raise plain(404, "There is no such scenario; it may have been dropped.")
        return found

    def cheapest(self) -> ScenarioSaved | None:
        """The newest scenario without rules on the bids as they stand, with which others are compared."""
        found = [each for each in self.scenarios.kept if not each.rules and each.aim == "cost"]
        return next((each for each in reversed(found) if self.fresh(each) and each.cost is not None), None)


def scenarios_of(parts: Parts, event_id: str) -> Scenarios:
    """The scenarios of an event."""
    found = parts.desk.state(f"allocation/{event_id}")
    assert isinstance(found, Scenarios)
    return found


def bench_of(parts: Parts, shown: Shown) -> Bench:
    """The workbench of an event that is over; a page that says no for one that is not."""
    if not all_over(shown) or not names_shown(shown):
        raise plain(404, NOT_YET)
    document = shown.document
    results = [ended(shown, lot.id) for lot in document.lots]
    case = market_of.case_of(document, [each for each in results if each.closed], quality(shown))
    if not case["lots"]:
        raise plain(404, "No lot has a bid that it could be awarded to, so there is nothing to allocate.")
    called = Called(
        {str(each["vendor"]): name(shown, str(each["vendor"])) for each in case["offers"]},
        {lot.id: lot.title for lot in document.lots},
        {each.id: each.name for each in document.districts},
        lambda amount: money(cents(amount), document.currency),
    )
    return Bench(shown, case, market_of.fingerprint(case), scenarios_of(parts, shown.id), called)


def quality(shown: Shown) -> dict[str, Fraction]:
    """What each vendor earned by locked scores; nothing where the lowest price decides."""
    panel = shown.panel
    if panel is None or panel.plan is None or panel.locked is None:
        return {}
    plan = panel.plan
    return {
        vendor: merit(plan, scores).worth for vendor, scores in earned(panel, panel.locked.scores).items()
    }


def open_book(shown: Shown) -> bool:
    """Tell whether everybody may see all bids of an awarded event: opened in public, or shown by a live event's rules."""
    if shown.status != "awarded":
        return False
    return shown.sealed or (shown.room is not None and names_public(shown) and board.shows_prices(shown.room))


def found_of(saved: ScenarioSaved) -> Found | None:
    """A scenario's allocation with its cost; None where nothing was found."""
    allocation = allocation_of(saved)
    return None if allocation is None else Found(allocation, exact(saved.cost))


def exact(amount: str | None) -> Fraction:
    """An amount that was kept, as a number."""
    found = parse(amount or "")
    assert found is not None
    return found


def cents(amount: str) -> str:
    """An amount to the cent, halves up, for readers; the exact one is in the files."""
    value = exact(amount) * CENTS
    whole = (2 * value + 1) // 2
    return write(Fraction(whole, CENTS))


def proposed(parts: Parts, shown: Shown) -> dict[str, tuple[str, str]]:
    """Whom the chosen scenario proposes for each lot, and why in words; empty without a choice on the bids as they stand."""
    chosen = scenarios_of(parts, shown.id).chosen
    if chosen is None or not all_over(shown) or not names_shown(shown):
        return {}
    bench = bench_of(parts, shown)
    saved = bench.scenarios.saved[chosen.number]
    if not bench.fresh(saved):
        return {}
    words = f"Scenario {saved.number}, {saved.name.rstrip('.')}, was chosen: {chosen.reason}"[:LONGEST]
    taken = [each for each in bench.case["offers"] if each["id"] in saved.offers]
    return {str(lot): (str(each["vendor"]), words) for each in taken for lot in each["lots"]}
