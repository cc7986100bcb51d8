"""Find queues and items; read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.model import Person
from core.work import tally
from core.work.model import Queue, QueueName, QueueWatch, Work
from core.work.names import check_not_personal, key_of
from core.work.rules import Policy, QueueKind, WorkKind, WorkState
from core.work.views import ItemView, QueueCounts, QueueView

_Owner = aliased(Person)


def queue_view(row: Queue, owner_name: str | None) -> QueueView:
    """Show a queue to the outside."""
    return QueueView(
        row.id,
        QueueKind(row.kind),
        row.name,
        row.owner_id,
        owner_name,
        row.missed_after_days,
        row.private,
        Policy(row.policy),
        row.skill,
        row.accept_within,
    )


def item_view(work: Work, queue: Queue | None, owner_name: str | None) -> ItemView:
    """Show an item to the outside."""
    return ItemView(
        number=work.id,
        kind=WorkKind(work.kind),
        title=work.title,
        open=work.state is WorkState.OPEN,
        priority=work.priority,
        answered=work.answered,
        queue=queue_view(queue, owner_name) if queue else None,
        since=work.entered_at,
        created_at=work.created_at,
        touched_at=work.touched_at,
        planned_at=work.next_planned_at,
        snoozed_until=work.snoozed_until,
        closed_at=work.closed_at,
        due_at=work.due_at,
        due_for=work.due_for,
        merged_into=work.merged_into_id,
    )


_ITEMS = (
    select(Work, Queue, _Owner.name)
    .outerjoin(Queue, Queue.id == Work.queue_id)
    .outerjoin(_Owner, _Owner.id == Queue.owner_id)
)


def items_query() -> Select[Work, Queue, str]:
    """Select items with their queue and its owner's name."""
    return _ITEMS


# Put together once: to build a statement anew takes as long as to run it.
_ITEM = items_query().where(Work.id == bindparam("number"))
_STATE = select(Work.state).where(Work.id == bindparam("number"))
_PERSONAL_QUEUE = select(Queue.id).where(Queue.owner_id == bindparam("person"), Queue.kind == bindparam("kind"))
_COUNT_IN = select(func.count()).select_from(Work).where(Work.queue_id == bindparam("queue"))
_PAGE = (
    items_query()
    .where(Work.queue_id == bindparam("queue"))
    .order_by(Work.priority, Work.answered, Work.entered_at, Work.id)
    .offset(bindparam("skipped"))
    .limit(bindparam("most"))
)


def item(tx: Tx, number: int) -> ItemView:
    """Show one item, open or closed.

    Raises:
        NotFound: `item.unknown`.
    """
    row = tx.session.execute(_ITEM, {"number": number}).first()
    if row is None:
        raise NotFound("item.unknown", number=number)
    return item_view(*row)


def items(tx: Tx, numbers: Sequence[int]) -> list[ItemView]:
    """Show some items, in the order given; what there is not is left out."""
    rows = tx.session.execute(items_query().where(Work.id.in_(numbers))) if numbers else ()
    found = {row[0].id: item_view(*row) for row in rows}
    return [found[number] for number in numbers if number in found]


def items_in(tx: Tx, queue: int, *, offset: int = 0, limit: int = 8, kind: WorkKind | None = None) -> list[ItemView]:
    """List a page of a queue: urgent first, then where a customer waits, then the longest there.

    Args:
        kind: only items of this kind.
    """
    query = _PAGE.where(Work.kind == kind) if kind else _PAGE
    rows = tx.session.execute(query, {"queue": queue, "skipped": offset, "most": limit})
    return [item_view(*row) for row in rows]


def personal_queue_id(tx: Tx, person: int, kind: QueueKind) -> int | None:
    """Find a personal queue; None when nothing was ever put there."""
    return tx.session.scalar(_PERSONAL_QUEUE, {"person": person, "kind": kind})


def public_queues(tx: Tx) -> list[Queue]:
    """List the public queues that are not closed, by name."""
    return list(
        tx.session.scalars(
            select(Queue).where(Queue.kind == QueueKind.PUBLIC, Queue.closed_at.is_(None)).order_by(Queue.name_key)
        )
    )


def find_queue(tx: Tx, words: str, hidden: Callable[[], frozenset[int]] = frozenset) -> QueueView:
    """Find a public queue by one of its names or the beginning of one.

    Args:
        hidden: tells which queues may not be found; asked only where there are private ones.

    Raises:
        NotFound: `queue.unknown`, with those there are; `queue.unknown_none`.
        Refused: `queue.ambiguous`, with those it could be; `queue.personal`: it is what people call their own two.
    """
    wanted = key_of(words)
    rows = [(key, one) for key, one in tx.session.execute(_NAMED)]
    if any(one.private for _, one in rows):
        unseen = hidden()
        rows = [(key, one) for key, one in rows if one.id not in unseen]
    exact = {one.id: one for key, one in rows if key == wanted}
    near = exact or {one.id: one for key, one in rows if wanted and key.startswith(wanted)}
    if not near:
        check_not_personal(words)
        if not rows:
            raise NotFound("queue.unknown_none", word=words)
        raise NotFound("queue.unknown", word=words, known=_called(one for _, one in rows))
    if len(near) > 1:
        raise Refused("queue.ambiguous", word=words, known=_called(near.values()))
    return queue_view(next(iter(near.values())), None)


_NAMED = select(QueueName.key, Queue).join(Queue, Queue.id == QueueName.queue_id).where(Queue.closed_at.is_(None))


def _called(rows: Iterable[Queue]) -> list[str]:
    """List the names of queues, each once, in order."""
    return [name for _, name in sorted({(one.name_key or "", one.name or "") for one in rows})]


def get_queue(tx: Tx, queue: int) -> QueueView:
    """Show one queue; of one that was merged, the one it went into.

    Raises:
        NotFound: `queue.gone`.
    """
    found = select(Queue, _Owner.name).outerjoin(_Owner, _Owner.id == Queue.owner_id)
    row = tx.session.execute(found.where(Queue.id == queue)).first()
    while row is not None and row[0].merged_into_id is not None:
        row = tx.session.execute(found.where(Queue.id == row[0].merged_into_id)).first()
    if row is None or row[0].closed_at:
        raise NotFound("queue.gone")
    return queue_view(*row)


def counts(tx: Tx, person: int, day_start: datetime) -> list[QueueCounts]:
    """Count each public queue: waiting, in progress, done since `day_start`."""
    waiting, progress = tally.numbers(tx, accepted=False), tally.numbers(tx, accepted=True)
    done = _grouped(tx, select(Work.done_in_id, func.count()).where(Work.closed_at >= day_start))
    watched = set(tx.session.scalars(select(QueueWatch.queue_id).where(QueueWatch.person_id == person)))
    return [
        QueueCounts(
            queue_view(one, None),
            waiting.get(one.id, tally.Number()).items,
            progress.get(one.id, tally.Number()).items,
            done.get(one.id, 0),
            one.id in watched,
        )
        for one in public_queues(tx)
    ]


def _grouped(tx: Tx, query: Select[int | None, int]) -> dict[int, int]:
    key = query.selected_columns[0]
    return {group: count for group, count in tx.session.execute(query.group_by(key)) if group is not None}


def is_watched(tx: Tx, queue: int, person: int) -> bool:
    """Tell whether somebody watches a queue."""
    return tx.session.get(QueueWatch, (queue, person)) is not None


def watchers(tx: Tx, queue: int) -> list[int]:
    """List who watches a queue and still works here."""
    return list(
        tx.session.scalars(
            select(QueueWatch.person_id)
            .join(Person, Person.id == QueueWatch.person_id)
            .where(QueueWatch.queue_id == queue, Person.dismissed_at.is_(None))
            .order_by(QueueWatch.person_id)
        )
    )
