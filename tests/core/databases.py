"""Databases for tests: migrated once a run, copied for each worker, emptied before each use."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from core.schema import metadata
from core.store import migrate
from core.store.engine import Engines, open_engines
from tests import servers

_TABLES = [table.name for table in reversed(metadata.sorted_tables)]

#: One row that tells of each table whether anything is in it: most tests fill a few of the many.
_FILLED = "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in _TABLES)  # noqa: S608 - the names are ours


def empty(engines: Engines) -> None:
    """Delete every row, children first; the ids go on counting, so no test may count on them."""
    with engines.writing(), engines.change.begin() as connection:
        filled = connection.exec_driver_sql(_FILLED).one()
        statements = [f"DELETE FROM {name}" for name, some in zip(_TABLES, filled, strict=True) if some]  # noqa: S608 - the names are ours
        for statement in statements if engines.is_sqlite else ["; ".join(statements)] * bool(statements):
            connection.exec_driver_sql(statement)


def hasty(engines: Engines) -> Engines:
    """Let SQLite not wait for the disk: of what is kept by such tests nothing has to outlive a power cut."""

    def hurry(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()

    for engine in (engines.change, engines.look):
        event.listen(engine, "connect", hurry)
    return engines


_shared: list[Path] = []


def share(folder: Path) -> None:
    """Tell where all workers of this run find what is made once."""
    _shared[:] = [folder]


def newest_sqlite(path: Path) -> Path:
    """Put a database with the newest schema at a path: a copy, for to migrate takes most of a second; returns it."""
    if not path.exists():
        if _shared:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(sqlite_template(_shared[0]), path)
        else:
            _migrate(f"sqlite:///{path}")
    return path


def sqlite_template(folder: Path) -> Path:
    """Find or make a file with the newest schema and nothing else, one for all workers who share a folder."""
    path = folder / "template.sqlite3"
    with _alone(folder):
        if not path.exists():
            making = folder / "making.sqlite3"
            _migrate(f"sqlite:///{making}")
            making.rename(path)
    return path


def postgres_template(server: str, folder: Path) -> str:
    """Find or make a database with the newest schema and nothing else, one for all workers who share a folder."""
    kept = folder / "template.name"
    with _alone(folder):
        if not kept.exists():
            url = servers.new_database(server)
            _migrate(url)
            kept.write_text(url.split("?", maxsplit=1)[0].rsplit("/", 1)[1])
    return kept.read_text()


def _migrate(url: str) -> None:
    engines = open_engines(url)
    migrate.upgrade(engines)
    engines.dispose()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
