"""Find when the house works; read only, and once a transaction."""

from __future__ import annotations

from sqlalchemy import select

from core.calendars.model import HouseHours, KeptClosure
from core.calendars.rules import Calendar, Closure
from core.calendars.views import ClosureView
from core.calendars.week import OFFICE_HOURS, Week, from_kept
from core.desk import Tx

_WEEK, _CLOSURES = "week of the house", "closures"
_HOURS = select(HouseHours.hours).limit(1)
_ALL = select(KeptClosure).order_by(KeptClosure.first_on, KeptClosure.id)


def house_week(tx: Tx) -> Week:
    """Tell the weekly hours of the house."""
    if _WEEK not in tx.memo:
        tx.memo[_WEEK] = from_kept(tx.session.scalar(_HOURS) or OFFICE_HOURS)
    week: Week = tx.memo[_WEEK]
    return week


def closures(tx: Tx) -> list[ClosureView]:
    """List the dates on which the house is closed, those that begin first before others."""
    if _CLOSURES not in tx.memo:
        tx.memo[_CLOSURES] = [
            ClosureView(row.id, row.name, Closure(row.first_on, row.last_on, row.yearly))
            for row in tx.session.scalars(_ALL)
        ]
    return list(tx.memo[_CLOSURES])


def forget_house(tx: Tx) -> None:
    """Let the hours and closures be read anew: this transaction has changed them."""
    tx.memo.pop(_WEEK, None)
    tx.memo.pop(_CLOSURES, None)


def house_calendar(tx: Tx, week: Week | None = None, *, closed: bool = True) -> Calendar:
    """Show when the house works; with other weekly hours, or without its closures, when it is asked for."""
    dates = tuple(one.dates for one in closures(tx)) if closed else ()
    return Calendar(tx.house.zone, (week or house_week(tx),), closures=dates)
