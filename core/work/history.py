"""What happened to an item, with the names of who did it and where it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.customers.model import Contact
from core.desk import Tx
from core.history.model import Happened
from core.history.views import HappenedView
from core.people.model import Person
from core.texts.said import Said, said
from core.work.model import Queue


def history(tx: Tx, number: int, *, offset: int = 0, limit: int = 12) -> list[HappenedView]:
    """List what happened to an item, the latest first."""
    rows = tx.session.execute(
        select(Happened, Person.name, Contact.name)
        .outerjoin(Person, (Person.id == Happened.actor_id) & (Happened.actor_kind == "person"))
        .outerjoin(Contact, (Contact.id == Happened.actor_id) & (Happened.actor_kind == "contact"))
        .where(Happened.work_id == number)
        .order_by(Happened.id.desc())
        .offset(offset)
        .limit(limit)
    )
    found = rows.all()
    names = _names(tx, [row.facts for row, _, _ in found])
    return [
        HappenedView(row.at, row.verb, person or contact, row.via, _told(row.facts, names))
        for row, person, contact in found
    ]


def count(tx: Tx, number: int) -> int:
    """Count what happened to an item."""
    return tx.session.scalar(select(func.count()).select_from(Happened).where(Happened.work_id == number)) or 0


def snooze_reason(tx: Tx, number: int) -> str:
    """Tell why an item was snoozed the last time; empty when nobody said."""
    facts = tx.session.scalar(
        select(Happened.facts)
        .where(Happened.work_id == number, Happened.verb.in_(("snoozed", "snooze_reason")))
        .order_by(Happened.id.desc())
        .limit(1)
    )
    return str((facts or {}).get("why") or "")


#: The facts that hold the id of a queue, and that which holds the id of a person.
_QUEUES, _PERSON = ("origin", "target"), "to"


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of the queues and people that some changes are about, by their ids."""

    queues: dict[object, Said | str]
    people: dict[object, str]


def _names(tx: Tx, facts: Iterable[dict[str, object]]) -> _Names:
    """Ask for all the names at once."""
    everything = list(facts)
    queues = {one[name] for one in everything for name in _QUEUES if isinstance(one.get(name), int)}
    persons = {one[_PERSON] for one in everything if isinstance(one.get(_PERSON), int)}
    named = select(Queue.id, Queue.kind, Queue.name, Person.name).outerjoin(Person, Person.id == Queue.owner_id)
    rows = tx.session.execute(named.where(Queue.id.in_(queues))) if queues else ()
    called = select(Person.id, Person.name).where(Person.id.in_(persons))
    return _Names(
        {number: name or said(f"queue.{kind}_of", name=owner) for number, kind, name, owner in rows},
        dict(tx.session.execute(called).all()) if persons else {},
    )


def _told(facts: dict[str, object], names: _Names) -> dict[str, object]:
    """Put names in the place of ids, and instants in the place of their text."""
    told = dict(facts)
    for name in _QUEUES:
        if isinstance(told.get(name), int):
            told[name] = names.queues.get(told[name], "–")
    if isinstance(told.get(_PERSON), int):
        told[_PERSON] = names.people.get(told[_PERSON])
    if isinstance(told.get("until"), str):
        told["until"] = datetime.fromisoformat(str(told["until"]))
    if told.get("channel"):
        told["channel"] = said(f"channel.{told['channel']}")
    return told
