"""Rows that are written together: each has its number before, so that rows which name each other need no waiting."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.store.base import Base
from core.store.rows import fill_in, values, writing

R = TypeVar("R", bound=Base)


class Together:
    """Keeps new rows back and writes them kind by kind, a statement for all of a kind.

    What is kept back is seen by no query: whoever works this way finds it with `find`, or calls `write` first.

    Args:
        block: how many numbers are taken at a time where the database hands them out (PostgreSQL); those that are left
            over are never used.
    """

    def __init__(self, session: Session, block: int) -> None:
        self._session = session
        self._block = block
        self._rows: dict[type[Base], dict[Hashable, Base]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._last: dict[str, int] = {}

    def add(self, row: Base) -> None:
        """Keep a row back, and give it its number and the values that it would have been written with."""
        if getattr(row, "id", 0) is None:
            row.__dict__["id"] = self._number(row)
        fill_in(row)
        kept, key = self._rows.setdefault(type(row), {}), _key(row)
        if key in kept:
            raise ValueError(f"{type(row).__name__} {key} is kept back already")
        kept[key] = row

    def find(self, model: type[R], key: Hashable) -> R | None:
        """Find a row that is kept back."""
        found = self._rows.get(model, {}).get(key)
        return found if isinstance(found, model) else None

    def write(self) -> None:
        """Write what was kept back: what is referred to before what refers to it.

        The session never hears of these rows: to bring each under its care cost more than to write it.
        """
        rows, self._rows = self._rows, {}
        self._numbers, self._last = {}, {}
        self._session.flush()
        connection = self._session.connection()
        for model in _in_order():
            if kept := rows.get(model):
                statement, columns = writing(model)
                connection.execute(statement, [values(row, columns) for row in kept.values()])

    def _number(self, row: Base) -> int:
        table = type(row).__tablename__
        left = self._numbers.get(table)
        if not left:
            left = self._numbers[table] = self._more(table)
        return left.pop()

    def _more(self, table: str) -> list[int]:
        """Take the next numbers of a table, the lowest last."""
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            words = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            found = connection.scalars(words, {"name": table, "count": self._block})
            return sorted(found, reverse=True)
        # Nobody else writes: the transaction began with BEGIN IMMEDIATE.
        columns = Base.metadata.tables[table]
        last = connection.scalar(select(func.max(columns.c.id))) or 0
        if columns.dialect_options["sqlite"]["autoincrement"]:
            ever = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            last = max(last, connection.scalar(ever, {"name": table}) or 0)
        last = max(last, self._last.get(table, 0))  # what is kept back is not in the table yet
        self._last[table] = last + self._block * 4
        return list(range(self._last[table], last, -1))


@cache
def _in_order() -> tuple[type[Base], ...]:
    """List the kinds of rows: what is referred to before what refers to it."""
    models: dict[object, type[Base]] = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return tuple(models[table] for table in Base.metadata.sorted_tables if table in models)


@cache
def _key_of(model: type[Base]) -> Callable[[dict[str, Any]], Hashable]:
    mapper = model.__mapper__
    return itemgetter(*(mapper.get_property_by_column(column).key for column in mapper.primary_key))


def _key(row: Base) -> Hashable:
    return _key_of(type(row))(row.__dict__)
