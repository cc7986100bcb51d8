"""A migrated desk on a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import migrate
from core.store.engine import Engines, open_engines
from tests.core.office import Office


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.fixture
def engines(database_url: str) -> Iterator[Engines]:
    """A database with the newest schema."""
    opened = open_engines(database_url)
    migrate.upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def office(engines: Engines) -> Office:
    """A desk with builders for those who are in it."""
    return Office(engines)
