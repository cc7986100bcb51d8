"""A local Bot API for each test, and people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running, start

TOKEN = "4242:sandbox-tests"


class Raw:
    """Calls without any library."""

    def __init__(self, api: Running, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session

    async def __call__(self, method: str, /, *, token: str = TOKEN, **facts: Any) -> tuple[int, dict[str, Any]]:
        async with self._session.post(f"{self._api.address}/bot{token}/{method}", json=facts) as response:
            return response.status, await response.json()


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


@pytest.fixture
async def call(api: Running) -> AsyncIterator[Raw]:
    """A bot that calls by hand."""
    async with aiohttp.ClientSession() as session:
        yield Raw(api, session)


@pytest.fixture
async def ivan(people: SandboxClient) -> int:
    """Somebody who started the bot long ago."""
    return await people.person("Ivan", started=True)
