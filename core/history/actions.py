"""Write down what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from core.desk import Tx
from core.history.model import Happened
from core.store.rows import table_of


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and from where.

    Attributes:
        kind: `person`, `contact` or `desk` (the clock and the rules).
        id: of the person or contact; None for the desk.
        via: `telegram`, `email`, `clock` or `cli`.
    """

    kind: str
    id: int | None
    via: str


_RECORD = insert(table_of(Happened))

DESK = Actor("desk", None, "clock")
CLI = Actor("desk", None, "cli")


def record(
    tx: Tx, verb: str, by: Actor, *, work: int | None = None, subject: tuple[str, int] | None = None, **facts: Any
) -> None:
    """Append one entry; facts are JSON values, never the text of a message."""
    row = _row(tx, verb, by, work, facts, subject)
    if tx.together is not None:
        tx.together.add(Happened(**row))
    else:
        tx.write(_RECORD, **row)


def record_all(tx: Tx, verb: str, by: Actor, works: Sequence[int], **facts: Any) -> None:
    """Append the same entry for each of many items."""
    if works:
        tx.session.execute(_RECORD, [_row(tx, verb, by, work, facts) for work in works])


def _row(
    tx: Tx, verb: str, by: Actor, work: int | None, facts: dict[str, Any], subject: tuple[str, int] | None = None
) -> dict[str, Any]:
    return {
        "at": tx.now,
        "verb": verb,
        "work_id": work,
        "subject": subject[0] if subject else None,
        "subject_id": subject[1] if subject else None,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "via": by.via,
        "facts": facts,
    }
