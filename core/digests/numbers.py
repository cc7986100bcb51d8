"""The desk in numbers, for machines: what came in, what it became, what is owed, and how old the oldest is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from core.activities.model import Activity
from core.cases.model import Case, Entry
from core.cases.rules import CaseStatus, EntryKind
from core.desk import Tx
from core.inbox.model import InboxState, Letter, Update
from core.outbox.model import PENDING, Owed, OwedState
from core.people.model import Person
from core.store.base import is_written
from core.work import tally
from core.work.model import Queue, Work
from core.work.rules import QueueKind


@dataclass(frozen=True, slots=True)
class QueueNumbers:
    """The open items in one queue; `queue` is its name, or that of whose it is."""

    queue: str
    kind: QueueKind
    items: int


@dataclass(frozen=True, slots=True)
class DeskNumbers:
    """All of it: each mapping counts rows by their state or kind; of activities by both, and their minutes.

    Attributes:
        repeats: how often a message went out although an earlier try may have arrived.
        oldest: since when the oldest letter, update and owed message wait; None where nothing does.
    """

    letters: dict[str, int]
    updates: dict[str, int]
    cases: dict[str, int]
    messages: dict[str, int]
    activities: dict[str, int]
    queues: tuple[QueueNumbers, ...]
    outbox: dict[str, int]
    repeats: int
    oldest: dict[str, timedelta | None]

    def to_json(self) -> dict[str, Any]:
        """Make it a JSON object; ages in seconds, their names ending in `_s`."""
        ages = {f"{name}_s": age and round(age.total_seconds(), 3) for name, age in self.oldest.items()}
        queues = [{"queue": one.queue, "kind": str(one.kind), "items": one.items} for one in self.queues]
        return {
            "letters": self.letters,
            "updates": self.updates,
            "cases": self.cases,
            "messages": self.messages,
            "activities": self.activities,
            "queues": queues,
            "outbox": self.outbox | {"repeats": self.repeats},
            "oldest": ages,
        }


def numbers(tx: Tx) -> DeskNumbers:
    """Count the desk as of now."""
    return DeskNumbers(
        letters=_understood(_by(tx, Letter.state, InboxState)),
        updates=_understood(_by(tx, Update.state, InboxState)),
        cases=_by(tx, Case.status, CaseStatus),
        messages=_by(tx, Entry.kind, EntryKind),
        activities=_activities(tx),
        queues=_queues(tx),
        outbox=_by(tx, Owed.state, OwedState),
        repeats=tx.session.scalar(select(func.sum(Owed.repeats))) or 0,
        oldest={
            "letter": _age(tx, select(func.min(Letter.received_at)).where(is_written(Letter.state, InboxState.KEPT))),
            "update": _age(tx, select(func.min(Update.received_at)).where(is_written(Update.state, InboxState.KEPT))),
            "owed": _age(
                tx,
                select(func.min(Owed.due_at)).where(is_written(Owed.state, *PENDING), Owed.due_at <= tx.now),
            ),
        },
    )


def _by(tx: Tx, column: Any, kinds: type[StrEnum]) -> dict[str, int]:
    found = {str(kind): count for kind, count in tx.session.execute(select(column, func.count()).group_by(column))}
    return {str(kind): found.get(str(kind), 0) for kind in kinds}


def _activities(tx: Tx) -> dict[str, int]:
    """Count activities by kind and what became of them, and the minutes that those of a kind took."""
    query = select(Work.kind, Activity.status, func.count(), func.sum(Activity.minutes))
    rows = tx.session.execute(query.join(Activity, Activity.work_id == Work.id).group_by(Work.kind, Activity.status))
    found: dict[str, int] = {}
    for kind, status, count, minutes in rows:
        found[f"{kind}_{status}"] = count
        if minutes:
            found[f"{kind}_minutes"] = found.get(f"{kind}_minutes", 0) + int(minutes)
    return found


def _understood(counts: dict[str, int]) -> dict[str, int]:
    return {"understood" if name == InboxState.DONE else name: count for name, count in counts.items()}


def _queues(tx: Tx) -> tuple[QueueNumbers, ...]:
    counted = tally.numbers(tx, accepted=False)
    rows = tx.session.execute(
        select(Queue.id, Queue.name, Person.name, Queue.kind)
        .outerjoin(Person, Person.id == Queue.owner_id)
        .where(Queue.closed_at.is_(None))
        .order_by(Queue.id)
    )
    return tuple(
        QueueNumbers(name or owner or "", QueueKind(kind), counted.get(queue, tally.Number()).items)
        for queue, name, owner, kind in rows
    )


def _age(tx: Tx, query: Any) -> timedelta | None:
    since = tx.session.scalar(query)
    return tx.now - since if since is not None else None
