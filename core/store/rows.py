"""Rows written and locked by statements that are put together once: the half of what a unit of work takes for each."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from sqlalchemy import Insert, Select, Table, bindparam, insert, inspect, select
from sqlalchemy.orm import Session, make_transient_to_detached

from core.store.base import Base

R = TypeVar("R", bound=Base)


def table_of(model: type[Base]) -> Table:
    """Find the table of a model, for statements that need no objects."""
    return Base.metadata.tables[model.__tablename__]


def fill_in(row: Base) -> None:
    """Give a row the defaults of its columns now: whoever looks at it before it is written sees what will be there."""
    given = inspect(row).dict
    for attribute in type(row).__mapper__.column_attrs:
        default = attribute.columns[0].default
        if attribute.key not in given and default is not None:
            value = default.arg(None) if default.is_callable else default.arg if default.is_scalar else None
            setattr(row, attribute.key, value)


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
