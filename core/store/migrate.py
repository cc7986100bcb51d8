"""Bring a database to the newest schema, or say how far it is; one transaction, one migrator at a time."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.store.engine import Engines

#: Any number that nothing else locks: two desks that start at once migrate one after the other.
_LOCK = 7_231_045


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    with as_file(files("core.store") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(engines: Engines, revision: str = "head") -> None:
    """Migrate up to a revision, the newest unless told otherwise."""
    with engines.writing(), engines.change.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engines: Engines, revision: str) -> None:
    """Migrate down to a revision, such as `base`; for tests and for going back after a failed update."""
    with engines.writing(), engines.change.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection), revision)


def current(engines: Engines) -> str | None:
    """Tell the revision of a database; None for an empty one."""
    with engines.look.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Tell the newest revision that this desk knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
