"""A customer shows that a mail address is theirs: they name it, and type the code that was sent there."""

from __future__ import annotations

import re

from bot.calls import CustomerCall, Reply
from core.cases import linking
from core.cases.linking import Linked
from core.customers.codes import CODE_LIFE, DIGITS
from core.customers.rules import Pace
from core.errors import Misused, Refused
from core.texts.said import Notice, said
from core.work.drafts import drop_draft, keep_draft

#: The dialogue in which the code is typed.
FORM = "code"

_CODE = re.compile(rf"\d{{{DIGITS}}}", re.ASCII)


def link(call: CustomerCall) -> Reply:
    """`/link ADDRESS`: have a code sent there; the answer is the same whether the desk knows the address or not."""
    _not_too_fast(call)
    address = linking.ask_code(call.tx, call.contact, call.words.text.strip())
    keep_draft(call.tx, call.words.chat_id, FORM, {})
    minutes = int(CODE_LIFE.total_seconds() // 60)
    return Reply(Notice((said("code.asked", address=address, minutes=minutes),)))


def code(call: CustomerCall) -> Reply:
    """`/code 12345678`: show that the address is yours."""
    _not_too_fast(call)
    typed = _read(call.words.text)
    if typed is None:
        raise Misused("usage.customer_code")
    return _linked(call, typed)


def typed(call: CustomerCall) -> Reply | None:
    """Take words for the code that this chat was asked for, if they look like one."""
    read = _read(call.words.text) if not call.words.files else None
    return _linked(call, read) if read is not None else None


def _not_too_fast(call: CustomerCall) -> None:
    if call.contact.pace is not Pace.USUAL:
        raise Refused("my.press_too_fast")


def _read(words: str) -> str | None:
    bare = re.sub(r"[\s-]", "", words)
    return bare if _CODE.fullmatch(bare) else None


def _linked(call: CustomerCall, typed: str) -> Reply:
    outcome = linking.link(call.tx, call.contact, call.words.chat_id, typed)
    if outcome.linked is Linked.WRONG and outcome.left:
        return Reply(Notice((said("code.wrong", count=outcome.left),)))
    drop_draft(call.tx, call.words.chat_id)
    if outcome.linked is Linked.WRONG:
        return Reply(Notice((said("code.spent"),)))
    return Reply(Notice((said(f"code.linked_{outcome.linked}", address=outcome.address),)))
