"""A pending question ends with whatever else is done: the next words must not go where nobody thinks of any more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.calls import Reply
from bot.chat import Heard, Pressed
from bot.forms.staff import QUESTIONS
from bot.handlers.opening import FORM as NEW_FOR
from core.desk import Tx
from core.outbox.actions import owe_notice
from core.people import queries as staff
from core.texts.said import Notice, Said, said
from core.work.drafts import draft_of, drop_draft

#: The buttons below a question, which go on with it or end it themselves; every question has `cancel`.
_OWN = {
    "snooze": ("snooze",),
    "snooze_why": ("snooze_skip",),
    "done": ("finish",),
    "move": ("move",),
    "answer": ("templates", "template"),
}


@dataclass(frozen=True, slots=True)
class Ended:
    """A question that something else has ended."""

    form: str
    number: int | None


def would_end(tx: Tx, event: Heard | Pressed) -> Ended | None:
    """Find the question in a chat that an event ends: any command or button does that is not its own."""
    if isinstance(event, Heard) and (event.command is None or event.edited):
        return None
    draft = draft_of(tx, event.sender.chat_id)
    if draft is None or draft[0] not in {*QUESTIONS, NEW_FOR}:
        return None
    verb = event.verb if isinstance(event, Pressed) else event.command
    if verb == "cancel" or (isinstance(event, Pressed) and verb in _OWN.get(draft[0], ())):
        return None
    return Ended(draft[0], int(draft[1]["number"]) if "number" in draft[1] else None)


def end(tx: Tx, event: Heard | Pressed) -> Ended | None:
    """End the question that an event ends, if there is one."""
    ended = would_end(tx, event)
    if ended is not None:
        drop_draft(tx, event.sender.chat_id)
    return ended


def end_refused(tx: Tx, event: Heard | Pressed) -> None:
    """End the question that an event ends although it was refused, and owe the line that says so."""
    ended = end(tx, event)
    person = staff.by_telegram(tx, event.sender.user_id)
    if ended is not None and person is not None and person.to is not None:
        owe_notice(tx, person.to, Notice((_line(ended),)), sound=False)


def told(tx: Tx, event: Heard | Pressed, ended: Ended | None, reply: Reply) -> Reply:
    """Say in a line above the reply that a question has ended, unless the same is asked anew."""
    if ended is None:
        return reply
    draft = draft_of(tx, event.sender.chat_id)
    if draft is not None and draft[0] == ended.form and draft[1].get("number") == ended.number:
        return reply
    shown = reply.notice or Notice(())
    return replace(reply, notice=replace(shown, lines=(_line(ended), *shown.lines)))


def _line(ended: Ended) -> Said:
    if ended.number is None:
        return said("talk.question_ended_new")
    return said("talk.question_ended", number=ended.number)
