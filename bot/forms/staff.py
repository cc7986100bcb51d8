"""The dialogues of representatives: an answer, a note, a snooze, an activity, and which case is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot import planwords
from bot.calls import Reply, StaffCall, Words
from bot.handlers.answers import answered, before_writing, noted
from bot.moments import planned, what_and_when
from bot.render import plans
from bot.render.lists import short
from core.activities import actions as activities
from core.activities import finishing, seeing
from core.activities.rules import MEETINGS
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import appointments, collisions, editing
from core.cases import seeing as cases_seen
from core.cases.collisions import Seen
from core.cases.fields import Field
from core.cases.templates import any_usable
from core.cases.views import NewFile
from core.customers import finding
from core.errors import Misused
from core.people import seeing as people
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import drop_draft, keep_draft
from core.work.rules import WorkKind
from core.work.views import ItemView

#: The dialogues that ask for words about one item, by name, with the question each asks.
QUESTIONS = {
    "answer": "ask.answer",
    "note": "ask.note",
    "snooze": "ask.snooze",
    "snooze_why": "ask.snooze_why",
    "task": "ask.task",
    "steal": "ask.steal",
    "edit_title": "ask.edit_title",
    "edit_product": "ask.edit_product",
    "done": "ask.done",
    "move": "ask.move",
}


def ask(call: StaffCall, form: str, number: int, name: str = "") -> Reply:
    """Begin a dialogue about an item: the next words in this chat are taken for the answer.

    The question is not linked with the item: a reply to it answers the question, and not the customer.
    """
    keep_draft(call.tx, call.words.chat_id, form, {"number": number})
    return _question(form, number, name)


def ask_answer(call: StaffCall, number: int, text: str = "") -> Reply:
    """Ask for the answer to a case, and say who else is writing one.

    Args:
        text: words to begin with, which are shown to be copied.
    """
    case = cases_seen.case(call.tx, number, call.by)
    keep_draft(call.tx, call.words.chat_id, "answer", {"number": number, "seen": collisions.latest(call.tx, number)})
    asked = _question("answer", number, case.contact.name)
    shown = asked.notice or Notice(())
    lines = [*before_writing(call, case), *shown.lines]
    lines += [said("answer.to_copy", text=text)] if text else []
    ways = (Button(said("button.templates"), "templates", (number, 0)),) if any_usable(call.tx, call.by) else ()
    return replace(asked, notice=Notice(tuple(lines), ((*ways, *shown.buttons[0]),)))


def _question(form: str, number: int, name: str = "") -> Reply:
    buttons: Rows = ((Button(said("button.cancel"), "cancel"),),)
    return Reply(Notice((said(QUESTIONS[form], number=number, name=name),), buttons))


def take(call: StaffCall, form: str, state: dict[str, Any]) -> Reply:
    """Go on with a dialogue: take the words for what was asked."""
    number = int(state["number"])
    if form == "answer":
        reply = answered(call, number, call.words.text, Seen(int(state["seen"])) if "seen" in state else None)
    else:
        reply = _TAKERS[form](call, number)
    drop_draft(call.tx, call.words.chat_id)
    return reply


def _take_note(call: StaffCall, number: int) -> Reply:
    return noted(call, number, call.words.text)


def _take_snooze(call: StaffCall, number: int) -> Reply:
    return snooze(call, number, call.words.text)


def _take_snooze_why(call: StaffCall, number: int) -> Reply:
    item = activities.explain_snooze(call.tx, number, call.words.text, call.by)
    return Reply(Notice((said("talk.snoozed_for", number=number, at=item.snoozed_until, why=call.words.text),)))


def _take_title(call: StaffCall, number: int) -> Reply:
    return _take_field(call, number, Field.TITLE)


def _take_product(call: StaffCall, number: int) -> Reply:
    return _take_field(call, number, Field.PRODUCT)


def _take_field(call: StaffCall, number: int, field: Field) -> Reply:
    editing.edit(call.tx, number, {field: call.words.text}, call.by)
    call.show_card(number)
    return Reply()


def _take_steal(call: StaffCall, number: int) -> Reply:
    return steal(call, number, call.words.text)


def steal(call: StaffCall, number: int, why: str) -> Reply:
    """Take over what somebody else works on, and show its card."""
    cases.steal(call.tx, number, why, call.by)
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


def plan(call: StaffCall, kind: WorkKind, text: str, about: int | None) -> Reply:
    """Plan an activity out of words, and say whether the customer of its case is invited.

    Raises:
        Misused: there is nothing to be done in them, or no time that can be understood.
        NotFound, Refused: there is no such case, customer or colleague, or there are several.
    """
    service = kind is WorkKind.SERVICE
    told = planwords.read(text, about, call.by.zone, call.tx.now, colleagues=service)
    if not told.title:
        raise Misused(f"usage.{plans.COMMANDS[kind]}")
    contact = finding.the_one(call.tx, told.customer, call.by).id if told.customer else None
    needed = tuple(people.find(call.tx, one, call.by).id for one in told.colleagues)
    what = Plan(kind, told.title, told.at, told.until, told.about, contact, told.place, told.remind, needed)
    made = appointments.plan(call.tx, what, call.by)
    call.show_card(made.item.number)
    in_the_way = seeing.clashes(call.tx, made.item.number, call.by) if kind in MEETINGS else ()
    shown = plans.planned(made, round(call.tx.house.undo.total_seconds()), in_the_way)
    return Reply(shown, work=made.item.number)


def _take_task(call: StaffCall, number: int) -> Reply:
    """Plan a task for the case that was asked about: a number in the words is a part of them."""
    told = planned(call.words.text, call.by.zone, call.tx.now)
    if not told.title:
        raise Misused("usage.task")
    item = activities.plan(call.tx, Plan(WorkKind.TASK, told.title, told.at, told.until, regarding=number), call.by)
    call.show_card(item.number)
    return Reply()


def finish(call: StaffCall, number: int, text: str) -> Reply:
    """End an activity with what came of it, and how long it took where that was said."""
    outcome, minutes = planwords.took(text)
    case = finishing.finish(call.tx, number, call.by, outcome, minutes)
    call.show_card(number)
    return Reply(plans.to_write(number, case))


def move(call: StaffCall, number: int, text: str) -> Reply:
    """Move an activity to the time that some words say.

    Raises:
        Misused: `when.unknown`, with the words.
    """
    told = planned(text, call.by.zone, call.tx.now)
    if told.at is None or told.title:
        raise Misused("when.unknown", words=short(told.title or text))
    moved = appointments.move(call.tx, number, told.at, call.by, until=told.until)
    call.show_card(number)
    in_the_way = seeing.clashes(call.tx, number, call.by) if moved.kind in MEETINGS else ()
    return Reply(plans.with_clashes(None, in_the_way))


def _take_done(call: StaffCall, number: int) -> Reply:
    return finish(call, number, call.words.text)


def _take_move(call: StaffCall, number: int) -> Reply:
    return move(call, number, call.words.text)


_TAKERS: dict[str, Callable[[StaffCall, int], Reply]] = {
    "note": _take_note,
    "snooze": _take_snooze,
    "snooze_why": _take_snooze_why,
    "task": _take_task,
    "steal": _take_steal,
    "edit_title": _take_title,
    "edit_product": _take_product,
    "done": _take_done,
    "move": _take_move,
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
