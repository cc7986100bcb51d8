"""What a member of staff may look at of cases and letters: the right is asked here, at every look of theirs."""

from __future__ import annotations

from core.activities.views import ActivityView
from core.cases import files, queries
from core.cases import missed as missed_cases
from core.cases.missed import MissedView
from core.cases.views import CaseView, EntryView, FileView, WholeView
from core.desk import Tx
from core.people.rules import Right, check
from core.people.views import Representative


def case(tx: Tx, number: int, by: Representative) -> CaseView:
    """Show one case, open or closed.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`, or `case.is_task` when the number is an activity's.
    """
    check(by.role, Right.SEE_WORK)
    return queries.case(tx, number)


def showing(tx: Tx, number: int, by: Representative, *, last: bool = True) -> CaseView | ActivityView:
    """Show an item as what it is: a case, or an activity; what was said last may be left out.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.showing(tx, number, last=last)


def conversation(
    tx: Tx, number: int, by: Representative, *, before: int | None = None, limit: int = 10
) -> list[EntryView]:
    """List the latest messages of a case, oldest first; `before` is the id of a message, to page back.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.conversation(tx, number, before=before, limit=limit)


def whole(tx: Tx, number: int, entry: int, by: Representative) -> WholeView:
    """Show one message of a case with all of its words.

    Raises:
        Refused: `right.missing`.
        NotFound: `message.unknown`: it is no message of that case.
    """
    check(by.role, Right.SEE_WORK)
    return queries.whole(tx, number, entry)


def files_of_case(tx: Tx, number: int, by: Representative) -> list[FileView]:
    """List the latest files of a case, oldest first.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return files.files_of_case(tx, number)


def missed(
    tx: Tx, days: int | None, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[MissedView], int]:
    """List a page of missed cases, the longest quiet first, and tell how many there are.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return missed_cases.missed(tx, days, offset=offset, limit=limit), missed_cases.count_missed(tx, days)
