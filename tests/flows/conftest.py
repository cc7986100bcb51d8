"""A desk in each shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.house import FlowDesk


def _desk(request: pytest.FixtureRequest, folder: Path, *, limits: bool) -> FlowDesk:
    scaled = request.param == "scaled"
    database = request.getfixturevalue("migrated_postgres_url" if scaled else "migrated_sqlite_url")
    redis = request.getfixturevalue("redis_url") if scaled else ""
    return FlowDesk(request.param, folder, database, redis, limits=limits)


@pytest.fixture(params=["embedded", "scaled"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FlowDesk]:
    """A running desk: one process on SQLite, or four kinds of processes on PostgreSQL and Redis."""
    async with _desk(request, tmp_path, limits=False) as running:
        yield running


@pytest.fixture(params=["embedded", "scaled"])
async def paced_house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FlowDesk]:
    """The same within Telegram's limits."""
    async with _desk(request, tmp_path, limits=True) as running:
        yield running


@pytest.fixture
async def small_house(tmp_path: Path, migrated_sqlite_url: str) -> AsyncIterator[FlowDesk]:
    """A running desk in one process."""
    async with FlowDesk("embedded", tmp_path, migrated_sqlite_url) as running:
        yield running
