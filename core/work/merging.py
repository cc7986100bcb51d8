"""Merge one public queue into another: all that stands in it or leads to it goes over, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.views import Representative
from core.texts.said import notice
from core.work.groups import hand_over
from core.work.model import MailAddress, MergedItem, Queue, QueueMember, QueueMerge, QueueName, QueueWatch
from core.work.names import key_of, retire
from core.work.queues import may_keep
from core.work.seeing import find_queue
from core.work.shifting import (
    Standing,
    lock_accepted,
    lock_queues,
    lock_standing,
    shift,
    shift_origin,
    tell_all_watching,
)


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge: what is no more by itself, where it went, and how many items stood in it or were accepted out of it."""

    id: int
    left: str
    into: str
    moved: int
    followed: int


def merge_named(tx: Tx, left: str, into: str, by: Representative) -> MergeView:
    """Merge two queues that are told by their names.

    Raises:
        As `merge` and `find_queue`; Refused: `queue.merge_alias`: one is another name of the other.
    """
    may_keep(by)
    one, other = find_queue(tx, left, by), find_queue(tx, into, by)
    if one.id == other.id and key_of(left) != key_of(into):
        alias = next(word for word in (left, into) if key_of(word) != key_of(one.name or ""))
        raise Refused("queue.merge_alias", word=" ".join(alias.split()), queue=one.name)
    return merge(tx, one.id, other.id, by)


def merge(tx: Tx, left: int, into: int, by: Representative) -> MergeView:
    """Merge a queue into another: open items, where accepted ones came from, names, addresses, watchers and members go.

    It can be undone for a day (`core.work.unmerging`).

    Raises:
        Refused: `right.missing`; `queue.merge_itself`; `queue.merge_private`: what is private would be seen by
            everybody; `queue.merge_crossed`: one of them was merged or closed at this moment.
        NotFound: `queue.gone`: there is no such queue, or it is somebody's own.
    """
    may_keep(by)
    rows = lock_queues(tx, left, into)
    gone, stays = rows[left], rows[into]
    _check(gone, stays)
    items, accepted = lock_standing(tx, left), lock_accepted(tx, left)
    row = QueueMerge(left_id=left, into_id=into, merged_at=tx.now, gone_over=_go_over(tx, gone, stays))
    tx.add(row)
    _remember(tx, row.id, items, accepted=False)
    _remember(tx, row.id, accepted, accepted=True)
    retire(gone)
    gone.closed_at, gone.merged_into_id = tx.now, into
    tx.session.flush()
    shift(tx, [one.number for one in items], left, into, by, "merged")
    shift_origin(tx, [one.number for one in accepted], left, into, by, "origin_merged")
    made = MergeView(row.id, gone.name or "", stays.name or "", len(items), len(accepted))
    _tell(tx, (left, into), by, made)
    return made


def _check(gone: Queue, stays: Queue) -> None:
    if gone.id == stays.id:
        raise Refused("queue.merge_itself", queue=stays.name)
    if gone.closed_at is not None or stays.closed_at is not None:
        crossed = gone.merged_into_id is not None or stays.merged_into_id is not None
        if crossed:
            raise Refused("queue.merge_crossed", left=gone.name, into=stays.name)
        raise NotFound("queue.gone")
    if gone.private and not stays.private:
        raise Refused("queue.merge_private", left=gone.name, into=stays.name)


def _go_over(tx: Tx, gone: Queue, stays: Queue) -> dict[str, Any]:
    """Let what leads to a queue, and who watches it and is its member, go over to another; tell what did."""
    names = select(QueueName.key, QueueName.name).where(QueueName.queue_id == gone.id).order_by(QueueName.key)
    addresses = select(MailAddress.address).where(MailAddress.queue_id == gone.id).order_by(MailAddress.address)
    went: dict[str, Any] = {
        "names": [list(one) for one in tx.session.execute(names)],
        "addresses": list(tx.session.scalars(addresses)),
        "watchers": _join(tx, QueueWatch, gone.id, stays.id),
        "members": _join(tx, QueueMember, gone.id, stays.id) if stays.private and gone.private else [],
        "group": hand_over(gone, stays),
    }
    tx.session.execute(update(QueueName).where(QueueName.queue_id == gone.id).values(queue_id=stays.id))
    tx.session.execute(update(MailAddress).where(MailAddress.queue_id == gone.id).values(queue_id=stays.id))
    return went


def _join(tx: Tx, kind: type[QueueWatch | QueueMember], left: int, into: int) -> list[int]:
    """Let the people of one queue be those of another too; tells who was not there yet."""
    found = {queue: set(_people(tx, kind, queue)) for queue in (left, into)}
    new = sorted(found[left] - found[into])
    tx.session.add_all(kind(queue_id=into, person_id=person) for person in new)
    return new


def _people(tx: Tx, kind: type[QueueWatch | QueueMember], queue: int) -> Iterable[int]:
    return tx.session.scalars(select(kind.person_id).where(kind.queue_id == queue))


def _remember(tx: Tx, merge_id: int, items: Iterable[Standing], *, accepted: bool) -> None:
    rows = [
        {
            "merge_id": merge_id,
            "work_id": one.number,
            "accepted": accepted,
            "entered_at": one.entered_at,
            "touched_at": one.touched_at,
        }
        for one in items
    ]
    if rows:
        tx.session.execute(insert(MergedItem), rows)


def _tell(tx: Tx, queues: tuple[int, int], by: Representative, made: MergeView) -> None:
    left, into = queues
    facts: dict[str, Any] = {"left": made.left, "into": made.into, "count": made.moved}
    record(tx, "queue_merged", by.actor, subject=("queue", left), merge=made.id, **facts)
    record(tx, "queue_merged", by.actor, subject=("queue", into), merge=made.id, **facts)
    tell_all_watching(tx, [into], by, notice("queue.merge_news", by=by.name, **facts))
