"""What a member of staff may look at of queues and items: the right is asked here, at every look of theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, false

from core.desk import Tx
from core.errors import NotFound
from core.history.views import HappenedView
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.work import history as happened
from core.work import queries, tally
from core.work.queues import waiting_in_intake
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView, QueueCounts, QueueView


def visible(by: Representative) -> ColumnElement[bool] | None:
    """Put what `item` shows to a member of staff and what it does not into a condition on `Work`; None shows all.

    For lists of items that come from elsewhere, as those of a search do.
    """
    return None if may(by.role, Right.SEE_WORK) else false()


def item(tx: Tx, number: int, by: Representative) -> ItemView:
    """Show one item, open or closed.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.item(tx, number)


def own_items(
    tx: Tx, by: Representative, kind: QueueKind, *, offset: int = 0, limit: int = 8, only: WorkKind | None = None
) -> tuple[list[ItemView], int]:
    """List a page of your own Assigned or In Progress, and tell how many items stand there in all.

    Args:
        only: items of this kind are listed; all are counted.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    queue = queries.personal_queue_id(tx, by.id, kind)
    if queue is None:
        return [], 0
    return queries.items_in(tx, queue, offset=offset, limit=limit, kind=only), tally.items_in(tx, queue)


def public_queue(tx: Tx, queue: int, by: Representative) -> QueueView:
    """Show one public queue.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is none, or it is somebody's own.
    """
    check(by.role, Right.SEE_WORK)
    view = queries.get_queue(tx, queue)
    if view.kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    return view


def items_in(
    tx: Tx, queue: QueueView, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[ItemView], int]:
    """List a page of a public queue, and tell how many items stand there in all.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: it is somebody's own.
    """
    check(by.role, Right.SEE_WORK)
    if queue.kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    return queries.items_in(tx, queue.id, offset=offset, limit=limit), tally.items_in(tx, queue.id)


def find_queue(tx: Tx, words: str, by: Representative) -> QueueView:
    """Find a public queue by its name or the beginning of it.

    Raises:
        Refused: `right.missing`, or `queue.ambiguous`, with those it could be.
        NotFound: `queue.unknown`, with those there are.
    """
    check(by.role, Right.SEE_WORK)
    return queries.find_queue(tx, words)


def public_queues(tx: Tx, by: Representative) -> list[QueueView]:
    """List the public queues, by name.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return [queries.queue_view(one, None) for one in queries.public_queues(tx)]


def counts(tx: Tx, by: Representative, day_start: datetime) -> list[QueueCounts]:
    """Count each public queue: waiting, in progress, done since `day_start`.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.counts(tx, by.id, day_start)


def watches(tx: Tx, queue: int, by: Representative) -> bool:
    """Tell whether you watch a queue.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.is_watched(tx, queue, by.id)


def in_intake(tx: Tx, by: Representative) -> tuple[int, int] | None:
    """Tell the id of the queue "Intake" and how many items wait there; None when there are none.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return waiting_in_intake(tx)


def history(
    tx: Tx, number: int, by: Representative, *, offset: int = 0, limit: int = 12
) -> tuple[list[HappenedView], int]:
    """List a page of what happened to an item, the latest first, and tell how much did in all.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    item(tx, number, by)
    return happened.history(tx, number, offset=offset, limit=limit), happened.count(tx, number)
