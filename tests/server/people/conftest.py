"""A house with a mailbox to look into, and a clock that can be put ahead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.house import House, opened
from tests.server.post import posting


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A server of this test's own, with a mailbox."""
    async with opened(tmp_path, changed=posting) as running:
        yield running
