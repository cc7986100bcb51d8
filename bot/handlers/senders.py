"""What is said of senders: whose letters are always accepted, and whose are heard no more."""

from __future__ import annotations

from dataclasses import replace

from bot.calls import Reply, StaffCall
from bot.handlers import keeping
from bot.render import keeping as render
from bot.render import lists
from core.cases import letters as aside
from core.customers import senders as rules
from core.customers.public_mail import is_public
from core.customers.senders import Verdict
from core.errors import Misused
from core.people.rules import Right, may
from core.texts.said import Notice, said

#: What is said of a sender, by the word that stands before them.
_VERDICTS = {
    "accept": Verdict.ACCEPT, "приймати": Verdict.ACCEPT, "прийняти": Verdict.ACCEPT,
    "block": Verdict.BLOCK, "блокувати": Verdict.BLOCK, "заблокувати": Verdict.BLOCK,
}  # fmt: skip


def senders(call: StaffCall) -> Reply:
    """`/senders`: what was said of senders; `/senders accept example.com` or `/senders block ADDRESS` says it."""
    word, _, sender = call.words.text.strip().partition(" ")
    if not word:
        return _shown(call, 0)
    verdict = _VERDICTS.get(word.casefold())
    if verdict is None or not sender.strip():
        raise Misused("usage.senders")
    told = rules.say_of_sender(call.tx, sender, verdict, call.by)
    lines = [said(f"senders.said_{told.verdict}", sender=told.pattern)]
    if is_public(told.pattern):
        lines.append(said("senders.public", sender=told.pattern))
    return Reply(Notice(tuple(lines)))


def press_senders(call: StaffCall) -> Reply:
    """Show a page of what was said of senders."""
    return _shown(call, call.words.int_arg(0))


def press_drop(call: StaffCall) -> Reply:
    """Take back what was said of a sender."""
    told = rules.take_back(call.tx, call.words.int_arg(0), call.by)
    return replace(_shown(call, call.words.int_arg(1)), toast=said("toast.sender_dropped", sender=told.pattern))


def press_block(call: StaffCall) -> Reply:
    """Hear the sender of a letter that was set aside no more."""
    told = aside.block_sender(call.tx, call.words.int_arg(0), call.by)
    return replace(
        keeping.letters_page(call, call.words.int_arg(1)), toast=said("toast.sender_blocked", sender=told.pattern)
    )


def press_accept(call: StaffCall) -> Reply:
    """Let a letter through that was set aside, and all that its sender writes from now on."""
    told = aside.always_accept(call.tx, call.words.int_arg(0), call.by)
    return replace(
        keeping.letters_page(call, call.words.int_arg(1)), toast=said("toast.sender_accepted", sender=told.pattern)
    )


def _shown(call: StaffCall, offset: int) -> Reply:
    _, total = rules.rules_on_senders(call.tx, call.by, limit=0)
    offset = lists.page_offset(offset, total)
    found, _ = rules.rules_on_senders(call.tx, call.by, offset=offset, limit=lists.PAGE)
    keeps = may(call.by.role, Right.KEEP_SENDERS)
    return Reply(render.senders(found, offset, total, keeps=keeps), replace=True)
