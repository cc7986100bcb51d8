"""Databases for tests: migrated once, emptied before each use."""

from __future__ import annotations

from core.schema import metadata
from core.store.engine import Engines

_TABLES = [table.name for table in reversed(metadata.sorted_tables)]


def empty(engines: Engines) -> None:
    """Delete every row, children first; the ids go on counting, so no test may count on them."""
    statements = [f"DELETE FROM {name}" for name in _TABLES]  # noqa: S608 - the names are ours
    with engines.writing(), engines.change.begin() as connection:
        for statement in statements if engines.is_sqlite else ["; ".join(statements)]:
            connection.exec_driver_sql(statement)
