"""What a group of the staff is shown of an item, and of the queues that are bound to it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.cards import due_lines
from bot.render.standing import customer, head, place
from core.activities.views import ActivityView
from core.cases.rules import EntryKind
from core.cases.telling import quote
from core.cases.views import CaseView
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.groups import Bound
from core.work.views import ItemView

#: Characters of a customer's first words that a group is shown: who is in it is not the desk's to say.
FIRST_LENGTH = 300


def group_card(shown: CaseView | ActivityView, *, here: bool) -> Notice:
    """Draw the card of an item for a group: no more of a customer's words than the first of them, and no notes.

    Args:
        here: whether it waits in a queue that the group is shown, so that somebody may take it.
    """
    item = shown.item
    lines = [head(shown)] if isinstance(shown, ActivityView) else [head(shown), customer(shown)]
    lines += _place(item)
    if here:
        lines += [*due_lines(item), *_first_words(shown)]
    return Notice(tuple(lines), _buttons(item.number) if here else ())


def _place(item: ItemView) -> list[Said]:
    if item.queue is None:
        into = item.merged_into
        return [said("card.merged", into=into, at=item.closed_at) if into else said("card.done", at=item.closed_at)]
    return [place(item, item.queue)]


def _first_words(shown: CaseView | ActivityView) -> list[Said]:
    if isinstance(shown, ActivityView) or shown.last is None or shown.messages != 1:
        return []
    last = shown.last
    words = last.text.strip()
    if last.kind is not EntryKind.CUSTOMER or not words or words == shown.item.title:
        return []
    return [quote(words, FIRST_LENGTH)]


def _buttons(number: int) -> Rows:
    return (
        (
            Button(said("button.accept"), "accept", (number,)),
            Button(said("button.assign"), "assign_menu", (number, 0)),
            Button(said("button.forward"), "forward_menu", (number, 0)),
        ),
    )


def bound(one: Bound) -> Notice:
    """Say that a queue is shown in this group from now on, with a warning where not everybody may see it."""
    lines = [said("group.bound", queue=one.name)]
    if one.waiting:
        lines.append(said("group.waiting", count=one.waiting, shown=one.shown))
    if one.private:
        lines.append(said("group.private_warning", queue=one.name))
    return Notice(tuple(lines))


def shown_here(those: Sequence[Bound]) -> Notice:
    """List the queues that are shown in a group."""
    if not those:
        return Notice((said("group.none_here"),))
    return Notice((said("group.head"), *(said("group.line", queue=one.name) for one in those), said("group.foot")))
