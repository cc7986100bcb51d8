"""Two who write to one customer: who else is writing, and what came while somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.cases import conversations
from core.cases.model import Entry, Unsent
from core.cases.rules import EntryKind
from core.cases.views import EntryView
from core.desk import Tx
from core.people.model import Person
from core.people.views import Representative
from core.work.model import Draft

#: Who began an answer so long ago, or less, is writing it; and what came longer ago than that came before it.
WRITING = timedelta(minutes=15)

#: What a card has shown for so long was there to be read before the words that reply to it were typed.
TYPING = timedelta(seconds=30)

#: So far apart may be the clock by which Telegram dates messages, to the second, and ours: what `doctor` allows.
_CLOCKS = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had seen of a case when they began to write.

    Attributes:
        entry: the last message of it; None where that is not known.
        at: when what they had before them came; for where `entry` is not known.
        changed_at: when it last changed, as cards do when something is said.
    """

    entry: int | None = None
    at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes an answer, and since when."""

    name: str
    since: datetime


def latest(tx: Tx, number: int) -> int:
    """Tell the last message of a case; 0 where there is none."""
    return tx.session.scalar(select(func.max(Entry.id)).where(Entry.work_id == number)) or 0


def writers(tx: Tx, number: int, by: Representative) -> list[Writer]:
    """List who else is writing an answer to a case, the first to begin first: asked for one, or with one not sent."""
    since = tx.now - WRITING
    asked = tx.session.execute(
        select(Person.name, Draft.updated_at, Draft.state)
        .join(Draft, Draft.chat_id == Person.chat_id)
        .where(Draft.form == "answer", Draft.updated_at >= since, Person.id != by.id)
    )
    found = [Writer(name, at) for name, at, state in asked if state.get("number") == number]
    kept = tx.session.execute(
        select(Person.name, Unsent.written_at)
        .join(Person, Person.id == Unsent.person_id)
        .where(Unsent.work_id == number, Unsent.written_at >= since, Person.id != by.id)
    )
    first: dict[str, Writer] = {}
    for one in sorted([*found, *(Writer(name, at) for name, at in kept)], key=lambda one: one.since):
        first.setdefault(one.name, one)
    return list(first.values())


def came_since(tx: Tx, number: int, seen: Seen, by: Representative) -> list[EntryView]:
    """List what the customer wrote and others answered after somebody had seen a case, oldest first.

    Not what came before their own last word in it, which they wrote knowing of that; notes keep nobody from answering.
    """
    after = _after(tx, seen)
    if after is None:
        return []
    own = select(func.max(Entry.id)).where(Entry.work_id == number, Entry.person_id == by.id).scalar_subquery()
    theirs = or_(
        Entry.kind == EntryKind.CUSTOMER, and_(Entry.kind == EntryKind.ANSWER, Entry.person_id.is_distinct_from(by.id))
    )
    return conversations.shown_where(tx, number, and_(theirs, after, Entry.id > func.coalesce(own, 0)))


def _after(tx: Tx, seen: Seen) -> ColumnElement[bool] | None:
    if seen.entry is not None:
        return Entry.id > seen.entry
    if seen.at is None:
        return None
    known = seen.at + _CLOCKS
    if seen.changed_at is not None:  # a card may have changed before their eyes, and while they wrote
        known = max(known, min(seen.changed_at + _CLOCKS, tx.now - TYPING))
    return Entry.at > max(known, tx.now - WRITING)
