"""Open the database and bring it up to date, or say in a sentence why that cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from cherha import lock
from cherha.data import secret_of, writable_folder
from core.desk import Desk
from core.errors import Misconfigured
from core.settings import Settings
from core.store.engine import Engines, open_engines
from core.store.migrate import current, newest, upgrade

log = structlog.get_logger(__name__)


#: What SQLite says of a file that is damaged, or none of its own (sqlite.org/rescode.html).
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def sqlite_path(settings: Settings) -> Path | None:
    """Find the file of the database; None when it is not in one."""
    url = make_url(settings.database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def absent(settings: Settings) -> str:
    """Say that there is no SQLite file yet, and what makes it; empty when there is, or the database is another."""
    path = sqlite_path(settings)
    if path is None or path.exists():
        return ""
    return f"There is no database at {path} yet: `cherha init`, `cherha run` or `cherha db upgrade` makes it."


@contextmanager
def open_database(settings: Settings, *, migrate: bool) -> Iterator[Engines]:
    """Open the database at the newest schema, and close it in the end.

    Args:
        migrate: make it if there is none, and bring it up to date.

    Raises:
        Misconfigured: it cannot be reached, is damaged, or is of another version.
    """
    told = absent(settings)
    if told and not migrate:
        raise Misconfigured([told])
    path = sqlite_path(settings)
    _make_folders(settings, path)
    with lock.using(path) if path else nullcontext():
        engines = open_engines(settings.database)
        try:
            _bring_up_to_date(engines, migrate=migrate)
            yield engines
        except DatabaseError as error:
            if not damaged(error.orig):
                raise
            raise Misconfigured([damage_fault(path, error.orig)]) from None
        finally:
            engines.dispose()


def _make_folders(settings: Settings, database: Path | None) -> None:
    writable_folder(settings.data)
    if database is not None:
        try:
            database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            fault = f"Cannot make the folder of the database ({error.strerror}: {error.filename})."
            raise Misconfigured([fault]) from None


def damaged(error: BaseException | None) -> bool:
    """Tell whether SQLite says that the file is damaged, or no database."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def damage_fault(database: Path | None, error: object) -> str:
    """Say that the database is damaged, and what to do."""
    return f"The database {database} is damaged ({error}). Bring back a backup with `cherha restore --over`."


def _bring_up_to_date(engines: Engines, *, migrate: bool) -> None:
    try:
        found = current(engines)
        if found == newest():
            return
        if migrate:
            upgrade(engines)
            log.info("migrated", before=found, now=newest())
            return
    except OperationalError as error:
        raise Misconfigured([database_fault(error)]) from None
    told = f"is at version {found}" if found else "is empty"
    raise Misconfigured([f"The database {told}; this desk needs version {newest()}. Run `cherha db upgrade`."])


def database_fault(error: DBAPIError) -> str:
    """Say that the database cannot be reached, and what to do; without the password in its address."""
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error).__name__
    return f"The database cannot be reached ({reason}). Is it running, and is CHERHA_DATABASE_URL right?"


@contextmanager
def open_desk(settings: Settings, *, migrate: bool) -> Iterator[Desk]:
    """Open the desk for a single action, without a broker: the sweep finds what is to be done.

    Raises:
        Misconfigured: the database cannot be reached, or is of another version.
    """
    house = settings.house(secret_of(settings))
    with open_database(settings, migrate=migrate) as engines:
        yield Desk(engines, house)
