"""What a member of staff may look at of activities: the right is asked here, at every look of theirs."""

from __future__ import annotations

from core.activities import clashes as in_the_way
from core.activities import queries
from core.activities.model import Activity
from core.activities.views import ActivityView, Clash
from core.desk import Tx
from core.errors import Refused
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import seeing as work_seeing
from core.work.views import ItemView


def activity(tx: Tx, number: int, by: Representative) -> ActivityView:
    """Show an activity, open or closed.

    Raises:
        Refused: `right.missing`, or `activity.is_case`.
        NotFound: `item.unknown`.
    """
    item = work_seeing.item(tx, number, by)
    if tx.session.get(Activity, number) is None:
        raise Refused("activity.is_case", number=number)
    return queries.activity(tx, item)


def clashes(tx: Tx, number: int, by: Representative) -> list[Clash]:
    """List what stands in the way of those who are to be at an appointment or a service activity.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    work_seeing.item(tx, number, by)
    return in_the_way.clashes(tx, number, by)


def of_contact(tx: Tx, contact: int, by: Representative, *, limit: int = 5) -> list[ItemView]:
    """List what was planned or logged with a customer and not for one of their cases, the latest first.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.of_contact(tx, contact, work_seeing.visible(tx, by), limit)


def open_of(tx: Tx, case: int, by: Representative) -> list[ItemView]:
    """List the open activities that regard a case, the next first.

    Raises:
        Refused: `right.missing`.
    """
    work_seeing.item(tx, case, by)
    return queries.open_of(tx, case)
