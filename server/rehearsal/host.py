"""The host's side of a rehearsal: a server in a process of its own that can be killed, and a lead who uses its forms."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from datetime import datetime
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from server.login import COOKIE

TOKEN = re.compile(r'name="csrf" value="([^"]*)"')
HELD = {name: re.compile(f'name="{name}" value="([^"]*)"') for name in ("csrf", "base", "hash")}
"""What a form holds beside what somebody fills in."""
CHOICE = re.compile(r'id="award-vendor".*?<option value="([^"]+)"', re.S)
PROPOSAL = r'name="lot" value="{lot}"><input type="hidden" name="proposal" value="(\d+)"'
NOTE = re.compile(r'class="band band-(board|alarm)"[^>]*role="(?:status|alert)".*?<p>(.*?)</p>', re.S)
WAIT_S = 30


class Failed(Exception):
    """The rehearsal cannot go on; says why."""


class ServerProcess:
    """`tenderbell serve` on one database, at the same port whenever it is started again."""

    def __init__(self, database: Path) -> None:
        self._database, self.port = database, 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until it says where it is; raises `Failed`."""
        command = [sys.executable, "-m", "server.cli", "serve", "--database", str(self._database)]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TENDERBELL_BIDS_PER_SECOND": "200", "TENDERBELL_BIDS_BURST": "400"},
        )
        assert self._process.stdout is not None
        told = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), WAIT_S)
        found = re.search(r"https?://\S+:(\d+)", told)
        if found is None:
            raise Failed(f"the server did not start: {told.strip() or 'it said nothing'}")
        self.port = int(found.group(1))

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(WAIT_S)

    async def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, WAIT_S)


class Lead:
    """A lead at a browser without scripts: reads the console, and sends its forms."""

    def __init__(self, base: str, event: str, session: str) -> None:
        self._base, self._event, self._session = base, event, session

    async def console(self, lot: str = "") -> str:
        """The console's page."""
        return await asyncio.to_thread(self._ask, "GET", f"/events/{self._event}/console?lot={lot}", None)

    async def act(self, action: str, **fields: str) -> str:
        """Send one of the console's forms; what came of it, in a sentence; raises `Failed` when it was not done."""
        page = await self.console(fields.get("lot", ""))
        token = TOKEN.search(page)
        if token is None:
            raise Failed("the console shows no form")
        form = urlencode({"csrf": token.group(1), **fields})
        came = await asyncio.to_thread(self._ask, "POST", f"/events/{self._event}/console/{action}", form)
        said = NOTE.search(came)
        if said is None or said.group(1) != "board":
            raise Failed(f"{action}: {unescape(said.group(2)) if said else 'the console said nothing'}")
        return unescape(said.group(2))

    async def confirm(self, lot: str) -> None:
        """Confirm the award that is proposed for a lot; raises `Failed` when it was not done."""
        page = await asyncio.to_thread(self._ask, "GET", f"/events/{self._event}/award", None)
        place = re.search(PROPOSAL.format(lot=re.escape(lot)), page)
        if place is None:
            raise Failed(f"no award of {lot} waits to be confirmed")
        await self._send("award/confirm", page, lot=lot, proposal=place.group(1))

    async def publish(self, opens: datetime, closes: datetime, second: Lead) -> None:
        """Set the draft's times, in UTC, propose it, have the second person approve it, and publish it; raises `Failed`."""
        dates = await asyncio.to_thread(self._ask, "GET", f"/events/{self._event}/draft/dates", None)
        times = {name: f"{at:%Y-%m-%dT%H:%M:%S}" for name, at in (("opens", opens), ("closes", closes))}
        await self._send("draft/dates", dates, questions_until="", **times)
        for who, step in (
            (self, "publication/propose"),
            (second, "approval/approve"),
            (self, "publication/publish"),
        ):
            await who._send(step, await who.console())

    async def _send(self, step: str, page: str, **fields: str) -> None:
        """Send a form of a page with what it holds; raises `Failed` when it was not done."""
        held = {name: found.group(1) for name, at in HELD.items() if (found := at.search(page))}
        form = urlencode(held | fields)
        came = await asyncio.to_thread(self._ask, "POST", f"/events/{self._event}/{step}", form)
        said = NOTE.search(came)
        if said is None or said.group(1) != "board":
            raise Failed(f"{step}: {unescape(said.group(2)) if said else came[:200]}")

    async def winner(self, lot: str) -> str | None:
        """Whom the console proposes for a closed lot; None when nobody bid."""
        found = CHOICE.search(await self.console(lot))
        return found.group(1) if found else None

    def _ask(self, method: str, path: str, form: str | None) -> str:
        address = urlsplit(self._base)
        line = HTTPConnection(address.hostname or "", address.port, timeout=WAIT_S)
        headers = {"cookie": f"{COOKIE}={self._session}", "origin": self._base}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, form, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        if answer.status == 303:
            return self._ask("GET", answer.headers["location"], None)
        return text
