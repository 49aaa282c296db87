"""The slow engine's course of time: openings, closes, overtime, gaps, the host's hand, and whole scenarios."""

from __future__ import annotations

from math import floor
from typing import Any

from tests.auction.naive import SECOND, Bid, Lot, No, Room, amount_of, clock, micros, on_tick


class Course(Room):
    """A room that time passes in."""

    # --- time --------------------------------------------------------------------------------------------------

    def opening(self, lot: Lot) -> int | None:
        """When a scheduled lot opens, if that is known."""
        if self.all_stopped:
            return None
        if self.closing["mode"] != "serial":
            return lot.opens
        before = self.lots[: lot.place]
        if not all(each.over for each in before):
            return None
        gap: int = self.closing["gap_s"] * SECOND
        return max([self.opens, *(each.ended + gap for each in before)])

    def pass_time(self, now: int) -> None:
        """Let everything happen that is due: openings at their instant, all else strictly before."""
        while True:
            due = [
                (lot.closes, 1, lot.place) for lot in self.lots if lot.status == "open" and lot.closes < now
            ]
            for lot in self.lots:
                at = self.opening(lot) if lot.status == "scheduled" else None
                if at is not None and at <= now:
                    due.append((at, 0, lot.place))
            if not due:
                return
            at, closing, place = min(due)
            self.last = max(self.last, at)
            self.close(self.lots[place], at) if closing else self.open(self.lots[place], at, None)

    def close(self, lot: Lot, at: int) -> None:
        """Close: the best vendor not suspended wins."""
        free = [bid.vendor for bid in self.standing(lot) if bid.vendor not in self.suspended]
        lot.status, lot.ended, lot.winner = "closed", at, free[0] if free else None

    def open(self, lot: Lot, at: int, closes: int | None) -> None:
        """Open with the opening bids, or cancel the event when there are too few vendors."""
        if not self.started and len(self.vendors.keys() - self.suspended) < self.rules["min_vendors"]:
            for each in self.lots:
                if not each.over:
                    each.closes, each.status, each.ended = self.planned(each), "cancelled", at
            return
        self.started = True
        lot.status, lot.opens = "open", at
        if self.closing["mode"] == "serial":
            lot.closes = at + self.closes - self.opens
        elif closes is not None:
            lot.closes = closes
        mine = [bid for bid in self.opening_bids if bid["lot"] == lot.name]
        for number, bid in enumerate(mine):
            if all(later["vendor"] != bid["vendor"] for later in mine[number + 1 :]):
                price = amount_of(bid["amount"])
                assert price is not None
                lot.bids.append(Bid(bid["vendor"], price, at))

    def planned(self, lot: Lot) -> int:
        """The close as planned now; waiting serial lots follow each other."""
        if self.closing["mode"] != "serial" or lot.status != "scheduled":
            return lot.closes
        begins, length = self.opens, self.closes - self.opens
        for each in self.lots[: lot.place]:
            ends = each.ended if each.over else begins + length if each.status == "scheduled" else each.closes
            begins = max(begins, ends + self.closing["gap_s"] * SECOND)
        return begins + length

    # --- closes that move --------------------------------------------------------------------------------------

    def bound(self, moved: int, closes: int) -> int:
        """The hard stop holds a move, and never takes time away."""
        stop = self.over_time["hard_stop"]
        return moved if stop is None else max(closes, min(moved, micros(stop)))

    def keep_gaps(self, before: dict[str, int]) -> None:
        """Push each next open lot, by its close before the move, away from one whose close moved."""
        if self.closing["mode"] != "staggered":
            return
        gap = self.closing["min_gap_s"] * SECOND
        order = sorted(
            (each for each in self.lots if each.name in before),
            key=lambda each: (before[each.name], each.place),
        )
        for ahead, after in zip(order, order[1:], strict=False):
            if ahead.closes != before[ahead.name] and after.closes < ahead.closes + gap:
                after.closes = self.bound(ahead.closes + gap, after.closes)

    def still_open(self) -> dict[str, int]:
        """The closes of the lots that are open now."""
        return {lot.name: lot.closes for lot in self.lots if lot.status == "open"}

    def overtime(self, lot: Lot, rank: int, now: int) -> None:
        """Extend what a late bid extends, then keep the gaps."""
        rule, before = self.over_time, self.still_open()
        late = lot.closes - rule["window_s"] * SECOND <= now <= lot.closes
        if late and (rule["trigger_rank"] is None or rank <= rule["trigger_rank"]):
            for each in self.lots if rule["scope"] == "all" else [lot]:
                if each.status != "open" or (
                    rule["max_extensions"] is not None and each.extensions >= rule["max_extensions"]
                ):
                    continue
                extra = rule["extension_s"] * SECOND
                later = max(each.closes, now + extra) if rule["from"] == "receipt" else each.closes + extra
                later = self.bound(later, each.closes)
                each.extensions += later > each.closes
                each.closes = later
        self.keep_gaps(before)

    # --- steps -------------------------------------------------------------------------------------------------

    def step(self, row: int, step: dict[str, Any]) -> dict[str, Any]:
        """Carry out one step and tell its outcome."""
        now, what = micros(step["at"]), step["do"]
        stopped = False
        if what == "fault" and step["by"] == "host" and ("host", step.get("id")) not in self.told_before:
            stopped = self.fault(now, micros(step["last_heartbeat"]))
        self.pass_time(now)
        known = step["by"] in ("host", *self.vendors)
        name = (step["by"], step["id"]) if known and what != "look" and "id" in step else None
        content = {
            key: value for key, value in step.items() if key != "at" and (key, value) != ("confirm", False)
        }
        if name in self.told_before and self.told_before[name][0] == content:
            return {**self.told_before[name][1], "step": row}
        outcome = self.answer(row, step, what, now, known_id=name in self.told_before)
        if name is not None:
            self.told_before.setdefault(name, (content, outcome))
        # A report that nothing was missed is nobody's command and leaves no trace.
        traceless = what == "look" or (what == "fault" and outcome["ok"] and name is None and not stopped)
        self.last = now if known and not traceless else self.last
        return outcome

    def answer(self, row: int, step: dict[str, Any], what: str, now: int, known_id: bool) -> dict[str, Any]:
        """Answer one step for the first time."""
        try:
            if known_id:
                raise No("BAD_COMMAND")
            return {"step": row, "ok": True, **self.carry_out(step, what, now)}
        except No as no:
            nearest = on_tick(no.nearest, self.tick) if no.nearest is not None else None
            return {"step": row, "ok": False, "code": no.code, "next": nearest}

    def carry_out(self, step: dict[str, Any], what: str, now: int) -> dict[str, Any]:
        """Answer one step, or say no."""
        lot = self.lot(step["lot"]) if "lot" in step else None
        if what in ("accept", "withdraw"):
            raise No("BAD_COMMAND")
        if "lot" in step and lot is None:
            raise No("UNKNOWN_LOT")
        if step["by"] not in ("host", *self.vendors) or step.get("vendor", "A") not in self.vendors:
            raise No("UNKNOWN_VENDOR")
        if step.get("as", "public") not in ("public", "buyer", *self.vendors):
            raise No("UNKNOWN_VENDOR")
        if what in ("proxy", "cancel_proxy") and step["by"] != "host" and not self.rules.get("proxy", True):
            assert lot is not None
            self.may_bid(lot, step["by"])
            raise No("PROXY_NOT_ALLOWED")
        if what in ("proxy", "cancel_proxy", "void"):
            raise No("NOT_ALLOWED")
        if what == "bid":
            assert lot is not None
            return self.bid(lot, step, now)
        if step["by"] != "host":
            raise No("NOT_ALLOWED")
        if what == "look":
            return {"view": self.view(step["as"])}
        if what == "suspend":
            self.suspend(step["vendor"])
        if what in ("pause", "resume", "extend", "cancel"):
            {"pause": self.pause, "resume": self.resume, "extend": self.extend, "cancel": self.cancel}[what](
                lot, now, step
            )
        return {"closes": clock(lot.closes)} if lot is not None else {}

    def bid(self, lot: Lot, step: dict[str, Any], now: int) -> dict[str, Any]:
        """Take a bid."""
        vendor, price = step["by"], amount_of(step["amount"])
        if vendor == "host":
            raise No("NOT_ALLOWED")
        self.may_bid(lot, vendor)
        if price is None:
            raise No("BAD_AMOUNT")
        wrong = self.wrong(lot, vendor, price, step.get("confirm", False))
        if wrong:
            raise No(
                wrong[0], None if wrong[0] == "BAD_AMOUNT" else self.nearest(lot, vendor, price, wrong[0])
            )
        lot.bids.append(Bid(vendor, price, now))
        place = [each.vendor for each in self.standing(lot)].index(vendor) + 1
        self.overtime(lot, place, now)
        rank = {"rank": self.rank(lot, vendor)} if self.visible["rank"] else {}
        return {"amount": on_tick(price, self.tick), **rank, "closes": clock(lot.closes)}

    def may_bid(self, lot: Lot, vendor: str) -> None:
        """Refuse what no amount could make good."""
        if lot.status != "open":
            raise No({"scheduled": "NOT_OPEN", "paused": "PAUSED"}.get(lot.status, "CLOSED"))
        if vendor in self.suspended:
            raise No("NOT_ADMITTED")

    def rank(self, lot: Lot, vendor: str) -> int | None:
        """A vendor's rank as shown."""
        return next((rank for rank, bid in self.ranks(lot) if bid.vendor == vendor), None)

    def pause(self, lot: Lot | None, now: int, step: dict[str, Any]) -> None:
        """Freeze one lot or all open ones."""
        meant = [lot] if lot else self.lots
        targets = [each for each in meant if each.status == "open"]
        if not targets:
            kinds = {each.status for each in meant}
            raise No("NOT_OPEN" if "scheduled" in kinds else "PAUSED" if "paused" in kinds else "CLOSED")
        for each in targets:
            each.status, each.stopped = "paused", now
        self.all_stopped = self.all_stopped or lot is None

    def resume(self, lot: Lot | None, now: int, step: dict[str, Any]) -> None:
        """Run on: closes move by the time paused, the notice is left; what should have opened opens."""
        meant = [lot] if lot else self.lots
        targets = [each for each in meant if each.status == "paused"]
        waiting = lot is None and self.all_stopped and any(each.status == "scheduled" for each in self.lots)
        if not targets and not waiting:
            kinds = {each.status for each in meant}
            raise No("BAD_COMMAND" if "open" in kinds else "NOT_OPEN" if "scheduled" in kinds else "CLOSED")
        before, notice = self.still_open(), now + self.rules["notice_s"] * SECOND
        for each in targets:
            before[each.name] = each.closes
            each.status, each.closes = "open", max(each.closes + now - each.stopped, notice)
        if self.all_stopped:
            self.all_stopped = False
            for each in self.lots:
                at = self.opening(each) if each.status == "scheduled" else None
                if at is not None and at <= now:
                    before[each.name] = each.closes
                    # The rulebook is silent on the close: the lot keeps its length, and at least the notice.
                    self.open(each, now, max(each.closes + now - at, notice))
        self.keep_gaps({name: closes for name, closes in before.items() if not self.named(name).over})

    def named(self, name: str) -> Lot:
        """A lot that is known to be there."""
        lot = self.lot(name)
        assert lot is not None
        return lot

    def extend(self, lot: Lot | None, now: int, step: dict[str, Any]) -> None:
        """Move a close later."""
        assert lot is not None
        closes = micros(step["closes"])
        if lot.status not in ("open", "paused"):
            raise No("NOT_OPEN" if lot.status == "scheduled" else "CLOSED")
        if closes <= lot.closes:
            raise No("BAD_COMMAND")
        before = self.still_open()
        before[lot.name], lot.closes = lot.closes, closes
        self.keep_gaps(before)

    def cancel(self, lot: Lot | None, now: int, step: dict[str, Any]) -> None:
        """Cancel one lot or all; the planned close stays on record."""
        targets = [each for each in ([lot] if lot else self.lots) if not each.over]
        if not targets:
            raise No("CLOSED")
        planned = [self.planned(each) for each in targets]
        for each, closes in zip(targets, planned, strict=True):
            each.closes, each.status, each.ended = closes, "cancelled", now

    def suspend(self, vendor: str) -> None:
        """Bar a vendor from here on."""
        if vendor in self.suspended:
            raise No("BAD_COMMAND")
        self.suspended.add(vendor)

    def fault(self, now: int, heartbeat: int) -> bool:
        """Come back: what was open when the server was last there is paused as of then."""
        if now - heartbeat <= self.rules["fault_s"] * SECOND:
            return False
        since = max(heartbeat, self.last)
        self.pass_time(since)
        stopped = False
        for lot in self.lots:
            if lot.status == "open":
                lot.status, lot.stopped, self.all_stopped, stopped = "paused", since, True, True
        return stopped

    # --- what is told ------------------------------------------------------------------------------------------

    def view(self, viewer: str) -> dict[str, Any]:
        """What a viewer is shown."""
        return {"lots": {lot.name: self.view_lot(lot, viewer) for lot in self.lots}}

    def view_lot(self, lot: Lot, viewer: str) -> dict[str, Any]:
        """What a viewer is shown of one lot; labels are left out."""
        seen, bidders = self.visible, {bid.vendor for bid in lot.bids}
        vendor = viewer if viewer in self.vendors else None
        if viewer == "public" and seen["public"] == "nothing":
            return {"status": lot.status}
        shown: dict[str, Any] = {"status": lot.status, "closes": clock(self.planned(lot))}
        if vendor:
            own, beat = self.own(lot, vendor), self.to_beat(lot, vendor)
            shown["own"] = on_tick(own, self.tick) if own is not None else None
            shown["next"] = on_tick(beat, self.tick) if beat is not None else None
            if seen["rank"] and own is not None:
                shown["rank"] = self.rank(lot, vendor)
        allowed = seen["lead"] == "always" or (seen["lead"] == "after_first_bid" and vendor in bidders)
        if vendor is None or (allowed and len(bidders) >= seen["lead_min_vendors"]):
            best = self.standing(lot)[0] if lot.bids else None
            value = self.compared(lot, best.vendor, best.price) if best else None
            price = (
                floor(self.in_terms(lot, vendor, value) / self.tick) * self.tick
                if value is not None
                else None
            )
            shown["lead"] = on_tick(price, self.tick) if price is not None and price > 0 else None
        if seen["count"] or viewer == "buyer":
            shown["count"] = len(bidders)
        if seen["history"] or viewer == "buyer":
            shown["history"] = [self.past(lot, bid, viewer) for bid in lot.bids]
        return shown

    def past(self, lot: Lot, bid: Bid, viewer: str) -> dict[str, Any]:
        """One point of the graph, without its label."""
        vendor = viewer if viewer in self.vendors else None
        exact = self.in_terms(lot, vendor, self.compared(lot, bid.vendor, bid.price))
        price = floor(exact / self.tick) * self.tick
        row = {"at": clock(bid.at), "amount": on_tick(price, self.tick) if price > 0 else None}
        open_book = self.visible["buyer_sees_names"] or all(each.over for each in self.lots)
        return row | ({"vendor": bid.vendor} if viewer == "buyer" and open_book else {})

    def told(self) -> dict[str, Any]:
        """How every lot stands."""
        return {
            lot.name: {
                "status": lot.status,
                "closes": clock(self.planned(lot)),
                "extensions": lot.extensions,
                "ranking": [
                    {
                        "vendor": bid.vendor,
                        "rank": rank,
                        "amount": on_tick(bid.price, self.tick),
                        "adjusted": on_tick(self.compared(lot, bid.vendor, bid.price), self.tick),
                        "at": clock(bid.at),
                    }
                    for rank, bid in self.ranks(lot)
                ],
                "winner": lot.winner,
            }
            for lot in self.lots
        }


def run(scenario: dict[str, Any]) -> dict[str, Any]:
    """Run a whole scenario: outcomes and lots."""
    room = Course(scenario)
    outcomes = [room.step(row, step) for row, step in enumerate(scenario["steps"])]
    room.pass_time(micros(scenario["until"]) if "until" in scenario else micros("2199-01-01T00:00:00Z"))
    return {"outcomes": outcomes, "lots": room.told()}
