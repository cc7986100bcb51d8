"""Keep what is searched in the transaction of the change that it is about; how words are parted is told in `words`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, insert, select, update
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


def write_anew(tx: Tx, number: int, head: Head, messages: Iterable[str]) -> None:
    """Put the documents of a case in the place of those that there are, which stay where they are the same."""
    wanted = {row.id: row.words for row in _rows(number, documents(head, messages))}
    known: dict[int, str] = {row.id: row.words for row in tx.write(_OF_CASE, **_span(number))}
    for gone in known.keys() - wanted.keys():
        tx.write(_DELETE, row=gone)
    for row, words in wanted.items():
        if row not in known:
            tx.write(_INSERT, id=row, words=words)
        elif known[row] != words:
            tx.write(_UPDATE, row=row, whole=words)
    tx.write(_NOT_DUE, number=number)


def add_message(tx: Tx, number: int, message: str) -> bool:
    """Add a message to what is searched of a case; whoever calls it holds the lock on the case.

    Returns:
        False when there is no room for it: then all of the case is to be written anew.
    """
    last = tx.write(_LAST, **_span(number)).first()
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


def drop(tx: Tx, number: int) -> None:
    """Forget the words of a case that is no more, or was never one."""
    tx.write(_DELETE_ALL, **_span(number))
    tx.write(_NOT_DUE, number=number)


def _rows(number: int, made: Sequence[str]) -> list[SearchDocument]:
    # What goes beyond is not searched: nobody talks so long, and no document may take the number of another case.
    rows = made[:DOCUMENTS]
    return [SearchDocument(id=number * DOCUMENTS + place, words=words) for place, words in enumerate(rows)]


def _span(number: int) -> dict[str, int]:
    return {"first": number * DOCUMENTS, "end": (number + 1) * DOCUMENTS}


# Put together once: to build a statement anew takes as long as to run it.
_OF_CASE = select(_Document.c.id, _Document.c.words).where(
    _Document.c.id >= bindparam("first"), _Document.c.id < bindparam("end")
)
_LAST = _OF_CASE.order_by(_Document.c.id.desc()).limit(1)
_INSERT = insert(_Document)
_UPDATE = update(_Document).where(_Document.c.id == bindparam("row")).values(words=bindparam("whole"))
_DELETE = delete(_Document).where(_Document.c.id == bindparam("row"))
_DELETE_ALL = delete(_Document).where(_Document.c.id >= bindparam("first"), _Document.c.id < bindparam("end"))
_NOT_DUE = delete(_Due).where(_Due.c.work_id == bindparam("number"))
_SOME_DUE = select(_Due.c.work_id).order_by(_Due.c.work_id.desc()).limit(bindparam("most"))
