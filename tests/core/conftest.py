"""A migrated desk on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.desk import Desk
from core.store import migrate
from core.store.engine import Engines, open_engines
from tests import servers
from tests.core.clock import FakeClock
from tests.core.databases import empty
from tests.core.office import Office

Migrated = Callable[[str], Engines]


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """Databases with the newest schema, by kind; one of each for the whole run, made when first asked for."""
    made: dict[str, Engines] = {}

    def get(kind: str) -> Engines:
        if kind not in made:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.sqlite3'}"
            else:
                url = servers.new_database(request.getfixturevalue("postgres_server"))
            made[kind] = open_engines(url)
            migrate.upgrade(made[kind])
        return made[kind]

    yield get
    for engines in made.values():
        engines.dispose()


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
