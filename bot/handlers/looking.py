"""Lists, cases, histories: what a representative looks at; nothing changes."""

from __future__ import annotations

from bot import args, kindwords
from bot.calls import Reply, StaffCall
from bot.render import lists
from bot.render import selecting as select
from core.calendars.zones import start_of_day
from core.cases import seeing as cases
from core.errors import Misused
from core.outbox.actions import Message, owe
from core.outbox.model import OwedKind
from core.people import seeing as people
from core.people.rules import Right, may
from core.texts.said import Button, Notice, said
from core.work import seeing
from core.work.rules import QueueKind, WorkKind
from core.work.views import QueueView


def assigned(call: StaffCall) -> Reply:
    """`/assigned [KIND]`: what was given to you and waits to be accepted."""
    return _personal(call, QueueKind.ASSIGNED, "list.assigned", "assigned")


def progress(call: StaffCall) -> Reply:
    """`/progress [KIND]`: what you work on, or what of it is of one kind: `/progress calls`."""
    return _personal(call, QueueKind.IN_PROGRESS, "list.progress", "progress")


def _personal(call: StaffCall, kind: QueueKind, head: str, verb: str) -> Reply:
    only = kindwords.filtered(call.words.text or call.words.word_arg(0))
    if only is not None:
        return _of_kind(call, kind, only, verb)
    if call.words.text:
        raise Misused("list.which_kind", words=lists.short(call.words.text))
    offset = max(0, call.words.int_arg(0))
    found, total = seeing.own_items(call.tx, call.by, kind, offset=offset, limit=lists.PAGE)
    shown = lists.items(said(head, count=total), found, (verb, (), offset), total)
    rows = (*shown.buttons, select.button(verb, 0, offset)) if found else shown.buttons
    return Reply(Notice(shown.lines, rows), replace=True)


def _of_kind(call: StaffCall, kind: QueueKind, only: WorkKind, verb: str) -> Reply:
    """Show only what is of one kind; the buttons of other pages carry it."""
    offset = max(0, call.words.int_arg(1))
    found, _ = seeing.own_items(call.tx, call.by, kind, offset=offset, limit=lists.PAGE + 1, only=only)
    head = said(f"list.{verb}_of_kind", mark=said(f"mark.kind_{only}"))
    shown = lists.items(head, found[: lists.PAGE], (verb, (str(only),), offset), offset + len(found))
    return Reply(shown, replace=True)


def queues(call: StaffCall) -> Reply:
    """`/queues`: the public queues with their numbers."""
    today = start_of_day(call.by.zone, call.tx.now)
    return Reply(lists.queues(seeing.counts(call.tx, call.by, today)), replace=True)


def queue(call: StaffCall) -> Reply:
    """`/queue NAME`: what waits in a public queue."""
    if not call.words.text:
        return queues(call)
    return _queue(call, seeing.find_queue(call.tx, call.words.text, call.by), 0)


def press_queue(call: StaffCall) -> Reply:
    """Show a page of a public queue."""
    view = seeing.public_queue(call.tx, call.words.int_arg(0), call.by)
    return _queue(call, view, max(0, call.words.int_arg(1)))


def _queue(call: StaffCall, view: QueueView, offset: int) -> Reply:
    number = view.id
    found, total = seeing.items_in(call.tx, view, call.by, offset=offset, limit=lists.PAGE)
    head = said("list.queue_head", name=view.name, count=total)
    shown = lists.items(head, found, ("queue", (number,), offset), total)
    missed_line = (said("list.queue_missed", count=view.missed_after_days),) if view.missed_after_days else ()
    watched = seeing.watches(call.tx, number, call.by)
    row = [
        Button(said("button.unwatch" if watched else "button.watch"), "watch", (number,)),
        Button(said("button.all_queues"), "queues"),
    ]
    if may(call.by.role, Right.KEEP_QUEUES):
        row.append(Button(said("button.queue_edit"), "queue_edit", (number,)))
    ways = (select.button("queue", number, offset),) if found else ()
    return Reply(Notice((*shown.lines, *missed_line), (*shown.buttons, *ways, tuple(row))), replace=True)


def press_whole(call: StaffCall) -> Reply:
    """Show a page of a message with all of its words, or of the letter that it was."""
    number, entry, page, letter, is_page = (call.words.int_arg(place) for place in range(5))
    shown = lists.whole(cases.whole(call.tx, number, entry, call.by), max(0, page), letter=bool(letter))
    return Reply(shown, replace=bool(is_page), work=number, entry=entry)


def press_history(call: StaffCall) -> Reply:
    """Show what happened to an item."""
    number, offset = call.words.int_arg(0), max(0, call.words.int_arg(1))
    found, total = seeing.history(call.tx, number, call.by, offset=offset, limit=lists.PAGE)
    page = lists.history(number, found, offset, total)
    return Reply(page, replace=offset > 0, work=number)


def history(call: StaffCall) -> Reply:
    """`/history N`: what happened to an item, by whom and from where."""
    number, _ = args.number(call.words.text, call.words.about, "usage.history")
    found, total = seeing.history(call.tx, number, call.by, limit=lists.PAGE)
    return Reply(lists.history(number, found, 0, total), work=number)


def everybody(call: StaffCall) -> Reply:
    """`/people`: who works here, with the names to type."""
    return Reply(lists.people(people.colleagues(call.tx, call.by)))


def press_files(call: StaffCall) -> Reply:
    """Send the files of a case into this chat."""
    number = call.words.int_arg(0)
    found = cases.files_of_case(call.tx, number, call.by)
    if not found:
        return Reply(toast=said("toast.no_files", number=number))
    if call.by.to:
        for one in found:
            facts = {"file": one.id}
            owe(call.tx, call.by.to, Message(OwedKind.FILE, facts, work=number, entry=one.entry_id, sound=False))
    return Reply(toast=said("toast.files", count=len(found)))
