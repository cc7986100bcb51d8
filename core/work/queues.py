"""Keep queues: make public ones, find personal ones, watch them."""

from __future__ import annotations

from sqlalchemy import delete, select

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import Actor, record
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import queries
from core.work.model import MailAddress, Queue, QueueWatch
from core.work.rules import QueueKind
from core.work.views import QueueView

#: Characters of a queue's name.
NAME_LENGTH = 40

#: The public queue for new work that goes to nobody; made when it is first needed.
INTAKE = "Intake"


def personal_queue(tx: Tx, person: int, kind: QueueKind) -> int:
    """Find a personal queue of a representative, or make it."""
    known = queries.personal_queue_id(tx, person, kind)
    if known is not None:
        return known
    row = Queue(kind=kind, owner_id=person, created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row.id


def intake_queue(tx: Tx) -> int:
    """Find the public queue "Intake", or make it."""
    known = tx.session.scalar(select(Queue.id).where(Queue.name_key == INTAKE.casefold()))
    return known if known is not None else _add_public(tx, INTAKE).id


def new_queue(tx: Tx, name: str, by: Representative | None, actor: Actor | None = None) -> QueueView:
    """Make a public queue.

    Raises:
        Refused: `right.missing`, or `queue.exists`.
        Misused: `queue.name`: empty, too long, or only digits (which would read as an item's number).
    """
    if by is not None:
        check(by.role, Right.KEEP_QUEUES)
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH or clean.isdigit():
        raise Misused("queue.name", limit=NAME_LENGTH)
    if tx.session.scalar(select(Queue.id).where(Queue.name_key == clean.casefold())):
        raise Refused("queue.exists", name=clean)
    row = _add_public(tx, clean)
    doer = by.actor if by else actor or Actor("desk", None, "cli")
    record(tx, "queue_made", doer, subject=("queue", row.id), name=clean)
    return queries.queue_view(row, None)


def _add_public(tx: Tx, name: str) -> Queue:
    row = Queue(kind=QueueKind.PUBLIC, name=name, name_key=name.casefold(), created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row


def watch(tx: Tx, queue: int, by: Representative) -> bool:
    """Begin to watch a public queue, or cease to.

    Returns:
        Whether it is watched now.

    Raises:
        NotFound: `queue.gone`.
    """
    if queries.get_queue(tx, queue).kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    row = tx.session.get(QueueWatch, (queue, by.id))
    if row is None:
        tx.session.add(QueueWatch(queue_id=queue, person_id=by.id))
        return True
    tx.session.delete(row)
    return False


def keep_addresses(tx: Tx, addresses: dict[str, str | None]) -> None:
    """Make the addresses of the settings known, with the queues their cases start in; the queues are made if new.

    An address that is not in the settings any more is ours no more.
    """
    tx.session.execute(delete(MailAddress).where(MailAddress.address.not_in(addresses)))
    for address, name in addresses.items():
        row = tx.session.get(MailAddress, address)
        if row is None:
            row = MailAddress(address=address)
            tx.session.add(row)
        row.queue_id = _named(tx, name) if name else None


def _named(tx: Tx, name: str) -> int:
    known = tx.session.scalar(select(Queue.id).where(Queue.name_key == name.casefold()))
    return known if known is not None else _add_public(tx, name).id


def queue_of_address(tx: Tx, address: str) -> int | None:
    """Find the queue that letters to an address of ours start in, if it has one."""
    row = tx.session.get(MailAddress, address.casefold())
    return row.queue_id if row else None
