"""Desks with very many cases, made once and kept outside the repository; measurements work on copies."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import psycopg

from core.store import migrate
from core.store.engine import Engines, open_engines
from tests import servers
from tests.bench import ground
from tests.bench.ground import Size

#: Counts up with what `ground` makes: a desk that an older one made is made anew.
_EDITION = 2


def folder() -> Path:
    """Name the folder where such desks are kept: `CHERHA_BENCH_DIR`, or one below that for temporary files."""
    place = Path(os.environ.get("CHERHA_BENCH_DIR") or Path(tempfile.gettempdir()) / "cherha-bench")
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    return place


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else make or copy what is kept meanwhile."""
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made(engines: Engines, size: Size, say: Callable[[str], None]) -> None:
    start = perf_counter()
    migrate.upgrade(engines)
    ground.fill(engines, size)
    ground.tidy(engines)
    engines.dispose()
    say(f"({engines.change.dialect.name}: {size.cases} cases made in {perf_counter() - start:.0f} s)")


def _name(size: Size) -> str:
    return f"desk_{size.cases}_{size.seed}_{_EDITION}"


def sqlite_copy(size: Size, name: str, say: Callable[[str], None]) -> str:
    """Copy the kept SQLite desk of a size, made if need be; returns the URL of the copy."""
    base, copy = folder() / f"{_name(size)}.sqlite3", folder() / f"{_name(size)}_{name}.sqlite3"
    with alone():
        if not base.exists():
            making = base.with_suffix(".making")
            making.unlink(missing_ok=True)
            _made(open_engines(f"sqlite:///{making}"), size, say)
            making.rename(base)
        for file in (copy, *(Path(f"{copy}{end}") for end in ("-wal", "-shm"))):
            file.unlink(missing_ok=True)
        shutil.copy(base, copy)
    return f"sqlite:///{copy}"


@contextmanager
def postgres() -> Iterator[str]:
    """Start the PostgreSQL whose data are kept."""
    with servers.postgres(folder(), keep=True) as uri:
        yield uri


def postgres_copy(uri: str, size: Size, name: str, say: Callable[[str], None]) -> str:
    """Copy the kept desk of a size in PostgreSQL, made if need be; returns the URL of the copy."""
    base, copy = _name(size), f"{_name(size)}_{name}"
    with alone(), psycopg.connect(uri, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if base not in known:
            connection.execute("DROP DATABASE IF EXISTS making WITH (FORCE)")
            connection.execute("CREATE DATABASE making")
            _made(open_engines(servers.sqlalchemy_url(uri, "making")), size, say)
            connection.execute(f"ALTER DATABASE making RENAME TO {base}")
        connection.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {base} STRATEGY FILE_COPY")
    return servers.sqlalchemy_url(uri, copy)
