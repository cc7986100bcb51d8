"""Make service levels, change them, give them up, and say for what they are; the hours and closures of the house."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select

from core.calendars import queries as calendars
from core.calendars.model import HouseHours, KeptClosure
from core.calendars.reckoning import reach
from core.calendars.rules import Closure
from core.calendars.views import ClosureView
from core.calendars.week import Week, read_week, to_keep
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla import queries
from core.sla.alarms import work_out_anew
from core.sla.model import LevelUse, Scope, ServiceLevel
from core.sla.rules import NOTHING, Terms
from core.sla.views import LevelView
from core.work import queries as work_queries
from core.work.rules import QueueKind

#: Characters of the name of a level, and of a closure.
NAME_LENGTH = 40

#: The most closures that are kept: each is looked at whenever time is reckoned.
MOST_CLOSURES = 200

#: The longest closure, in days.
LONGEST_CLOSURE_DAYS = 366


def may_keep(by: Representative) -> None:
    """Insist that somebody may keep service levels, before it is said how they are kept.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.KEEP_LEVELS)


def new_level(tx: Tx, name: str, asked: Terms, by: Representative) -> LevelView:
    """Make a service level; it is for nothing until somebody says so.

    Raises:
        Refused: `right.missing`, `level.exists`, or `calendar.never`: its hours never come.
        Misused: `level.name`: empty, too long, or only digits.
    """
    may_keep(by)
    clean = _free_name(tx, name)
    _check_hours(tx, asked)
    row = ServiceLevel(name=clean, name_key=clean.casefold(), created_at=tx.now, **queries.to_row(asked))
    tx.add(row)
    record(tx, "level_made", by.actor, subject=("level", row.id), name=clean)
    return queries.level(tx, row.id)


def _free_name(tx: Tx, name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH or clean.isdigit():
        raise Misused("level.name", limit=NAME_LENGTH)
    if tx.session.scalar(select(ServiceLevel.id).where(ServiceLevel.name_key == clean.casefold())):
        raise Refused("level.exists", name=clean)
    return clean


def _check_hours(tx: Tx, asked: Terms) -> None:
    reach(queries.calendar(tx, asked), tx.now, NOTHING)


def edit_level(tx: Tx, level: int, change: Callable[[Terms], Terms], by: Representative) -> LevelView:
    """Change what a level asks for; the clocks that run are worked out anew.

    Raises:
        NotFound: `level.unknown`.
        Refused: `right.missing`, or `calendar.never`.
    """
    may_keep(by)
    row = _lock(tx, level)
    before = queries.terms_of(row)
    asked = change(before)
    if asked != before:
        _check_hours(tx, asked)
        columns = queries.to_row(asked)
        record(tx, "level_changed", by.actor, subject=("level", level), before=queries.to_row(before), after=columns)
        for name, value in columns.items():
            setattr(row, name, value)
        tx.session.flush()
        work_out_anew(tx)
    return queries.level(tx, level)


def _lock(tx: Tx, level: int) -> ServiceLevel:
    row = tx.lock(ServiceLevel, level)
    if row is None or row.closed_at is not None:
        raise queries.unknown("", queries.levels(tx))
    return row


def give_up(tx: Tx, level: int, by: Representative) -> None:
    """Give a level up: it is for nothing any more, and its clocks stop.

    Raises:
        NotFound: `level.unknown`.
        Refused: `right.missing`.
    """
    may_keep(by)
    row = _lock(tx, level)
    row.closed_at, row.name_key = tx.now, None
    tx.session.execute(delete(LevelUse).where(LevelUse.level_id == level))
    queries.forget_uses(tx)
    record(tx, "level_given_up", by.actor, subject=("level", level), name=row.name)
    work_out_anew(tx)


def use_level(tx: Tx, level: int | None, scope: Scope, subject: int, by: Representative) -> None:
    """Say for what a level is, instead of another; None: no level any more. It holds for cases to come, or to come in.

    Args:
        subject: the customer, the account or the public queue; 0 for everything else.

    Raises:
        NotFound: `level.unknown`, or `queue.gone`.
        Refused: `right.missing`.
    """
    may_keep(by)
    if scope is Scope.QUEUE and work_queries.get_queue(tx, subject).kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    if level is not None:
        _lock(tx, level)
    row = tx.session.get(LevelUse, (scope, subject), with_for_update=True)
    before = row.level_id if row is not None else None
    if before == level:
        return
    if row is not None and level is not None:
        row.level_id = level
    elif row is not None:
        tx.session.delete(row)
    else:
        tx.session.add(LevelUse(scope=scope, subject_id=subject, level_id=level))
    tx.session.flush()
    queries.forget_uses(tx)
    record(tx, "level_used", by.actor, subject=(str(scope), subject), before=before, level=level)


def hold_instead(tx: Tx, scope: Scope, subject: int, instead: int | None) -> None:
    """Let the level of a customer or an account be that of another which goes on for it, unless that has its own.

    Args:
        instead: None where nothing goes on for it.
    """
    row = tx.session.get(LevelUse, (scope, subject), with_for_update=True)
    if row is None:
        return
    if instead is not None and tx.session.get(LevelUse, (scope, instead)) is None:
        tx.session.add(LevelUse(scope=scope, subject_id=instead, level_id=row.level_id))
    tx.session.delete(row)
    tx.session.flush()
    queries.forget_uses(tx)


def set_house_hours(tx: Tx, words: str, by: Representative) -> Week:
    """Say when the house works, in its own zone; the clocks that run are worked out anew.

    Raises:
        Misused: `usage.hours`: the words cannot be read, as `week.read_week` tells.
        Refused: `right.missing`.
    """
    may_keep(by)
    week = read_week(words)
    if week is None:
        raise Misused("usage.house_hours")
    row = tx.session.scalar(select(HouseHours).with_for_update())
    if row is None:
        tx.session.add(HouseHours(id=1, hours=to_keep(week), changed_at=tx.now))
    else:
        row.hours, row.changed_at = to_keep(week), tx.now
    tx.session.flush()
    calendars.forget_house(tx)
    record(tx, "house_hours", by.actor, subject=("house", 1), hours=to_keep(week))
    work_out_anew(tx)
    return week


def add_closure(tx: Tx, name: str, dates: Closure, by: Representative) -> ClosureView:
    """Close the house on some dates; the clocks that run are worked out anew.

    Raises:
        Misused: `closure.name`: empty or too long; `closure.dates`: the last is before the first, or too far from it.
        Refused: `right.missing`; `closure.exists`: those dates already; `closure.too_many`.
    """
    may_keep(by)
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise Misused("closure.name", limit=NAME_LENGTH)
    if not 0 <= (dates.last - dates.first).days < LONGEST_CLOSURE_DAYS:
        raise Misused("closure.dates", days=LONGEST_CLOSURE_DAYS)
    known = calendars.closures(tx)
    if any(one.dates == dates for one in known):
        raise Refused("closure.exists", first=dates.first, last=dates.last)
    if len(known) >= MOST_CLOSURES:
        raise Refused("closure.too_many", limit=MOST_CLOSURES)
    row = KeptClosure(name=clean, first_on=dates.first, last_on=dates.last, yearly=dates.yearly, created_at=tx.now)
    tx.add(row)
    _closures_changed(tx, "closure_added", row, by)
    return ClosureView(row.id, clean, dates)


def remove_closure(tx: Tx, closure: int, by: Representative) -> ClosureView:
    """Open the house again on the dates of a closure; the clocks that run are worked out anew.

    Raises:
        NotFound: `closure.unknown`.
        Refused: `right.missing`.
    """
    may_keep(by)
    row = tx.lock(KeptClosure, closure)
    if row is None:
        raise NotFound("closure.unknown", number=closure)
    view = ClosureView(row.id, row.name, Closure(row.first_on, row.last_on, row.yearly))
    tx.session.delete(row)
    _closures_changed(tx, "closure_removed", row, by)
    return view


def _closures_changed(tx: Tx, verb: str, row: KeptClosure, by: Representative) -> None:
    first, last = row.first_on.isoformat(), row.last_on.isoformat()
    record(tx, verb, by.actor, subject=("closure", row.id), name=row.name, first=first, last=last, yearly=row.yearly)
    tx.session.flush()
    calendars.forget_house(tx)
    work_out_anew(tx)
