"""Who takes part in a case by mail besides its customer: brought in, taken off, or let in with a letter."""

from __future__ import annotations

from dataclasses import replace

from bot import args
from bot.calls import Reply, StaffCall
from bot.handlers import keeping
from core.cases import copying
from core.texts.said import Notice, said


def copy(call: StaffCall) -> Reply:
    """`/copy N ADDRESS`: let whoever has a mail address take part in a case."""
    number, rest = args.number(call.words.text, call.words.about, "usage.copy")
    address = copying.copy(call.tx, number, rest, call.by)
    return Reply(Notice((said("talk.copied_in", number=number, address=address),)), work=number)


def uncopy(call: StaffCall) -> Reply:
    """`/uncopy N ADDRESS`: let somebody take part in a case no more; the only one need not be named."""
    number, rest = args.number(call.words.text, call.words.about, "usage.uncopy")
    address = copying.uncopy(call.tx, number, rest, call.by)
    return Reply(Notice((said("talk.copied_out", number=number, address=address),)), work=number)


def press_join(call: StaffCall) -> Reply:
    """Let in somebody who answered a case they were not on, with all that they wrote."""
    number = call.words.int_arg(0)
    into = copying.join(call.tx, number, call.words.int_arg(1), call.by)
    call.show_card(into)
    return Reply(Notice((said("talk.joined", number=number, into=into),)), replace=True, work=into)


def press_join_letter(call: StaffCall) -> Reply:
    """Let the sender of a letter that was set aside into the case that it names, and the letter through."""
    number = copying.join_letter(call.tx, call.words.int_arg(0), call.by)
    return replace(keeping.letters_page(call, call.words.int_arg(1)), toast=said("toast.letter_joined", number=number))
