"""Open the database and bring it up to date, or say in a sentence why that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from cherha.data import secret_of, writable_folder
from core.desk import Desk
from core.errors import Misconfigured
from core.settings import Settings
from core.store.engine import Engines, open_engines
from core.store.migrate import current, newest, upgrade

log = structlog.get_logger(__name__)


@contextmanager
def open_database(settings: Settings, *, migrate: bool) -> Iterator[Engines]:
    """Open the database at the newest schema, and close it in the end.

    Raises:
        Misconfigured: it cannot be reached, or is of another version.
    """
    engines = _engines(settings)
    try:
        _bring_up_to_date(engines, migrate=migrate)
        yield engines
    finally:
        engines.dispose()


def _engines(settings: Settings) -> Engines:
    writable_folder(settings.data)
    try:
        return open_engines(settings.database)
    except (ArgumentError, NoSuchModuleError):
        fault = (
            "CHERHA_DATABASE_URL is no address of a database. Take one such as postgresql+psycopg://user@host/cherha."
        )
        raise Misconfigured([fault]) from None
    except OSError as error:
        raise Misconfigured([f"Cannot make the folder of the database ({error.strerror}: {error.filename})."]) from None


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
