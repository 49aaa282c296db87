"""What every answer carries, and that no page needs more: nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from server import drafting
from server.headers import every, policy
from server.settings import Settings
from tests.server.house import OWNER, House, event, opened
from tests.server.pages.showcase import finished

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGES = {
    "public": [
        "/",
        "/events/1",
        "/events/2",
        "/events/9",
        "/prices",
        "/prices?q=pens",
        "/sign-in",
        "/demo",
        "/x",
    ],
    "v-ash": [
        "/",
        "/events/1",
        "/events/1/room",
        "/events/1/room?lot=L2",
        "/events/2/room",
        "/events/1/console",
    ],
    "p-oak": ["/", "/events/1", "/events/2", "/prices", "/events/1/room"],
    "p-lead": [
        *("/", "/events/1", "/events/3", "/prices"),
        *("/events/1/console", "/events/1/console?lot=L2", "/events/2/console", "/events/3/console"),
    ],
}
BOTH = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A demonstration's house: one event is open, one is awarded, one is a draft."""
    async with opened(tmp_path_factory.mktemp("headers"), demo=True) as running:
        await running.publish(event(visibility={"history": True, "count": True, "public": "prices"}))
        ash, birch = await running.watch("v-ash"), await running.watch("v-birch")
        await ash.bid("L1", "900")
        await ash.bid("L1", "899.99")
        await birch.bid("L1", "880")
        await finished(running)
        await drafting.keep(running.parts, event(), "p-lead", OWNER)
        yield running


class Page(HTMLParser):
    """Finds in a page what its content policy would not let through."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {name}" for name in given if name.startswith(("hx-on", "hx-vals", "_"))]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"inline {tag}")
        for name in ("src", "href", "action", "poster", "data", "formaction"):
            address = given.get(name) or ""
            if urlsplit(address).scheme or address.startswith("//"):
                self.found.append(f"{tag} {name}={address}")


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


@pytest.mark.parametrize(("who", "path"), BOTH)
async def test_nothing_in_a_page_is_inline_or_from_elsewhere(house: House, who: str, path: str) -> None:
    answer = await (await house.sign_in(None if who == "public" else who)).get(path)
    assert answer.status_code in (200, 303, 403, 404)
    page = read(answer.text)
    assert page.found == []
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\{\{|\{%|Undefined|None\b(?!\.)|datetime\.", re.sub(r"<[^>]*>", "", answer.text))


async def test_what_is_inline_or_from_elsewhere_is_found() -> None:
    for bad in (
        '<p style="x">',
        "<a onclick=x>",
        "<script>1</script>",
        "<style></style>",
        '<script src="//cdn.example/x.js">',
        '<img src="https://evil.example/x">',
        '<a href="javascript:1">',
    ):
        assert read(bad).found
    assert read('<a href="/events/1#rules"><script src="/x.js"></script>').found == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(
            ("GET", path)
            for path in ("/", "/events/1", "/health", "/assets/js/line.js", "/assets/none", "/x/y.php")
        ),
        *(("GET", path) for path in ("/events/1/bids", "/events/1/nope", "/events/9")),
        *(("POST", path) for path in ("/", "/sign-out", "/x", "/events/1/bids", "/sign-in")),
        *((method, "/") for method in ("PUT", "DELETE", "HEAD", "OPTIONS")),
    ],
)
async def test_every_answer_carries_the_headers(house: House, method: str, path: str) -> None:
    guest = await house.sign_in(None)
    answer = await guest.http.request(method, path)
    expected = every(house.parts.settings)
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert answer.headers["cache-control"]
    assert "server" not in answer.headers


async def test_something_that_breaks_shows_its_headers_and_none_of_its_insides(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise RuntimeError("the insides")

    monkeypatch.setattr(house.parts.desk, "at_rest", broken)
    answer = await (await house.sign_in("v-ash")).get("/events/1/room")
    assert (
        answer.status_code == 500 and "the insides" not in answer.text and "RuntimeError" not in answer.text
    )
    assert answer.headers["content-security-policy"] == policy(house.parts.settings)


async def test_the_policy_lets_a_page_speak_to_its_own_origin_alone() -> None:
    told = policy(Settings(public_origin="https://bids.example.org"))
    assert "connect-src 'self' wss://bids.example.org;" in told
    assert "unsafe" not in told and "*" not in told and "frame-ancestors 'none'" in told
    assert "strict-transport-security" in every(Settings(secure_cookies=True))
    assert "strict-transport-security" not in every(Settings())


async def test_pages_are_never_kept_and_assets_for_ever_under_their_hash(house: House) -> None:
    guest = await house.sign_in("v-ash")
    page = await guest.get("/events/1/room")
    assert page.headers["cache-control"] == "no-store"
    address = re.findall(r'src="(/assets/js/[^"]+\?v=[^"]+)"', page.text)[0]
    asset = await guest.get(address)
    assert "immutable" in asset.headers["cache-control"]
    again = await guest.http.get(address, headers={"if-none-match": asset.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await guest.get(address.partition("?")[0])).headers["cache-control"] == "no-cache"
    assert (await guest.get(address.partition("?")[0] + "?v=0")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/assets/../layout.html", "/assets/%2e%2e/layout.html", "/assets//etc/passwd", "/assets/", "/assets/js"],
)
async def test_no_address_reaches_a_file_beside_the_assets(house: House, path: str) -> None:
    guest = await house.sign_in(None)
    assert (await guest.get(path)).status_code == 404
