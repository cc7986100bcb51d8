"""What belongs to a case, as lines of its card; and the messages it may be split from."""

from __future__ import annotations

from collections.abc import Sequence

from core.cases.telling import excerpt
from core.cases.views import CaseView, EntryView
from core.texts.said import Button, Notice, Rows, Said, said

#: Numbers in one line, and characters of a message on a button.
NUMBERS, WORDS_LENGTH = 12, 30


def related_lines(case: CaseView) -> list[Said]:
    """Say which cases belong to a case, where any do."""
    related = case.related
    if related is None:
        return []
    lines = [said("card.parent", number=related.parent)] if related.parent is not None else []
    if related.children:
        count = len(related.open_children)
        lines.append(said("card.children", numbers=_numbers(related.children), count=count))
    if related.linked:
        lines.append(said("card.linked", numbers=_numbers(related.linked)))
    return lines


def _numbers(found: Sequence[int]) -> list[Said]:
    made = [said("button.number", number=one) for one in found[:NUMBERS]]
    return [*made, said("text.more", count=len(found) - NUMBERS)] if len(found) > NUMBERS else made


def still_open(number: int, found: Sequence[int]) -> Said:
    """Say which children of a case that is closed now are still open."""
    return said("talk.children_open", number=number, numbers=_numbers(found))


def choose_message(number: int, entries: Sequence[EntryView]) -> Notice:
    """Ask from which message on a case is to be split."""
    rows: Rows = tuple(
        (
            Button(
                said(
                    "button.split_at", at=one.at, text=excerpt(" ".join((one.text or one.author).split()), WORDS_LENGTH)
                ),
                "split",
                (number, one.id),
            ),
        )
        for one in entries
    )
    return Notice((said("ask.split", number=number),), (*rows, (Button(said("button.back"), "card", (number,)),)))
