"""Find cases by what is said in them: the best first, then the newest; the same on both databases.

Words that many cases have are looked for in the newest documents, one after the other, until there are enough; rarer
ones in the index, for which a word that many have is dear. What is narrowed to a few open cases is looked for in those.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import True_

from core.cases.missed import missed_query
from core.cases.model import Case
from core.customers.account_tree import whole
from core.customers.model import Contact
from core.desk import Tx
from core.people.views import Representative
from core.search.asked import Asked, Is, Term
from core.search.model import DOCUMENTS, SearchDocument
from core.store.base import is_written
from core.store.rows import table_of
from core.work import seeing as work_seeing
from core.work.model import Queue, Work
from core.work.rules import WorkKind, WorkState

#: So many cases are found at most; whoever looks for more adds a word.
MOST = 200

#: So many of the newest documents are looked through before the index is asked.
NEWEST = 2000

#: Where of the newest documents at least one in so many has the words, so many times as many are looked through.
OFTEN, FURTHER = 50, 5

#: Filters that leave so few open cases are taken first, and the words looked for in those.
FEW = 2000

#: A word that is so many times as frequent as the rarest is no help to the index.
_FREQUENT = 3

#: So many of the newest documents are looked through for a word like one that nobody wrote.
ALIKE_IN = 200

_Document = table_of(SearchDocument)
_Index = table("search_index", column("rowid"))
_NUMBER: ColumnElement[int] = literal_column(f"search_document.id / {DOCUMENTS}")


@dataclass(frozen=True, slots=True)
class Narrow:
    """What cases must be besides having the words: conditions on their items, and the numbers they lie between.

    Attributes:
        lowest, end: the numbers of the cases, from the first to below the second, if there is an end.
        few: the conditions may leave few cases: only open ones, or those of one account.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    lowest: int = 0
    end: int | None = None
    few: bool = False


def narrow(tx: Tx, asked: Asked, queue: int | None, by: Representative, *, account: int | None = None) -> Narrow:
    """Put the filters of a search, and what its reader may see, into conditions.

    Args:
        queue: the public queue that the filter names.
        account: the account that the filter names; the cases of its parts are meant, too.
    """
    seen = work_seeing.visible(tx, by)
    conditions = [] if isinstance(seen, True_) else [seen]
    if Is.OPEN in asked.states or Is.MISSED in asked.states:
        conditions += [is_written(Work.state, WorkState.OPEN), is_written(Work.kind, WorkKind.CASE)]
    if Is.CLOSED in asked.states:
        conditions.append(Work.state == WorkState.CLOSED)
    if Is.MINE in asked.states:
        conditions.append(Work.queue_id.in_(select(Queue.id).where(Queue.owner_id == by.id)))
    if Is.MISSED in asked.states:
        conditions.append(Work.id.in_(missed_query(tx).order_by(None)))
    if queue is not None:
        conditions.append(or_(Work.queue_id == queue, Work.came_from_id == queue, Work.done_in_id == queue))
    if account is not None:
        theirs = select(Case.work_id).join(Contact, Contact.id == Case.contact_id)
        conditions.append(Work.id.in_(theirs.where(Contact.account_id.in_(whole(tx, account)))))
    since, end = (_first_since(tx, day, by.zone) for day in (asked.after, asked.before))
    return Narrow(tuple(conditions), since or 0, end, account is not None or bool(asked.states - {Is.CLOSED}))


def _first_since(tx: Tx, day: date | None, zone: str) -> int | None:
    """Tell the number of the first item of a day and after it; one that nothing has yet, should there be none."""
    if day is None:
        return None
    at: datetime = datetime.combine(day, time(), ZoneInfo(zone))
    query = select(Work.id).where(Work.created_at >= at).order_by(Work.created_at, Work.id).limit(1)
    return tx.session.scalar(query) or 2**40


def find(tx: Tx, asked: Asked, within: Narrow) -> list[int]:
    """List the numbers of the cases that have all the words: those with them in title or customer first, newest first.

    At most one more than `MOST`, which stands for however many there are.
    """
    search = _Search(tx, asked, within)
    if within.few and (few := search.among_few()) is not None:
        return _numbers(few)
    rows, low = search.newest()
    heads, rest = [row for row in rows if row[1]], [row for row in rows if not row[1]]
    if low is None or len(_numbers(heads)) > MOST:
        return _numbers(heads, rest)
    older_heads = search.indexed(low, head=True)
    if len(_numbers(heads, older_heads, rest)) > MOST:
        return _numbers(heads, older_heads, rest)
    return _numbers(heads, older_heads, rest, search.indexed(low, head=False))


def _numbers(*found: Iterable[Any]) -> list[int]:
    """Put the numbers of cases into one list, each once; of documents those that have the words in their head first."""
    numbers: dict[int, None] = {}
    for some in found:
        rows = list(some)
        if rows and not isinstance(rows[0], int):
            rows = [row[0] // DOCUMENTS for row in sorted(rows, key=lambda row: (not row[1], -row[0]))]
        numbers.update(dict.fromkeys(rows))
    return list(numbers)[: MOST + 1]


class _Search:
    """One search: its statements, which differ by where they begin."""

    def __init__(self, tx: Tx, asked: Asked, within: Narrow) -> None:
        self._tx = tx
        self._asked = asked
        self._within = within
        self._sampled: int | None = None
        self._sqlite = tx.session.get_bind().dialect.name == "sqlite"

    def among_few(self) -> list[Any] | None:
        """Look for the words in all cases that the filters leave; None when those are too many."""
        bounds = [Work.id + 0 >= self._within.lowest]
        bounds += [Work.id + 0 < self._within.end] if self._within.end is not None else []
        # Bounded, so that it stays by itself: SQLite would else go through the documents, and the cases for each.
        few = select(Work.id).where(*self._within.conditions, *bounds).limit(FEW + 1).subquery()
        if (self._tx.session.scalar(select(func.count()).select_from(few)) or 0) > FEW:
            return None
        ends = few.c.id * DOCUMENTS, few.c.id * DOCUMENTS + DOCUMENTS
        theirs = and_(_Document.c.id >= ends[0], _Document.c.id < ends[1])
        here = select(_Document.c.id, self._in_head()).select_from(few).join(_Document, theirs)
        return list(self._tx.session.execute(here.where(*self._holds())))

    def newest(self) -> tuple[list[Any], int | None]:
        """Look through the newest documents, one by one; through more of them where they have the words often.

        Returns:
            What has the words, and the number of the last document that was looked at; None when those are all.
        """
        low = self._sampled = self._end(None, NEWEST)
        rows = self._walk(low, None)
        if low is not None and self._often(rows):
            further = self._end(low, NEWEST * FURTHER)
            rows += self._walk(further, low)
            low = further
        return rows, low

    @staticmethod
    def _often(rows: Sequence[Any]) -> bool:
        """Tell whether there are not enough yet, but soon would be."""
        heads = sum(bool(row[1]) for row in rows)
        return any(NEWEST / OFTEN <= count <= MOST for count in (heads, len(rows)))

    def _end(self, below: int | None, count: int) -> int | None:
        """Tell which document comes so many after another; None when there are not so many."""
        here = select(_Document.c.id).where(*self._bounds(), *self._below(below)).order_by(_Document.c.id.desc())
        return self._tx.session.scalar(here.offset(count - 1).limit(1))

    def _walk(self, low: int | None, below: int | None) -> list[Any]:
        since = () if low is None else (_Document.c.id >= low,)
        found = select(_Document.c.id, self._in_head()).where(*since, *self._below(below), *self._holds())
        return list(self._tx.session.execute(self._narrowed(found).order_by(_Document.c.id.desc())))

    @staticmethod
    def _below(document: int | None) -> tuple[ColumnElement[bool], ...]:
        return () if document is None else (_Document.c.id < document,)

    def indexed(self, low: int, *, head: bool) -> list[int]:
        """Ask the index for numbers of cases below the newest documents."""
        keys = self._rarest(head=head)
        query = select(_NUMBER.label("number")).distinct().select_from(_Document)
        if self._sqlite:
            words = " AND ".join(f'"{word}"{"*" if more else ""}' for word, more in keys)
            query = query.join(_Index, _Index.c.rowid == _Document.c.id)
            query = query.where(text("search_index MATCH :words").bindparams(words=words), _Index.c.rowid < low)
        else:
            words = " & ".join(f"'{word}'{':*' if more else ''}" for word, more in keys)
            query = query.where(func.search_words(_Document.c.words).bool_op("@@")(cast(literal(words), TSQUERY)))
            query = query.where(_Document.c.id < low)
        query = self._narrowed(query.where(*self._holds(head=head)))
        return list(self._tx.session.scalars(query.order_by(text("number DESC")).limit(MOST + 1)))

    def _rarest(self, *, head: bool) -> Sequence[tuple[str, bool]]:
        """Choose the words that the index is asked for: as the newest documents have them, the rarest ones.

        What the others are is seen in the documents: the index would bring all that have them together first.
        """
        keys = [key for term in self._asked.terms for key in term.keys(head=head)]
        if len(keys) == 1:
            return keys
        counts = [func.count().filter(self._has(f" {word}{'' if more else ' '}")) for word, more in keys]
        seen = self._tx.session.execute(
            select(*counts).where(_Document.c.id >= (self._sampled or 0), *self._bounds())
        ).one()
        least = max(1, min(seen))
        return [key for key, count in zip(keys, seen, strict=True) if count <= least * _FREQUENT]

    def _narrowed(self, query: Select[Any]) -> Select[Any]:
        query = query.where(*self._bounds())
        if self._within.conditions:
            query = query.join(Work, Work.id == _NUMBER).where(*self._within.conditions)
        return query

    def _bounds(self) -> list[ColumnElement[bool]]:
        made = [_Document.c.id >= self._within.lowest * DOCUMENTS]
        if self._within.end is not None:
            made.append(_Document.c.id < self._within.end * DOCUMENTS)
        return made

    def _holds(self, *, head: bool = False) -> list[ColumnElement[bool]]:
        with_them = [self._has(term.head_needle if head else term.needle) for term in self._asked.terms]
        return [*with_them, *(~self._has(term.needle) for term in self._asked.without)]

    def _in_head(self) -> ColumnElement[bool]:
        return and_(*(self._has(term.head_needle) for term in self._asked.terms)).label("in_head")

    def _has(self, needle: str) -> ColumnElement[bool]:
        """Tell whether a document has something: spaces stand around all words, so that is where a word begins."""
        where = func.instr if self._sqlite else func.strpos
        return where(_Document.c.words, needle) > 0


def alike(tx: Tx, term: Term) -> list[Term]:
    """List terms whose last word is one of the newest documents that is like that of another, the most alike first."""
    some = select(_Document.c.words).where(_Document.c.id > 0).order_by(_Document.c.id.desc()).limit(ALIKE_IN)
    known = {word for said in tx.session.scalars(some) for word in said.split() if word.isalnum()}
    close = difflib.get_close_matches(term.words[-1], known, n=2, cutoff=0.7)
    return [term.ending(word) for word in close]
