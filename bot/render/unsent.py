"""Answers that were not sent yet: what came meanwhile, the words, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.cards import entry_lines
from core.cases.fields_in_words import Slot
from core.cases.telling import quote
from core.cases.unsent import Waiting
from core.cases.views import EntryView
from core.texts.said import Button, Notice, Rows, said

#: Messages that came meanwhile, and characters of each and of the answer; all of it is to fit one message.
SHOWN, CAME_LENGTH, ANSWER_LENGTH = 3, 400, 2000

#: Characters of an answer that can be shown whole to be copied.
WHOLE_LENGTH = 3500


def held(waiting: Waiting, came: Sequence[EntryView]) -> Notice:
    """Show an answer that was held back, below what came while it was written."""
    number = waiting.number
    lines = [said("unsent.held", number=number)]
    if len(came) > SHOWN:
        lines.append(said("unsent.earlier", count=len(came) - SHOWN))
    for one in came[-SHOWN:]:
        lines += entry_lines(one, CAME_LENGTH)
    lines += [said("unsent.yours"), quote(waiting.text, ANSWER_LENGTH)]
    if waiting.files:
        lines.append(said("text.files", count=len(waiting.files)))
    first = Button(said("button.send_anyway"), "unsent_send", (waiting.id,))
    return Notice(tuple(lines), _ways(waiting, first, "button.discard"))


def draft(waiting: Waiting, name: str, empty: Sequence[Slot]) -> Notice:
    """Show an answer out of a template before it is sent; one with a field that is empty must be written first."""
    lines = [said("template.draft", number=waiting.number, name=name), said("text.quote", text=waiting.text)]
    if empty:
        lines.append(said("template.draft_empty", fields=[f"{{{one}}}" for one in empty]))
    first = None if empty else Button(said("button.send"), "unsent_send", (waiting.id,))
    return Notice(tuple(lines), _ways(waiting, first, "button.cancel"))


def _ways(waiting: Waiting, first: Button | None, last: str) -> Rows:
    row = [first] if first is not None else []
    if not waiting.files and len(waiting.text) <= WHOLE_LENGTH:  # what is copied leaves files behind
        row.append(Button(said("button.edit"), "unsent_edit", (waiting.id,)))
    return ((*row, Button(said(last), "unsent_drop", (waiting.id,))),)


def dropped(waiting: Waiting) -> Notice:
    """Say that an answer was thrown away, with its words: they may be wanted yet."""
    return Notice((said("unsent.dropped", number=waiting.number), quote(waiting.text, WHOLE_LENGTH)))
