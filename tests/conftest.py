"""Databases, brokers and the rules of every test."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import configure_mappers

from core.store.engine import Engines, open_engines
from tests import nursery, servers, stale
from tests.core import databases

Migrated = Callable[[str], Engines]

#: Whether all runs, or the quick edition.
EVERYTHING = bool(os.environ.get("CHERHA_TEST_ALL"))

settings.register_profile("quick", max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("all", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("all" if EVERYTHING else "quick")


def plain_logs() -> None:
    """Print what is logged as it is: to draw an error prettily takes half a second."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )


plain_logs()
stale.watch()

#: Of one test with many values the quick edition takes so many.
VALUES = 3

#: What these try is the store itself. Of all else that runs on two stores the quick edition takes one.
OF_THE_STORE = "tests/core/store/"

#: One in so many of them takes PostgreSQL, others with each seed: there it takes a tenth of a second more.
POSTGRESQL_IN = 12


#: What takes seconds to make: in the quick edition one fork runs all tests that use it.
DEAR = {"worked", "world", "imap"}

#: Whose tests mostly wait, for instants that are what is tried: one fork does so from the beginning while others work.
WAITING = {"house", "small_house", "paced_house"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of the quick edition what is long, the other of two stores, and most of what differs in values only."""
    if EVERYTHING or any("::" in word for word in config.args):
        return
    seed = str(config.getoption("randomly_seed", ""))
    kept = [
        item
        for item in items
        if not item.get_closest_marker("long")
        and (item.nodeid.startswith(OF_THE_STORE) or not _is_the_other(item, seed))
    ]
    kept = _of_each_some(kept, seed)
    for item in kept:
        fixtures = getattr(item, "fixturenames", ())
        for name in DEAR.intersection(fixtures):
            item.add_marker(pytest.mark.together(name))
        if WAITING.intersection(fixtures) or item.nodeid.startswith(
            ("tests/faults/", "tests/bot/test_collisions_live")
        ):
            item.add_marker(pytest.mark.together("a wait"))
    left_out = set(items) - set(kept)
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = kept


def _of_each_some(items: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """Take of a test with many values a few, others with each seed of a run."""
    by_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_test.setdefault(item.nodeid.split("[", 1)[0], []).append(item)
    chosen = {
        item
        for same in by_test.values()
        for item in sorted(same, key=lambda one: crc32((seed + one.nodeid).encode()))[:VALUES]
    }
    return [item for item in items if item in chosen]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Tell tests where they share what is made once."""
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    databases.share(_shared_by_all(factory))
    config = session.config
    if config.getoption("forks", 0) and not config.option.collectonly and config.args_source.name == "TESTPATHS":
        nursery.begin(_shared_by_all(factory))  # there are two cores, and to collect takes one of them ten seconds


def _shared_by_all(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def pytest_collection_finish() -> None:
    """Do what every fork would do anew, and let no search for garbage look at all that is there again and again."""
    nursery.is_ready()
    configure_mappers()
    gc.collect()
    gc.freeze()


def _is_the_other(item: pytest.Item, seed: str) -> bool:
    stores = ("sqlite", "postgresql")
    words = item.nodeid.removesuffix("]").replace("[", "-").split("-")
    store = next((word for word in words if word in stores), None)
    same = "-".join(word for word in words if word not in stores)
    taken = stores[crc32((seed + same).encode()) % POSTGRESQL_IN == 0]
    return store is not None and store != taken


def absent(why: str) -> None:
    """Skip with one line at a desk; fail where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, one for the whole run."""
    given = os.environ.get("CHERHA_TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://")
        return
    try:
        with servers.postgres(servers.shared_folder()) as uri:
            yield uri
    except servers.Unavailable as error:
        absent(str(error))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh, empty database."""
    url = servers.new_database(postgres_server)
    yield url
    servers.drop_database(postgres_server, url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh, empty database."""
    return f"sqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def _of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    return _shared_by_all(tmp_path_factory)


@pytest.fixture(scope="session")
def _sqlite_template(_of_the_run: Path) -> Path:
    return databases.sqlite_template(_of_the_run)


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str, _of_the_run: Path) -> str:
    return databases.postgres_template(postgres_server, _of_the_run)


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """Databases with the newest schema, by kind; one of each for all tests of a worker, made when first asked for."""
    made: dict[str, Engines] = {}

    def get(kind: str) -> Engines:
        if kind not in made and kind == "sqlite":
            path = tmp_path_factory.mktemp("desk") / "desk.sqlite3"
            shutil.copy(request.getfixturevalue("_sqlite_template"), path)
            made[kind] = databases.hasty(open_engines(f"sqlite:///{path}"))
        elif kind not in made:
            template = request.getfixturevalue("_postgres_template")
            made[kind] = open_engines(servers.new_database(request.getfixturevalue("postgres_server"), template))
        return made[kind]

    yield get
    for engines in made.values():
        engines.dispose()


@pytest.fixture
def migrated_sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the newest schema."""
    path = tmp_path / "desk.sqlite3"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgres_url(postgres_server: str, _postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the newest schema."""
    url = servers.new_database(postgres_server, _postgres_template)
    yield url
    servers.drop_database(postgres_server, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind with the newest schema."""
    name = "migrated_sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis-protocol server, one a worker."""
    given = os.environ.get("CHERHA_TEST_REDIS_URL")
    if given:
        yield given
        return
    try:
        with servers.valkey() as url:
            yield url
    except servers.Unavailable as error:
        absent(str(error))


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A Redis with nothing in it."""
    import redis

    client = redis.Redis.from_url(redis_server)
    client.flushall()
    client.close()
    return redis_server


@pytest.fixture
def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
