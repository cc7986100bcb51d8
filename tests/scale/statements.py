"""Statements as they are sent to the database, noted on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from core.store.engine import Engines


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters; with the first of them, where it is sent for many rows."""

    words: str
    parameters: Any

    @property
    def explained(self) -> bool:
        """Whether a database tells how it goes about it: one that reads, changes or deletes."""
        return self.words.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))


@contextmanager
def noted(engines: Engines) -> Iterator[list[Statement]]:
    """Note every statement of the block, without what begins and ends transactions."""
    found: list[Statement] = []

    def note(_c: Any, _cursor: Any, words: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not words.startswith("BEGIN"):
            found.append(Statement(words, parameters[0] if isinstance(parameters, list) else parameters))

    # The two engines of PostgreSQL are one, seen in two ways: it would note everything twice.
    listened = (engines.change, engines.look) if engines.is_sqlite else (engines.change,)
    for engine in listened:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in listened:
            event.remove(engine, "before_cursor_execute", note)
