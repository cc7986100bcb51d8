"""The dialogues of representatives: an answer, a note, a snooze, a task, and which case is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from bot.calls import Reply, StaffCall, Words
from bot.handlers.answers import answered, noted
from bot.moments import what_and_when
from bot.render.lists import short
from core.activities import actions as activities
from core.cases import editing
from core.cases.fields import Field
from core.cases.views import NewFile
from core.errors import Misused
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import drop_draft, keep_draft
from core.work.views import ItemView

#: The dialogues that ask for words about one item, by name, with the question each asks.
QUESTIONS = {
    "answer": "ask.answer",
    "note": "ask.note",
    "snooze": "ask.snooze",
    "snooze_why": "ask.snooze_why",
    "task": "ask.task",
    "edit_title": "ask.edit_title",
    "edit_product": "ask.edit_product",
}


def ask(call: StaffCall, form: str, number: int, name: str = "") -> Reply:
    """Begin a dialogue about an item: the next words in this chat are taken for the answer.

    The question is not linked with the item: a reply to it answers the question, and not the customer.
    """
    keep_draft(call.tx, call.words.chat_id, form, {"number": number})
    buttons: Rows = ((Button(said("button.cancel"), "cancel"),),)
    return Reply(Notice((said(QUESTIONS[form], number=number, name=name),), buttons))


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
    return snooze(call, number, call.words.text)


def _take_snooze_why(call: StaffCall, number: int) -> Reply:
    item = activities.explain_snooze(call.tx, number, call.words.text, call.by)
    return Reply(Notice((said("talk.snoozed_for", number=number, at=item.snoozed_until, why=call.words.text),)))


def _take_task(call: StaffCall, number: int) -> Reply:
    return plan_task(call, call.words.text, number)


def _take_title(call: StaffCall, number: int) -> Reply:
    return _take_field(call, number, Field.TITLE)


def _take_product(call: StaffCall, number: int) -> Reply:
    return _take_field(call, number, Field.PRODUCT)


def _take_field(call: StaffCall, number: int, field: Field) -> Reply:
    editing.edit(call.tx, number, {field: call.words.text}, call.by)
    call.show_card(number)
    return Reply()


def snooze(call: StaffCall, number: int, text: str) -> Reply:
    """Snooze an item until the instant that some words say at their beginning or end; the others are the reason.

    Raises:
        Misused: `when.unknown`, with the words.
    """
    why, until = what_and_when(text, call.by.zone, call.tx.now)
    if until is None:
        raise Misused("when.unknown", words=short(text))
    activities.snooze(call.tx, number, until, why, call.by)
    call.show_card(number)
    return Reply()


def plan_task(call: StaffCall, text: str, regarding: int | None) -> Reply:
    """Plan a task out of words, with an instant at their beginning or end if there is one."""
    title, due_at = what_and_when(text, call.by.zone, call.tx.now)
    if not title:
        raise Misused("usage.task")
    task = activities.plan_task(call.tx, title, call.by, due_at=due_at, regarding=regarding)
    call.show_card(task.number)
    return Reply()


_TAKERS: dict[str, Callable[[StaffCall, int], Reply]] = {
    "answer": _take_answer,
    "note": _take_note,
    "snooze": _take_snooze,
    "snooze_why": _take_snooze_why,
    "task": _take_task,
    "edit_title": _take_title,
    "edit_product": _take_product,
}


def ask_which(call: StaffCall, mine: Sequence[ItemView], tasks: int = 0) -> Reply:
    """Ask which case some words that answer nothing are meant for; they are kept, and no case is opened.

    Args:
        mine: the cases they can be meant for; where there are none, nothing is kept.
        tasks: how many tasks somebody has in progress, to whom cases only can be answered.
    """
    if not mine:
        drop_draft(call.tx, call.words.chat_id)
        return Reply(Notice((said("ask.which_tasks", count=tasks) if tasks else said("ask.which_none"),)))
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
    return Reply(Notice((said("ask.which"),), (*rows, (Button(said("button.cancel"), "cancel"),))))


def kept_words(call: StaffCall, state: dict[str, Any]) -> StaffCall:
    """Make the call anew that the kept words were."""
    files = tuple(NewFile(**file) for file in state.get("files", []))
    words = Words(call.words.chat_id, int(state["message_id"]), str(state["text"]), files=files)
    return StaffCall(call.tx, call.by, words)
