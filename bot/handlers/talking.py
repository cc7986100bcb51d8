"""Answers, notes, undo: what a representative says, and to whom."""

from __future__ import annotations

from bot import args
from bot.calls import NOTHING, Reply, StaffCall
from bot.forms import staff as forms
from bot.handlers import opening
from bot.handlers.answers import alone, answered, noted
from core.cases import answering, seeing, unsent
from core.cases.collisions import Seen
from core.errors import Misused
from core.texts.said import Notice, said
from core.work import seeing as work
from core.work.drafts import draft_of, drop_draft
from core.work.rules import QueueKind, WorkKind


def reply(call: StaffCall) -> Reply:
    """`/reply N words`: answer the customer of a case; without words, ask for them."""
    number, text = args.number(call.words.text, call.words.about, "usage.reply")
    if not text and not call.words.files:
        return forms.ask_answer(call, number)
    return answered(call, number, text, _seen(call) if number == call.words.about else None)


def _seen(call: StaffCall) -> Seen:
    """Tell what somebody had before them who replies to a message: its entry, or how its item looked then."""
    return Seen(call.words.entry, *call.words.replied_at)


def note(call: StaffCall) -> Reply:
    """`/note N words`: add a note; without words, ask for them."""
    number, text = args.number(call.words.text, call.words.about, "usage.note", words_first=True)
    return noted(call, number, text) if text or call.words.files else _ask_note(call, number)


def press_answer(call: StaffCall) -> Reply:
    """Ask for the answer to a case."""
    return forms.ask_answer(call, call.words.int_arg(0))


def press_note(call: StaffCall) -> Reply:
    """Ask for a note on a case."""
    return _ask_note(call, call.words.int_arg(0))


def _ask_note(call: StaffCall, number: int) -> Reply:
    seeing.case(call.tx, number, call.by)
    return forms.ask(call, "note", number)


def press_undo(call: StaffCall) -> Reply:
    """Take an answer back."""
    answering.undo(call.tx, call.words.int_arg(1), call.by)
    return Reply(Notice((said("talk.undone", number=call.words.int_arg(0)),)), replace=True)


def press_alone(call: StaffCall) -> Reply:
    """Let an answer go to the customer only."""
    return alone(call, call.words.int_arg(1))


def cancel(call: StaffCall) -> Reply:
    """`/cancel`, or its button: end what was being asked."""
    was = drop_draft(call.tx, call.words.chat_id)
    what = Notice((said("talk.cancelled" if was else "talk.nothing_to_cancel"),))
    return Reply(what, replace=True)


def plain(call: StaffCall) -> Reply:
    """Take words that are no command: an answer to what they reply to, what was asked for, or ask which case."""
    if call.words.about is not None:
        if work.item(call.tx, call.words.about, call.by).kind is not WorkKind.CASE:
            raise Misused("case.is_task", number=call.words.about)
        drop_draft(call.tx, call.words.chat_id)
        return answered(call, call.words.about, call.words.text, _seen(call))
    draft = draft_of(call.tx, call.words.chat_id)
    if draft is not None and draft[0] in forms.QUESTIONS:
        return forms.take(call, *draft)
    if draft is not None and draft[0] == opening.FORM:
        return opening.take(call)
    cases, total = work.own_items(call.tx, call.by, QueueKind.IN_PROGRESS, only=WorkKind.CASE)
    return forms.ask_which(call, cases, total)


def press_which(call: StaffCall) -> Reply:
    """Send the kept words to the case that was meant."""
    draft = draft_of(call.tx, call.words.chat_id)
    if draft is None or draft[0] != "which":
        return Reply(toast=said("talk.nothing_kept"))
    before = forms.kept_words(call, draft[1])
    reply = answered(before, call.words.int_arg(0), before.words.text)
    drop_draft(call.tx, call.words.chat_id)
    return Reply(reply.notice, replace=True, work=reply.work)


def edited(call: StaffCall) -> Reply:
    """Take over the edit of an answer or a note."""
    chat = (call.words.chat_id, call.words.message_id)
    text = call.words.text
    if call.words.command in {"reply", "note"}:
        inside = call.words.command == "note"
        _, text = args.number(text, call.words.about, f"usage.{call.words.command}", words_first=inside)
    number = answering.edit_answer(call.tx, chat, text, call.by)
    if number is None:
        number = unsent.edit(call.tx, chat, text, call.by)
    return NOTHING if number is None else Reply(Notice((said("talk.edited", number=number),)), work=number)
