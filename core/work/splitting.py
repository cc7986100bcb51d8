"""Make a new public queue out of some of the items of another."""

from __future__ import annotations

from collections.abc import Sequence

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.names import folded
from core.people.views import Representative
from core.texts.said import notice
from core.work import queries
from core.work.model import Queue, QueueMember
from core.work.names import check_free, clean_name
from core.work.privacy import members
from core.work.queues import add_public, may_keep
from core.work.shifting import Standing, lock_queues, lock_standing, shift, tell_all_watching
from core.work.views import QueueView


def split(
    tx: Tx, queue: int, name: str, by: Representative, *, numbers: Sequence[int] = (), title: str = ""
) -> tuple[QueueView, int]:
    """Make a queue and move items into it: those with some numbers, or in whose titles some words stand.

    It is kept as the one it is split from: who sees and watches it, what its cases start with; its maker watches it.

    Returns:
        The new queue, and how many items went into it.

    Raises:
        Refused: `right.missing`; the name is taken or personal; `queue.not_there`, with numbers that do not stand in
            the queue; `queue.split_none`: there is no such title.
        Misused: `queue.name`; `usage.queue_split`: neither numbers nor words.
        NotFound: `queue.gone`.
    """
    may_keep(by)
    if not numbers and not title.strip():
        raise Misused("usage.queue_split")
    left = lock_queues(tx, queue)[queue]
    if left.closed_at is not None:
        raise NotFound("queue.gone")
    chosen = _chosen(left, lock_standing(tx, queue), numbers, title)
    made = _make_like(tx, left, clean_name(name), by)
    record(tx, "queue_split", by.actor, subject=("queue", queue), into=made, count=len(chosen))
    shift(tx, chosen, queue, made, by, "split_off")
    view = queries.get_queue(tx, made)
    told = notice("queue.split_news", count=len(chosen), left=left.name, into=view.name, by=by.name)
    tell_all_watching(tx, [made], by, told)
    return view, len(chosen)


def _chosen(left: Queue, there: Sequence[Standing], numbers: Sequence[int], title: str) -> list[int]:
    if numbers:
        missing = sorted(set(numbers) - {one.number for one in there})
        if missing:
            raise Refused("queue.not_there", numbers=[f"№{one}" for one in missing], queue=left.name)
        return sorted(set(numbers))
    found = [one.number for one in there if folded(title.strip()) in folded(one.title)]
    if not found:
        raise Refused("queue.split_none", queue=left.name, words=title.strip())
    return found


def _make_like(tx: Tx, left: Queue, name: str, by: Representative) -> int:
    settings = {"priority": left.priority, "locale": left.locale, "missed_after_days": left.missed_after_days}
    settings["keep_days"] = left.keep_days
    watching = dict.fromkeys([by.id, *queries.watchers(tx, left.id)])
    check_free(tx, name)
    made = add_public(tx, name, watching, private=left.private, **settings)
    tx.session.add_all(QueueMember(queue_id=made, person_id=person) for person in members(tx, left.id))
    record(tx, "queue_made", by.actor, subject=("queue", made), name=name)
    return made
