"""Keep queues: make public ones, find personal ones, watch them.

Somebody watches every queue from its start: whoever makes one with a command watches it; those that the desk makes by
itself, Intake and the queues of the settings' addresses, are watched by everybody who may keep queues, from the day
they join. Each may cease to; what enters a queue that nobody watches any more is told to the managers
(`work.actions.tell_watchers`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import Actor, record
from core.people import queries as people
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.work import queries, tally
from core.work.model import MailAddress, Queue, QueueWatch
from core.work.rules import QueueKind
from core.work.views import QueueView

#: Characters of a queue's name.
NAME_LENGTH = 40

#: The public queue for new work that goes to nobody; made when it is first needed.
INTAKE = "Intake"


def personal_queue(tx: Tx, person: int, kind: QueueKind) -> int:
    """Find a personal queue of a representative, or make it."""
    known: int | None = tx.memo.get(("personal queue", person, kind)) or queries.personal_queue_id(tx, person, kind)
    if known is None:
        known = _make_personal(tx, person, kind)
    tx.memo["personal queue", person, kind] = known
    return known


def _make_personal(tx: Tx, person: int, kind: QueueKind) -> int:
    """Make a personal queue; should somebody else make it at this moment, it is theirs that is found."""
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(Queue).values(kind=kind, owner_id=person, created_at=tx.now)
    made = made.on_conflict_do_nothing(index_elements=["owner_id", "kind"])
    mine: int | None = tx.session.scalar(made.returning(Queue.id))
    if mine is not None:
        return mine
    return tx.session.scalars(select(Queue.id).where(Queue.owner_id == person, Queue.kind == kind)).one()


def intake_queue(tx: Tx) -> int:
    """Find the public queue "Intake", or make it."""
    known = tx.session.scalar(select(Queue.id).where(Queue.name_key == INTAKE.casefold()))
    return known if known is not None else _add_public(tx, INTAKE, _keepers(tx))


def waiting_in_intake(tx: Tx) -> tuple[int, int] | None:
    """Tell the id of the queue "Intake" and how many items wait there; None when there are none."""
    known = tx.session.scalar(select(Queue.id).where(Queue.name_key == INTAKE.casefold(), Queue.closed_at.is_(None)))
    waiting = tally.items_in(tx, known) if known is not None else 0
    return (known, waiting) if known is not None and waiting else None


def may_keep(by: Representative) -> None:
    """Insist that somebody may make public queues and say how they are kept.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.KEEP_QUEUES)


def new_queue(tx: Tx, name: str, by: Representative | None, actor: Actor | None = None) -> QueueView:
    """Make a public queue; who makes it watches it.

    Raises:
        Refused: `right.missing`, or `queue.exists`.
        Misused: `queue.name`: empty, too long, or only digits (which would read as an item's number).
    """
    if by is not None:
        may_keep(by)
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH or clean.isdigit():
        raise Misused("queue.name", limit=NAME_LENGTH)
    if tx.session.scalar(select(Queue.id).where(Queue.name_key == clean.casefold())):
        raise Refused("queue.exists", name=clean)
    queue = _add_public(tx, clean, [by.id] if by else [])
    doer = by.actor if by else actor or Actor("desk", None, "cli")
    record(tx, "queue_made", doer, subject=("queue", queue), name=clean)
    return queries.get_queue(tx, queue)


def _add_public(tx: Tx, name: str, watchers: Iterable[int]) -> int:
    row = Queue(kind=QueueKind.PUBLIC, name=name, name_key=name.casefold(), created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    tx.session.add_all(QueueWatch(queue_id=row.id, person_id=person) for person in watchers)
    tx.session.flush()
    return row.id


def _keepers(tx: Tx) -> list[int]:
    return [one.id for one in people.staff(tx) if may(one.role, Right.KEEP_QUEUES)]


def watch_by_default(tx: Tx, person: Representative) -> None:
    """Let somebody who has just joined watch the queues that the desk makes by itself, if they may keep queues."""
    if not may(person.role, Right.KEEP_QUEUES):
        return
    of_addresses = select(MailAddress.queue_id).where(MailAddress.queue_id.is_not(None))
    found = select(Queue.id).where(
        or_(Queue.name_key == INTAKE.casefold(), Queue.id.in_(of_addresses)), Queue.closed_at.is_(None)
    )
    for queue in tx.session.scalars(found).all():
        if tx.session.get(QueueWatch, (queue, person.id)) is None:
            tx.session.add(QueueWatch(queue_id=queue, person_id=person.id))


def watch(tx: Tx, queue: int, by: Representative) -> bool:
    """Begin to watch a public queue, or cease to.

    Returns:
        Whether it is watched now.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    check(by.role, Right.SEE_WORK)
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
    return known if known is not None else _add_public(tx, name, _keepers(tx))


def queue_of_address(tx: Tx, address: str) -> int | None:
    """Find the queue that letters to an address of ours start in, if it has one."""
    key = "queue of", address.casefold()
    if key not in tx.memo:
        row = tx.session.get(MailAddress, address.casefold())
        tx.memo[key] = row.queue_id if row else None
    queue: int | None = tx.memo[key]
    return queue
