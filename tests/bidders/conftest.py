"""What tests of the vendors' side share: a small server that can misbehave, and how hypothesis runs here."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.bidders.fake import Fake

settings.register_profile("bidders", deadline=None)
settings.register_profile("bidders-ci", deadline=None, derandomize=True, database=None)
settings.load_profile("bidders-ci" if os.environ.get("CI") == "true" else "bidders")


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    """A server of this test's own, with one open lot."""
    async with Fake().serving() as running:
        yield running
