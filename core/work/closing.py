"""Close a public queue, once nothing stands in it and nothing leads to it."""

from __future__ import annotations

from sqlalchemy import func, select

from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.views import Representative
from core.texts.said import Said, said
from core.work.model import MailAddress, Queue, Work
from core.work.names import drop_names, queue_named, retire
from core.work.queues import INTAKE, may_keep
from core.work.shifting import lock_queues

#: So many of the items that keep a queue open are named.
NAMED = 10


def close_queue(tx: Tx, queue: int, by: Representative) -> str:
    """Close a public queue; its names are free then. What was accepted out of it goes back to its holder's Assigned.

    Returns:
        Its name.

    Raises:
        Refused: `right.missing`; `queue.cannot_close`, with all that still stands in it or leads to it.
        NotFound: `queue.gone`: there is none, it is closed already, or it is somebody's own.
    """
    may_keep(by)
    row = lock_queues(tx, queue)[queue]
    if row.closed_at is not None:
        raise NotFound("queue.gone")
    why = [*_items(tx, row), *_addresses(tx, row), *_intake(tx, row)]
    if why:
        raise Refused("queue.cannot_close", name=row.name, why=why)
    name = row.name or ""
    drop_names(tx, queue)
    retire(row)
    row.closed_at = tx.now
    row.group_chat_id = row.group_topic = row.bound_by_id = None
    tx.session.flush()
    record(tx, "queue_closed", by.actor, subject=("queue", queue), name=name)
    return name


def _items(tx: Tx, row: Queue) -> list[Said]:
    count = tx.session.scalar(select(func.count()).select_from(Work).where(Work.queue_id == row.id)) or 0
    if not count:
        return []
    numbers = tx.session.scalars(select(Work.id).where(Work.queue_id == row.id).order_by(Work.id).limit(NAMED)).all()
    key = "queue.holds" if count <= NAMED else "queue.holds_many"
    return [said(key, count=count, numbers=[f"№{number}" for number in numbers])]


def _addresses(tx: Tx, row: Queue) -> list[Said]:
    found = select(MailAddress.address).where(MailAddress.queue_id == row.id).order_by(MailAddress.address)
    addresses = tx.session.scalars(found).all()
    return [said("queue.has_addresses", count=len(addresses), addresses=list(addresses))] if addresses else []


def _intake(tx: Tx, row: Queue) -> list[Said]:
    return [said("queue.takes_new_work")] if queue_named(tx, INTAKE) == row.id else []
