"""What a member of staff may look at of service levels and of the hours of the house: the right is asked each time."""

from __future__ import annotations

from core.calendars import queries as calendars
from core.calendars.views import ClosureView
from core.calendars.week import Week
from core.desk import Tx
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla import queries
from core.sla.views import LevelView


def levels(tx: Tx, by: Representative) -> list[LevelView]:
    """List the service levels, by name.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.levels(tx)


def find(tx: Tx, words: str, by: Representative) -> tuple[LevelView, str]:
    """Find the level that some words begin with, as `queries.find`; and the words after it.

    Raises:
        Refused: `right.missing`, or `level.ambiguous`.
        NotFound: `level.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.find(tx, words)


def house_week(tx: Tx, by: Representative) -> Week:
    """Tell the weekly hours of the house.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return calendars.house_week(tx)


def closures(tx: Tx, by: Representative) -> list[ClosureView]:
    """List the closures of the house that are not over.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    today = tx.now.date()
    return [one for one in calendars.closures(tx) if one.dates.yearly or one.dates.last >= today]
