"""A migrated desk on each database."""

from __future__ import annotations

import pytest

from core.desk import Desk
from core.store.engine import Engines
from tests.conftest import Migrated
from tests.core.clock import FakeClock
from tests.core.databases import empty
from tests.core.office import Office


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, migrated: Migrated) -> Engines:
    """An empty database with the newest schema."""
    engines = migrated(request.param)
    empty(engines)
    return engines


@pytest.fixture
def office(engines: Engines) -> Office:
    """A desk with builders for those who are in it."""
    return Office(engines)


@pytest.fixture
def desk(office: Office) -> Desk:
    """The desk itself."""
    return office.desk


@pytest.fixture
def clock(office: Office) -> FakeClock:
    """The clock of the desk, to be moved."""
    return office.clock
