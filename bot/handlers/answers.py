"""Write to a customer or into a case, and say what was done: shared by commands, replies and dialogues."""

from __future__ import annotations

from bot.calls import Reply, StaffCall
from bot.render import unsent as render
from core.cases import answering, collisions, copies, unsent
from core.cases.collisions import Seen
from core.cases.mentions import mentioned
from core.cases.unsent import Waiting
from core.cases.views import AnswerView, CaseView
from core.outbox.model import Channel
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.rules import QueueKind


def before_writing(call: StaffCall, case: CaseView) -> list[Said]:
    """Say what somebody should know before they write an answer: that another has the case, or writes one too.

    And who reads it besides the customer.
    """
    item, lines = case.item, []
    if item.queue is not None and item.queue.kind is QueueKind.IN_PROGRESS and item.holder_id != call.by.id:
        name = item.queue.owner_name or ""
        lines.append(said("answer.other_has", name=name, number=item.number, since=item.since))
    if case.parties and (case.answer_by or case.reply_channel) is Channel.EMAIL:
        lines.append(said("answer.in_copy", names=[one.name for one in case.parties]))
    others = collisions.writers(call.tx, item.number, call.by)
    return lines + [said("answer.others_write", name=one.name, since=one.since) for one in others]


def answered(call: StaffCall, number: int, text: str, seen: Seen | None = None) -> Reply:
    """Answer a customer and say to whom and how it goes, with a way to take it back.

    Args:
        seen: what they knew of the case when they began: what came after that is shown, and the answer kept.
    """
    chat = (call.words.chat_id, call.words.message_id)
    files = call.words.files
    if seen is None:
        return sending(call, answering.answer(call.tx, number, text, call.by, files=files, chat=chat))
    made = answering.answer_unless_overtaken(call.tx, number, text, call.by, seen=seen, files=files, chat=chat)
    if isinstance(made, AnswerView):
        return sending(call, made)
    kept = unsent.keep(call.tx, number, Waiting(0, number, text, files, chat, made.came[-1].id), call.by)
    return Reply(render.held(kept, made.came), work=number)


def sending(call: StaffCall, made: AnswerView) -> Reply:
    """Say to whom an answer goes and how, with a way to take it back."""
    number = made.number
    lines = [said("talk.sending", name=made.name, number=number, channel=said(f"channel.{made.channel}"))]
    rows: list[tuple[Button, ...]] = [(_undo(call, number, made.entry_id),)]
    if made.unsealed:
        lines.append(said("talk.unsealed"))
    if made.copied:
        lines.append(said("talk.in_copy", addresses=list(made.copied)))
        rows.append((Button(said("button.alone"), "alone", (number, made.entry_id)),))
    return Reply(Notice(tuple(lines), tuple(rows)), work=number, entry=made.entry_id)


def alone(call: StaffCall, entry: int) -> Reply:
    """Let an answer go to the customer only, and say so in the place of the line that said to whom it goes."""
    number = copies.leave_out(call.tx, entry, call.by)
    rows: Rows = ((_undo(call, number, entry),),)
    return Reply(Notice((said("talk.alone", number=number),), rows), replace=True, work=number, entry=entry)


def _undo(call: StaffCall, number: int, entry: int) -> Button:
    return Button(said("button.undo", seconds=round(call.tx.house.undo.total_seconds())), "undo", (number, entry))


def noted(call: StaffCall, number: int, text: str) -> Reply:
    """Add a note that stays inside."""
    chat = (call.words.chat_id, call.words.message_id)
    answering.note(call.tx, number, text, call.by, files=call.words.files, chat=chat)
    found = mentioned(call.tx, text)
    lines = [said("talk.noted", number=number)]
    others = [one.name for one in found.people if one.id != call.by.id]
    if others:
        lines.append(said("talk.mentioned", names=others))
    if found.unknown:
        lines.append(said("talk.mentioned_nobody", words=[f"@{one}" for one in found.unknown]))
    return Reply(Notice(tuple(lines)), work=number)
