"""A desk for attackers."""

from __future__ import annotations

from collections.abc import Iterator
from shutil import copy

import pytest

from core.store.engine import open_engines
from tests import servers
from tests.bot.conftest import bot, talk
from tests.core.conftest import engines, office, olena
from tests.security.furniture import furnish
from tests.security.world import World

__all__ = ["bot", "engines", "office", "olena", "talk"]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("world") / "desk.sqlite3"
        copy(request.getfixturevalue("_sqlite_template"), path)
        engines = open_engines(f"sqlite:///{path}")
        yield furnish(engines)
        engines.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    url = servers.new_database(server, request.getfixturevalue("_postgres_template"))
    engines = open_engines(url)
    yield furnish(engines)
    engines.dispose()
    servers.drop_database(server, url)
