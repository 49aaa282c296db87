"""The notice of sealed bids: what is bought, until when bids are taken, who opens them and how; after the award, to whom."""

from __future__ import annotations

from litestar import Response

from auction.live.board import Viewer
from server.login import Identity
from server.pages.answering import Req, page
from server.pages.ending import lot_status
from server.pages.opening.telling import course
from server.pages.promises import promises
from server.pages.showing import Shown, award_of, event_of, is_ours, lot_in_short
from server.parts import parts_of


def show(request: Req, shown: Shown, identity: Identity | None, names: dict[str, str]) -> Response[str]:
    """Show the public notice."""
    parts = parts_of(request)
    return page(
        request,
        "opening/notice.html",
        nav="events",
        event=event_of(shown, Viewer("public")),
        course=course(shown, parts.now()),
        lots=[
            lot_in_short(lot) | {"status": lot_status(shown, lot.id), "award": award_of(shown, lot, names)}
            for lot in shown.document.lots
        ],
        scored=shown.panel is not None,
        ours=is_ours(identity, shown.document.owner),
        addenda=len(shown.tender.addenda),
        latest=shown.tender.addenda[-1] if shown.tender.addenda else None,
        **promises(parts, shown.document),
        now=parts.now(),
    )
