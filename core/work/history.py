"""What happened to an item, with the names of who did it and where it went."""

from __future__ import annotations

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
    return [
        HappenedView(row.at, row.verb, person or contact, row.via, _told(tx, row.facts))
        for row, person, contact in rows
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


def _told(tx: Tx, facts: dict[str, object]) -> dict[str, object]:
    """Put names in the place of ids, and instants in the place of their text."""
    told = dict(facts)
    for name in ("origin", "target"):
        if isinstance(told.get(name), int):
            told[name] = _queue_name(tx, int(str(told[name])))
    if isinstance(told.get("to"), int):
        told["to"] = tx.session.scalar(select(Person.name).where(Person.id == told["to"]))
    if isinstance(told.get("until"), str):
        told["until"] = datetime.fromisoformat(str(told["until"]))
    if told.get("channel"):
        told["channel"] = said(f"channel.{told['channel']}")
    return told


def _queue_name(tx: Tx, queue: int) -> Said | str:
    row = tx.session.execute(
        select(Queue.kind, Queue.name, Person.name)
        .outerjoin(Person, Person.id == Queue.owner_id)
        .where(Queue.id == queue)
    ).first()
    if row is None:
        return "–"
    kind, name, owner = row
    return name or said(f"queue.{kind}_of", name=owner)
