"""The one order in which the rows of a case are locked, so that those who want it wait and never deadlock."""

from __future__ import annotations

from core.cases.model import Case
from core.desk import Tx
from core.errors import NotFound
from core.people.views import Representative
from core.work.model import Work
from core.work.privacy import check_sees


def lock_case(tx: Tx, number: int, by: Representative | None = None) -> tuple[Case, Work]:
    """Lock a case, open or closed: first its item, as every verb of `core.work` does, then the case itself.

    Args:
        by: who wants it, and must see it; None is the customer or the desk itself.

    Raises:
        NotFound: `item.unknown`, or `case.is_task`: there is no such case.
    """
    work = tx.lock(Work, number)
    row = tx.lock(Case, number)
    if work is None:
        raise NotFound("item.unknown", number=number)
    if by is not None:
        check_sees(tx, work, by)
    if row is None:
        raise NotFound("case.is_task", number=number)
    return row, work
