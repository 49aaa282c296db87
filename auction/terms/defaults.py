"""What each rule is where nobody says otherwise: the rulebook's own table."""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, Any] = {
    "tick": "0.01",
    "ceiling": None,
    "reserve_commitment": None,
    "decrement": {"base": "own", "percent": "0.5"},
    "max_change_percent": "50",
    "confirm_change_percent": "30",
    "lead_buffer": None,
    "ties": "first",
    "self_undercut": True,
    "overtime": {
        "window_s": 180,
        "extension_s": 180,
        "from": "receipt",
        "trigger_rank": 1,
        "max_extensions": None,
        "scope": "lot",
        "hard_stop": None,
    },
    "closing": {"mode": "staggered"},
    "visibility": {
        "rank": True,
        "lead": "after_first_bid",
        "lead_min_vendors": 3,
        "count": False,
        "history": False,
        "buyer_sees_names": False,
        "public": "nothing",
        "names_at": "award",
    },
    "rank_by": "price",
    "proxy": True,
    "min_vendors": 2,
    "notice_s": 120,
    "fault_s": 15,
}
CLOSINGS: dict[str, dict[str, Any]] = {
    "parallel": {"mode": "parallel"},
    "staggered": {"mode": "staggered", "gap_s": 300, "min_gap_s": 180},
    "serial": {"mode": "serial", "gap_s": 0},
}


MEANINGS: dict[str, str] = {
    "format": "How the auction runs; `english` is the one available.",
    "tick": "The smallest step of an amount; amounts off it are refused, never rounded.",
    "ceiling": "The highest price that may be bid; a lot and a vendor may have their own, and the lowest of them applies.",
    "reserve_commitment": "The SHA-256 hash of a secret limit, kept on record; nothing is done with it yet.",
    "decrement.base": "From where a step down is counted: `own` (the vendor's own bid) or `lead` (the best bid).",
    "decrement.amount": "The step as an amount; where a percentage is given too, the smaller step applies.",
    "decrement.percent": "The step in per cent of the base, rounded up to the tick; the step is never below one tick.",
    "decrement.tiers": "Steps by price, in place of the two above: the first row whose `above` lies below the base counts.",
    "max_change_percent": "How far one bid may go down, in per cent; more is taken for a typing error.",
    "confirm_change_percent": "From which step down, in per cent, the vendor is asked to confirm the amount.",
    "lead_buffer": "How much further a bid must lie below another vendor's lead to take it.",
    "ties": "Equal bids: `first`, `equal_best`, `equal_worst`, or `refuse` a bid equal to another vendor's lead.",
    "self_undercut": "Whether the leader may bid again and improve on itself.",
    "overtime.window_s": "How many seconds before the close a bid counts as late.",
    "overtime.extension_s": "How many seconds such a bid leaves on the clock; 0 turns overtime off.",
    "overtime.from": "Whether the extension is counted from the bid's `receipt` or added to the `close`.",
    "overtime.trigger_rank": "How well a late bid must rank to move the close: 1 is the lead, null is any accepted bid.",
    "overtime.max_extensions": "How often a lot is extended at the most; null is without end.",
    "overtime.scope": "Whether the `lot` alone or `all` open lots close later.",
    "overtime.hard_stop": "A time beyond which no bid moves a close; the lead still can.",
    "closing.mode": "`parallel`: together; `staggered`: one after another; `serial`: a lot opens when the one before is over.",
    "closing.gap_s": "Staggered: seconds between two planned closes. Serial: seconds between a close and the next opening.",
    "closing.min_gap_s": "Staggered: how near a moved close may come before the next one moves too.",
    "visibility.rank": "Whether a vendor sees its own rank, from its first bid on.",
    "visibility.lead": "Whether a vendor sees the lead price: `never`, `after_first_bid` (its own) or `always`.",
    "visibility.lead_min_vendors": "How many vendors must have bid on the lot before the lead price is shown.",
    "visibility.count": "Whether vendors see how many of them have bid.",
    "visibility.history": "Whether vendors see the anonymous graph of all prices.",
    "visibility.buyer_sees_names": "Whether leads see companies' names before every lot is over.",
    "visibility.public": "What everyone may follow live: `prices`, or `nothing` but that the event runs.",
    "visibility.names_at": "When names of vendors that did not win may become public: at the `close`, the `award`, or `never`.",
    "rank_by": "What is compared: the `price`, or the `adjusted` price (price × factor + addend, fixed for each vendor).",
    "proxy": "Whether proxy bids are allowed; they are not available yet, and are refused either way.",
    "min_vendors": "With fewer admitted vendors the event does not open; it is cancelled with that reason.",
    "notice_s": "How many seconds at least are left to bid after a resume.",
    "fault_s": "How long the server may be away before open lots are paused.",
}
"""What each rule means, in a sentence; the docs repeat it."""


def complete(raw: dict[str, Any]) -> dict[str, Any]:
    """Fill in the defaults; `decrement` is used as given, other members one by one."""
    whole = {**DEFAULTS, **raw}
    for name in ("overtime", "visibility"):
        if isinstance(whole[name], dict):
            whole[name] = {**DEFAULTS[name], **whole[name]}
    if isinstance(whole["decrement"], dict):
        whole["decrement"] = {"base": "own", **whole["decrement"]}
    closing = whole["closing"]
    if isinstance(closing, dict):
        mode = closing.get("mode", "staggered")
        whole["closing"] = {**CLOSINGS.get(mode if isinstance(mode, str) else "", {}), **closing}
    return whole
