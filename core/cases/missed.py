"""Missed cases: open, quiet for N days, and nothing planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select

from core.activities import actions as activities
from core.activities.model import Activity
from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.cases.telling import tell_person
from core.desk import Tx
from core.errors import Misused, NotFound
from core.history.actions import record
from core.history.model import Happened
from core.people import queries as people
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work import queries as work_queries
from core.work.model import Queue, Work
from core.work.placing import holder_of
from core.work.rules import QueueKind
from core.work.views import ItemView, QueueView

#: A case that its owner has known to be missed for so long is told to the managers.
RAISE_AFTER = timedelta(days=1)

#: At most so many missed cases are told to one person in one go; the rest is said as a number.
TOLD_AT_ONCE = 10

#: At most so many are looked through in one go; the next hour goes on.
SWEPT_AT_ONCE = 1000

#: The most quiet days that a queue can wait for: a year.
MOST_DAYS = 365

#: What stands for the days of the desk and its queues where a number of days is asked for, as in button data.
DEFAULT_DAYS = -1


@dataclass(frozen=True, slots=True)
class MissedView:
    """A missed case, with the last change of each kind; None where there never was one."""

    item: ItemView
    quiet_days: int
    last_message: datetime | None
    last_note: datetime | None
    last_task: datetime | None
    last_change: datetime | None


def missed_query(tx: Tx, days: int | None = None) -> Select[int]:
    """Select the numbers of missed cases, the longest quiet first.

    Args:
        days: quiet for so many days; None takes the desk's setting, or that of the public queue it stands in or
            came from (see `set_queue_days`).
    """
    return (
        select(Work.id)
        .where(
            Work.state == literal_column("'open'"),  # as the partial index has it, so that it is used
            Work.kind == literal_column("'case'"),
            _quiet(tx, days),
            or_(Work.next_planned_at.is_(None), Work.next_planned_at <= tx.now),
        )
        .order_by(Work.touched_at, Work.id)
    )


def _quiet(tx: Tx, days: int | None) -> ColumnElement[bool]:
    if days is not None:
        return Work.touched_at <= tx.now - timedelta(days=days)
    default = tx.now - timedelta(days=tx.house.missed_after_days)
    public = tx.session.execute(select(Queue.id, Queue.missed_after_days).where(Queue.kind == QueueKind.PUBLIC)).all()
    special = {queue: tx.now - timedelta(days=own) for queue, own in public if own is not None}
    if not special:
        return Work.touched_at <= default
    home = case((Work.queue_id.in_([queue for queue, _ in public]), Work.queue_id), else_=Work.came_from_id)
    ways = [and_(home == queue, Work.touched_at <= before) for queue, before in special.items()]
    ways.append(and_(func.coalesce(home, 0).not_in(list(special)), Work.touched_at <= default))
    return and_(Work.touched_at <= max(default, *special.values()), or_(*ways))


def set_queue_days(tx: Tx, queue: int, days: int | None, by: Representative) -> QueueView:
    """Say after how many quiet days the cases of a public queue are missed; None takes the desk's own days.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is no such public queue.
        Misused: `usage.queue_missed`: not from 1 to 365 days.
    """
    check(by.role, Right.KEEP_QUEUES)
    if work_queries.get_queue(tx, queue).kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Misused("usage.queue_missed")
    row = tx.session.get_one(Queue, queue, with_for_update=True)
    if row.missed_after_days != days:
        record(tx, "queue_missed_set", by.actor, subject=("queue", queue), before=row.missed_after_days, days=days)
        row.missed_after_days = days
        tx.session.flush()
    return work_queries.get_queue(tx, queue)


def missed(tx: Tx, days: int | None = None, *, offset: int = 0, limit: int = 8) -> list[MissedView]:
    """List a page of missed cases, the longest quiet first."""
    numbers = tx.session.scalars(missed_query(tx, days).offset(offset).limit(limit))
    return [_view(tx, number) for number in numbers]


def count_missed(tx: Tx, days: int | None = None) -> int:
    """Count missed cases."""
    return tx.session.scalar(select(func.count()).select_from(missed_query(tx, days).order_by(None).subquery())) or 0


def _view(tx: Tx, number: int) -> MissedView:
    item = work_queries.item(tx, number)
    message, note = tx.session.execute(
        select(
            func.max(case((Entry.kind != EntryKind.NOTE, Entry.at))),
            func.max(case((Entry.kind == EntryKind.NOTE, Entry.at))),
        ).where(Entry.work_id == number, Entry.kind != EntryKind.WITHDRAWN)
    ).one()
    task = tx.session.scalar(
        select(func.max(Work.touched_at))
        .join(Activity, Activity.work_id == Work.id)
        .where(Activity.regarding_id == number)
    )
    by_somebody = (Happened.work_id == number, Happened.actor_kind != "desk")  # what the desk does is no change
    change = tx.session.scalar(select(func.max(Happened.at)).where(*by_somebody))
    return MissedView(item, (tx.now - item.touched_at).days, message, note, task, change)


def tell_missed(tx: Tx) -> int:
    """Tell the owners of newly missed cases, and a day later the managers; each once until something changes.

    A case in a public queue has no owner: its watchers and managers are told at once. Nobody hears it ring twice in
    one go, or reads more than `TOLD_AT_ONCE` notices: the rest is said as a number.

    Returns:
        How many cases were told of.
    """
    _plan_anew(tx)
    news: dict[int, list[tuple[int, Said]]] = {}
    fresh = _rows(tx, missed_query(tx).where(Work.missed_told_at.is_(None)))
    late = _rows(
        tx, missed_query(tx).where(Work.missed_told_at <= tx.now - RAISE_AFTER, Work.missed_raised_at.is_(None))
    )
    for work in fresh:
        work.missed_told_at = tx.now
        owner = holder_of(tx, work)
        if owner is not None and owner.to is not None:
            news.setdefault(owner.id, []).append((work.id, said("missed.yours")))
        else:
            _raise(tx, work, news)
    for work in late:
        _raise(tx, work, news)
    for person, those in sorted(news.items()):
        _tell(tx, person, those)
    return len(fresh) + len(late)


def _plan_anew(tx: Tx) -> None:
    """Look again at what was planned for just now: there may be something planned after it."""
    passed = missed_query(tx).where(Work.next_planned_at.is_not(None)).limit(SWEPT_AT_ONCE)
    for number in sorted(tx.session.scalars(passed).all()):
        activities.replan(tx, number)


def _rows(tx: Tx, numbers: Select[int]) -> list[Work]:
    found = tx.session.scalars(numbers.limit(SWEPT_AT_ONCE).with_for_update(of=Work)).all()
    return [tx.session.get_one(Work, number) for number in found]


def _raise(tx: Tx, work: Work, news: dict[int, list[tuple[int, Said]]]) -> None:
    """Note that managers, and who watches the queue, are to be told of a case that its owner does nothing about."""
    work.missed_raised_at = tx.now
    owner = holder_of(tx, work)
    listeners = {leader.id for leader in people.leaders(tx)}
    if owner is None:
        head = said("missed.of_nobody")
        listeners.update(work_queries.watchers(tx, work.queue_id or 0))
    else:
        head = said("missed.of", name=owner.name)
        listeners.discard(owner.id)
    for person in listeners:
        news.setdefault(person, []).append((work.id, head))


def _tell(tx: Tx, person: int, those: list[tuple[int, Said]]) -> None:
    """Owe somebody their notices: the first with a sound, the others without, the rest as one line."""
    for place, (number, head) in enumerate(those[:TOLD_AT_ONCE]):
        tell_person(tx, person, missed_notice(_view(tx, number), head), work=number, sound=place == 0)
    left = len(those) - TOLD_AT_ONCE
    if left > 0:
        rows: Rows = ((Button(said("button.missed"), "missed", (DEFAULT_DAYS, 0)),),)
        tell_person(tx, person, Notice((said("missed.and_more", count=left),), rows), sound=False)


def change_lines(view: MissedView) -> list[Said]:
    """Say of each kind of change when the last was, as far as there was one."""
    return [
        said(key, at=at)
        for key, at in (
            ("missed.last_message", view.last_message),
            ("missed.last_note", view.last_note),
            ("missed.last_task", view.last_task),
            ("missed.last_change", view.last_change),
        )
        if at is not None
    ]


def missed_notice(view: MissedView, head: Said) -> Notice:
    """Put a missed case into a notice: what changed last, that nothing is planned, and what to do about it."""
    number = view.item.number
    lines = [head, said("missed.line", number=number, title=view.item.title, count=view.quiet_days)]
    lines += change_lines(view)
    lines.append(said("missed.nothing_planned"))
    buttons: Rows = (
        (Button(said("button.answer"), "answer", (number,)), Button(said("button.plan"), "plan", (number,))),
        (
            Button(said("button.snooze"), "snooze_ask", (number,)),
            Button(said("button.assign"), "assign_menu", (number, 0)),
            Button(said("button.case"), "case", (number,)),
        ),
    )
    return Notice(tuple(lines), buttons)
