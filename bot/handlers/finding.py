"""Search: what was typed, page by page; the message with the results keeps what they are of."""

from __future__ import annotations

from bot.calls import Reply, StaffCall
from bot.render import finding as render
from bot.render import selecting as select
from core.cases import seeing as cases
from core.errors import Misused
from core.texts.said import Notice, said


def find(call: StaffCall) -> Reply:
    """`/find WORDS`: cases in which all the words stand; without words it explains itself."""
    if not call.words.text:
        return Reply(Notice((said("usage.find"),)))
    return _find(call, call.words.text, 0)


def press_find(call: StaffCall) -> Reply:
    """Show another page of what was found."""
    if not call.words.quoted:
        raise Misused("find.again")
    return _find(call, call.words.quoted, max(0, call.words.int_arg(0)))


def _find(call: StaffCall, text: str, offset: int) -> Reply:
    words = " ".join(text.split())
    found = cases.find(call.tx, words, call.by, offset=offset, limit=render.PAGE)
    shown = render.found(words, found, offset)
    rows = (*shown.buttons, select.button("find", 0, offset)) if found.page else shown.buttons
    return Reply(Notice(shown.lines, rows), replace=True)
