"""Undo the merge of two queues within a day: what nothing has happened to since goes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.views import Representative
from core.texts.said import notice
from core.work.groups import hand_over
from core.work.model import MailAddress, MergedItem, Queue, QueueMember, QueueMerge, QueueName, QueueWatch
from core.work.names import check_free, key_of, queue_named, take_name
from core.work.queues import may_keep
from core.work.shifting import (
    Standing,
    lock_accepted,
    lock_queues,
    lock_standing,
    shift,
    shift_origin,
    tell_all_watching,
)

#: So long a merge can be undone.
UNDO_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class UnmergeView:
    """A merge that was undone: the two queues, how many items went back, and those that stayed."""

    left: str
    into: str
    back: int
    stayed: tuple[int, ...]


def latest_merge_of(tx: Tx, name: str, by: Representative) -> int:
    """Find the merge by which a queue of that name has gone.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.not_merged`.
    """
    may_keep(by)
    found = (
        select(QueueMerge.id, Queue.name)
        .join(Queue, Queue.id == QueueMerge.left_id)
        .where(QueueMerge.undone_at.is_(None), Queue.merged_into_id == QueueMerge.into_id)
        .order_by(QueueMerge.id.desc())
    )
    for merge, left in tx.session.execute(found):
        if key_of(left or "") == key_of(name):
            return int(merge)
    raise NotFound("queue.not_merged", name=" ".join(name.split()))


def unmerge(tx: Tx, merge: int, by: Representative) -> UnmergeView:
    """Undo a merge: the queue is there again with its names and addresses, and what was not touched since goes back.

    An item that stood in it goes back if it still stands where it was put and nothing has changed in it; one that was
    accepted came from there again if whoever had it still has it.

    Raises:
        Refused: `right.missing`; `queue.unmerged` already; `queue.unmerge_late`; `queue.unmerge_first`: the other was
            merged itself; `queue.exists` or `queue.is_alias`: another queue is called so by now.
        NotFound: `queue.gone`: there is no such merge.
    """
    may_keep(by)
    row = tx.lock(QueueMerge, merge)
    if row is None:
        raise NotFound("queue.gone")
    queues = lock_queues(tx, row.left_id, row.into_id)
    gone, stays = queues[row.left_id], queues[row.into_id]
    _check(tx, row, gone, stays)
    gone.closed_at, gone.merged_into_id = None, None
    gone.name_key = key_of(gone.name or "")
    tx.session.flush()
    _take_back(tx, row.gone_over, gone, stays)
    back, stayed = _put_back(tx, row, by)
    row.undone_at = tx.now
    tx.session.flush()
    undone = UnmergeView(gone.name or "", stays.name or "", back, tuple(stayed))
    _tell(tx, row, by, undone)
    return undone


def _check(tx: Tx, row: QueueMerge, gone: Queue, stays: Queue) -> None:
    if row.undone_at is not None or gone.merged_into_id != stays.id:
        raise Refused("queue.unmerged", queue=gone.name)
    if tx.now > row.merged_at + UNDO_WITHIN:
        raise Refused("queue.unmerge_late", left=gone.name, into=stays.name, at=row.merged_at)
    if stays.merged_into_id is not None:
        raise Refused("queue.unmerge_first", left=gone.name, into=stays.name)
    name = gone.name or ""
    if queue_named(tx, name) != stays.id or stays.name_key == key_of(name):  # an alias of the other's goes back
        check_free(tx, name)


def _take_back(tx: Tx, went: dict[str, Any], gone: Queue, stays: Queue) -> None:
    """Let names, addresses and people that went over be those of the queue again, as far as they are still there."""
    keys = [key for key, _ in went["names"]]
    names = update(QueueName).where(QueueName.key.in_(keys), QueueName.queue_id == stays.id)
    tx.session.execute(names.values(queue_id=gone.id))
    if queue_named(tx, gone.name or "") is None:
        take_name(tx, gone.id, gone.name or "")
    addresses = update(MailAddress).where(MailAddress.address.in_(went["addresses"]), MailAddress.queue_id == stays.id)
    tx.session.execute(addresses.values(queue_id=gone.id))
    if went.get("group") and stays.group_chat_id is not None:
        hand_over(stays, gone)
    for kind, people in ((QueueWatch, went["watchers"]), (QueueMember, went["members"])):
        tx.session.execute(delete(kind).where(kind.queue_id == stays.id, kind.person_id.in_(people)))


def _put_back(tx: Tx, row: QueueMerge, by: Representative) -> tuple[int, list[int]]:
    """Put items back that nothing has happened to; tells how many stood there, and the numbers of those that stay."""
    left, into = row.left_id, row.into_id
    moved = tx.session.scalars(select(MergedItem).where(MergedItem.merge_id == row.id)).all()
    standing = _untouched(moved, lock_standing(tx, into), accepted=False)
    accepted = _untouched(moved, lock_accepted(tx, into), accepted=True)
    shift(tx, standing, into, left, by, "unmerged")
    shift_origin(tx, accepted, into, left, by, "origin_unmerged")
    return len(standing), sorted({one.work_id for one in moved if not one.accepted} - set(standing))


def _untouched(moved: Iterable[MergedItem], now: Iterable[Standing], *, accepted: bool) -> list[int]:
    """List the items that stand as they did; of what was accepted the work went on, and that is as it should be."""
    there = {one.number: one for one in now}
    found = [(one, there[one.work_id]) for one in moved if one.accepted is accepted and one.work_id in there]
    return sorted(
        one.work_id
        for one, at in found
        if one.entered_at == at.entered_at and (accepted or one.touched_at == at.touched_at)
    )


def _tell(tx: Tx, row: QueueMerge, by: Representative, undone: UnmergeView) -> None:
    facts: dict[str, Any] = {"left": undone.left, "into": undone.into, "count": undone.back}
    for queue in (row.left_id, row.into_id):
        record(tx, "queue_unmerged", by.actor, subject=("queue", queue), merge=row.id, **facts)
    tell_all_watching(tx, [row.left_id, row.into_id], by, notice("queue.unmerge_news", by=by.name, **facts))
