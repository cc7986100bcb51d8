"""How a queue is kept, and what came of closing, merging and splitting queues, in words and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from core.texts.said import Button, Notice, Rows, Said, said
from core.texts.say import LANGUAGES
from core.work.editing import QueueSettings
from core.work.merging import MergeView
from core.work.rules import PRIORITIES
from core.work.unmerging import UnmergeView
from core.work.views import QueueView

#: So many numbers of items that stayed are named.
NAMED = 10


def settings(one: QueueSettings, lines: Sequence[Said]) -> Notice:
    """Show how a queue is kept: a line a field, buttons for what has few values, and how the others are changed."""
    head, how = said("queue.settings_head", queue=one.name), said("queue.settings_how", queue=one.name)
    return Notice((head, *lines, how), _choices(one))


def _choices(one: QueueSettings) -> Rows:
    priorities = [
        (said(f"button.priority_{name}"), "priority", name) for key, name in PRIORITIES.items() if key != one.priority
    ]
    languages = [(said(f"language.{code}"), "language", code) for code in LANGUAGES if code != one.locale]
    if one.locale is not None:
        languages.append((said("button.language_off"), "language", "off"))
    opened = [(said("button.members_everybody"), "members", "everybody")] if one.members is not None else []
    rows = [
        tuple(Button(label, "queue_set", (one.id, field, value)) for label, field, value in row)
        for row in (priorities, languages, opened)
        if row
    ]
    return (*rows, (Button(said("button.queue"), "queue", (one.id, 0)), Button(said("button.all_queues"), "queues")))


def merged(one: MergeView) -> Notice:
    """Tell of a merge, with a button that undoes it."""
    lines = [said("talk.merged", left=one.left, into=one.into, count=one.moved)]
    if one.followed:
        lines.append(said("talk.merged_followed", count=one.followed, into=one.into))
    lines.append(said("talk.merged_undo", left=one.left))
    return Notice(tuple(lines), ((Button(said("button.unmerge"), "unmerge", (one.id,)),),))


def unmerged(one: UnmergeView) -> Notice:
    """Tell of a merge that was undone, and what has stayed."""
    lines = [said("talk.unmerged", left=one.left, into=one.into, count=one.back)]
    if one.stayed:
        numbers = [f"№{number}" for number in one.stayed[:NAMED]]
        if len(one.stayed) > NAMED:
            numbers.append("…")
        lines.append(said("talk.unmerged_stayed", count=len(one.stayed), numbers=numbers))
    return Notice(tuple(lines))


def split(left: QueueView, made: QueueView, count: int) -> Notice:
    """Tell of a queue that was made out of some items of another, with a way to both."""
    row = tuple(Button(said("text.plain", text=one.name), "queue", (one.id, 0)) for one in (made, left))
    return Notice((said("talk.split", left=left.name, into=made.name, count=count),), (row,))
