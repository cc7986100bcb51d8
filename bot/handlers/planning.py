"""Tasks and snoozes: what is to be done later."""

from __future__ import annotations

from bot import args
from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from core.activities import actions as activities
from core.cases import actions as cases
from core.errors import Misused, Refused
from core.texts.said import Button, Notice, Rows, said
from core.work import placing, queries


def task(call: StaffCall) -> Reply:
    """`/task [N] [WHEN] WORDS`: plan a task, of your own or for a case."""
    about: int | None
    try:
        about, text = args.number(call.words.text, call.words.about, "usage.task")
    except Misused:
        about, text = None, call.words.text
    read = args.when(text, call.by.zone, call.tx.now)
    title, due_at = (read.rest, read.at) if read else (text, None)
    if not title:
        raise Misused("usage.task")
    planned = activities.plan_task(call.tx, title, call.by, due_at=due_at, regarding=about)
    call.show_card(planned.number)
    return Reply()


def press_plan(call: StaffCall) -> Reply:
    """Ask for a task for a case."""
    queries.item(call.tx, call.words.int_arg(0))
    return forms.ask(call, "task", call.words.int_arg(0))


def press_done(call: StaffCall) -> Reply:
    """Finish the task of a card."""
    number = call.words.int_arg(0)
    cases.resolve(call.tx, number, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.done", number=number))


def snooze(call: StaffCall) -> Reply:
    """`/snooze N WHEN [WHY]`: plan an item for later; you are reminded then."""
    number, text = args.number(call.words.text, call.words.about, "usage.snooze")
    if not text:
        return _ask_snooze(call, number)
    read = args.when(text, call.by.zone, call.tx.now)
    if read is None:
        raise Misused("usage.snooze")
    placing.snooze(call.tx, number, read.at, read.rest, call.by)
    call.show_card(number)
    return Reply()


#: Spans offered by buttons, as words that `args.when` reads.
CHOICES = (("1h", "button.snooze_hour"), ("tomorrow", "button.snooze_tomorrow"), ("7d", "button.snooze_week"))


def press_snooze_ask(call: StaffCall) -> Reply:
    """Ask until when an item is to be snoozed."""
    return _ask_snooze(call, call.words.int_arg(0))


def _ask_snooze(call: StaffCall, number: int) -> Reply:
    item = queries.item(call.tx, number)
    if not item.open:
        raise Refused("item.closed", number=number, at=item.closed_at)
    reply = forms.ask(call, "snooze", number)
    lines = reply.notice.lines if reply.notice else ()
    row = tuple(Button(said(label), "snooze", (number, f"in_{word}")) for word, label in CHOICES)
    rows: Rows = (row, (Button(said("button.cancel"), "cancel"),))
    return Reply(Notice(lines, rows), work=number)


def press_snooze(call: StaffCall) -> Reply:
    """Snooze an item for one of the spans offered."""
    number = call.words.int_arg(0)
    read = args.when(call.words.word_arg(1).removeprefix("in_"), call.by.zone, call.tx.now)
    if read is None:
        raise Misused("button.outdated")
    placing.snooze(call.tx, number, read.at, "", call.by)
    return Reply(Notice((said("talk.snoozed", number=number, at=read.at),)), replace=True, work=number)
