"""Keep queues: make public ones, find personal ones, watch them.

Somebody watches every queue from its start: whoever makes one with a command watches it; those that the desk makes by
itself, Intake and the queues of the settings' addresses, are watched by everybody who may keep queues, from the day
they join. Each may cease to; what enters a queue that nobody watches any more is told to the managers
(`work.actions.tell_watchers`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import Tx
from core.errors import NotFound
from core.history.actions import Actor, record
from core.people import queries as people
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.work import queries, tally
from core.work.model import MailAddress, Queue, QueueWatch
from core.work.names import check_free, clean_name, key_of, queue_named, take_name
from core.work.privacy import is_hidden
from core.work.rules import QueueKind
from core.work.views import QueueView

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
    known = queue_named(tx, INTAKE)
    return known if known is not None else add_public(tx, INTAKE, _keepers(tx))


def landing(tx: Tx, queue: int) -> Queue:
    """Find the queue that something is put into: itself or, once it was merged, the one it went into.

    It is locked against being merged or closed until the end of the transaction, or an item could be put into it while
    that happens and stand where nobody looks. Whoever locks an item as well does so afterwards.

    Returns:
        The queue as it is now; it may be closed.

    Raises:
        NotFound: `queue.gone`: there never was one.
    """
    row: Queue | None = tx.memo.get(("landing", queue))
    if row is None:
        row = tx.session.scalar(_LANDING, {"queue": queue})
        if row is None:
            raise NotFound("queue.gone")
        if row.merged_into_id is not None:
            row = landing(tx, row.merged_into_id)
        tx.memo["landing", queue] = row
    return row


_LANDING = (
    select(Queue)
    .where(Queue.id == bindparam("queue"))
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


def waiting_in_intake(tx: Tx) -> tuple[int, int] | None:
    """Tell the id of the queue "Intake" and how many items wait there; None when there are none."""
    known = queue_named(tx, INTAKE)
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
        Refused: `right.missing`, or `queue.exists`, `queue.is_alias` or `queue.personal`: the name is taken.
        Misused: `queue.name`: empty, too long, or only digits (which would read as an item's number).
    """
    if by is not None:
        may_keep(by)
    clean = clean_name(name)
    check_free(tx, clean)
    queue = add_public(tx, clean, [by.id] if by else [])
    doer = by.actor if by else actor or Actor("desk", None, "cli")
    record(tx, "queue_made", doer, subject=("queue", queue), name=clean)
    return queries.get_queue(tx, queue)


def add_public(tx: Tx, name: str, watchers: Iterable[int], **settings: Any) -> int:
    """Make a public queue; rights, and whether it is a name and free, are the caller's business.

    Should somebody else take the name at this moment, the database says so, and the transaction is run again.
    """
    row = Queue(kind=QueueKind.PUBLIC, name=name, name_key=key_of(name), created_at=tx.now, **settings)
    tx.session.add(row)
    tx.session.flush()
    take_name(tx, row.id, name)
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
        or_(Queue.id == queue_named(tx, INTAKE), Queue.id.in_(of_addresses)), Queue.closed_at.is_(None)
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
        NotFound: `queue.gone`: there is none that they see, or it is somebody's own.
    """
    check(by.role, Right.SEE_WORK)
    view = queries.get_queue(tx, queue)
    if view.kind is not QueueKind.PUBLIC or is_hidden(tx, view.id, by):
        raise NotFound("queue.gone")
    row = tx.session.get(QueueWatch, (view.id, by.id))
    if row is None:
        tx.session.add(QueueWatch(queue_id=view.id, person_id=by.id))
        return True
    tx.session.delete(row)
    return False


def keep_addresses(tx: Tx, addresses: dict[str, str | None]) -> None:
    """Make the addresses of the settings known, with the queues their cases start in; the queues are made if new.

    An address that is not in the settings any more is ours no more, unless it was made or moved in chat: of that the
    settings say nothing (`core.work.editing`).
    """
    gone = MailAddress.address.not_in(addresses)
    tx.session.execute(delete(MailAddress).where(gone, ~MailAddress.by_chat))
    tx.session.execute(update(MailAddress).where(gone).values(in_settings=False))
    for address, name in addresses.items():
        row = tx.session.get(MailAddress, address)
        if row is None:
            row = MailAddress(address=address, by_chat=False)
            tx.session.add(row)
        row.in_settings = True
        if not row.by_chat:
            row.queue_id = _named(tx, name) if name else None
    tx.session.flush()


def _named(tx: Tx, name: str) -> int:
    known = queue_named(tx, name)
    return known if known is not None else add_public(tx, name, _keepers(tx))


def queue_of_address(tx: Tx, address: str) -> int | None:
    """Find the queue that letters to an address of ours start in, if it has one."""
    key = "queue of", address.casefold()
    if key not in tx.memo:
        row = tx.session.get(MailAddress, address.casefold())
        tx.memo[key] = row.queue_id if row else None
    queue: int | None = tx.memo[key]
    return queue


def parks_strangers(tx: Tx, address: str) -> bool:
    """Tell whether letters to an address, of senders that nobody knows, wait for a person."""
    queue = queue_of_address(tx, address)
    row = tx.session.get(Queue, queue) if queue is not None else None
    return row is not None and row.strangers_aside


def locale_of_address(tx: Tx, address: str) -> str | None:
    """Tell the language of the queue that letters to an address start in, if it has one of its own."""
    queue = queue_of_address(tx, address)
    row = tx.session.get(Queue, queue) if queue is not None else None
    return row.locale if row else None
