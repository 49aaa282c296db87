"""Who may order at an awarded price: members of the consortium that awarded it, and in some states only those on its roster."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from auction.prices.contract import Status


class Offered(msgspec.Struct, frozen=True):
    """What an order would be placed under: the contract's consortium, its rule of ordering, and where it stands now."""

    owner: str
    ordering: str
    status: Status
    starts: str = ""


def why_not(offered: Offered, consortia: Collection[str], stated: bool) -> str | None:
    """Why a district of these consortia may not order, in words; None when it may. `stated`: it stated a need of the lot."""
    if offered.owner not in consortia:
        return "Your district is not a member of the consortium that holds this contract."
    if offered.status == "over":
        return "The contract is over."
    if offered.status == "upcoming":
        return "The contract has not begun yet."
    if offered.ordering == "roster" and not stated:
        return "Only districts that stated a need of this lot may order; yours did not."
    return None
