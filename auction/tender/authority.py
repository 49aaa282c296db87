"""Authority: whether the law of a solicitation's state lets it be published as it is; every "no" names its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from auction.tender import calendar, sealed_bids
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault
from auction.terms.jurisdiction import CATEGORIES, SHOWN, Profile
from auction.terms.protest_window import Window
from auction.terms.rules import BadRules, Rules, parse

PLAIN_STATEMENT = {
    "reverse_auction": (
        "We set our prices by ourselves. We have not agreed with any other vendor on prices, on who bids, or on who stays "
        "away. What the auction shows us of other bids, as its rules say, we use for our own bids alone."
    ),
    "sealed_bid": (
        "We set our prices by ourselves. We have not agreed with any other vendor on prices, on who bids, or on who stays "
        "away, and have told nobody our prices before the opening."
    ),
}
"""What each vendor confirms where neither the law on record nor the solicitation has words of its own."""


class Ground(msgspec.Struct, frozen=True):
    """What the law is judged on: the state's profile, if there is one, and the days in the solicitation's zone."""

    profile: Profile | None
    today: date
    deadline: date | None = None


def statement(document: Solicitation, profile: Profile | None) -> str:
    """The non-collusion statement of a solicitation: its own, else the law's for its method, else a plain one."""
    own = document.non_collusion.strip()
    law = profile.non_collusion.get(document.kind, "") if profile is not None else ""
    return own or law or PLAIN_STATEMENT[document.kind]


def shown(rules: Rules) -> set[str]:
    """What a rule set shows while bidding runs, in the words of the law."""
    seen = rules.visibility
    found = {
        "own_rank": seen.rank,
        "lead_price": seen.lead != "never",
        "all_prices": seen.history,
        "public_prices": seen.public == "prices",
    }
    return {name for name, yes in found.items() if yes}


def faults(document: Solicitation, ground: Ground) -> list[Fault]:
    """Name everything in which the law on record does not let this be published."""
    found: list[Fault] = []
    profile = ground.profile
    if profile is None:
        told = (
            f"there is no law on record for {document.jurisdiction}"
            if document.jurisdiction
            else "is not named"
        )
        return [*found, Fault("jurisdiction", f"{told}; unknown means off: no auction is held without it")]
    if document.kind == "reverse_auction" and not profile.auctions:
        found.append(
            Fault(
                "jurisdiction", f"no law on record allows reverse auctions in {profile.name}, so none is held"
            )
        )
    if sealed_bids.seeds(document) and not profile.sealed_opening:
        found.append(
            Fault(
                "opening",
                f"no law on record lets sealed bids open an auction in {profile.name}; choose another way to begin",
            )
        )
    found += _category(document, profile)
    if document.kind == "reverse_auction":
        found += [*_information(document, profile), *_papers(document, profile)]
    found += _notice(document, ground, profile)
    found += _protest(document, profile)
    return found


def protest_window(document: Solicitation, profile: Profile | None) -> Window | None:
    """The time to protest: the law's where it is on record, else the solicitation's own; None claims nothing."""
    law = profile.protest_window if profile is not None else None
    return law or document.protest


def _protest(document: Solicitation, profile: Profile) -> Iterator[Fault]:
    if document.protest is not None and profile.protest_window is not None:
        where = profile.source("protest")
        yield Fault(
            "protest.days", f"is on record for {profile.name}{where}; leave the days to protest empty"
        )


def _category(document: Solicitation, profile: Profile) -> Iterator[Fault]:
    if document.category not in CATEGORIES:
        yield Fault("category", "must say what is bought, because the law excludes some things")
    elif document.kind == "reverse_auction" and document.category in profile.excluded:
        words = CATEGORIES[document.category].lower()
        yield Fault(
            "category",
            f"{words} may not be bought by auction in {profile.name}{profile.source('excluded_categories')}",
        )


def _information(document: Solicitation, profile: Profile) -> Iterator[Fault]:
    try:
        rules = parse(document.rules, "rules")
    except BadRules:
        return
    told, law, where = shown(rules), profile.live, profile.source("live_information")
    if law.one_of and not told & set(law.one_of):
        either = " or ".join(SHOWN[each] for each in law.one_of)
        yield Fault("rules.visibility", f"must show {either} while bidding runs{where}")
    for each in law.needs:
        if each not in told:
            yield Fault("rules.visibility", f"must show {SHOWN[each]} while bidding runs{where}")
    for each in law.never:
        if each in told:
            yield Fault("rules.visibility", f"must not show {SHOWN[each]} while bidding runs{where}")
    if profile.names_at and rules.visibility.names_at not in profile.names_at:
        allowed = " or ".join(profile.names_at)
        yield Fault("rules.visibility.names_at", f"must be {allowed}{profile.source('names')}")


def _papers(document: Solicitation, profile: Profile) -> Iterator[Fault]:
    files = {each.hash for each in document.documents}
    held = {each.id for each in document.authority if each.document in files and each.words.strip()}
    for paper in profile.preconditions:
        if paper.id not in held:
            yield Fault(
                f"authority.{paper.id}",
                f"needs {paper.words}: its date or number, and the paper itself{profile.source('preconditions')}",
            )


def _notice(document: Solicitation, ground: Ground, profile: Profile) -> Iterator[Fault]:
    first = calendar.notice(profile, document.kind, ground.today)
    if first is None or ground.deadline is None or ground.deadline >= first.day:
        return
    field = sealed_bids.due_path(document) if sealed_bids.has_box(document) else "opens"
    yield Fault(
        field,
        f"must be on {calendar.said(first.day)} or later{profile.source('minimum_notice')}. {' '.join(first.steps)}",
    )
