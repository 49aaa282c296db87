"""Drawn scenarios: small rule sets, few vendors, and steps on a coarse clock, so that everything coincides often.

One whole number draws one scenario, by chance that is always the same: prices drift down as in a real event, and late bids
are many. Hypothesis draws the number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

Plain = dict[str, Any]
OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
GRID_S = 30
VENDORS = ("A", "B", "C")
SECONDS = (0, 30, 60, 90, 120)


def at(place: int, micro: int = 0) -> str:
    """A time on the grid, counted from the opening, moved by a microsecond or not at all."""
    moment = OPENS + timedelta(seconds=GRID_S * place, microseconds=micro)
    return moment.isoformat().replace("+00:00", "Z")


def some(draw: Random, **members: object) -> Plain:
    """An object with about half of these members, each one of its choices."""
    return {name: draw.choice(among) for name, among in members.items() if draw.random() < 0.5}  # type: ignore[arg-type]


def decrement(draw: Random, base: str) -> Plain:
    """A decrement: tiers, or an amount, a percentage, both or neither."""
    if draw.random() < 0.2:
        rows = [{"above": "20", "amount": "3"}, {"above": "10", "amount": "1.5"}]
        return {"base": base, "tiers": rows}
    return {"base": base} | some(draw, amount=("0.5", "1", "2", "3"), percent=("0.5", "1", "2.5", "7", "10"))


def overtime(draw: Random) -> Plain:
    """Overtime with any of its options."""
    drawn = some(
        draw,
        window_s=SECONDS,
        extension_s=SECONDS,
        trigger_rank=(None, 1, 2),
        max_extensions=(None, 0, 1, 2),
        scope=("lot", "all"),
        counted_from=("receipt", "close"),
        hard_stop=(None, at(10), at(25), at(40)),
    )
    return {{"counted_from": "from"}.get(name, name): value for name, value in drawn.items()}


def closing(draw: Random) -> Plain:
    """One of the three ways that closes follow each other."""
    mode = draw.choice(("parallel", "staggered", "staggered", "serial"))
    gaps: dict[str, Plain] = {
        "staggered": {"gap_s": SECONDS, "min_gap_s": (0, 30, 90, 180)},
        "serial": {"gap_s": (0, 30)},
    }
    return {"mode": mode} | some(draw, **gaps.get(mode, {}))


def rule_set(draw: Random) -> Plain:
    """A rule set that parses."""
    seen = some(
        draw,
        rank=(True, False),
        lead=("never", "after_first_bid", "always"),
        lead_min_vendors=(0, 1, 2, 3),
        count=(True, False),
        history=(True, False),
        public=("nothing", "prices"),
        buyer_sees_names=(True, False),
    )
    telling = draw.random() < 0.6
    if telling:
        seen |= {"lead": "always", "lead_min_vendors": draw.choice((0, 1))}
    rules: Plain = {
        "format": "english",
        "tick": draw.choice(("0.5", "1", "0.25", "2", "0.2")),
        "visibility": seen,
    }
    rules |= some(
        draw,
        ceiling=("40", "25.5", "60.1"),
        max_change_percent=("15", "50", "100"),
        confirm_change_percent=("5", "30", "100"),
        rank_by=("price", "adjusted"),
        notice_s=SECONDS,
        fault_s=(15, 60),
        proxy=(True, False),
    )
    rules["decrement"] = decrement(draw, draw.choice(("own", "lead")) if telling else "own")
    rules["ties"] = draw.choice(["first", "equal_best", "equal_worst"] + ["refuse"] * telling)
    rules["self_undercut"] = draw.random() < 0.8
    rules["min_vendors"] = draw.choice((1, 2, 2, 2, 2, 4))
    if telling and draw.random() < 0.5:
        rules["lead_buffer"] = draw.choice(("0.3", "1", "2", "4"))
    return rules | {"overtime": overtime(draw), "closing": closing(draw)}


class Prices:
    """Prices that drift down lot by lot, now and then off the tick or no amount at all."""

    def __init__(self, tick: str) -> None:
        self.grid = {"0.5": 2, "1": 4, "2": 8, "0.2": 4}.get(tick, 1)
        self.level: dict[str, int] = {}

    def bid(self, draw: Random, vendors: list[str], lots: list[str]) -> Plain:
        """A bid a little under, at or over the lowest so far."""
        lot = draw.choice(lots)
        level = self.level.get(lot, draw.randint(60, 144))
        size = max(1, level + draw.choice((-40, -12, -8, -6, -4, -4, -3, -2, -1, 0, 0, 1, 2, 4, 8)))
        if draw.random() < 0.7:
            self.level[lot] = min(level, size)
        if draw.random() < 0.85:
            size = max(1, size // self.grid) * self.grid
        plain = f"{size // 4}.{size % 4 * 25:02d}" if size % 4 else str(size // 4)
        odd: list[object] = ["0", f"{size // 4}.005", "1e3", size, f"{size // 4}.1", True, "-1"]
        return {
            "do": "bid",
            "by": draw.choice(vendors),
            "lot": lot,
            "amount": draw.choice(odd) if draw.random() < 0.06 else plain,
            **({"confirm": True} if draw.random() < 0.8 else {}),
        }


def hand(draw: Random, vendors: list[str], lots: list[str], place: int) -> Plain:
    """What the host does, or somebody who may not."""
    kinds = (
        "pause",
        "pause",
        "resume",
        "resume",
        "resume",
        "resume",
        "extend",
        "extend",
        "cancel",
        "suspend",
        "fault",
    )
    do = draw.choice(kinds)
    lot = {"lot": draw.choice(lots)}
    step: Plain = {"do": do, "by": "host" if draw.random() < 0.95 else draw.choice(vendors)}
    if do == "extend":
        return step | lot | {"closes": at(place + draw.randint(-2, 14))}
    if do == "suspend":
        return step | {"vendor": draw.choice(vendors)}
    if do == "fault":
        return step | {"last_heartbeat": at(place - draw.randint(0, 4))}
    return step | (lot if draw.random() < 0.5 or (do == "cancel" and draw.random() < 0.8) else {})


def odd(draw: Random, step: Plain, vendors: list[str], lots: list[str]) -> Plain:
    """Now and then a step that names what is not there, comes twice, or cannot be had in this format."""
    kind = draw.random()
    if kind < 0.02:
        return (
            step | draw.choice(({"lot": "L9"}, {"by": "Z"}, {"by": "host"})) if step["do"] == "bid" else step
        )
    if kind < 0.03:
        return step | {"by": draw.choice(("Z", vendors[0]))}
    if kind < 0.05:
        other = draw.choice(("accept", "withdraw", "proxy", "cancel_proxy", "void"))
        made = {"do": other, "by": draw.choice([*vendors, "host", "Z"]), "lot": draw.choice([*lots, "L9"])}
        more = {"proxy": {"limit": "5"}, "void": {"vendor": draw.choice([*vendors, "Z"])}}
        return made | more.get(other, {})
    if kind < 0.06:
        return {"do": "look", "by": draw.choice(("host", vendors[0])), "as": draw.choice(("Z", vendors[0]))}
    if kind < 0.07:
        return {"do": "suspend", "by": draw.choice(("host", vendors[0])), "vendor": "Z"}
    return step | {"id": draw.choice("abcd")} if kind < 0.3 and step["do"] != "look" else step


def scenario(number: int, most_steps: int = 40) -> Plain:
    """The scenario that this number draws."""
    draw = Random(number)
    rules = rule_set(draw)
    prices = Prices(rules["tick"])
    lots: list[Plain] = [{"id": f"L{each}"} for each in range(1, draw.randint(1, 3) + 1)]
    for lot in lots:
        own = (
            some(draw, closes=(at(17), at(18), at(20), at(24)), opens=(at(0), at(5), at(17)))
            if draw.random() < 0.4
            else {}
        )
        early = own.get("closes") == at(17) and own.get("opens") == at(17)
        lot |= {} if early else own
        if draw.random() < 0.2:
            lot["ceiling"] = draw.choice(("30", "35.5"))
    names = [lot["id"] for lot in lots]
    vendors = [_vendor(draw, name, names) for name in VENDORS[: draw.randint(2, 3)]]
    who = [vendor["id"] for vendor in vendors]
    steps = []
    for place in sorted(
        draw.choice((draw.randint(-1, 18), draw.randint(12, 24))) for _ in range(draw.randint(0, most_steps))
    ):
        kind = draw.random()
        step = hand(draw, who, names, place) if kind < 0.14 else prices.bid(draw, who, names)
        if kind > 0.92:
            step = {"do": "look", "by": "host", "as": draw.choice([*who, *who, "buyer", "public"])}
        step = odd(draw, step, who, names)
        micro = draw.choice((0, 0, 0, 1, -1))
        steps.append((place, micro, {"at": at(place, micro), **step}))
    steps.sort(key=lambda each: each[:2])
    opening = [
        {"vendor": name, "lot": draw.choice(names), "amount": draw.choice(("20", "24", "24", "22"))}
        for name in who
        if draw.random() < 0.5
    ]
    made = {
        "rules": rules,
        "opens": at(0),
        "closes": at(20),
        "lots": lots,
        "vendors": vendors,
        "opening_bids": opening,
        "steps": [step for _, _, step in steps],
    }
    return made | ({"until": at(draw.randint(33, 60))} if draw.random() < 0.3 else {})


def _vendor(draw: Random, name: str, lots: list[str]) -> Plain:
    by_lot = {draw.choice(lots): "1.1"}
    terms = some(
        draw, m=("1", "1.05", "0.9", "0.7", by_lot), a=("0", "-3", "2.5", {draw.choice(lots): "-1.25"})
    )
    return {"id": name} | terms | ({"ceiling": {draw.choice(lots): "28"}} if draw.random() < 0.1 else {})


def scenarios(most_steps: int = 40) -> st.SearchStrategy[Plain]:
    """Any drawn scenario."""
    return st.integers(0, 2**40).map(lambda number: scenario(number, most_steps))
