"""Bring a database to the newest schema, or say how far it is; one transaction, one migrator at a time."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from core.store.engine import Engines

if TYPE_CHECKING:  # Alembic takes a fifth of a second to import, and most starts have nothing to migrate
    from alembic.config import Config

#: Any number that nothing else locks: two desks that start at once migrate one after the other.
_LOCK = 7_231_045


#: A revision's file: the number that it is named by, and words.
_REVISION = re.compile(r"(\d{4})_\w+\.py")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    with as_file(files("core.store") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_modelled(_thing: object, name: str | None, _kind: str, _reflected: object, _other: object) -> bool:
    """Tell whether a table or an index is to be as the models say: those of the search differ by database (0009)."""
    return not (name or "").startswith(("search_index", "ix_search_document_words"))


def upgrade(engines: Engines, revision: str = "head") -> None:
    """Migrate up to a revision, the newest unless told otherwise."""
    from alembic import command

    with engines.writing(), engines.change.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engines: Engines, revision: str) -> None:
    """Migrate down to a revision, such as `base`; for tests and for going back after a failed update."""
    from alembic import command

    with engines.writing(), engines.change.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection), revision)


def current(engines: Engines) -> str | None:
    """Tell the revision of a database; None for an empty one."""
    with engines.look.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def newest() -> str:
    """Tell the newest revision that this desk knows."""
    names = (one.name for one in (files("core.store") / "migrations" / "versions").iterdir())
    return max(found[1] for name in names if (found := _REVISION.fullmatch(name)))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
