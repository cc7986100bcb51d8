"""The clocks of cases: set going, stopped, ended and given other targets by what happens to a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from core.calendars.reckoning import worked
from core.desk import Tx
from core.history.actions import DESK, record
from core.sla import queries
from core.sla.model import Clock
from core.sla.queries import Held
from core.sla.rules import BROKEN, ClockKind, Run, Terms, next_moment, steps
from core.timers.actions import set_anew
from core.work.model import Queue, Work
from core.work.rules import QueueKind, WorkKind, WorkState

#: The timer that says that the next step of a case's clocks has come.
CLOCK = "clock"

_US = timedelta(microseconds=1)
_CLOCKS = select(Clock).where(Clock.work_id == bindparam("work")).order_by(Clock.kind)


def clocks_of(tx: Tx, number: int) -> Sequence[Clock]:
    """Find the clocks of a case; whoever changes them holds the lock of its item."""
    tx.session.flush()
    return tx.session.scalars(_CLOCKS.execution_options(populate_existing=True), {"work": number}).all()


def run_of(row: Clock) -> Run:
    """Show the row of a clock as the rules know it."""
    return Run(row.target_us * _US, row.used_us * _US, row.since, frozenset(row.told))


def _keep(row: Clock, run: Run) -> None:
    row.target_us, row.used_us, row.since = run.target // _US, run.used // _US, run.since
    row.told = sorted(run.told)


def start(tx: Tx, work: Work, contact: int) -> None:
    """Set the clocks of a new case going, if it is held to a service level; without levels one look, once for many."""
    held = queries.applies(tx, _public(tx, work), contact)
    if held is not None:
        begin(tx, work, held, fresh=True)


def _public(tx: Tx, work: Work) -> int | None:
    """Tell in which public queue an item stands."""
    queue = tx.find(Queue, work.queue_id) if work.queue_id is not None else None
    return queue.id if queue is not None and queue.kind is QueueKind.PUBLIC else None


def begin(tx: Tx, work: Work, held: Held, *, fresh: bool) -> None:
    """Set the clocks of a case that has none going from now on.

    Args:
        fresh: it is a new case.
    """
    asked = queries.terms(tx, held.level)
    if asked is None:
        return
    rows = []
    for kind in ClockKind:
        target = asked.target(kind, work.priority)
        if target is None or (kind is ClockKind.FIRST and work.answered):
            continue
        stands = work.answered and asked.pauses
        rows.append(
            Clock(
                work_id=work.id,
                kind=kind,
                level_id=held.level,
                own=held.own,
                target_us=target // _US,
                used_us=0,
                since=None if stands else tx.now,
                paused_at=tx.now if stands else None,
                told=[],
            )
        )
    if not rows:
        return
    work.level_id = held.level
    settle(tx, work, rows, asked, fresh=fresh)
    for row in rows:
        tx.add(row)
    record(tx, "level_applied", DESK, work=work.id, level=queries.name_of(tx, held.level))


def settle(tx: Tx, work: Work, rows: Sequence[Clock], asked: Terms, *, fresh: bool = False) -> None:
    """Work out when each clock runs out and when the next step comes; the item shows the first that runs out."""
    calendar = queries.calendar(tx, asked)
    running = [row for row in rows if row.ended_at is None and row.since is not None]
    for row in rows:
        row.due_at = run_of(row).moment(calendar, row.target_us * _US) if row in running else None
    moments = [next_moment(run_of(row), calendar, steps(asked, row.target_us * _US)) for row in running]
    first = min(running, key=lambda row: (row.due_at or tx.now, row.kind), default=None)
    work.due_at, work.due_for = (first.due_at, _name(first)) if first is not None else (None, None)
    set_anew(tx, CLOCK, work.id, min((at for at in moments if at is not None), default=None), fresh=fresh)


def _name(row: Clock) -> str:
    """Name a clock as its item shows it: which one it is, and whether it has run out."""
    return f"{row.kind}_late" if BROKEN in row.told else str(row.kind)


def answered(tx: Tx, work: Work) -> None:
    """After an answer to the customer: the first is met or broken, and the resolution waits for the customer."""
    asked = _asked(tx, work)
    if asked is None:
        return
    rows = clocks_of(tx, work.id)
    for row in rows:
        if row.kind is ClockKind.FIRST:
            _end(tx, row)
        elif asked.pauses and row.since is not None and row.ended_at is None:
            note_broken(tx, row)
            _keep(row, run_of(row).stopped(queries.calendar(tx, asked), tx.now))
            row.paused_at = tx.now
    settle(tx, work, rows, asked)


def taken_back(tx: Tx, work: Work, *, any_left: bool) -> None:
    """After an answer was taken back: the clocks go on as if it had not been written.

    Args:
        any_left: there was another answer before.
    """
    asked = _asked(tx, work)
    if asked is None:
        return
    rows, calendar = clocks_of(tx, work.id), queries.calendar(tx, asked)
    for row in rows:
        if row.kind is ClockKind.FIRST and not any_left and row.since is not None:
            row.ended_at = None
        elif row.kind is ClockKind.RESOLVE and not work.answered and row.paused_at is not None:
            row.since, row.paused_at = row.paused_at, None
        if row.ended_at is None:
            row.due_at = run_of(row).moment(calendar, row.target_us * _US)
    hold_to(tx, work, rows, work.level_id)


def heard(tx: Tx, work: Work) -> None:
    """After the customer wrote: the resolution waits for us again."""
    asked = _asked(tx, work)
    if asked is None:
        return
    rows = clocks_of(tx, work.id)
    for row in rows:
        if row.ended_at is None and row.paused_at is not None:
            row.since, row.paused_at = tx.now, None
    settle(tx, work, rows, asked)


def ended(tx: Tx, work: Work) -> None:
    """After a case was resolved: both clocks have ended."""
    asked = _asked(tx, work)
    if asked is None:
        return
    rows = clocks_of(tx, work.id)
    for row in rows:
        _end(tx, row)
    settle(tx, work, rows, asked)


def _end(tx: Tx, row: Clock) -> None:
    """End a clock; at its last instant it is broken already, whether or not anybody was told."""
    if row.ended_at is not None:
        return
    note_broken(tx, row)
    row.ended_at, row.due_at = tx.now, None
    record(tx, f"{row.kind}_{'late' if row.broken_at else 'met'}", DESK, work=row.work_id)


def note_broken(tx: Tx, row: Clock) -> None:
    """Note that a clock has run out, should the timer that says so not have been fired yet."""
    if row.due_at is not None and row.due_at <= tx.now and BROKEN not in row.told:
        row.told, row.broken_at = sorted([*row.told, BROKEN]), row.due_at
        record(tx, f"{row.kind}_broken", DESK, work=row.work_id)


def reopened(tx: Tx, work: Work) -> None:
    """After a case was opened again: the clock of its resolution goes on; the time between does not count."""
    asked = _asked(tx, work)
    if asked is None:
        return
    rows = clocks_of(tx, work.id)
    for row in rows:
        if row.kind is ClockKind.RESOLVE and row.ended_at is not None:
            if row.since is not None:
                row.used_us += worked(queries.calendar(tx, asked), row.since, row.ended_at) // _US
            stands = work.answered and asked.pauses
            row.since, row.paused_at = (None, tx.now) if stands else (tx.now, None)
            row.ended_at = None
    hold_to(tx, work, rows, work.level_id)


def dropped(tx: Tx, work: Work) -> None:
    """Hold a case to no service level any more: nothing is measured of what is no request."""
    if work.level_id is None:
        return
    tx.session.execute(delete(Clock).where(Clock.work_id == work.id))
    work.level_id = work.due_at = work.due_for = None
    set_anew(tx, CLOCK, work.id, None)


def moved(tx: Tx, number: int) -> None:
    """After an item came into another queue, or has another priority: other targets, and perhaps another level.

    A personal queue changes no level, nor does any queue the customer's own. What was used stays used.
    """
    work = tx.find(Work, number)
    if work is None or work.kind is not WorkKind.CASE or work.state is not WorkState.OPEN:
        return
    queue = _public(tx, work)
    rows = clocks_of(tx, number) if work.level_id is not None else []
    held = None if queue is None or any(row.own for row in rows) else queries.applies(tx, queue, None)
    if not rows:
        if held is not None:
            begin(tx, work, held, fresh=False)
        return
    level = work.level_id if queue is None or rows[0].own else held.level if held else None
    hold_to(tx, work, rows, level)


def of_another(tx: Tx, number: int, contact: int) -> None:
    """After a case became another customer's: their own level holds, or that of their account, if they have one."""
    held = queries.applies(tx, None, contact)
    work = tx.lock(Work, number) if held is not None and held.own else None
    if held is None or work is None or work.kind is not WorkKind.CASE or work.state is not WorkState.OPEN:
        return
    rows = clocks_of(tx, number)
    if not rows:
        begin(tx, work, held, fresh=False)
        return
    for row in rows:
        row.own = True
    hold_to(tx, work, rows, held.level)


def hold_to(tx: Tx, work: Work, rows: Sequence[Clock], level: int | None, *, from_start: bool = False) -> None:
    """Hold a case to a level as it is now: none, or one that was given up, ends it.

    Args:
        from_start: as if it had been held to it since its clocks were last set going, whose counts stay as they are.
    """
    asked = queries.terms(tx, level) if level is not None else None
    if asked is None or level is None:
        dropped(tx, work)
        return
    for row in [row for row in rows if row.ended_at is None]:
        _retarget(tx, row, work.priority, level, asked, from_start=from_start)
    left = [row for row in rows if asked.target(ClockKind(row.kind), work.priority) is not None or row.ended_at]
    if work.level_id != level:
        work.level_id = level
        record(tx, "level_applied", DESK, work=work.id, level=queries.name_of(tx, level))
    settle(tx, work, left, asked)


def _retarget(tx: Tx, row: Clock, priority: int, level: int, asked: Terms, *, from_start: bool) -> None:
    target = asked.target(ClockKind(row.kind), priority)
    if target is None:
        tx.session.delete(row)
        return
    old = queries.terms(tx, row.level_id)
    note_broken(tx, row)
    if row.level_id != level or row.target_us != target // _US:
        if from_start:
            _keep(row, run_of(row).recounted(queries.calendar(tx, asked), asked, target, tx.now))
        else:
            _keep(row, run_of(row).retargeted(queries.calendar(tx, old or asked), asked, target, tx.now))
        row.level_id = level
        row.broken_at = row.broken_at if BROKEN in row.told else None


def _asked(tx: Tx, work: Work) -> Terms | None:
    """Tell what a case is held to; None for nothing, which costs nothing."""
    return queries.terms(tx, work.level_id) if work.level_id is not None else None
