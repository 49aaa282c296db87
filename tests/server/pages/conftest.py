"""The house that tests of pages share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.house import House, opened


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A server of this test's own, which is a demonstration's."""
    async with opened(tmp_path, demo=True) as running:
        yield running
