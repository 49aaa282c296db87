"""Bare pages on the same stack, which ours are held against: a table through a template, and a ready text.

Both have no session, no database and no layout. `/table` is a Litestar page with as many bytes as the page that it stands
beside, in rows of six escaped cells; `/text` sends as many bytes that were made once.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from jinja2 import DictLoader, Environment
from litestar import Litestar, Response, get

from server import serve
from server.settings import Settings
from tests.bench.measuring import pin
from tests.bench.pages import Pace, pace

HTML = "text/html; charset=utf-8"
PAGE = """<!doctype html><html lang="en-US"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<table><tbody>
{% for one, two, three, four, five, six in rows %}
<tr><th scope="row">{{ one }}</th><td class="num">{{ two }}</td><td>{{ three }}</td>
<td class="num">{{ four }}</td><td>{{ five }}</td><td>{{ six }}</td></tr>
{% endfor %}
</tbody></table></body></html>"""
ROW = (
    "Paper item 7, as described in the specification, white",
    "1,250",
    "each",
    "$41.50",
    "any time",
    "I-00007",
)
A_ROW = 400
"""About as many bytes as a row of ours has; the cells are filled up to that."""
FILLED = tuple(cell.ljust(45, ".") for cell in ROW)


async def bare() -> None:
    """Serve the two pages; says its port."""
    template = Environment(loader=DictLoader({"page": PAGE}), autoescape=True).get_template("page")

    @get("/table/{size:int}")
    async def table(size: int) -> Response[str]:
        rows = [FILLED] * max(1, size // A_ROW)
        return Response(template.render(title="A bare page", rows=rows), media_type=HTML)

    @get("/text/{size:int}")
    async def text(size: int) -> Response[str]:
        return Response("x" * size, media_type=HTML)

    listening = serve.bound(Settings(port=0))
    app = Litestar([table, text], openapi_config=None, logging_config=None)
    config = uvicorn.Config(app, log_level="error", access_log=False)
    port = listening.getsockname()[1]
    await serve.Server(config, lambda: print(json.dumps({"port": port}), flush=True)).serve(
        sockets=[listening]
    )


@contextmanager
def running() -> Iterator[tuple[int, int]]:
    """Run the bare pages in a process of their own; its port and its id."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.bare"], stdout=subprocess.PIPE, text=True)
    pin(process.pid, 0)
    try:
        assert process.stdout is not None
        yield int(json.loads(process.stdout.readline())["port"]), process.pid
    finally:
        process.terminate()
        process.wait(30)


def beside(plain: tuple[int, int], size: int, seconds: float) -> tuple[Pace, Pace]:
    """How fast the table and the text of about so many bytes are answered."""
    return (
        asyncio.run(pace(*plain, f"/table/{size}", None, seconds)),
        asyncio.run(pace(*plain, f"/text/{size}", None, seconds)),
    )


HEADING = "| page | answers/core s | p95 | KiB | bare table | ratio | ready text | ratio |\n|---|---|---|---|---|---|---|---|"


def told(name: str, ours: Pace, table: Pace, text: Pace) -> str:
    """One row of the figures."""
    rates = " | ".join(f"{each.rate:,} | {ours.rate / max(1, each.rate):.2f}" for each in (table, text))
    return f"| {name} | {ours.rate:,} | {ours.p95 / 1000:.0f} ms | {ours.size / 1024:.0f} | {rates} |"


if __name__ == "__main__":
    asyncio.run(bare())
