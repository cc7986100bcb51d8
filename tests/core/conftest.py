"""A migrated desk on each database, and those whom most tests need in it."""

from __future__ import annotations

import pytest

from core.customers.views import ContactView
from core.desk import Desk
from core.people.rules import Role
from core.people.views import Representative
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


@pytest.fixture
def olena(office: Office) -> Representative:
    """A representative who works."""
    return office.join("Olena")


@pytest.fixture
def taras(office: Office, olena: Representative) -> Representative:
    """Another one, who came after Olena."""
    return office.join("Taras")


@pytest.fixture
def mila(office: Office) -> Representative:
    """A manager who works."""
    return office.join("Mila", Role.MANAGER)


@pytest.fixture
def maria(office: Office) -> Representative:
    """Another manager."""
    return office.join("Maria", Role.MANAGER)


@pytest.fixture
def ivan(office: Office, olena: Representative) -> ContactView:
    """A customer, who wrote in chat when Olena was there already."""
    return office.customer("Ivan")
