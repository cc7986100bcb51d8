"""A public queue shown in a group of the staff, or in a topic of one: one card an item, edited as things happen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update

from core.desk import Tx
from core.history.actions import DESK, record
from core.outbox.actions import Message, To, owe
from core.outbox.model import PENDING, Channel, Owed, OwedKind
from core.people import queries as people
from core.people.news import tell
from core.people.quiet import News
from core.store.base import is_written
from core.texts.said import notice
from core.work import tally
from core.work.model import Card, Queue, Work
from core.work.rules import WorkState

#: So many of the items that stand in a queue get a card when it is bound: a group takes 20 messages a minute.
AT_FIRST = 15


@dataclass(frozen=True, slots=True)
class Place:
    """Where a queue is shown: a group, and a topic of it; None is the group itself, or its general topic."""

    chat_id: int
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A queue as it is bound to a group.

    Attributes:
        waiting: so many items stand in it, of which `shown` get a card now.
    """

    queue: int
    name: str
    private: bool
    place: Place
    waiting: int = 0
    shown: int = 0


def stop(tx: Tx, row: Queue) -> None:
    """Let the cards of a queue in its group be: they are neither edited nor made anew."""
    of_it = select(Work.id).where(Work.home_id == row.id)
    gone = update(Card).where(Card.chat_id == row.group_chat_id, Card.work_id.in_(of_it))
    tx.session.execute(gone.values(message_id=None, shown=Card.wanted))
    row.group_chat_id = row.group_topic = row.bound_by_id = None
    tx.session.flush()


def hand_over(gone: Queue, stays: Queue) -> bool:
    """Let the group in which a queue is shown show the one that takes its place, unless that has a group or is private.

    Returns:
        Whether it does.
    """
    if gone.group_chat_id is None or stays.group_chat_id is not None or stays.private:
        return False
    stays.group_chat_id, stays.group_topic, stays.bound_by_id = gone.group_chat_id, gone.group_topic, gone.bound_by_id
    gone.group_chat_id = gone.group_topic = gone.bound_by_id = None
    return True


def shown_in(tx: Tx, chat_id: int) -> list[Bound]:
    """List the queues that are shown in a group, by name."""
    rows = tx.session.scalars(select(Queue).where(Queue.group_chat_id == chat_id).order_by(Queue.name_key, Queue.id))
    return [Bound(row.id, row.name or "", row.private, Place(chat_id, row.group_topic)) for row in rows]


def stands(tx: Tx, number: int, chat_id: int | None = None) -> Place | None:
    """Tell where in a group the card of an item belongs, while it waits in a queue that is shown there.

    Args:
        chat_id: the group that is meant; None for any.
    """
    work = tx.find(Work, number)
    row = tx.find(Queue, work.queue_id) if work is not None and work.queue_id is not None else None
    if row is None or row.group_chat_id is None or chat_id not in {None, row.group_chat_id}:
        return None
    return Place(row.group_chat_id, row.group_topic)


def belongs(tx: Tx, number: int, chat_id: int) -> bool:
    """Tell whether an item is of a queue that is shown in a group, wherever it stands by now."""
    row = _home(tx, number)
    return row is not None and row.group_chat_id == chat_id


def _home(tx: Tx, number: int) -> Queue | None:
    """Find the queue that an item belongs to, or the one that this was merged into."""
    work = tx.find(Work, number)
    row = tx.find(Queue, work.home_id) if work is not None and work.home_id is not None else None
    while row is not None and row.merged_into_id is not None:  # what was done in it is seen by who sees the other
        row = tx.find(Queue, row.merged_into_id)
    return row


def may_show(tx: Tx, number: int, chat_id: int) -> bool:
    """Tell whether a group may be shown an item: it belongs to a queue that is shown there, or to no private one."""
    row = _home(tx, number)
    return row is None or not row.private or row.group_chat_id == chat_id


def post(tx: Tx, work: Work, queue: Queue) -> bool:
    """Owe the card of an item that is new in a queue to the group the queue is bound to.

    Returns:
        Whether there is such a group.
    """
    if queue.group_chat_id is None:
        return False
    facts = {"group": queue.id, "by": queue.bound_by_id}
    to = To(Channel.TELEGRAM, str(queue.group_chat_id))
    owe(tx, to, Message(OwedKind.CARD, facts, work=work.id))
    return True


def post_again(tx: Tx, number: int, chat_id: int) -> None:
    """Make the card of an item anew whose message in a group is gone, as long as it belongs there."""
    work = tx.find(Work, number)
    if work is not None and work.queue_id is not None and stands(tx, number, chat_id) is not None:
        post(tx, work, tx.session.get_one(Queue, work.queue_id))


def show_standing(tx: Tx, row: Queue, *, but: Collection[int] = ()) -> tuple[int, int]:
    """Owe a group the cards of the first items that stand in its queue.

    Args:
        but: those whose cards are on their way.

    Returns:
        How many items stand in the queue, and how many of them are shown.
    """
    standing = select(Work).where(Work.queue_id == row.id, Work.state == WorkState.OPEN)
    in_order = standing.order_by(Work.priority, Work.answered, Work.entered_at, Work.id)
    works = tx.session.scalars(in_order.limit(AT_FIRST)).all()
    for work in works:
        if work.id not in but:
            post(tx, work, row)
    return tally.items_in(tx, row.id), len(works)


def _on_their_way(tx: Tx, *chats: int) -> set[int]:
    """List the items whose cards are owed to a group, by whatever id: one may just have been owed to the old one."""
    lanes = [f"{Channel.TELEGRAM}:{chat_id}" for chat_id in chats]
    found = select(Owed.work_id).where(
        Owed.lane.in_(lanes), Owed.kind == OwedKind.CARD, is_written(Owed.state, *PENDING)
    )
    return {work for work in tx.session.scalars(found) if work is not None}


def topic_made(tx: Tx, queue: int, chat_id: int, topic: int | None) -> None:
    """Note the topic made in the place of one that had vanished; None where the group itself takes its place."""
    changed = update(Queue).where(Queue.id == queue, Queue.group_chat_id == chat_id)
    tx.session.execute(changed.values(group_topic=topic))


def follow(tx: Tx, old: int, new: int) -> None:
    """Follow a group that became a supergroup: what waits gets its cards there, for the old ones cannot be edited."""
    for row in tx.session.scalars(select(Queue).where(Queue.group_chat_id == old).order_by(Queue.id)).all():
        row.group_chat_id, row.group_topic = new, None
        tx.session.flush()
        show_standing(tx, row, but=_on_their_way(tx, old, new))


def lost(tx: Tx, chat_id: int) -> None:
    """Note that the bot is in a group no more: what was shown there is shown nowhere, and who bound it is told.

    Where that one has left, the managers are.
    """
    for row in tx.session.scalars(select(Queue).where(Queue.group_chat_id == chat_id).order_by(Queue.id)).all():
        by = row.bound_by_id
        stop(tx, row)
        record(tx, "queue_unbound", DESK, subject=("queue", row.id), chat=chat_id)
        what = Message(OwedKind.NOTICE, notice("group.lost", queue=row.name).to_json())
        here = by is not None and people.works_here(tx, by)
        for one in [people.get(tx, by)] if by is not None and here else people.leaders(tx):
            if one.to:
                tell(tx, one.to, what, News.DESK)
