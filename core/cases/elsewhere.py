"""What is told in a case of what happened outside the desk: by its flags, and in its place among the messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.activities.rules import Direction
from core.cases.views import EntryView
from core.work.rules import WorkKind

#: What is said of it in the conversation, as the flags of messages are.
FLAGS = {
    (kind, way): f"flag.logged_{kind}_{way}"
    for kind in (WorkKind.LETTER, WorkKind.CHAT, WorkKind.CALL)
    for way in Direction
}

_FLAGS = frozenset(FLAGS.values())


def is_logged(flags: Collection[str]) -> bool:
    """Tell by its flags whether a message of a case only tells what happened outside the desk."""
    return not _FLAGS.isdisjoint(flags)


def as_it_went(entries: Sequence[EntryView]) -> list[EntryView]:
    """Put what was logged where it belongs by its time; all else stays in the order in which it came."""
    told = [one for one in entries if not is_logged(one.flags)]
    for one in sorted((one for one in entries if is_logged(one.flags)), key=lambda one: one.at):
        after = next((place for place in range(len(told), 0, -1) if told[place - 1].at <= one.at), 0)
        told.insert(after, one)
    return told
