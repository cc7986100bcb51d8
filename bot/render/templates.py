"""Canned answers as lists: to be looked through, or to choose one for a case."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.lists import PAGE, pages, short
from core.cases.templates import TemplateView
from core.texts.lines import one_line
from core.texts.said import Button, Notice, Said, said

#: Characters of the words of one in a list, and of a name on a button.
WORDS_LENGTH, NAME_LENGTH = 80, 32

#: Characters of the words that are shown to be changed, in one message.
TO_EDIT_LENGTH = 3500


def listed(found: Sequence[TemplateView], offset: int) -> Notice:
    """List canned answers, a page at a time."""
    if not found:
        return Notice((said("template.none_yet"),))
    lines = [said("template.head", count=len(found)), *(_line(one) for one in _page(found, offset))]
    return Notice((*lines, said("template.how")), pages(("templates", (0,), offset), len(found)))


def to_edit(found: Sequence[TemplateView]) -> Notice:
    """Show canned answers as they are written to be changed; those that do not fit one message are asked for alone."""
    lines: list[Said] = []
    room = TO_EDIT_LENGTH
    for one in found:
        room -= len(one.text)
        if room >= 0 or not lines:
            lines.append(said("template.to_edit", name=one.name, locale=one.locale, text=one.text))
    return Notice(tuple(lines))


def choose(number: int, found: Sequence[TemplateView], offset: int) -> Notice:
    """Ask which canned answer a case is to have; those of its category come first."""
    if not found:
        return Notice((said("template.none_yet"),))
    shown = _page(found, offset)
    lines = [said("template.choose", number=number), *(_line(one) for one in shown)]
    rows = tuple(
        (Button(said("text.plain", text=short(one.name, NAME_LENGTH)), "template", (number, one.id)),) for one in shown
    )
    cancel = (Button(said("button.cancel"), "cancel"),)
    return Notice(tuple(lines), (*rows, *pages(("templates", (number,), offset), len(found)), cancel))


def _page(found: Sequence[TemplateView], offset: int) -> Sequence[TemplateView]:
    return found[offset : offset + PAGE]


def _line(one: TemplateView) -> Said:
    return said("template.line", about=about(one), words=short(one_line(one.text), WORDS_LENGTH))


def about(one: TemplateView) -> Said:
    """Name a canned answer, with its language, its category, and whether it is one's own."""
    more = [said("text.plain", text=one.locale)]
    if one.category:
        more.append(said("text.plain", text=one.category))
    if one.own:
        more.append(said("template.own"))
    return said("template.about", name=one.name, more=more)
