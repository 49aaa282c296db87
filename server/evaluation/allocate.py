"""`tenderbell allocate`: award lots to offers at the least cost that every rule allows, and check the answer exactly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from fractions import Fraction
from time import monotonic
from typing import Any

from auction.award import market as markets
from auction.award.allocating import NotExact, Outcome, allocate, certified_bound
from auction.award.allocation import Allocation, chosen, shared, unawarded
from auction.award.market import Market
from auction.terms.exact_numbers import HUNDRED, write
from server.evaluation import case
from server.solver import Highs

LIMIT_S = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    case.configure(parser)
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=LIMIT_S,
        metavar="S",
        help=f"stop looking after so many seconds ({LIMIT_S})",
    )
    parser.add_argument(
        "--certificate",
        action="store_true",
        help="also reckon a lower bound that needs no trust in the solver",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e6:
        raise ValueError(text)
    return seconds


def run(args: argparse.Namespace) -> int:
    """Print the awards; 2 with every fault when the case cannot be used, 1 when the solver's answer does not stand up."""

    def work(value: object) -> dict[str, Any]:
        return allocated(markets.parse(value), args.time_limit, args.certificate)

    try:
        return case.answer(args.case, work)
    except NotExact as error:
        print(error, file=sys.stderr)
        return 1


def allocated(market: Market, limit: float, certificate: bool) -> dict[str, Any]:
    """Allocate and tell, within so many seconds; the certificate has a limit of its own."""
    began = monotonic()
    found = allocate(market, Highs(limit, monotonic))
    said = tell(market, found)
    if certificate and found.status in ("optimal", "feasible"):
        said["certified_bound"] = _told(certified_bound(market, Highs(limit, monotonic)))
    return said | {"seconds": round(monotonic() - began, 3)}


def tell(market: Market, found: Outcome) -> dict[str, Any]:
    """An outcome as JSON would have it: exact amounts in strings, and no awards where nothing is possible."""
    said: dict[str, Any] = {"status": found.status, "cost": _told(found.cost), "bound": _told(found.bound)}
    if found.allocation is None:
        why = {"why_infeasible": found.clashing} if found.status == "infeasible" else {}
        return said | {"awards": [], "unawarded": [], "checked": False} | why
    said |= {
        "awards": _awards(market, found.allocation),
        "unawarded": unawarded(market, found.allocation),
        "checked": True,
    }
    return said if found.tie is False else said | {"tie": found.tie}


def _awards(market: Market, allocation: Allocation) -> list[dict[str, Any]]:
    """A row for each lot and who gets it; a bundle's one price stands on each of its rows, which name all its lots."""
    place = {lot.id: n for n, lot in enumerate(market.lots)}
    return sorted(
        [*_whole(market, allocation), *_parts(market, allocation)], key=lambda row: place[row["lot"]]
    )


def _whole(market: Market, allocation: Allocation) -> Iterator[dict[str, Any]]:
    for offer in chosen(market, allocation):
        for lot in offer.lots:
            row = {"lot": lot, "vendor": offer.vendor, "offer": offer.id, "price": write(offer.price)}
            yield row | ({"bundle": offer.lots} if len(offer.lots) > 1 else {})


def _parts(market: Market, allocation: Allocation) -> Iterator[dict[str, Any]]:
    for share, percent in shared(market, allocation):
        part = Fraction(percent, 100)
        price = write(share.price * percent / HUNDRED)
        yield {"lot": share.lot, "vendor": share.vendor, "share": write(part), "price": price}


def _told(amount: Fraction | None) -> str | None:
    return None if amount is None else write(amount)
