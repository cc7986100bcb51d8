"""Keep what is searched in the transaction of the change that it is about; how words are parted is told in `words`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import Tx
from core.search.model import DOCUMENTS, SearchDocument, SearchDue
from core.search.words import Head, documents, with_message
from core.store.rows import table_of

_Document, _Due = table_of(SearchDocument), table_of(SearchDue)


def write_new(tx: Tx, number: int, head: Head, messages: Sequence[str]) -> None:
    """Write the documents of a case of which there are none yet."""
    for row in _rows(number, documents(head, messages)):
        tx.add(row)


def write_anew(tx: Tx, cases: Mapping[int, Sequence[str]]) -> None:
    """Put documents in the place of those that there are of some cases; those that are the same stay.

    Args:
        cases: the documents of each by its number; none of a case that is no more.
    """
    wanted = {row.id: row.words for number, made in cases.items() for row in _rows(number, made)}
    known: dict[int, str] = {row.id: row.words for row in tx.write(_of_cases(cases))}
    _write_all(tx, _DELETE, [{"row": row} for row in known.keys() - wanted.keys()])
    _write_all(tx, _INSERT, [{"id": row, "words": wanted[row]} for row in wanted.keys() - known.keys()])
    changed = [row for row in wanted.keys() & known.keys() if wanted[row] != known[row]]
    _write_all(tx, _UPDATE, [{"row": row, "whole": wanted[row]} for row in changed])
    tx.write(_NOT_DUE, numbers=list(cases))


def _of_cases(numbers: Iterable[int]) -> Select[int, str]:
    spans = (_Document.c.id.between(number * DOCUMENTS, (number + 1) * DOCUMENTS - 1) for number in numbers)
    return select(_Document.c.id, _Document.c.words).where(or_(*spans))


def _write_all(tx: Tx, statement: Executable, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.session.connection().execute(statement, sorted(rows, key=lambda row: row.get("row") or row["id"]))


def add_message(tx: Tx, number: int, message: str) -> bool:
    """Add a message to what is searched of a case; whoever calls it holds the lock on the case.

    Returns:
        False when there is no room for it: then all of the case is to be written anew.
    """
    last = tx.write(_LAST, first=number * DOCUMENTS, end=(number + 1) * DOCUMENTS).first()
    if last is None:
        return False
    longer = with_message(last.words, message)
    if longer is None:
        return False
    tx.write(_UPDATE, row=last.id, whole=longer)
    return True


def write_later(tx: Tx, numbers: Iterable[int]) -> None:
    """Have cases written anew soon, by the clock: for what is too much for the transaction of its cause."""
    rows = [{"work_id": number} for number in numbers]
    if rows:
        made = sqlite.insert(_Due) if tx.session.get_bind().dialect.name == "sqlite" else postgresql.insert(_Due)
        tx.session.connection().execute(made.on_conflict_do_nothing(), rows)


def due(tx: Tx, limit: int) -> list[int]:
    """List cases that are to be written anew, the newest first."""
    return list(tx.session.scalars(_SOME_DUE, {"most": limit}))


def _rows(number: int, made: Sequence[str]) -> list[SearchDocument]:
    # What goes beyond is not searched: nobody talks so long, and no document may take the number of another case.
    rows = made[:DOCUMENTS]
    return [SearchDocument(id=number * DOCUMENTS + place, words=words) for place, words in enumerate(rows)]


# Put together once: to build a statement anew takes as long as to run it.
_LAST = (
    select(_Document.c.id, _Document.c.words)
    .where(_Document.c.id >= bindparam("first"), _Document.c.id < bindparam("end"))
    .order_by(_Document.c.id.desc())
    .limit(1)
)
_INSERT = insert(_Document)
_UPDATE = update(_Document).where(_Document.c.id == bindparam("row")).values(words=bindparam("whole"))
_DELETE = delete(_Document).where(_Document.c.id == bindparam("row"))
_NOT_DUE = delete(_Due).where(_Due.c.work_id.in_(bindparam("numbers", expanding=True)))
_SOME_DUE = select(_Due.c.work_id).order_by(_Due.c.work_id.desc()).limit(bindparam("most"))
