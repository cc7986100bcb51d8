"""What a member of staff may look at of cases and letters: the right is asked here, at every look of theirs."""

from __future__ import annotations

from dataclasses import replace

from core.activities.views import TaskView
from core.cases import files, found, queries
from core.cases import missed as missed_cases
from core.cases.found import FoundPage
from core.cases.missed import MissedView
from core.cases.views import CaseView, EntryView, FileView, WholeView
from core.desk import Tx
from core.errors import NotFound
from core.people.rules import Right, check
from core.people.views import Representative
from core.search import asked
from core.work.model import Work
from core.work.privacy import check_sees, seen_items, sees


def case(tx: Tx, number: int, by: Representative) -> CaseView:
    """Show one case, open or closed.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see; or `case.is_task` when the number is an activity's.
    """
    shown = showing(tx, number, by)
    if isinstance(shown, TaskView):
        raise NotFound("case.is_task", number=number)
    return shown


def showing(tx: Tx, number: int, by: Representative, *, last: bool = True) -> CaseView | TaskView:
    """Show an item as what it is: a case, or a task; what was said last may be left out.

    What is told of other items on it, the case of a task and the next task of a case, is left out where they do not
    see those.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    check(by.role, Right.SEE_WORK)
    shown = queries.showing(tx, number, last=last)
    check_sees(tx, tx.session.get_one(Work, number), by)
    if isinstance(shown, TaskView):
        other = shown.regarding and shown.regarding[0]
        return shown if other is None or _sees(tx, other, by) else replace(shown, regarding=None)
    task = shown.next_task
    return shown if task is None or _sees(tx, task.number, by) else replace(shown, next_task=None)


def _sees(tx: Tx, number: int, by: Representative) -> bool:
    work = tx.find(Work, number)
    return work is not None and sees(tx, work, by)


def _check_seen(tx: Tx, number: int, by: Representative) -> None:
    check(by.role, Right.SEE_WORK)
    if not _sees(tx, number, by):
        raise NotFound("item.unknown", number=number)


def conversation(
    tx: Tx, number: int, by: Representative, *, before: int | None = None, limit: int = 10
) -> list[EntryView]:
    """List the latest messages of a case, oldest first; `before` is the id of a message, to page back.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return queries.conversation(tx, number, before=before, limit=limit)


def whole(tx: Tx, number: int, entry: int, by: Representative) -> WholeView:
    """Show one message of a case with all of its words.

    Raises:
        Refused: `right.missing`.
        NotFound: `message.unknown`: it is no message of that case; `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return queries.whole(tx, number, entry)


def files_of_case(tx: Tx, number: int, by: Representative) -> list[FileView]:
    """List the latest files of a case, oldest first.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return files.files_of_case(tx, number)


def missed(
    tx: Tx, days: int | None, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[MissedView], int]:
    """List a page of the missed cases that they see, the longest quiet first, and tell how many those are.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    which = seen_items(tx, by)
    listed = missed_cases.missed(tx, days, offset=offset, limit=limit, which=which)
    return listed, missed_cases.count_missed(tx, days, which)


def find(tx: Tx, words: str, by: Representative, *, offset: int = 0, limit: int = 8) -> FoundPage:
    """Find a page of cases by what somebody typed, the best first, then the newest; and tell how many there are.

    Raises:
        Refused: `right.missing`; `queue.ambiguous`.
        NotFound: `queue.unknown`.
        Misused: as `core.search.asked.read`.
    """
    check(by.role, Right.SEE_WORK)
    return found.search(tx, asked.read(words), by, offset=offset, limit=limit)
