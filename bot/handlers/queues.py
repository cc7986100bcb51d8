"""How public queues are kept: their settings, closed, merged and split."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.calls import Reply, StaffCall
from bot.handlers import queue_fields
from bot.render import queues as render
from core.errors import Misused
from core.sla import merging
from core.texts.said import Notice, said
from core.work import closing, editing, queues, seeing, splitting
from core.work.unmerging import latest_merge_of

_INTO = re.compile(r"(?<=\s)(?:into|->|→|до|у|в)(?=\s)", re.IGNORECASE)
_NUMBERS = re.compile(r"((?:[\s,]+(?:№|#)?\d{1,12})+)\s*$")
_TITLE = re.compile(r"\s(?:title|назва|тема):\s*(.*)$", re.IGNORECASE | re.DOTALL)


def queue_edit(call: StaffCall) -> Reply:
    """`/queue_edit NAME [FIELD VALUE]`: show how a queue is kept, or change one field of it."""
    queues.may_keep(call.by)  # before it is said how it is written
    if not call.words.text:
        raise Misused("usage.queue_edit")
    queue, words = seeing.find_before(call.tx, call.words.text, call.by, queue_fields.FIELD_WORDS)
    if words:
        queue_fields.change(call, queue.id, words)
    return _settings(call, queue.id)


def press_queue_edit(call: StaffCall) -> Reply:
    """Show how a queue is kept."""
    return _settings(call, call.words.int_arg(0))


def press_queue_set(call: StaffCall) -> Reply:
    """Change a field of a queue to a value that a button offers."""
    queues.may_keep(call.by)
    queue = seeing.public_queue(call.tx, call.words.int_arg(0), call.by)
    queue_fields.change(call, queue.id, f"{call.words.word_arg(1)} {call.words.word_arg(2)}")
    return _settings(call, queue.id)


def _settings(call: StaffCall, queue: int) -> Reply:
    settings = editing.settings_of(call.tx, queue, call.by)
    lines = [field.line(settings) for field in queue_fields.FIELDS]
    return Reply(render.settings(settings, lines), replace=True)


def queue_close(call: StaffCall) -> Reply:
    """`/queue_close NAME`: close a queue in which nothing stands and to which nothing leads."""
    queues.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.queue_close")
    queue = seeing.find_queue(call.tx, call.words.text, call.by)
    name = closing.close_queue(call.tx, queue.id, call.by)
    return Reply(Notice((said("talk.queue_closed", queue=name),)))


def queue_merge(call: StaffCall) -> Reply:
    """`/queue_merge A INTO B`: let all that stands in A or leads to it go over to B."""
    queues.may_keep(call.by)
    ways = [one for one in _around_into(call.words.text) if all(one)]
    if not ways:
        raise Misused("usage.queue_merge")
    known = (one for one in ways if all(seeing.is_named(call.tx, words, call.by) for words in one))
    left, into = next(known, ways[0])
    return Reply(render.merged(merging.merge_named(call.tx, left, into, call.by)))


def _around_into(words: str) -> Iterator[tuple[str, str]]:
    """Cut words at each INTO, for a name may have such a word in it."""
    for found in _INTO.finditer(words):
        yield words[: found.start()].strip(), words[found.end() :].strip()


def queue_unmerge(call: StaffCall) -> Reply:
    """`/queue_unmerge A`: undo the merge by which a queue has gone."""
    queues.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.queue_unmerge")
    merge = latest_merge_of(call.tx, call.words.text, call.by)
    return Reply(render.unmerged(merging.unmerge(call.tx, merge, call.by)))


def press_unmerge(call: StaffCall) -> Reply:
    """Undo a merge, below the line that told of it."""
    return Reply(render.unmerged(merging.unmerge(call.tx, call.words.int_arg(0), call.by)), replace=True)


def queue_split(call: StaffCall) -> Reply:
    """`/queue_split A INTO NEW 12 15`, or `title: WORDS`: make a queue out of some of the items of another."""
    queues.may_keep(call.by)
    ways = [one for one in _around_into(call.words.text) if all(one)]
    known = (one for one in ways if seeing.is_named(call.tx, one[0], call.by))
    left, rest = next(known, ways[0] if ways else ("", ""))
    if not left:
        raise Misused("usage.queue_split")
    title, numbers = _TITLE.search(rest), _NUMBERS.search(rest)
    name = rest[: title.start()] if title else rest[: numbers.start()] if numbers else rest
    chosen = [int(one) for one in re.findall(r"\d+", numbers[1])] if numbers and not title else []
    queue = seeing.find_queue(call.tx, left, call.by)
    words = title[1] if title else ""
    made, count = splitting.split(call.tx, queue.id, name, call.by, numbers=chosen, title=words)
    return Reply(render.split(queue, made, count))
