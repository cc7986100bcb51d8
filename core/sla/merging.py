"""Clocks of cases whose queue is merged: by the level of the other from the start, and back should it be undone.

A merge moves however many items in one transaction; their clocks follow at once by a timer, some at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from core.desk import Tx
from core.people.views import Representative
from core.sla import queries
from core.sla.clocks import begin, clocks_of, hold_to, run_of, settle
from core.sla.model import Clock, MergedClock
from core.sla.rules import BROKEN, ClockKind, Terms
from core.timers.actions import set_timer
from core.work import cards, merging, unmerging
from core.work.merging import MergeView
from core.work.model import MergedItem, Queue, QueueMerge, Work
from core.work.rules import QueueKind, WorkKind, WorkState
from core.work.unmerging import UnmergeView

#: The timer that lets clocks follow a merge, or the end of it, so many cases at a time.
FOLLOW = "clocks_merged"
AT_ONCE = 200

#: What both kinds of rows have.
_COLUMNS = ("level_id", "target_us", "used_us", "since", "paused_at", "ended_at", "broken_at", "told")


def merge_named(tx: Tx, left: str, into: str, by: Representative) -> MergeView:
    """Merge two queues as `core.work.merging.merge_named`; open cases are held to the level of the one that stays.

    Raises:
        As that.
    """
    made = merging.merge_named(tx, left, into, by)
    _follow_soon(tx, made.id)
    return made


def unmerge(tx: Tx, merge: int, by: Representative) -> UnmergeView:
    """Undo a merge as `core.work.unmerging.unmerge`; what goes back has the clocks again that it had.

    Raises:
        As that.
    """
    undone = unmerging.unmerge(tx, merge, by)
    _follow_soon(tx, merge)
    return undone


def _follow_soon(tx: Tx, merge: int, after: int = 0) -> None:
    """Let the clocks follow; a desk without levels has none."""
    if queries.uses(tx) or after:
        facts: dict[str, Any] = {"after": after}
        set_timer(tx, FOLLOW, f"{merge}:{after}:{token_hex(6)}", tx.now, subject=merge, facts=facts)


def follow(tx: Tx, merge: int, after: int) -> None:
    """Let the clocks of some items that a merge has moved be as the merge, or its undoing, wants them."""
    row = tx.session.get_one(QueueMerge, merge)
    moved = select(MergedItem).where(MergedItem.merge_id == merge, MergedItem.work_id > after)
    items = tx.session.scalars(moved.order_by(MergedItem.work_id).limit(AT_ONCE)).all()
    here, change = (row.into_id, _hold) if row.undone_at is None else (row.left_id, _give_back)
    for item in items:
        work = tx.lock(Work, item.work_id)
        if work is not None and work.kind is WorkKind.CASE and work.state is WorkState.OPEN and _is_of(tx, work, here):
            _change(tx, work, here, item, change)
    if len(items) == AT_ONCE:
        _follow_soon(tx, merge, items[-1].work_id)


def _is_of(tx: Tx, work: Work, queue: int) -> bool:
    """Tell whether an item stands in a queue, or came from there into somebody's hands."""
    if work.queue_id == queue:
        return True
    place = tx.find(Queue, work.queue_id) if work.queue_id is not None else None
    return work.came_from_id == queue and place is not None and place.kind is not QueueKind.PUBLIC


_Change = Callable[[Tx, Work, Sequence[Clock], int, MergedItem], None]


def _change(tx: Tx, work: Work, queue: int, item: MergedItem, change: _Change) -> None:
    rows = clocks_of(tx, work.id)
    if any(row.own for row in rows):
        return  # the customer's own level, or their account's, stays wherever the case goes
    change(tx, work, rows, queue, item)
    tx.session.flush()
    cards.changed(tx, work.id)


def _hold(tx: Tx, work: Work, rows: Sequence[Clock], queue: int, item: MergedItem) -> None:
    """Hold a case to the level of the queue that stays, from the start, and remember how its clocks stood."""
    for row in rows:
        kept = {name: getattr(row, name) for name in _COLUMNS}
        tx.session.merge(MergedClock(merge_id=item.merge_id, work_id=work.id, kind=row.kind, **kept))
    held = queries.applies(tx, queue, None)
    if rows:
        hold_to(tx, work, rows, held.level if held is not None else None, from_start=True)
    elif held is not None:
        begin(tx, work, held, fresh=False)


def _give_back(tx: Tx, work: Work, rows: Sequence[Clock], queue: int, item: MergedItem) -> None:
    """Hold a case to what it was held to before the merge, with the steps that were taken then."""
    theirs = select(MergedClock).where(MergedClock.merge_id == item.merge_id, MergedClock.work_id == work.id)
    kept = tx.session.scalars(theirs).all()
    held = queries.applies(tx, queue, None)
    level = kept[0].level_id if kept else held.level if held is not None else None
    asked = queries.terms(tx, level) if level is not None else None
    if level is None or asked is None:
        hold_to(tx, work, rows, None)
        return
    if rows:
        hold_to(tx, work, rows, level, from_start=True)
        tx.session.flush()
    left = list(clocks_of(tx, work.id))
    _remember(left, kept)
    untouched = work.touched_at == item.touched_at
    again = [one for one in kept if one.kind not in {row.kind for row in left}]
    left += [row for one in again if (row := _again(tx, work, one, asked, untouched=untouched)) is not None]
    work.level_id = level if left else None
    settle(tx, work, left, asked)


def _remember(rows: Iterable[Clock], kept: Iterable[MergedClock]) -> None:
    """Let steps that were taken before the merge not be taken once more."""
    before = {one.kind: one for one in kept}
    for row in rows:
        old = before.get(row.kind)
        if old is not None:
            row.told = sorted({*row.told, *old.told})
            row.broken_at = old.broken_at if BROKEN in old.told else row.broken_at


def _again(tx: Tx, work: Work, kept: MergedClock, asked: Terms, *, untouched: bool) -> Clock | None:
    """Make a clock anew that the merge has ended; None for a first answer that has been given meanwhile."""
    row = Clock(work_id=work.id, kind=kept.kind, own=False, **{name: getattr(kept, name) for name in _COLUMNS})
    if not untouched and work.answered:
        if kept.kind is ClockKind.FIRST:
            return None
        if asked.pauses and row.since is not None:
            stopped = run_of(row).stopped(queries.calendar(tx, asked), tx.now)
            row.used_us, row.since, row.paused_at = int(stopped.used.total_seconds() * 1_000_000), None, tx.now
    tx.add(row)
    return row
