"""Sealing in Chromium: how long a 4 KiB bid to five officers takes, beside what the curves alone cost in the same run.

`python -m tests.bench.sealing_browser` opens the sealing modules from the file system and prints medians and p95 in milliseconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.measuring import median, share
from tests.browser.sealing.places import known_answers, opened
from tests.conftest import ARGUMENTS, CHROMIUM

ROUNDS = 50
LINES = 60
CURVES_ALONE = """async (rounds) => {
  const pair = await sealing.keyPair(sealing.randomBytes(32)), took = [];
  for (let i = 0; i < rounds; i += 1) {
    const began = performance.now();
    await Promise.all(Array.from({ length: 10 }, () => sealing.agree(pair.sk, pair.pk)));
    took.push(performance.now() - began);
  }
  return took;
}"""
"""Two key agreements for each of five officers, which no way of sealing to them can do without."""


def bid() -> dict[str, Any]:
    """A bid of so many lines that its text fills one body of 4 KiB."""
    lines = [[f"items/{n}", {"price": "12.50", "qty": "100", "sku": f"MILK-{n:03d}"}] for n in range(LINES)]
    return {"fields": lines, "note": ""}


def measured(page: Page) -> dict[str, list[float]]:
    """Milliseconds of every round: sealing, sealing with the self-check, and the curves alone."""
    given = {"kat": known_answers()["kat"], "bid": bid(), "rounds": ROUNDS}
    page.evaluate("(given) => vectors.sealingTimes(sealing, given.kat, given.bid, 5)", given)
    took = page.evaluate(
        "(given) => vectors.sealingTimes(sealing, given.kat, given.bid, given.rounds)", given
    )
    alone = page.evaluate(CURVES_ALONE, ROUNDS)
    return {"sealed": [each[0] for each in took], "and checked": [each[1] for each in took], "curves": alone}


def row(name: str, took: Sequence[float]) -> str:
    """One line of the table."""
    p95 = share([round(each * 1000) for each in took], 95) / 1000
    return f"| {name} | {median(list(took)):.1f} | {p95:.1f} |"


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = opened(browser, Path(folder))
        own = measured(page)
        page.evaluate("sealing.handIn(noble)")
        library = measured(page)
        browser.close()
    print("| a 4 KiB bid for five officers, in Chromium | median, ms | p95, ms |")
    print("|---|---|---|")
    print(row("sealed", own["sealed"]))
    print(row("sealed and checked before sending", own["and checked"]))
    print(row("the browser's curves alone", own["curves"]))
    print(row("sealed and checked, the kit's curves", library["and checked"]))
    print(row("the kit's curves alone", library["curves"]))


if __name__ == "__main__":
    main()
