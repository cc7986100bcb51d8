"""Rows written and locked by statements that are put together once: the half of what a unit of work takes for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import Insert, Select, Table, bindparam, insert, select, text
from sqlalchemy.orm import Session, make_transient_to_detached

from core.store.base import Base

R = TypeVar("R", bound=Base)


#: A lock for each name, until the end of the transaction. Whoever takes many does so in the order of the locks, or two
#: who take the same would wait for each other for ever.
_TAKE_TURNS = text(
    "SELECT pg_advisory_xact_lock(lock) FROM (SELECT DISTINCT hashtextextended(key, 7231046) AS lock "
    "FROM unnest(CAST(:keys AS text[])) AS key ORDER BY lock) AS locks"
)


def take_turns(session: Session, keys: Sequence[str]) -> None:
    """Wait for all transactions that have taken one of these names, until their end; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE_TURNS, {"keys": list(keys)})


def table_of(model: type[Base]) -> Table:
    """Find the table of a model, for statements that need no objects."""
    return Base.metadata.tables[model.__tablename__]


def in_parts(keys: Sequence[int], size: int = 1000) -> Iterator[Sequence[int]]:
    """Cut many keys into parts, each of which one statement may name."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


@cache
def _defaults(model: type[Base]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    """List the columns of a kind that have a value when none is given, each with what makes it."""
    return tuple(
        (attribute.key, partial(default.arg, None) if default.is_callable else partial(_same, default.arg))
        for attribute in model.__mapper__.column_attrs
        if (default := attribute.columns[0].default) is not None and (default.is_callable or default.is_scalar)
    )


def _same(value: Any) -> Any:
    return value


def fill_in(row: Base) -> None:
    """Give a row the defaults of its columns now: whoever looks at it before it is written sees what will be there."""
    for attribute, made in _defaults(type(row)):
        if attribute not in row.__dict__:
            row.__dict__[attribute] = made()


def write(session: Session, row: Base) -> None:
    """Write a new row at once; it has its number then, and is an object of the session like one that was read."""
    fill_in(row)
    statement, columns = writing(type(row))
    given = values(row, columns)
    if given.get("id", 0) is None:
        del given["id"]
    made = session.connection().execute(statement, given)
    row.__dict__.update({name: value for name, value in given.items() if name not in row.__dict__})
    if "id" in columns and "id" not in given:
        row.__dict__["id"] = next(iter(made.inserted_primary_key or ()))
    make_transient_to_detached(row)
    session.add(row)


@cache
def writing(model: type[Base]) -> tuple[Insert, tuple[str, ...]]:
    """Put together how rows of a kind are written: the statement, and the columns whose values it takes."""
    return insert(table_of(model)), tuple(one.key for one in model.__mapper__.column_attrs)


def values(row: Base, columns: tuple[str, ...]) -> dict[str, Any]:
    """Take the values of a row; what was left out is empty."""
    given = row.__dict__
    return {name: given.get(name) for name in columns}


@cache
def locked(model: type[R]) -> Select[R]:
    """Select a row by its `key`, locked until the end of the transaction and as it is in the database."""
    return by_key(model).with_for_update().execution_options(populate_existing=True)


@cache
def by_key(model: type[R]) -> Select[R]:
    """Select a row by its `key`."""
    (column,) = model.__mapper__.primary_key
    return select(model).where(column == bindparam("key"))
