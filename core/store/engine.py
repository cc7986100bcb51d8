"""Engines for SQLite and PostgreSQL, set up so that a transaction means the same on both."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

#: How long a writer waits for another process's write lock on SQLite, in milliseconds.
BUSY_TIMEOUT_MS = 30_000


class FairLock:
    """A lock handed on in the order of arrival.

    SQLite's own lock is a lottery: with eight writers one was seen waiting four seconds while another
    committed four thousand times.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, hold it for the block, and hand it to the longest waiting."""
        self._take()
        try:
            yield
        finally:
            self._hand_on()

    def _take(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        ticket.acquire()

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


#: A connection to PostgreSQL that nobody used for so many seconds is tried before it is used.
TRIED_AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class Engines:
    """The two ways into one database: `change` for transactions that write, `look` for those that read."""

    change: Engine
    look: Engine
    turn: FairLock | None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.change.dialect.name == "sqlite"

    def writing(self) -> AbstractContextManager[None]:
        """Give the block its turn to write: in order of arrival on SQLite, at once on PostgreSQL."""
        return self.turn.turn() if self.turn else nullcontext()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.change.dispose()
        self.look.dispose()


def open_engines(url: str, *, pool_size: int = 16) -> Engines:
    """Open the database at an SQLAlchemy URL (`sqlite:///path` or `postgresql+psycopg://…`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return Engines(_sqlite(url, 4), _sqlite(url, pool_size, read_only=True), FairLock())
    change = _postgresql(url, pool_size)
    # One snapshot for the whole of a look, as SQLite gives it; a transaction that only reads loses no race by it.
    look = change.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(change, look, None)


def _sqlite(url: str, pool_size: int, *, read_only: bool = False) -> Engine:
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    # What an error tells goes to the log, and there the words of customers have no business: no parameters in it.
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_timeout=60, pool_use_lifo=True, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # Autocommit in the driver: otherwise it decides by itself when a transaction begins, and
        # read-modify-write loses updates without an error (698 of 800 measured).
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # what is answered with 250 must survive a power cut
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-512",  # KiB a connection, of which there are many; what is read often the system keeps for all
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the connection used last knows the statements best
        pool_recycle=1800,
        # Just-in-time compilation costs our short queries more than it saves.
        connect_args={
            "options": "-c jit=off -c timezone=UTC -c lock_timeout=20s",
            "connect_timeout": 5,
            "application_name": "cherha",
        },
    )

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since_s"] = monotonic()

    @event.listens_for(engine, "checkout")
    def try_out(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        # The pool's own `pool_pre_ping` asks each time, which costs as much as a statement.
        if monotonic() - record.info.get("rests_since_s", monotonic()) > TRIED_AFTER_S:
            _try_out(engine, connection)

    return engine


def _try_out(engine: Engine, connection: Any) -> None:
    """Ask a connection that has rested whether the server is still there; if not, a new one takes its place."""
    try:
        alive = engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise InvalidatePoolError
