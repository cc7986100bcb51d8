"""A database for a run that needs no whole desk: SQLite in its folder, or a PostgreSQL server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from core.store import migrate
from core.store.engine import Engines, open_engines
from tests.faults import outside
from tests.faults.harness import Given


@contextmanager
def store(given: Given, kind: str) -> Iterator[tuple[str, Engines]]:
    """Make a database with the newest schema for the block; yields its address, and itself."""
    with ExitStack() as stack:
        url = f"sqlite:///{given.folder / 'desk.sqlite3'}"
        if kind == "postgresql":
            url = stack.enter_context(outside.postgres()).url
        engines = open_engines(url)
        stack.callback(engines.dispose)
        migrate.upgrade(engines)
        yield url, engines
