"""What a reader of the price book asks for, read from the address and written back into it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import msgspec

from server.login import Identity
from server.pages.answering import Req
from server.parts import parts_of
from server.presenting import zone_of
from server.prices.awards import buyer
from server.prices.search import LONGEST, SORTS, TERMS, Wanted

MOST_PAGES = 10_000
FILTERS = ("q", "category", "vendor", "contract", "unit", "term", "sort")


class Asked(msgspec.Struct, frozen=True):
    """What was asked for, and the fields of the form as they stood."""

    wanted: Wanted
    fields: dict[str, str]

    def address(self, **changes: str) -> str:
        """The address of the same question with some of it changed; what is as usual is left out."""
        said = {name: value for name, value in (self.fields | changes).items() if value}
        return "/prices" + (f"?{urlencode(said)}" if said else "")


def asked(request: Req, identity: Identity | None) -> Asked:
    """Read the question; what makes no sense in it is left out."""
    given = {
        name: str(request.query_params.get(name, ""))[:LONGEST] for name in (*FILTERS, "mine", "of", "page")
    }
    district = buyer(identity)
    ours = identity is not None and bool(identity.consortia)
    term = given["term"] if given["term"] in TERMS else "current"
    sort = given["sort"] if given["sort"] in SORTS else "best"
    page = int(given["page"]) if given["page"].isascii() and given["page"].isdecimal() else 1
    wanted = Wanted(
        q=given["q"].strip(),
        category=given["category"],
        contract=given["contract"],
        vendor=given["vendor"],
        unit=given["unit"],
        term=term,
        stated_by=district if district is not None and given["mine"] else "",
        owners=identity.consortia if identity is not None and ours and given["of"] != "all" else None,
        sort=sort,
        page=min(max(page, 1), MOST_PAGES),
    )
    fields = {name: given[name] for name in ("q", "category", "vendor", "contract", "unit")}
    fields["term"] = "" if term == "current" else term
    fields["sort"] = "" if sort == "best" else sort
    fields["mine"] = "1" if wanted.stated_by else ""
    fields["of"] = "all" if ours and given["of"] == "all" else ""
    return Asked(wanted, fields)


def today(request: Req, zone: str = "America/New_York") -> date:
    """The day for which contracts are judged."""
    return parts_of(request).now().astimezone(zone_of(zone)).date()
