"""What a clock says: warnings before it runs out, and who is told after it; and clocks worked out anew."""

from __future__ import annotations

from collections.abc import Iterable
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from core.desk import Tx
from core.history.actions import DESK, record
from core.people import queries as people
from core.people.quiet import News
from core.people.rules import Role
from core.people.views import Representative
from core.sla import queries
from core.sla.clocks import clocks_of, hold_to, note_broken, run_of, settle
from core.sla.model import Clock
from core.sla.rules import Step, Terms, Whom, due_steps, steps
from core.texts.said import Said, said
from core.timers.actions import set_timer
from core.work import cards, placing
from core.work import queries as work_queries
from core.work.model import Queue, Work
from core.work.rules import QueueKind, WorkState

#: The timer that works clocks out anew after hours, closures or a level were changed, so many cases at a time.
ANEW = "clocks_anew"
ANEW_AT_ONCE = 200


def ring(tx: Tx, number: int) -> None:
    """Take the steps that have come for the clocks of a case, and set the timer for the next.

    Never early: what has come is worked out anew. After an outage each person is told the last of it only.
    """
    work = tx.lock(Work, number)
    if work is None or work.state is not WorkState.OPEN or work.level_id is None:
        return
    rows, asked = clocks_of(tx, number), queries.terms(tx, work.level_id)
    if asked is None:
        hold_to(tx, work, rows, None)
        return
    for row in rows:
        if row.ended_at is None and row.since is not None:
            _take(tx, work, row, asked)
    settle(tx, work, rows, asked)
    tx.session.flush()
    cards.changed(tx, number)


def _take(tx: Tx, work: Work, row: Clock, asked: Terms) -> None:
    calendar = queries.calendar(tx, asked)
    row.due_at = run_of(row).moment(calendar, run_of(row).target)
    note_broken(tx, row)
    run = run_of(row)
    come = due_steps(run, calendar, steps(asked, run.target), tx.now)
    if not come:
        return
    row.told = sorted(run.told | {one.key for one in come})
    for whom, step in {one.whom: one for one in come if one.whom is not None}.items():
        _tell(tx, work, row, whom, step)


def _tell(tx: Tx, work: Work, row: Clock, whom: Whom, step: Step) -> None:
    """Post the card of a case to who is to be told, under a line that says why."""
    late = step.at.total_seconds() * 1_000_000 >= row.target_us
    holder = placing.holder_of(tx, work)
    readers = [one for one in _readers(tx, work, holder, whom) if one.to]
    for one in readers:
        if one.to:
            why = _why(row, late=late, holder=holder if holder and holder.id != one.id else None, whom=whom)
            cards.post(tx, work.id, one.to, why, News.REMINDERS, passing=True)
    names = [one.name for one in readers]
    record(tx, f"{row.kind}_{'escalated' if late else 'warned'}", DESK, work=work.id, whom=names)


def _why(row: Clock, *, late: bool, holder: Representative | None, whom: Whom) -> Said:
    key = f"card.why.{row.kind}_{'late' if late else 'soon'}"
    if whom is Whom.OWNER or holder is None:
        return said(key, at=row.due_at)
    return said(f"{key}_of", at=row.due_at, name=holder.name)


def _readers(tx: Tx, work: Work, holder: Representative | None, whom: Whom) -> list[Representative]:
    """List who is told: of what nobody has, those who watch its queue; where there is nobody, the managers."""
    leaders = people.leaders(tx)
    if whom is Whom.ADMINISTRATORS:
        return [one for one in people.staff(tx) if one.role is Role.ADMINISTRATOR] or leaders
    queue = _home(tx, work)
    watching = set(work_queries.watchers(tx, queue)) if queue is not None else set()
    if whom is Whom.MANAGERS:
        return [one for one in leaders if one.id in watching] or leaders
    if holder is not None and holder.to is not None:
        return [holder]
    return _people(tx, watching) or leaders


def _people(tx: Tx, those: Iterable[int]) -> list[Representative]:
    return [one for one in (people.get(tx, person) for person in sorted(those)) if one.to]


def _home(tx: Tx, work: Work) -> int | None:
    """Tell the public queue that an item stands in, or came from."""
    for number in (work.queue_id, work.came_from_id):
        queue = tx.find(Queue, number) if number is not None else None
        if queue is not None and queue.kind is QueueKind.PUBLIC:
            return queue.id
    return None


def work_out_anew(tx: Tx) -> None:
    """Let all running clocks be worked out anew, some at a time: hours, closures or what a level asks for changed."""
    _go_on(tx, 0)


def _go_on(tx: Tx, after: int) -> None:
    facts: dict[str, Any] = {"after": after}
    set_timer(tx, ANEW, f"{after}:{token_hex(6)}", tx.now, facts=facts)


def anew(tx: Tx, after: int) -> None:
    """Work out anew the running clocks of some cases after a number, and let those after them follow."""
    running = select(Clock.work_id).where(Clock.ended_at.is_(None), Clock.work_id > after)
    numbers = tx.session.scalars(running.distinct().order_by(Clock.work_id).limit(ANEW_AT_ONCE)).all()
    for number in numbers:
        work = tx.lock(Work, number)
        if work is not None and work.state is WorkState.OPEN:
            hold_to(tx, work, clocks_of(tx, number), work.level_id)
            tx.session.flush()
            cards.changed(tx, number)
    if len(numbers) == ANEW_AT_ONCE:
        _go_on(tx, numbers[-1])
