"""The house of the tests itself: in the loop, in a thread."""

from __future__ import annotations

from pathlib import Path

from tests.server.house import House, event, in_thread


async def test_a_bid_goes_in_and_its_reply_and_its_news_come_out(house: House) -> None:
    await house.publish(event())
    ash = await house.watch("v-ash")
    taken = await ash.bid("L1", "950")
    assert (taken["k"], taken["amount"], taken["rank"], taken["next"]) == ("taken", "950.00", 1, "949.00")
    facts = await ash.facts(taken["n"])
    assert facts[-1]["f"] == "taken" and len(facts) == taken["n"]
    assert ash.board("you")["L1"]["own"] == "950.00"


def test_a_house_in_a_thread_takes_calls_from_outside(tmp_path: Path) -> None:
    with in_thread(tmp_path) as threaded:
        threaded.call(threaded.house.publish(event()))
        ash = threaded.call(threaded.house.watch("v-ash"))
        assert threaded.call(ash.bid("L1", "950"))["k"] == "taken"
