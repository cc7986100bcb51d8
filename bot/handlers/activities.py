"""Calls, letters and meetings, and what becomes of all that is planned: done, moved, called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import args
from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from bot.moments import when
from bot.render import plans
from core.activities import agenda, finishing, seeing
from core.activities.rules import MEETINGS
from core.activities.views import ActivityView
from core.cases import appointments
from core.errors import Misused, Refused
from core.people import seeing as people
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import drop_draft
from core.work.rules import WorkKind

#: Spans by which buttons move an activity, with their labels.
_MOVES = (("in_1h", "button.move_hour"), ("in_tomorrow", "button.move_tomorrow"))

#: Days of a week.
_WEEK = 7


def phone(call: StaffCall) -> Reply:
    """`/call [N] [WHEN] WORDS [WHEN]`: plan a phone call."""
    return forms.plan(call, WorkKind.CALL, call.words.text, call.words.about)


def meet(call: StaffCall) -> Reply:
    """`/meet [N] WHEN WORDS [@ PLACE]`: plan an appointment; the customer of the case is invited."""
    return forms.plan(call, WorkKind.APPOINTMENT, call.words.text, call.words.about)


def write(call: StaffCall) -> Reply:
    """`/write [N] [WHEN] WORDS [WHEN]`: plan a letter that is to be written."""
    return forms.plan(call, WorkKind.LETTER, call.words.text, call.words.about)


def chat(call: StaffCall) -> Reply:
    """`/chat [N] [WHEN] WORDS [WHEN]`: plan a message that is to be written in a chat."""
    return forms.plan(call, WorkKind.CHAT, call.words.text, call.words.about)


def serve(call: StaffCall) -> Reply:
    """`/serve N WHEN WORDS [@ PLACE] [with COLLEAGUES]`: plan a service activity for a case or a customer."""
    return forms.plan(call, WorkKind.SERVICE, call.words.text, call.words.about)


def press_uninvite(call: StaffCall) -> Reply:
    """Take an invitation back before it has gone out."""
    number = call.words.int_arg(0)
    appointments.uninvite(call.tx, number, call.by)
    return Reply(Notice((said("invited.taken_back", number=number),)), replace=True)


def done(call: StaffCall) -> Reply:
    """`/done N [OUTCOME] [30m]`: end an activity with what came of it."""
    number, text = args.number(call.words.text, call.words.about, "usage.done", words_first=True)
    return forms.finish(call, number, text)


def press_done(call: StaffCall) -> Reply:
    """Finish a task; of anything else ask what came of it."""
    number = call.words.int_arg(0)
    shown = seeing.activity(call.tx, number, call.by)
    if shown.item.kind is WorkKind.TASK:
        return press_finish(call)
    _insist_open(shown)
    asked = forms.ask(call, "done", number)
    rows: Rows = ((Button(said("button.without_words"), "finish", (number,)),),)
    return Reply(
        Notice(asked.notice.lines if asked.notice else (), (*rows, (Button(said("button.cancel"), "cancel"),)))
    )


def press_finish(call: StaffCall) -> Reply:
    """Finish an activity without a word."""
    number = call.words.int_arg(0)
    drop_draft(call.tx, call.words.chat_id)
    case = finishing.finish(call.tx, number, call.by)
    call.adopt(number)
    return Reply(plans.to_write(number, case), toast=said("toast.done", number=number))


def move(call: StaffCall) -> Reply:
    """`/move N WHEN`: move an activity; without a time, ask for it."""
    number, text = args.number(call.words.text, call.words.about, "usage.move", words_first=True)
    return forms.move(call, number, text) if text else _ask_move(call, number)


def press_move_ask(call: StaffCall) -> Reply:
    """Ask when an activity is to be instead."""
    return _ask_move(call, call.words.int_arg(0))


def _ask_move(call: StaffCall, number: int) -> Reply:
    _insist_open(seeing.activity(call.tx, number, call.by))
    asked = forms.ask(call, "move", number)
    row = tuple(Button(said(label), "move", (number, word)) for word, label in _MOVES)
    rows: Rows = (row, (Button(said("button.cancel"), "cancel"),))
    return Reply(Notice(asked.notice.lines if asked.notice else (), rows))


def _insist_open(shown: ActivityView) -> None:
    if not shown.item.open:
        raise Refused("item.closed", number=shown.number, at=shown.item.closed_at)


def press_move(call: StaffCall) -> Reply:
    """Move an activity by one of the spans offered."""
    number, span = call.words.int_arg(0), call.words.word_arg(1)
    at = _moved(seeing.activity(call.tx, number, call.by), span, call.by.zone, call.tx.now)
    drop_draft(call.tx, call.words.chat_id)
    item = appointments.move(call.tx, number, at, call.by)
    told = Notice((said("talk.moved", number=number, at=item.planned_at),))
    in_the_way = seeing.clashes(call.tx, number, call.by) if item.kind in MEETINGS else ()
    return Reply(plans.with_clashes(told, in_the_way), replace=True)


def _moved(shown: ActivityView, span: str, zone: str, now: datetime) -> datetime:
    """Tell when an activity is an hour after it was to be, or tomorrow at the same hour.

    Raises:
        Misused: `button.outdated`.
    """
    if span == "in_1h":
        return max(shown.at or now, now) + timedelta(hours=1)
    clock = f" {shown.at.astimezone(ZoneInfo(zone)):%H:%M}" if shown.at else ""
    read = when(f"tomorrow{clock}", zone, now) if span == "in_tomorrow" else None
    if read is None:
        raise Misused("button.outdated")
    return read.at


def calloff(call: StaffCall) -> Reply:
    """`/calloff N [WHY]`: call an activity off."""
    number, why = args.number(call.words.text, call.words.about, "usage.calloff", words_first=True)
    appointments.call_off(call.tx, number, call.by, why)
    call.show_card(number)
    return Reply()


def press_call_off(call: StaffCall) -> Reply:
    """Call the activity of a card off."""
    number = call.words.int_arg(0)
    appointments.call_off(call.tx, number, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.called_off", number=number))


def press_close_planned(call: StaffCall) -> Reply:
    """Call off what is planned for a closed case; among others that were closed with it, below what was said of all."""
    ended, left = appointments.close_planned(call.tx, call.words.int_arg(0), call.by)
    return Reply(plans.closed(ended, left), replace=not call.words.int_arg(1))


def today(call: StaffCall) -> Reply:
    """`/today [NAME]`: your day in order; managers may look at that of others."""
    return _agenda(call, 1)


def week(call: StaffCall) -> Reply:
    """`/week [NAME]`: the next seven days in order."""
    return _agenda(call, _WEEK)


def _agenda(call: StaffCall, days: int) -> Reply:
    person = call.words.int_arg(0)
    of = people.colleague(call.tx, person, call.by) if person else call.by
    if call.words.text:
        of = people.find(call.tx, call.words.text, call.by)
    shown = plans.agenda(agenda.agenda(call.tx, call.by, days, of=of), None if of.id == call.by.id else of)
    return Reply(shown, replace=bool(call.words.args))
