"""The declarative base and the column types that make both databases agree."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

#: So many instants are remembered as parameters.
_INSTANTS = 64


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC, to the microsecond; a naive one is refused, for its meaning is a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring an aware datetime to UTC; SQLite keeps no zone, so it is taken off there."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive datetime cannot be stored"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def bind_processor(self, dialect: Dialect) -> Any:
        """Make what turns instants into parameters; those met lately, as the "now" of a transaction, are known."""
        process = super().bind_processor(dialect)
        return process and lru_cache(maxsize=_INSTANTS)(process)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: An id: 64 bits on PostgreSQL; SQLite counts up by itself only in a column of type INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")

#: Facts and other small documents.
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

#: A StrEnum by its value, as text: a new member needs no migration.
_Word = Enum(
    enum.StrEnum,
    native_enum=False,
    length=20,
    values_callable=lambda kind: [member.value for member in kind],
)


def is_written(column: InstrumentedAttribute[Any] | ColumnElement[Any], *words: enum.StrEnum) -> ColumnElement[bool]:
    """Compare a column with words that stand in the statement itself, in the order in which an index has them.

    A partial index is used only where the planner can see that its condition holds, and a bound value it does not see:
    never on SQLite, and on PostgreSQL not once it has settled for a plan that suits every value.
    """
    written: list[ColumnElement[Any]] = [literal_column(f"'{word}'") for word in words]
    return column == written[0] if len(written) == 1 else column.in_(written)


class Base(DeclarativeBase):
    """The base of every table, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init__(self, **values: Any) -> None:
        """Make a row of values by column.

        They go straight into the row: it is written from there, and a row that is new has no changes to keep count of.

        Raises:
            TypeError: there is no such column.
        """
        if unknown := values.keys() - _attributes(type(self)):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        self.__dict__.update(values)

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it so
        datetime: UtcDateTime,
        dict[str, Any]: Document,
        list[Any]: Document,
        enum.StrEnum: _Word,
    }


@cache
def _attributes(model: type[Base]) -> frozenset[str]:
    return frozenset(attribute.key for attribute in model.__mapper__.column_attrs)
