"""Databases for tests: migrated once, emptied before each use."""

from __future__ import annotations

from core.schema import metadata
from core.store.engine import Engines


def empty(engines: Engines) -> None:
    """Delete every row, children first; the ids go on counting, so no test may count on them."""
    with engines.writing(), engines.change.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
