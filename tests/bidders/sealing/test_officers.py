"""Officers' records open with their own secret alone; releases and hand-overs hold for one officer, set and close."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bidders.sealing import officers, release, rewrap
from bidders.sealing.encoding import b64u
from bidders.sealing.officers import Locked, OfficerKeys
from tests.bidders.sealing import made

UK, CODE, OUTPUT, IV = b"u" * 32, b"c" * 16, b"p" * 32, b"i" * 12
FIRST = made.OFFICERS[0]
AT = datetime(2026, 12, 1, 17, tzinfo=UTC)
CLOSE = {"size": 96, "root": b64u(b"r" * 32)}


# --- records ---------------------------------------------------------------------------------------------------------


def test_each_record_opens_with_its_secret() -> None:
    assert officers.open_code(officers.lock_code(UK, "anna", CODE, IV), "anna", CODE) == UK
    assert officers.open_prf(officers.lock_prf(UK, "anna", "cred", OUTPUT, IV), "anna", OUTPUT) == UK
    record = officers.lock_os(FIRST, "anna", UK, IV)
    assert officers.open_os(record, "anna", FIRST.tender, FIRST.kid, UK).os == FIRST.os


def test_one_code_opens_all_tenders_of_an_officer() -> None:
    record = officers.lock_code(UK, "anna", CODE, IV)
    tenders = [OfficerKeys(f"T-{n}", bytes((n,)) * 32) for n in range(3)]
    locked = [officers.lock_os(keys, "anna", UK, IV) for keys in tenders]
    uk = officers.open_code(record, "anna", CODE)
    for keys, each in zip(tenders, locked, strict=True):
        assert officers.open_os(each, "anna", keys.tender, keys.kid, uk).sign(b"m") == keys.sign(b"m")


def test_a_record_opens_with_nothing_else() -> None:
    code, prf = officers.lock_code(UK, "anna", CODE, IV), officers.lock_prf(UK, "anna", "cred", OUTPUT, IV)
    os = officers.lock_os(FIRST, "anna", UK, IV)
    flipped = {**code, "ct": ("A" if code["ct"][0] != "A" else "B") + code["ct"][1:]}
    for attempt in [
        lambda: officers.open_code(code, "anna", b"x" * 16),
        lambda: officers.open_code(code, "bert", CODE),
        lambda: officers.open_code(flipped, "anna", CODE),
        lambda: officers.open_code(prf, "anna", CODE),
        lambda: officers.open_code({**code, "more": "1"}, "anna", CODE),
        lambda: officers.open_code({**code, "iv": b64u(bytes(13))}, "anna", CODE),
        lambda: officers.open_code({**code, "ct": "="}, "anna", CODE),
        lambda: officers.open_prf(prf, "anna", b"other bytes of a bad authenticator"),
        lambda: officers.open_prf({**prf, "cred": "other"}, "anna", OUTPUT),
        lambda: officers.open_prf({**code, "kind": "prf", "cred": "cred"}, "anna", CODE),
        lambda: officers.open_os(os, "anna", "T-2", FIRST.kid, UK),
        lambda: officers.open_os(os, "anna", FIRST.tender, made.OFFICERS[1].kid, UK),
        lambda: officers.open_os(os, "bert", FIRST.tender, FIRST.kid, UK),
        lambda: officers.open_os(os, "anna", FIRST.tender, FIRST.kid, b"x" * 32),
    ]:
        with pytest.raises(Locked):
            attempt()


def test_a_record_of_other_keys_under_this_kid_is_found() -> None:
    false = OfficerKeys(FIRST.tender, b"o" * 32)
    false.kid = FIRST.kid
    with pytest.raises(Locked, match="not"):
        officers.open_os(officers.lock_os(false, "anna", UK, IV), "anna", FIRST.tender, FIRST.kid, UK)


def test_keys_differ_for_each_tender_and_officer() -> None:
    others = [OfficerKeys("T-2", FIRST.os), made.OFFICERS[1]]
    assert all(FIRST.pk != each.pk and FIRST.vk != each.vk and FIRST.kid != each.kid for each in others)


# --- releases --------------------------------------------------------------------------------------------------------


def due() -> dict[str, Any]:
    """Two envelopes that a stage opens."""
    both = [made.sealed(), made.sealed(lot="2")]
    return {each.eid: each.envelope for each in both}


def posted(x: int = 1, keys: OfficerKeys = FIRST, at: datetime = AT) -> dict[str, Any]:
    """An officer's release of both."""
    return release.make(keys, x, "price", CLOSE, at, due())


def resigned(**changes: Any) -> dict[str, Any]:
    """The first officer's release, changed and signed again by the officer."""
    told = {**posted()["release"], **changes}
    return {"release": told, "sig": FIRST.sign(release.release_message(told))}


def faults(given: Any, env: str = "price", close: Any = CLOSE, among: Any = None) -> list[str]:
    """Where the server finds faults."""
    found = release.release_faults(given, made.manifest(), env, close, among or sorted(due()))
    return [fault.path for fault in found]


def test_a_release_holds_and_gives_valid_shares() -> None:
    for x, keys in enumerate(made.OFFICERS, 1):
        given = posted(x, keys)
        assert faults(given) == []
        found = release.shares_in(given, due())
        assert set(found.valid) == set(due()) and not found.forged and not found.unreadable


def test_a_release_for_another_set_close_stage_time_or_officer_does_not_count() -> None:
    items = posted()["release"]["items"]
    swapped = [{**items[0], "share": items[1]["share"]}, items[1]]
    assert faults(resigned()) == []
    assert faults(resigned(items=swapped)) == [], "form alone; the share is then found to be forged"
    for given, where in [
        (resigned(items=items[:1]), "release.items"), (resigned(items=items[::-1]), "release.items"),
        (resigned(items=[*items, items[1]]), "release.items"), (resigned(items={}), "release.items"),
        (resigned(items=[{"eid": items[0]["eid"]}, items[1]]), "release.items[0]"),
        (resigned(items=[{"eid": items[0]["eid"], "fault": "other"}, items[1]]), "release.items[0]"),
        (resigned(items=[{**items[0], "share": b64u(bytes(31))}, items[1]]), "release.items[0].share"),
        (resigned(close={**CLOSE, "size": 97}), "release.close"),
        (resigned(close={**CLOSE, "root": b64u(bytes(32))}), "release.close"),
        (resigned(env="technical"), "release.env"), (resigned(tender="T-2"), "release.tender"), (resigned(v="x"), "release.v"),
        (resigned(x=2), "release.kid"), (resigned(x=2), "sig"), (resigned(x=9), "release.kid"),
        (resigned(x=True), "release.kid"),
        (resigned(kid=made.OFFICERS[1].kid), "release.kid"), (resigned(at="2026-12-01T16:59:59.999Z"), "release.at"),
        (resigned(at="soon"), "release"), (resigned(more=1), "release"), ({**posted(), "sig": b64u(bytes(64))}, "sig"),
        ({**posted(), "more": 1}, ""), (posted(2, made.OFFICERS[0]), "release.kid"), (None, ""),
        ({"release": None, "sig": ""}, "release"),
    ]:  # fmt: skip
        assert where in faults(given), (where, faults(given))
    assert "release.items" in faults(posted(), among=sorted(due())[:1])
    assert "release.env" in faults(posted(), env="technical")


def test_a_forged_share_names_its_envelope_and_the_rest_counts() -> None:
    items = posted()["release"]["items"]
    forged = resigned(items=[{**items[0], "share": b64u(bytes(32))}, items[1]])
    found = release.shares_in(forged, due())
    assert found.forged == (items[0]["eid"],) and set(found.valid) == {items[1]["eid"]}
    unreadable = resigned(items=[{"eid": items[0]["eid"], "fault": "wrap"}, items[1]])
    assert faults(unreadable) == [] and release.shares_in(unreadable, due()).unreadable == (items[0]["eid"],)


def test_an_officer_who_cannot_open_a_wrap_says_so() -> None:
    (eid, whole), *_ = sorted(due().items())
    spoilt = {**whole, "wraps": [b64u(bytes(80)), *whole["wraps"][1:]]}
    given = release.make(FIRST, 1, "price", CLOSE, AT, {eid: spoilt})
    assert given["release"]["items"] == [{"eid": eid, "fault": "wrap"}]


def test_the_due_set_is_the_stages_and_of_those_who_passed() -> None:
    rows = [
        {"eid": eid, "env": env, "vendor": vendor}
        for eid, env, vendor in [
            ("d", "price", "v1"),
            ("b", "technical", "v1"),
            ("a", "price", "v2"),
            ("c", "technical", "v2"),
        ]
    ]
    assert release.due_set(rows, "technical") == ["b", "c"]
    assert release.due_set(rows, "price") == ["a", "d"]
    assert release.due_set(rows, "price", ["v2"]) == ["a"]
    assert release.due_set(rows, "price", []) == []


def test_other_things_officers_sign_are_bound_to_what_they_say() -> None:
    eid, root = b64u(b"e" * 32), b64u(b"r" * 32)
    assert release.unopenable_message(eid, root) == b"sealbid/v1 unopenable\0" + b"e" * 32 + b"r" * 32
    told = release.rescue_message("T", "price", [eid], "2026-12-01T18:00:00.000Z")
    assert told.startswith(
        b'sealbid/v1 rescue\0{"due_at":"2026-12-01T18:00:00.000Z","eids":['
    ) and told.endswith(b'"tender":"T"}')
    passed = release.stage("T-1", CLOSE, ["v2", "v1", "v2"])
    assert passed["vendors"] == ["v1", "v2"]
    said = release.stage_message(passed)
    sigs = [{"x": x, "sig": keys.sign(said)} for x, keys in enumerate(made.OFFICERS[:3], 1)]
    wrong = {"x": 4, "sig": sigs[0]["sig"]}
    assert release.signers(made.manifest(), [*sigs, sigs[0], wrong], said) == {1, 2, 3}
    assert (
        release.signers(made.manifest(), sigs, release.stage_message({**passed, "vendors": ["v1"]})) == set()
    )


# --- hand-overs ------------------------------------------------------------------------------------------------------

SUCCESSOR = OfficerKeys(made.TENDER, b"s" * 32)
TO = SUCCESSOR.named("Successor", "District 9")


def handed(**changes: Any) -> list[str]:
    """Where faults are found in a hand-over with changes, both having signed it."""
    told = {**rewrap.make(FIRST, 1, TO, b"e" * 32), **changes}
    said = rewrap.rewrap_message(told)
    found = rewrap.rewrap_faults(told, FIRST.sign(said), SUCCESSOR.sign(said), made.manifest())
    return [fault.path for fault in found]


def test_a_successor_opens_what_the_leaver_could() -> None:
    told = rewrap.make(FIRST, 1, TO, b"e" * 32)
    taken = rewrap.take(told, SUCCESSOR)
    assert (taken.kid, taken.pk, taken.vk) == (FIRST.kid, FIRST.pk, FIRST.vk)
    given = release.make(taken, 1, "price", CLOSE, AT, due())
    assert faults(given) == [] and given == posted()
    assert handed() == []


def test_a_hand_over_that_does_not_hold_is_not_logged() -> None:
    for changes, where in [
        ({"x": 2}, "kid"), ({"kid": made.OFFICERS[1].kid}, "kid"), ({"tender": "T-2"}, "tender"),
        ({"wrap": b64u(bytes(79))}, "wrap"),
        ({"to": {**TO, "kid": FIRST.kid}}, "to.kid"), ({"to": {**TO, "vk": b64u(bytes(32))}}, "to.vk"), ({"more": 1}, ""),
        ({"to": made.OFFICERS[1].named("Two", "District 2")}, "to"), ({"to": None}, "to"), ({"v": "x"}, "v"),
        ({"x": True}, "kid"),
    ]:  # fmt: skip
        assert where in handed(**changes), (where, handed(**changes))
    told = rewrap.make(FIRST, 1, TO, b"e" * 32)
    said = rewrap.rewrap_message(told)
    sigs = FIRST.sign(said), SUCCESSOR.sign(said)
    assert [each.path for each in rewrap.rewrap_faults(told, sigs[1], sigs[1], made.manifest())] == ["sig"]
    assert [each.path for each in rewrap.rewrap_faults(told, sigs[0], sigs[0], made.manifest())] == ["to_sig"]


def test_a_successor_does_not_sign_for_keys_that_were_not_given() -> None:
    told = rewrap.make(FIRST, 1, TO, b"e" * 32)
    other = rewrap.make(OfficerKeys(made.TENDER, b"o" * 32), 1, TO, b"e" * 32)
    for wrong, why in [
        ({**told, "wrap": b64u(bytes(80))}, "does not open"), ({**told, "x": 2}, "does not open"),
        ({**told, "to": {**TO, "name": "Other"}}, "does not open"), ({**told, "wrap": "x"}, "does not open"),
    ]:  # fmt: skip
        with pytest.raises(rewrap.BadHandOver, match=why):
            rewrap.take(wrong, SUCCESSOR)
    with pytest.raises(rewrap.BadHandOver, match="does not open"):
        rewrap.take(other, FIRST)


def test_a_wrap_of_other_keys_under_this_kid_is_found() -> None:
    false = OfficerKeys(made.TENDER, b"o" * 32)
    false.kid = FIRST.kid
    with pytest.raises(rewrap.BadHandOver, match="do not sign"):
        rewrap.take(rewrap.make(false, 1, TO, b"e" * 32), SUCCESSOR)
