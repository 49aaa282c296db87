"""The rule card: the rules in plain words, with worked numbers computed by the very functions that enforce them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from auction.live.decrement import RANKED, step
from auction.live.formats import english
from auction.live.room import Factors, Lot, LotPlan, Standing
from auction.live.soft_close import later
from auction.money import floor_tick, parse_amount, show
from auction.terms.rules import PERCENT, Rules

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Section(msgspec.Struct, frozen=True):
    """One heading of the card and its sentences."""

    title: str
    sentences: tuple[str, ...]


def card(rules: Rules, example: str | None = None) -> tuple[Section, ...]:
    """Write the card; worked numbers start from `example`, a price such as a lot's ceiling (1,000 if none is given)."""
    start = floor_tick(parse_amount(example) or 1_000_000_000, rules.tick) or rules.tick
    return (
        Section("How the winner is found", _winning(rules)),
        Section("What a good bid is", _bidding(rules, start)),
        Section("When a lot closes", _closing(rules)),
        Section("What you see, and what others see", _seeing(rules)),
        Section("When something goes wrong", _trouble(rules)),
        Section("Not part of this event", (_proxies(rules),)),
    )


def beginning(opening: str) -> tuple[Section, ...]:
    """How bidding begins where opening bids come sealed; nothing where they do not."""
    if opening != "sealed":
        return ()
    sentences = (
        "Opening bids are sealed: a price for every line, which nobody can read before the envelopes are opened.",
        "Officers open all envelopes together, before the room opens. What is opened stands as your opening bid.",
        "Only vendors that are admitted by then, and whose opening bid was opened, can bid live.",
        "How many opening bids were opened is public. Whose they are, and at what price, is told as these rules say.",
    )
    return (Section("How bidding begins", sentences),)


def _proxies(rules: Rules) -> str:
    if not rules.proxy:
        return "Proxy bids are not allowed in this event: you bid each amount yourself."
    return (
        "These rules would allow proxy bids, but they are not available yet: a proxy is refused (NOT_ALLOWED), and you bid "
        "each amount yourself."
    )


def percent(value: int) -> str:
    """Write millionths of a percent as people do: 0.5 %."""
    whole, part = divmod(value, PERCENT)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".") + " %"


def span(length: timedelta) -> str:
    """Write a duration in words: 3 minutes, 90 seconds."""
    seconds = int(length.total_seconds())
    size, unit = (seconds // 60, "minute") if seconds and seconds % 60 == 0 else (seconds, "second")
    return f"{size} {unit}" + ("" if size == 1 else "s")


def _amount(rules: Rules, micros: int) -> str:
    return show(micros, rules.tick)


def _after(gap: timedelta) -> str:
    return f"{span(gap)} after" if gap else "as soon as"


def _winning(rules: Rules) -> tuple[str, ...]:
    ties = {
        "first": "Of two equal bids the earlier one ranks better.",
        "equal_best": "Equal bids share the better rank.",
        "equal_worst": "Equal bids share the worse rank.",
        "refuse": "A bid equal to another vendor's lead is refused.",
    }
    ranked = "The lowest price wins."
    if rules.rank_by == "adjusted":
        ranked = (
            "The lowest adjusted price wins: your price times your factor, plus your addend. Both are fixed before the event "
            "opens and shown to you alone; your bid-to-beat is always given in your own prices."
        )
    few = f"The event opens only with at least {rules.min_vendors} admitted vendors; else it is cancelled."
    return (
        ranked,
        ties[rules.ties],
        "Nothing is awarded by itself: the lead records the award with a reason.",
        few,
    )


def _held(rules: Rules, own: int | None, lead: int | None) -> english.Bounds:
    """What a vendor's bid is held against in a made-up lot: its own bid, and another vendor's lead."""
    lot = Lot(plan=LotPlan("example"), index=0, opens=NOON, closes=NOON)
    for place, (name, amount) in enumerate((("other", lead), ("you", own))):
        if amount is not None:
            standing = Standing(amount * RANKED, place, name, amount, NOON)
            lot.standing[name] = standing
            lot.order.append(standing)
    lot.order.sort()
    plain = msgspec.structs.replace(rules, rank_by="price")
    return english.bounds(plain, lot, "you", Factors(RANKED, 0, None))


def _bidding(rules: Rules, start: int) -> tuple[str, ...]:
    told = [f"Amounts go in steps of {_amount(rules, rules.tick)}."]
    if rules.ceiling is not None:
        told.append(f"No bid may be above the ceiling of {_amount(rules, rules.ceiling)}.")
    told.append(_step_down(rules, start))
    told.append(_limits(rules, start))
    if rules.lead_buffer is not None:
        good = _amount(rules, start - rules.lead_buffer)
        told.append(f"To take the lead from another vendor at {_amount(rules, start)}, bid at most {good}.")
    if not rules.self_undercut:
        told.append("While you lead you cannot bid again.")
    told.append(
        "A bid is binding once it is taken. A refused bid says why, and the nearest amount that would do."
    )
    return tuple(told)


def _step_down(rules: Rules, start: int) -> str:
    asked, shown = rules.decrement, _amount(rules, start)
    good = _amount(rules, start - step(rules, start * RANKED) // RANKED)
    size = []
    if asked.amount is not None:
        size.append(_amount(rules, asked.amount))
    if asked.percent is not None:
        size.append(percent(asked.percent) + " (rounded up to the step)")
    size += [f"{_amount(rules, tier.amount)} above {_amount(rules, tier.above)}" for tier in asked.tiers]
    much = (", whichever is smaller: " if asked.amount and asked.percent else ": ").join(
        (" or ".join(size) or "one step", "")
    )
    if asked.base == "own":
        return (
            f"Your first bid only needs the ceiling. Each later one must go down from your own bid by at least {much}"
            f"from {shown} to {good} or lower. You need not take the lead."
        )
    return (
        f"The first bid on a lot only needs the ceiling. Each later one must beat the lead by at least {much}"
        f"with the lead at {shown}, bid {good} or lower."
    )


def _limits(rules: Rules, start: int) -> str:
    held = msgspec.structs.replace(_held(rules, start, None), barred=False)
    floor = english.nearest(held, rules.tick, "TOO_FAR")
    price = start * (english.WHOLE - rules.confirm_change) // english.WHOLE
    example = f": from {_amount(rules, start)} to no lower than {_amount(rules, floor)}" if floor else ""
    return (
        f"One bid may go down by at most {percent(rules.max_change)}{example}. "
        f"From {percent(rules.confirm_change)} on ({_amount(rules, floor_tick(price, rules.tick))} or lower) you are asked to "
        "confirm the amount. A first bid has neither limit."
    )


def _closing(rules: Rules) -> tuple[str, ...]:
    how = {
        "parallel": "All lots close at the same time, unless a lot has its own.",
        "staggered": (
            f"Lots close one after another, {span(rules.closing.gap)} apart. When a close moves nearer than "
            f"{span(rules.closing.min_gap)} to the next, the next moves too."
        ),
        "serial": f"Lots run one after another; the next opens {_after(rules.closing.gap)} the one before is over.",
    }
    stroke = (
        "A bid received on the stroke of the close is in time; the server's clock counts, to the microsecond."
    )
    return (how[rules.closing.mode], stroke, *_overtime(rules))


def _overtime(rules: Rules) -> tuple[str, ...]:
    rule = rules.overtime
    if not rule.extension:
        return ("Closes do not move by bids.",)
    ranks = (
        "a bid that takes or keeps the lead"
        if rule.trigger_rank == 1
        else f"a bid that ranks {rule.trigger_rank} or better"
    )
    who = "any accepted bid" if rule.trigger_rank is None else ranks
    lot = Lot(plan=LotPlan("example"), index=0, opens=NOON, closes=NOON)
    at = NOON - rule.window / 2
    plain = msgspec.structs.replace(rule, hard_stop=None)
    moved = later(plain, lot, at)
    reached = "every open lot closes" if rule.scope == "all" else "the lot closes"
    since = "after that bid" if rule.counted_from == "receipt" else "after its planned close"
    told = [
        (
            f"In the last {span(rule.window)}, {who} means that {reached} no earlier than {span(rule.extension)} {since}. "
            f"Example: a lot that closes at {NOON:%H:%M:%S} gets such a bid at {at:%H:%M:%S}; it then closes at {moved:%H:%M:%S}."
        )
    ]
    if rule.max_extensions is not None:
        told.append(f"A lot is extended at most {rule.max_extensions} times.")
    if rule.hard_stop is not None:
        told.append(f"No bid moves a close beyond {rule.hard_stop:%Y-%m-%d %H:%M:%S} UTC.")
    return tuple(told)


def _seeing(rules: Rules) -> tuple[str, ...]:
    seen = rules.visibility
    lead = {
        "never": "You do not see the lead price.",
        "after_first_bid": "You see the lead price after your own first bid",
        "always": "You see the lead price from the start",
    }[seen.lead]
    if seen.lead != "never":
        lead += (
            f", while at least {seen.lead_min_vendors} vendors have bid."
            if seen.lead_min_vendors > 1
            else "."
        )
    names = {"close": "when the event closes", "award": "at the award", "never": "never"}[seen.names_at]
    return (
        "You see your rank from your first bid on." if seen.rank else "You do not see your rank.",
        lead,
        "You see how many vendors have bid." if seen.count else "You do not see how many vendors have bid.",
        "You see an anonymous graph of all prices."
        if seen.history
        else "You do not see other vendors' prices over time.",
        "The buyer's side sees amounts and ranks"
        + (" with names." if seen.buyer_sees_names else ", without names."),
        "The public follows the prices live."
        if seen.public == "prices"
        else "The public sees only that the event runs.",
        f"Names of vendors that did not win become public: {names}.",
    )


def _trouble(rules: Rules) -> tuple[str, ...]:
    return (
        f"A lead may pause, extend or cancel with a reason. After a pause at least {span(rules.notice)} is left to bid.",
        (
            f"If the server is away for more than {span(rules.fault)}, open lots are paused as of then, and a lead resumes them; "
            "no time is lost, and every bid that was answered as taken still stands."
        ),
        "If your line drops, come back: you are sent exactly what you missed, and a bid sent twice counts once.",
    )
