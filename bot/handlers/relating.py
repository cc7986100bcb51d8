"""How cases belong together: links, parents and children, and a case split off another."""

from __future__ import annotations

import re

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import relating as render
from core.cases import relations, seeing, splitting
from core.errors import Misused
from core.texts.said import Notice, said

#: A second number, or a word that takes away.
_SECOND = re.compile(r"[№#nN]?\s*(\d{1,12})(?:\s+(\S+))?")

#: What takes a link or a parent away.
_OFF = frozenset({"off", "none", "-", "ні", "немає", "вимкнути"})

#: The latest messages that are offered to split from.
_OFFERED = 6


def link(call: StaffCall) -> Reply:
    """`/link 12 15`: let two cases show each other; `/link 12 15 off` ends it."""
    number, rest = args.number(call.words.text, call.words.about, "usage.link")
    read = _SECOND.fullmatch(rest.strip())
    if read is None or (read[2] and read[2].casefold() not in _OFF):
        raise Misused("usage.link")
    verb = relations.unlink if read[2] else relations.link
    number, other = verb(call.tx, number, int(read[1]), call.by)
    key = "talk.unlinked" if read[2] else "talk.linked"
    return Reply(Notice((said(key, number=number, other=other),)), work=number)


def parent(call: StaffCall) -> Reply:
    """`/parent 12 9`: make 12 a child of 9; `/parent 12 off` takes it away."""
    number, rest = args.number(call.words.text, call.words.about, "usage.parent")
    if rest.strip().casefold() in _OFF:
        left = relations.leave_parent(call.tx, number, call.by)
        return Reply(Notice((said("talk.parent_left", number=number, parent=left),)), work=number)
    read = _SECOND.fullmatch(rest.strip())
    if read is None or read[2]:
        raise Misused("usage.parent")
    number, above = relations.set_parent(call.tx, number, int(read[1]), call.by)
    return Reply(Notice((said("talk.parent_set", number=number, parent=above),)), work=number)


def split(call: StaffCall) -> Reply:
    """`/split`, as a reply to a message of a case: move it and what follows into a new case; else ask from which on."""
    if call.words.about is not None and call.words.entry is not None and not call.words.text:
        return _split(call, call.words.about, call.words.entry, replace=False)
    number, rest = args.number(call.words.text, call.words.about, "usage.split")
    if rest:
        raise Misused("usage.split")
    seeing.case(call.tx, number, call.by)
    found = seeing.conversation(call.tx, number, call.by, limit=_OFFERED)
    return Reply(render.choose_message(number, found), work=number)


def press_split(call: StaffCall) -> Reply:
    """Split a case from the chosen message on."""
    return _split(call, call.words.int_arg(0), call.words.int_arg(1), replace=True)


def _split(call: StaffCall, number: int, entry: int, *, replace: bool) -> Reply:
    new = splitting.split(call.tx, number, entry, call.by)
    call.show_card(new)
    return Reply(Notice((said("talk.case_split", number=number, new=new),)), replace=replace, work=new)
