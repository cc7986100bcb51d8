"""Desks that have worked for years, small and large, on each database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import pytest

from core.desk import Desk
from core.settings import House
from core.store.engine import Engines, open_engines
from tests import servers
from tests.bench import ground
from tests.bench.asking import Asker, looks
from tests.bench.ground import Size
from tests.scale.acts import Day
from tests.scale.statements import Statement, noted

Grown = Callable[[int, int], Desk]


@dataclass(frozen=True, slots=True)
class Worked:
    """A desk on which everything was done once, and the statements of each act."""

    engines: Engines
    acts: dict[str, list[Statement]]


def work(desk: Desk) -> Worked:
    """Look at all there is to look at, and do all that there is to do; the keeping of updates is not noted."""
    acts: dict[str, list[Statement]] = {}
    asker = Asker(desk)
    seen = (("see " + name, ask) for name, ask in looks(desk).items())
    for name, act in chain(seen, Day(desk, asker).everything()):
        with noted(desk.engines) as statements:
            asker.handles = statements.clear
            act()
        acts[name] = list(statements)
    return Worked(desk.engines, acts)


@contextmanager
def _grown(url: str) -> Iterator[Grown]:
    engines = open_engines(url, pool_size=2)

    def make(cases: int, count: int) -> Desk:
        ground.fill(engines, Size(cases))
        ground.open_last(engines, Size(cases), count)
        return Desk(engines, House(), now=lambda: ground.NOW)

    yield make
    engines.dispose()


@pytest.fixture
def grown(migrated_url: str) -> Iterator[Grown]:
    """Make a desk of so many cases, of which so many are open."""
    with _grown(migrated_url) as make:
        yield make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def worked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """A small desk on which everything was done."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("worked") / "desk.sqlite3"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = servers.new_database(server, request.getfixturevalue("_postgres_template"))
    with _grown(url) as make:
        yield work(make(1200, 600))
