"""The house that tests share: one server for each test, or for each module that only looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.house import House, opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A server of this test's own."""
    async with opened(tmp_path) as running:
        yield running
