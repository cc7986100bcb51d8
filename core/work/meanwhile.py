"""What was held back for somebody, told in one message: how much of what kind, of which items, and the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.desk import Tx
from core.outbox.actions import Message
from core.outbox.model import OwedKind
from core.people import queries as people
from core.people.news import follow, take_held
from core.people.quiet import News
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work import queries
from core.work.privacy import is_hidden

#: Items that are named in a line, and queues and items that have a button.
NAMED, QUEUES_SHOWN, ITEMS_SHOWN = 12, 3, 4

#: What was held back: its kind, item and queue.
Held = tuple[News, int | None, int | None]

#: In this order, each with its sentence; news of watched queues are told queue by queue.
_LINES = {
    News.ASSIGNED: "meanwhile.assigned",
    News.ANSWERS: "meanwhile.answers",
    News.MENTIONS: "meanwhile.mentions",
    News.REMINDERS: "meanwhile.reminders",
    News.DESK: "meanwhile.desk",
}


def tell_held(tx: Tx, person: int) -> None:
    """Owe somebody one message with all that was held back until now; none where there is nothing."""
    held = take_held(tx, person)
    reader = people.get(tx, person)
    if held and reader.to:
        what = summary(tx, held, reader)
        follow(tx, reader.to, Message(OwedKind.NOTICE, what.to_json(), sound=False), News.DESK)


def summary(tx: Tx, held: Sequence[Held], reader: Representative) -> Notice:
    """Put what was held back into words: every piece of it is counted in one line."""
    lines = [said("meanwhile.head", count=len(held))]
    for kind, key in _LINES.items():
        those = [work for news, work, _ in held if news is kind]
        if those:
            lines.append(said(key, count=len(those), items=_items(those)))
    seen, hidden = _by_queue(tx, held, reader)
    lines += [said("meanwhile.watched", count=count, queue=name) for _, name, count in seen]
    if hidden:
        lines.append(said("meanwhile.elsewhere", count=hidden))
    return Notice(tuple(lines), _buttons(held, [(queue, name) for queue, name, _ in seen]))


def _items(works: Sequence[int | None]) -> list[Said]:
    """Name the items, each with how often where it was more than once; what is of none is only counted."""
    counts = Counter(work for work in works if work is not None)
    named = [
        said("meanwhile.item_often", number=number, times=times) if times > 1 else said("meanwhile.item", number=number)
        for number, times in sorted(counts.items())[:NAMED]
    ]
    left = len(counts) - NAMED
    return [*named, said("text.more", count=left)] if left > 0 else named or [said("meanwhile.of_none")]


def _by_queue(tx: Tx, held: Sequence[Held], reader: Representative) -> tuple[list[tuple[int, str, int]], int]:
    """Count what is new in each watched queue, by its name now; of those that the reader sees no more only how much."""
    counts = Counter(queue for news, _, queue in held if news is News.WATCHED)
    seen, hidden = [], 0
    for queue, count in counts.items():
        if queue is None or is_hidden(tx, queue, reader):
            hidden += count
        else:
            seen.append((queue, queries.get_queue(tx, queue).name or "", count))
    return sorted(seen, key=lambda one: -one[2]), hidden


def _buttons(held: Sequence[Held], queues: Sequence[tuple[int, str]]) -> Rows:
    rows: list[tuple[Button, ...]] = []
    kinds = {news for news, _, _ in held}
    if kinds & {News.ASSIGNED, News.REMINDERS}:
        rows.append(
            (Button(said("button.assigned"), "assigned", (0,)), Button(said("button.progress"), "progress", (0,)))
        )
    rows += [
        (Button(said("button.queue_named", queue=name), "queue", (queue, 0)),) for queue, name in queues[:QUEUES_SHOWN]
    ]
    spoken = dict.fromkeys(work for news, work, _ in held if news in {News.ANSWERS, News.MENTIONS} and work is not None)
    if spoken:
        rows.append(
            tuple(Button(said("button.number", number=one), "case", (one,)) for one in list(spoken)[:ITEMS_SHOWN])
        )
    return tuple(rows)
