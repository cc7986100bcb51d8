"""What a member of staff may look at of activities: the right is asked here, at every look of theirs."""

from __future__ import annotations

from core.activities import queries
from core.activities.model import Activity
from core.activities.views import ActivityView
from core.desk import Tx
from core.errors import Refused
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


def open_of(tx: Tx, case: int, by: Representative) -> list[ItemView]:
    """List the open activities that regard a case, the next first.

    Raises:
        Refused: `right.missing`.
    """
    work_seeing.item(tx, case, by)
    return queries.open_of(tx, case)
