"""Answers that wait: send them, write them anew, or throw them away."""

from __future__ import annotations

from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from bot.handlers.answers import sending
from bot.render import unsent as render
from core.cases import answering, unsent
from core.cases.collisions import Seen
from core.cases.views import AnswerView


def press_send(call: StaffCall) -> Reply:
    """Send an answer that waits, unless yet more came since it was shown."""
    waiting = unsent.mine(call.tx, call.words.int_arg(0), call.by)
    made = answering.answer_unless_overtaken(
        call.tx, waiting.number, waiting.text, call.by,
        seen=Seen(waiting.seen), files=waiting.files, chat=waiting.chat,
    )  # fmt: skip
    if isinstance(made, AnswerView):
        unsent.drop(call.tx, waiting.id, call.by)
        reply = sending(call, made)
        return Reply(reply.notice, replace=True, work=reply.work, entry=reply.entry)
    unsent.now_seen(call.tx, waiting.id, made.came[-1].id, call.by)
    return Reply(render.held(waiting, made.came), replace=True, work=waiting.number)


def press_edit(call: StaffCall) -> Reply:
    """Ask for an answer anew, with the words that wait to be copied; the message keeps them."""
    waiting = unsent.mine(call.tx, call.words.int_arg(0), call.by)
    reply = forms.ask_answer(call, waiting.number, waiting.text)
    unsent.drop(call.tx, waiting.id, call.by)
    return Reply(reply.notice, replace=True)


def press_drop(call: StaffCall) -> Reply:
    """Throw an answer away; its words stay to be read."""
    waiting = unsent.mine(call.tx, call.words.int_arg(0), call.by)
    unsent.drop(call.tx, waiting.id, call.by)
    return Reply(render.dropped(waiting), replace=True, work=waiting.number)
