"""Forms as a browser would send them: everything that stands in a page's fields, with some of it changed."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx

from tests.server.callers import Guest

Said = dict[str, str | list[str]]


class _Fields(HTMLParser):
    """Reads what stands in the fields of a page; of two forms with one field the last counts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Said = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field in."""
        held = {name: value or "" for name, value in attrs}
        name, kind = held.get("name", ""), held.get("type", "text")
        if tag == "input" and name and kind not in ("file", "submit"):
            if kind not in ("checkbox", "radio") or "checked" in held:
                self.said[name] = held.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in held or self._select not in self.said):
            self.said[self._select] = held.get("value", "")
        elif tag == "textarea":
            self._area, self.said[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        """A field is over."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Take the text of an area in."""
        if self._area:
            self.said[self._area] = str(self.said[self._area]) + data.lstrip("\n")


def fields(page: str) -> Said:
    """What stands in a page's fields."""
    reader = _Fields()
    reader.feed(page)
    return {name: value for name, value in reader.said.items() if name != "csrf"}


async def fill(guest: Guest, path: str, **changes: str | list[str]) -> httpx.Response:
    """Open a page with a form, change some of its fields, and send it."""
    shown = await guest.get(path)
    assert shown.status_code == 200, shown.text
    return await guest.post(path, **(fields(shown.text) | changes))
