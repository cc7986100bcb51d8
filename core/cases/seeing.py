"""What a member of staff may look at of cases and letters: the right is asked here, at every look of theirs."""

from __future__ import annotations

from dataclasses import replace

from core.activities import queries as activities
from core.activities.views import ActivityView
from core.cases import conversations, files, found, queries
from core.cases import missed as missed_cases
from core.cases.found import FoundPage
from core.cases.missed import MissedView
from core.cases.rules import EntryKind
from core.cases.views import CaseView, EntryView, FileView, NumberedFile, OwnCaseView, WholeView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.rules import Right, check
from core.people.views import Representative
from core.search import asked
from core.work.model import Work
from core.work.privacy import check_sees, seen_items, sees
from core.work.views import ItemView


def case(tx: Tx, number: int, by: Representative) -> CaseView:
    """Show one case, open or closed.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see; or `case.is_task` when the number is an activity's.
    """
    shown = showing(tx, number, by)
    if isinstance(shown, ActivityView):
        raise NotFound("case.is_task", number=number)
    return shown


def showing(tx: Tx, number: int, by: Representative, *, last: bool = True) -> CaseView | ActivityView:
    """Show an item as what it is: a case, or an activity; what was said last may be left out.

    What is told of other items on it, the case of an activity and those planned for a case, is left out where they do
    not see those.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    check(by.role, Right.SEE_WORK)
    shown = queries.showing(tx, number, last=last)
    check_sees(tx, tx.session.get_one(Work, number), by)
    if isinstance(shown, ActivityView):
        other = shown.regarding and shown.regarding[0]
        return shown if other is None or _sees(tx, other, by) else replace(shown, regarding=None)
    planned = tuple(one for one in shown.planned if _sees(tx, one.number, by))
    return shown if planned == shown.planned else replace(shown, planned=planned)


def _sees(tx: Tx, number: int, by: Representative) -> bool:
    work = tx.find(Work, number)
    return work is not None and sees(tx, work, by)


def _check_seen(tx: Tx, number: int, by: Representative) -> None:
    check(by.role, Right.SEE_WORK)
    if not _sees(tx, number, by):
        raise NotFound("item.unknown", number=number)


def conversation(
    tx: Tx,
    number: int,
    by: Representative,
    *,
    before: int | None = None,
    limit: int = 10,
    only: EntryKind | None = None,
) -> list[EntryView]:
    """List the latest messages of a case, oldest first, or those of one kind; `before` is the id of one, to page back.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return conversations.conversation(tx, number, before=before, limit=limit, only=only)


def whole(tx: Tx, number: int, entry: int, by: Representative) -> WholeView:
    """Show one message of a case with all of its words.

    Raises:
        Refused: `right.missing`.
        NotFound: `message.unknown`: it is no message of that case; `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return conversations.whole(tx, number, entry)


def files_of_case(tx: Tx, number: int, by: Representative) -> list[FileView]:
    """List the latest files of a case, oldest first.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    _check_seen(tx, number, by)
    return files.files_of_case(tx, number)


def numbered_files(
    tx: Tx, number: int, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[NumberedFile], int]:
    """List a page of the files of a case, each with its number in it, and tell how many there are.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return files.numbered(tx, number, offset=offset, limit=limit), files.count(tx, number)


def numbered_file(tx: Tx, number: int, place: int, by: Representative) -> FileView:
    """Show the file of a case that has a number in it.

    Raises:
        Refused: `right.missing`; `file.not_kept`, of one that cannot be sent.
        NotFound: `item.unknown`, or `case.is_task`; `file.unknown`, with how many there are.
    """
    case(tx, number, by)
    found = files.numbered(tx, number, offset=place - 1, limit=1) if place > 0 else []
    if not found:
        raise NotFound("file.unknown", number=number, place=place, count=files.count(tx, number))
    if found[0].file.digest is None and found[0].file.telegram_id is None:
        raise Refused("file.not_kept", name=found[0].file.name)
    return found[0].file


def activities_of(
    tx: Tx, number: int, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[ItemView], int]:
    """List a page of what is planned or was done for a case, open ones first, and tell how many there are.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return activities.all_of(tx, number, offset=offset, limit=limit), activities.count_of(tx, number)


def cases_of(
    tx: Tx, contact: int, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[OwnCaseView], int]:
    """List a page of a customer's cases, open ones first, then the latest, and tell how many there are.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.cases_of(tx, contact, offset=offset, limit=limit), queries.count_cases_of(tx, contact)


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
