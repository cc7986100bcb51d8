"""Cases opened on behalf of customers: who is meant, what they said, and whether they are told."""

from __future__ import annotations

import re

from bot.calls import Reply, StaffCall
from bot.render import opening as render
from core.cases import opening, seeing
from core.cases.views import NewFile
from core.customers import finding
from core.errors import Misused
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import draft_of, drop_draft, keep_draft

#: The dialogue that asks whom a new case is for, and what they said.
FORM = "new_for"

#: The words, kept until a button says which of several customers is meant.
_KEPT = "new_whom"

#: Who, a colon or the end of a line, and the words.
_WHO_AND_WORDS = re.compile(r"\s*([^:\n]{1,200}?)\s*(?::|\n)\s*(.+)", re.DOTALL)


def new(call: StaffCall) -> Reply:
    """`/new NAME-or-address: words`: open a case on behalf of a customer; without words, ask for them."""
    finding.find(call.tx, "", call.by)  # before it is said how it is written
    if call.words.text:
        return _begun(call, call.words.text)
    keep_draft(call.tx, call.words.chat_id, FORM, {})
    buttons: Rows = ((Button(said("button.cancel"), "cancel"),),)
    return Reply(Notice((said("ask.new_for"),), buttons))


def take(call: StaffCall) -> Reply:
    """Take the words that were asked for."""
    return _begun(call, call.words.text)


def _begun(call: StaffCall, words: str) -> Reply:
    read = _WHO_AND_WORDS.fullmatch(words)
    if read is None:
        raise Misused("usage.new")
    who, text = read[1], read[2]
    known = finding.find(call.tx, who, call.by)
    if len(known) == 1:
        drop_draft(call.tx, call.words.chat_id)
        return _opened(call, opening.open_for(call.tx, known[0].id, text, call.by, files=call.words.files))
    if not known:
        drop_draft(call.tx, call.words.chat_id)
        return _opened(call, opening.open_for_new(call.tx, who, text, call.by, files=call.words.files))
    files = [[one.kind, one.name, one.content_type, one.size, one.digest, one.telegram_id] for one in call.words.files]
    keep_draft(call.tx, call.words.chat_id, _KEPT, {"who": who, "text": text, "files": files})
    return Reply(render.choose_customer(who, known))


def press_new_for(call: StaffCall) -> Reply:
    """Open the case of the kept words for the customer who was chosen, or for a new one."""
    draft = draft_of(call.tx, call.words.chat_id)
    if draft is None or draft[0] != _KEPT:
        return Reply(toast=said("talk.nothing_kept"))
    who, text = str(draft[1]["who"]), str(draft[1]["text"])
    files = tuple(NewFile(*one) for one in draft[1]["files"])
    chosen = call.words.int_arg(0)
    if chosen:
        number = opening.open_for(call.tx, chosen, text, call.by, files=files)
    else:
        number = opening.open_for_new(call.tx, who, text, call.by, files=files)
    drop_draft(call.tx, call.words.chat_id)
    reply = _opened(call, number)
    return Reply(reply.notice, replace=True, work=number)


def _opened(call: StaffCall, number: int) -> Reply:
    case = seeing.case(call.tx, number, call.by)
    call.show_card(number)
    return Reply(render.opened(case, finding.found(call.tx, case.contact.id, call.by)), work=number)


def press_tell_opened(call: StaffCall) -> Reply:
    """Tell the customer that a case was opened for them."""
    number = call.words.int_arg(0)
    name = opening.tell_opened(call.tx, number, call.by)
    return Reply(Notice((said("talk.told_opened", number=number, name=name),)), replace=True, work=number)
