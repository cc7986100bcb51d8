"""The dialogues of representatives: an answer, a note, a snooze, a task, and which case is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from bot.args import when
from bot.calls import Reply, StaffCall, Words
from bot.handlers.answers import answered, noted
from bot.render.lists import short
from core.activities import actions as activities
from core.cases.views import NewFile
from core.errors import Misused
from core.texts.said import Button, Notice, Rows, said
from core.work import placing
from core.work.drafts import drop_draft, keep_draft
from core.work.views import ItemView

#: The dialogues that ask for words about one item, by name, with the question each asks.
QUESTIONS = {"answer": "ask.answer", "note": "ask.note", "snooze": "ask.snooze", "task": "ask.task"}


def ask(call: StaffCall, form: str, number: int, name: str = "") -> Reply:
    """Begin a dialogue about an item: the next words in this chat are taken for the answer."""
    keep_draft(call.tx, call.words.chat_id, form, {"number": number})
    buttons: Rows = ((Button(said("button.cancel"), "cancel"),),)
    return Reply(Notice((said(QUESTIONS[form], number=number, name=name),), buttons), work=number)


def take(call: StaffCall, form: str, state: dict[str, Any]) -> Reply:
    """Go on with a dialogue: take the words for what was asked."""
    reply = _TAKERS[form](call, int(state["number"]))
    drop_draft(call.tx, call.words.chat_id)
    return reply


def _take_answer(call: StaffCall, number: int) -> Reply:
    return answered(call, number, call.words.text)


def _take_note(call: StaffCall, number: int) -> Reply:
    return noted(call, number, call.words.text)


def _take_snooze(call: StaffCall, number: int) -> Reply:
    read = when(call.words.text, call.by.zone, call.tx.now)
    if read is None:
        raise Misused("usage.snooze")
    placing.snooze(call.tx, number, read.at, read.rest, call.by)
    call.show_card(number)
    return Reply()


def _take_task(call: StaffCall, number: int) -> Reply:
    read = when(call.words.text, call.by.zone, call.tx.now)
    title, due_at = (read.rest, read.at) if read else (call.words.text, None)
    task = activities.plan_task(call.tx, title, call.by, due_at=due_at, regarding=number)
    call.show_card(task.number)
    return Reply()


_TAKERS: dict[str, Callable[[StaffCall, int], Reply]] = {
    "answer": _take_answer,
    "note": _take_note,
    "snooze": _take_snooze,
    "task": _take_task,
}


def ask_which(call: StaffCall, mine: Sequence[ItemView]) -> Reply:
    """Ask which case some words that answer nothing are meant for; they are kept, and no case is opened."""
    state = {
        "text": call.words.text,
        "message_id": call.words.message_id,
        "files": [asdict(file) for file in call.words.files],
    }
    keep_draft(call.tx, call.words.chat_id, "which", state)
    rows: Rows = tuple(
        (Button(said("button.item", number=one.number, title=short(one.title, 30)), "which", (one.number,)),)
        for one in mine[:8]
    )
    key = "ask.which" if mine else "ask.which_none"
    return Reply(Notice((said(key),), (*rows, (Button(said("button.cancel"), "cancel"),))))


def kept_words(call: StaffCall, state: dict[str, Any]) -> StaffCall:
    """Make the call anew that the kept words were."""
    files = tuple(NewFile(**file) for file in state.get("files", []))
    words = Words(call.words.chat_id, int(state["message_id"]), str(state["text"]), files=files)
    return StaffCall(call.tx, call.by, words)
