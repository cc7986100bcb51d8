"""Rows written and locked by statements that are put together once: the half of what a unit of work takes for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import Insert, Select, Table, bindparam, insert, inspect, select
from sqlalchemy.orm import Session, make_transient_to_detached

from core.store.base import Base

R = TypeVar("R", bound=Base)


def table_of(model: type[Base]) -> Table:
    """Find the table of a model, for statements that need no objects."""
    return Base.metadata.tables[model.__tablename__]


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
    statement, keys = _insert(type(row))
    given = inspect(row).dict
    values = {key: given.get(key) for key in keys}
    if given.get("id") is not None:
        values["id"] = given["id"]
    made = session.connection().execute(statement, values)
    for key in keys:  # what was left out is empty, and need not be asked for
        given.setdefault(key, None)
    if "id" not in values and hasattr(type(row), "id"):
        row.id = next(iter(made.inserted_primary_key or ()))  # type: ignore[attr-defined] # it has one, as was just asked
    make_transient_to_detached(row)
    session.add(row)


@cache
def _insert(model: type[Base]) -> tuple[Insert, tuple[str, ...]]:
    return insert(table_of(model)), tuple(one.key for one in model.__mapper__.column_attrs if one.key != "id")


@cache
def locked(model: type[R]) -> Select[R]:
    """Select a row by its `key`, locked until the end of the transaction and as it is in the database."""
    return by_key(model).with_for_update().execution_options(populate_existing=True)


@cache
def by_key(model: type[R]) -> Select[R]:
    """Select a row by its `key`."""
    (column,) = model.__mapper__.primary_key
    return select(model).where(column == bindparam("key"))
