"""Bind a public queue to a group of the staff, or to a topic of one, and unbind it."""

from __future__ import annotations

from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.views import Representative
from core.work.groups import Bound, Place, show_standing, stop
from core.work.queues import may_keep
from core.work.shifting import lock_queues


def bind(tx: Tx, queue: int, place: Place, by: Representative) -> Bound:
    """Show a public queue in a group from now on, and in no other; what stands in it gets its cards.

    Raises:
        Refused: `right.missing`; `group.bound_already`: it is shown there.
        NotFound: `queue.gone`: there is no such queue, or it is somebody's own.
    """
    may_keep(by)
    row = lock_queues(tx, queue)[queue]
    if row.closed_at is not None:
        raise NotFound("queue.gone")
    if (row.group_chat_id, row.group_topic) == (place.chat_id, place.topic):
        raise Refused("group.bound_already", queue=row.name)
    if row.group_chat_id is not None:
        stop(tx, row)
    row.group_chat_id, row.group_topic, row.bound_by_id = place.chat_id, place.topic, by.id
    tx.session.flush()
    record(tx, "queue_bound", by.actor, subject=("queue", queue), chat=place.chat_id, topic=place.topic)
    waiting, shown = show_standing(tx, row)
    return Bound(row.id, row.name or "", row.private, place, waiting, shown)


def unbind(tx: Tx, queue: int, place: Place, by: Representative) -> str:
    """Show a queue in a group no more; its cards there stay as they are, and their buttons do nothing.

    Returns:
        The name of the queue.

    Raises:
        Refused: `right.missing`; `group.not_bound`: it is not shown in this group.
        NotFound: `queue.gone`.
    """
    may_keep(by)
    row = lock_queues(tx, queue)[queue]
    if row.group_chat_id != place.chat_id:
        raise Refused("group.not_bound", queue=row.name)
    stop(tx, row)
    record(tx, "queue_unbound", by.actor, subject=("queue", queue), chat=place.chat_id)
    return row.name or ""
