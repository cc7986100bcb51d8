"""A migrated desk on a clock that stands still, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.engine import Engines, open_engines
from tests.core.office import Office


@pytest.fixture
def engines(migrated_url: str) -> Iterator[Engines]:
    """A database with the newest schema."""
    opened = open_engines(migrated_url)
    yield opened
    opened.dispose()


@pytest.fixture
def office(engines: Engines) -> Office:
    """A desk with builders for those who are in it."""
    return Office(engines)
