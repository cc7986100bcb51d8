"""A desk in each shape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.house import FlowDesk


@pytest.fixture(params=["embedded", "scaled"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FlowDesk]:
    """A running desk: one process on SQLite, or four kinds of processes on PostgreSQL and Redis."""
    scaled = request.param == "scaled"
    database = request.getfixturevalue("postgres_url" if scaled else "sqlite_url")
    redis = request.getfixturevalue("redis_url") if scaled else ""
    async with FlowDesk(request.param, tmp_path, database, redis) as running:
        yield running


@pytest.fixture
async def small_house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[FlowDesk]:
    """A running desk in one process."""
    async with FlowDesk("embedded", tmp_path, sqlite_url) as running:
        yield running
