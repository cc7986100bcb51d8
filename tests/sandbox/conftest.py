"""A local Bot API for each test, and people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running, start

TOKEN = "4242:sandbox-tests"


@pytest.fixture
async def api() -> AsyncIterator[Running]:
    """A local Bot API without limits."""
    running = await start(limits=False)
    yield running
    await running.stop()


@pytest.fixture
async def people(api: Running) -> AsyncIterator[SandboxClient]:
    """Those who use it."""
    async with SandboxClient(api.address) as client:
        yield client
