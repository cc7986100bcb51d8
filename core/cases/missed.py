"""Missed cases: open, quiet for N days, and nothing planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select, true, update

from core.activities import regarding
from core.activities.model import Activity
from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.cases.telling import tell_person
from core.desk import Tx
from core.history.model import Happened
from core.people import queries as people
from core.people.quiet import News
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work import queries as work_queries
from core.work.actions import watching
from core.work.model import Queue, Work
from core.work.rules import QueueKind
from core.work.views import ItemView

#: A case that its owner has known to be missed for so long is told to the managers.
RAISE_AFTER = timedelta(days=1)

_ALL: ColumnElement[bool] = true()

#: At most so many missed cases are told to one person in one go; the rest is said as a number.
TOLD_AT_ONCE = 10

#: At most so many are looked through in one go; the next hour goes on.
SWEPT_AT_ONCE = 1000

#: Missed cases are counted up to so many: the answer must not take the longer, the more a desk has left lying.
COUNTED = 1000

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
            came from (see `core.work.days.set_missed_days`).
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


def missed(
    tx: Tx, days: int | None = None, *, offset: int = 0, limit: int = 8, which: ColumnElement[bool] = _ALL
) -> list[MissedView]:
    """List a page of missed cases, the longest quiet first.

    Args:
        which: only those of which this holds.
    """
    return _views(tx, tx.session.scalars(missed_query(tx, days).where(which).offset(offset).limit(limit)).all())


def count_missed(tx: Tx, days: int | None = None, which: ColumnElement[bool] = _ALL) -> int:
    """Count missed cases, up to one more than `COUNTED`, which stands for however many there are."""
    some = missed_query(tx, days).where(which).order_by(None).limit(COUNTED + 1).subquery()
    return tx.session.scalar(select(func.count()).select_from(some)) or 0


def _views(tx: Tx, numbers: Sequence[int]) -> list[MissedView]:
    """Show some missed cases, in the order given: a statement for each kind of change, however many they are."""
    of_words = Entry.work_id.in_(numbers), Entry.kind != EntryKind.WITHDRAWN
    of_tasks = Activity.regarding_id.in_(numbers)
    by_somebody = Happened.work_id.in_(numbers), Happened.actor_kind != "desk"  # what the desk does is no change
    message = func.max(case((Entry.kind != EntryKind.NOTE, Entry.at)))
    note = func.max(case((Entry.kind == EntryKind.NOTE, Entry.at)))
    task = select(Activity.regarding_id, func.max(Work.touched_at)).join(Work, Work.id == Activity.work_id)
    words = _by_number(tx, select(Entry.work_id, message, note).where(*of_words).group_by(Entry.work_id))
    tasks = _by_number(tx, task.where(of_tasks).group_by(Activity.regarding_id))
    change = select(Happened.work_id, func.max(Happened.at)).where(*by_somebody).group_by(Happened.work_id)
    changes = _by_number(tx, change)
    return [
        MissedView(
            item,
            (tx.now - item.touched_at).days,
            *words.get(item.number, (None, None)),
            *tasks.get(item.number, (None,)),
            *changes.get(item.number, (None,)),
        )
        for item in work_queries.items(tx, numbers)
    ]


def _by_number(tx: Tx, query: Select[*tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    return {number: tuple(rest) for number, *rest in tx.session.execute(query)}


#: A missed case, and the queue it stands in; and what each person is told, with the number of the case.
_Place = tuple[int, int]
_News = dict[int, list[tuple[int, Said]]]


def tell_missed(tx: Tx) -> int:
    """Tell the owners of newly missed cases, and a day later the managers; each once until something changes.

    A case in a public queue has no owner: its watchers and managers are told at once. Nobody hears it ring twice in
    one go, or reads more than `TOLD_AT_ONCE` notices: the rest is said as a number.

    Returns:
        How many cases were told of.
    """
    _plan_anew(tx)
    fresh = _rows(tx, missed_query(tx).where(Work.missed_told_at.is_(None)))
    late = missed_query(tx).where(Work.missed_told_at <= tx.now - RAISE_AFTER, Work.missed_raised_at.is_(None))
    to_raise = _rows(tx, late.order_by(None).order_by(Work.missed_told_at))
    count, news, owners = len(fresh) + len(to_raise), _News(), _Owners(tx)
    to_managers = [(number, queue) for number, queue in fresh if not owners.can_be_told(queue)]
    for number, queue in fresh:
        owner = owners.of(queue)
        if owner is not None and owners.can_be_told(queue):
            news.setdefault(owner.id, []).append((number, said("missed.yours")))
    _raise(tx, [*to_managers, *to_raise], owners, news)
    _mark(tx, fresh, {"missed_told_at": tx.now})
    _mark(tx, [*to_managers, *to_raise], {"missed_raised_at": tx.now})
    for person, those in sorted(news.items()):
        _tell(tx, person, those)
    return count


def _plan_anew(tx: Tx) -> None:
    """Look again at what was planned for just now: there may be something planned after it."""
    passed = missed_query(tx).where(Work.next_planned_at <= tx.now).order_by(None).order_by(Work.next_planned_at)
    passed = passed.limit(SWEPT_AT_ONCE)
    for number in sorted(tx.session.scalars(passed).all()):
        regarding.replan(tx, number)


def _rows(tx: Tx, numbers: Select[int]) -> list[_Place]:
    """Lock items; tells the number of each and where it stands."""
    found = numbers.with_only_columns(Work.id, Work.queue_id).limit(SWEPT_AT_ONCE).with_for_update(of=Work)
    return [(number, queue) for number, queue in tx.session.execute(found) if queue is not None]


def _mark(tx: Tx, those: Sequence[_Place], noted: dict[str, datetime]) -> None:
    """Note of many items at once what was told of them."""
    numbers = [number for number, _ in those]
    if numbers:
        tx.session.execute(update(Work).where(Work.id.in_(numbers)).values(noted))


class _Owners:
    """Who has what stands in a queue; looked up once a queue, however many items stand there."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[int, Representative | None] = {}

    def of(self, queue: int) -> Representative | None:
        """Tell whose queue it is; None of a public one."""
        if queue not in self._known:
            owner = self._tx.session.get_one(Queue, queue).owner_id
            self._known[queue] = people.get(self._tx, owner) if owner else None
        return self._known[queue]

    def can_be_told(self, queue: int) -> bool:
        """Tell whether there is an owner whom a message reaches."""
        owner = self.of(queue)
        return owner is not None and owner.to is not None


def _raise(tx: Tx, those: Sequence[_Place], owners: _Owners, news: _News) -> None:
    """Let managers, and who watches the queue, be told of cases that their owners do nothing about."""
    leaders, watchers = {one.id for one in people.leaders(tx)}, dict[int, list[int]]()
    for number, queue in those:
        owner = owners.of(queue)
        if owner is None:
            if queue not in watchers:
                watchers[queue] = [one.id for one in watching(tx, queue)]
            head, listeners = said("missed.of_nobody"), leaders.union(watchers[queue])
        else:
            head, listeners = said("missed.of", name=owner.name), leaders - {owner.id}
        for person in listeners:
            news.setdefault(person, []).append((number, head))


def _tell(tx: Tx, person: int, those: list[tuple[int, Said]]) -> None:
    """Owe somebody their notices: the first with a sound, the others without, the rest as one line."""
    told = those[:TOLD_AT_ONCE]
    views = {one.item.number: one for one in _views(tx, [number for number, _ in told])}
    for place, (number, head) in enumerate(told):
        tell_person(tx, person, missed_notice(views[number], head), News.REMINDERS, work=number, sound=place == 0)
    left = len(those) - TOLD_AT_ONCE
    if left > 0:
        rows: Rows = ((Button(said("button.missed"), "missed", (DEFAULT_DAYS, 0)),),)
        tell_person(tx, person, Notice((said("missed.and_more", count=left),), rows), News.REMINDERS, sound=False)


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
