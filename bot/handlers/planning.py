"""Tasks and snoozes: what is to be done later."""

from __future__ import annotations

from bot import args
from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from bot.moments import when
from core.activities import actions as activities
from core.errors import Misused, Refused
from core.texts.said import Button, Notice, Rows, said
from core.work import seeing
from core.work.drafts import drop_draft
from core.work.rules import WorkKind


def task(call: StaffCall) -> Reply:
    """`/task [N] [WHEN] WORDS [WHEN]`: plan a task, of your own, for a case or for a customer."""
    return forms.plan(call, WorkKind.TASK, call.words.text, call.words.about)


def press_plan(call: StaffCall) -> Reply:
    """Ask for a task for a case."""
    seeing.item(call.tx, call.words.int_arg(0), call.by)
    return forms.ask(call, "task", call.words.int_arg(0))


def snooze(call: StaffCall) -> Reply:
    """`/snooze N WHEN [WHY]`: plan an item for later; you are reminded then."""
    number, text = args.number(call.words.text, call.words.about, "usage.snooze", words_first=True)
    return forms.snooze(call, number, text) if text else _ask_snooze(call, number)


#: Spans offered by buttons, as words that `when` reads.
CHOICES = (("1h", "button.snooze_hour"), ("tomorrow", "button.snooze_tomorrow"), ("7d", "button.snooze_week"))


def press_snooze_ask(call: StaffCall) -> Reply:
    """Ask until when an item is to be snoozed."""
    return _ask_snooze(call, call.words.int_arg(0))


def _ask_snooze(call: StaffCall, number: int) -> Reply:
    item = seeing.item(call.tx, number, call.by)
    if not item.open:
        raise Refused("item.closed", number=number, at=item.closed_at)
    reply = forms.ask(call, "snooze", number)
    lines = reply.notice.lines if reply.notice else ()
    row = tuple(Button(said(label), "snooze", (number, f"in_{word}")) for word, label in CHOICES)
    rows: Rows = (row, (Button(said("button.cancel"), "cancel"),))
    return Reply(Notice(lines, rows))


def press_snooze(call: StaffCall) -> Reply:
    """Snooze an item for one of the spans offered, and ask why."""
    number = call.words.int_arg(0)
    read = when(call.words.word_arg(1).removeprefix("in_"), call.by.zone, call.tx.now)
    if read is None:
        raise Misused("button.outdated")
    drop_draft(call.tx, call.words.chat_id)
    activities.snooze(call.tx, number, read.at, "", call.by)
    asked = forms.ask(call, "snooze_why", number)
    lines = asked.notice.lines if asked.notice else ()
    row = (Button(said("button.skip"), "snooze_skip", (number,)),)
    return Reply(Notice((said("talk.snoozed", number=number, at=read.at), *lines), (row,)), replace=True)


def press_snooze_skip(call: StaffCall) -> Reply:
    """Leave a snooze without a reason."""
    number = call.words.int_arg(0)
    drop_draft(call.tx, call.words.chat_id)
    item = seeing.item(call.tx, number, call.by)
    line = said("talk.snoozed", number=number, at=item.snoozed_until) if item.snoozed_until else said("talk.cancelled")
    return Reply(Notice((line,)), replace=True)
