"""A case in tabs, by command and by button; and its files by their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import cards, lists
from bot.render import tabs as render
from bot.render.tabs import Tab
from core.activities import seeing as activities
from core.activities.views import ActivityView
from core.cases import seeing as cases
from core.cases.elsewhere import as_it_went
from core.cases.rules import EntryKind
from core.cases.views import CaseView, EntryView
from core.customers import finding
from core.errors import Misused
from core.outbox.actions import Message, owe
from core.outbox.model import OwedKind
from core.texts.said import Notice, said
from core.work import seeing

#: Messages of a conversation on one page.
CONVERSATION_PAGE = 5


def case(call: StaffCall) -> Reply:
    """`/case N`: the conversation of a case, and its other tabs; of an activity, its card."""
    number, _ = args.number(call.words.text, call.words.about, "usage.case")
    return _case(call, number, None)


def press_case(call: StaffCall) -> Reply:
    """Show the conversation of a case, or an older page of it."""
    older = call.words.int_arg(1)
    reply = _case(call, call.words.int_arg(0), older or None)
    return Reply(reply.notice, replace=bool(older), work=reply.work)


def _case(call: StaffCall, number: int, before: int | None) -> Reply:
    shown = cases.showing(call.tx, number, call.by, last=False)
    if isinstance(shown, ActivityView):
        return Reply(cards.card(shown, call.by), work=number)
    if shown.item.merged_into is not None:
        return _instead(_case(call, shown.item.merged_into, None), number, shown.item.merged_into)
    return Reply(_talk(call, shown, before or 0), work=number)


def _instead(reply: Reply, number: int, into: int) -> Reply:
    """Say above a case that it was opened by the number of one that was merged into it."""
    shown = reply.notice or Notice(())
    return replace(reply, notice=replace(shown, lines=(said("merge.instead", number=number, into=into), *shown.lines)))


def press_tab(call: StaffCall) -> Reply:
    """Show a tab of a case, or another page of it, in the place of the one before."""
    number, word, place = call.words.int_arg(0), call.words.word_arg(1), max(0, call.words.int_arg(2))
    if word not in set(Tab):
        raise Misused("button.outdated")
    case = cases.case(call.tx, number, call.by)
    if case.item.merged_into is not None and word != Tab.HISTORY:  # merged since the tabs were drawn
        return replace(_instead(_case(call, case.item.merged_into, None), number, case.item.merged_into), replace=True)
    return Reply(_DRAWN[Tab(word)](call, case, place), replace=True, work=number)


def _entries(
    call: StaffCall, case: CaseView, before: int, only: EntryKind | None = None
) -> tuple[list[EntryView], int | None]:
    """List a page of messages, and tell before which of them the next page begins, if there is one."""
    found = cases.conversation(
        call.tx, case.number, call.by, before=before or None, limit=CONVERSATION_PAGE + 1, only=only
    )
    return as_it_went(found[-CONVERSATION_PAGE:]), found[1].id if len(found) > CONVERSATION_PAGE else None


def _talk(call: StaffCall, case: CaseView, before: int) -> Notice:
    found, older = _entries(call, case, before)
    return render.talk(case, found, call.by, older=older)


def _notes(call: StaffCall, case: CaseView, before: int) -> Notice:
    found, older = _entries(call, case, before, EntryKind.NOTE)
    return render.notes(case, found, older=older)


def _work(call: StaffCall, case: CaseView, offset: int) -> Notice:
    found, total = cases.activities_of(call.tx, case.number, call.by, offset=offset, limit=lists.PAGE)
    return render.work(case, found, offset, total)


def _files(call: StaffCall, case: CaseView, offset: int) -> Notice:
    found, total = cases.numbered_files(call.tx, case.number, call.by, offset=offset, limit=lists.PAGE)
    return render.files(case, found, offset, total)


def _history(call: StaffCall, case: CaseView, offset: int) -> Notice:
    found, total = seeing.history(call.tx, case.number, call.by, offset=offset, limit=lists.PAGE)
    return render.history(case, found, offset, total)


def _customer(call: StaffCall, case: CaseView, offset: int) -> Notice:
    found, total = cases.cases_of(call.tx, case.contact.id, call.by, offset=offset, limit=lists.PAGE)
    ways, met = (
        finding.ways(call.tx, case.contact.id, call.by),
        activities.of_contact(call.tx, case.contact.id, call.by),
    )
    return render.customer(case, render.Known(ways, met), found, offset, total)


_DRAWN: dict[Tab, Callable[[StaffCall, CaseView, int], Notice]] = {
    Tab.TALK: _talk,
    Tab.NOTES: _notes,
    Tab.WORK: _work,
    Tab.FILES: _files,
    Tab.HISTORY: _history,
    Tab.CUSTOMER: _customer,
}


def file(call: StaffCall) -> Reply:
    """`/file N K`: send the file of a case that has the number K in it; without K, list them."""
    number, rest = args.number(call.words.text, call.words.about, "usage.file")
    if not rest:
        return Reply(_files(call, cases.case(call.tx, number, call.by), 0), work=number)
    if not re.fullmatch(r"[0-9]{1,6}", rest.strip()):
        raise Misused("usage.file")
    return _send(call, number, int(rest))


def press_file(call: StaffCall) -> Reply:
    """Send one file of a case into this chat."""
    return _send(call, call.words.int_arg(0), call.words.int_arg(1))


def _send(call: StaffCall, number: int, place: int) -> Reply:
    found = cases.numbered_file(call.tx, number, place, call.by)
    if call.by.to:
        owe(
            call.tx,
            call.by.to,
            Message(OwedKind.FILE, {"file": found.id}, work=number, entry=found.entry_id, sound=False),
        )
    return Reply(toast=said("toast.files", count=1))
