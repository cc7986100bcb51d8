"""What a member of staff may look at of queues and items: the right is asked here, at every look of theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, false

from core.desk import Tx
from core.errors import NotFound
from core.history.views import HappenedView
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.work import history as happened
from core.work import queries, tally
from core.work.model import Work
from core.work.names import NAME_LENGTH, queue_named
from core.work.privacy import check_sees, hidden_queues, is_hidden, seen_items, sees
from core.work.queues import waiting_in_intake
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView, QueueCounts, QueueView


def visible(tx: Tx, by: Representative) -> ColumnElement[bool]:
    """Put what `item` shows to a member of staff and what it does not into a condition on `Work`.

    For lists of items that come from elsewhere, as those of a search do.
    """
    return seen_items(tx, by) if may(by.role, Right.SEE_WORK) else false()


def item(tx: Tx, number: int, by: Representative) -> ItemView:
    """Show one item, open or closed.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`: there is none that they see.
    """
    check(by.role, Right.SEE_WORK)
    view = queries.item(tx, number)
    check_sees(tx, tx.session.get_one(Work, number), by)
    return view


def who_see(tx: Tx, number: int, people: Iterable[Representative], by: Representative) -> list[Representative]:
    """List those of some people who see an item: only to them it is offered to be given.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    work = tx.find(Work, number)
    if work is None:
        raise NotFound("item.unknown", number=number)
    check_sees(tx, work, by)
    return [one for one in people if sees(tx, work, one)]


def own_items(
    tx: Tx, by: Representative, kind: QueueKind, *, offset: int = 0, limit: int = 8, only: WorkKind | None = None
) -> tuple[list[ItemView], int]:
    """List a page of your own Assigned or In Progress, and tell how many items stand there in all.

    Args:
        only: items of this kind are listed; all are counted.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    queue = queries.personal_queue_id(tx, by.id, kind)
    if queue is None:
        return [], 0
    return queries.items_in(tx, queue, offset=offset, limit=limit, kind=only), tally.items_in(tx, queue)


def public_queue(tx: Tx, queue: int, by: Representative) -> QueueView:
    """Show one public queue.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is none that they see, or it is somebody's own.
    """
    check(by.role, Right.SEE_WORK)
    view = queries.get_queue(tx, queue)
    if view.kind is not QueueKind.PUBLIC or is_hidden(tx, view.id, by):
        raise NotFound("queue.gone")
    return view


def items_in(
    tx: Tx, queue: QueueView, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[ItemView], int]:
    """List a page of a public queue, and tell how many items stand there in all.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: it is somebody's own, or private.
    """
    check(by.role, Right.SEE_WORK)
    if queue.kind is not QueueKind.PUBLIC or (queue.private and is_hidden(tx, queue.id, by)):
        raise NotFound("queue.gone")
    return queries.items_in(tx, queue.id, offset=offset, limit=limit), tally.items_in(tx, queue.id)


def find_queue(tx: Tx, words: str, by: Representative) -> QueueView:
    """Find a public queue by its name or the beginning of it.

    Raises:
        Refused: `right.missing`; `queue.ambiguous`, with those it could be; `queue.personal`.
        NotFound: `queue.unknown`, with those there are that they see.
    """
    check(by.role, Right.SEE_WORK)
    return queries.find_queue(tx, words, lambda: hidden_queues(tx, by))


def find_before(tx: Tx, words: str, by: Representative, stops: Collection[str]) -> tuple[QueueView, str]:
    """Find the public queue that words begin with: by the longest whole name there, else by what stands before a word.

    Args:
        stops: the words, casefolded, that may follow a name.

    Returns:
        The queue, and the words after its name, as they are written.

    Raises:
        As `find_queue`.
    """
    check(by.role, Right.SEE_WORK)
    written = words.split()
    for end in range(len(written), 0, -1):
        if is_named(tx, " ".join(written[:end]), by):
            return find_queue(tx, " ".join(written[:end]), by), _after(words, end)
    folded = [one.casefold().rstrip(":") for one in written]
    end = next((place for place in range(1, len(written)) if folded[place] in stops), len(written))
    return find_queue(tx, " ".join(written[:end]), by), _after(words, end)


def _after(words: str, count: int) -> str:
    """Take so many words away from the beginning, and leave the rest as it is, line ends and all."""
    return "".join(words.split(None, count)[count:]).strip()


def is_named(tx: Tx, words: str, by: Representative) -> bool:
    """Tell whether words are the whole name, or an alias, of a public queue that somebody sees."""
    check(by.role, Right.SEE_WORK)
    if len(" ".join(words.split())) > NAME_LENGTH:
        return False
    known = queue_named(tx, words)
    return known is not None and not is_hidden(tx, known, by)


def public_queues(tx: Tx, by: Representative) -> list[QueueView]:
    """List the public queues that somebody sees, by name.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    everything = queries.public_queues(tx)
    hidden = hidden_queues(tx, by) if any(one.private for one in everything) else frozenset()
    return [queries.queue_view(one, None) for one in everything if one.id not in hidden]


def counts(tx: Tx, by: Representative, day_start: datetime) -> list[QueueCounts]:
    """Count each public queue that somebody sees: waiting, in progress, done since `day_start`.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    everything = queries.counts(tx, by.id, day_start)
    hidden = hidden_queues(tx, by) if any(one.queue.private for one in everything) else frozenset()
    return [one for one in everything if one.queue.id not in hidden]


def watches(tx: Tx, queue: int, by: Representative) -> bool:
    """Tell whether you watch a queue.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.is_watched(tx, queue, by.id)


def in_intake(tx: Tx, by: Representative) -> tuple[int, int] | None:
    """Tell the id of the queue "Intake" and how many items wait there; None when there are none.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    found = waiting_in_intake(tx)
    return None if found is None or is_hidden(tx, found[0], by) else found


def history(
    tx: Tx, number: int, by: Representative, *, offset: int = 0, limit: int = 12
) -> tuple[list[HappenedView], int]:
    """List a page of what happened to an item, the latest first, and tell how much did in all.

    Raises:
        Refused: `right.missing`.
        NotFound: `item.unknown`.
    """
    item(tx, number, by)
    return happened.history(tx, number, offset=offset, limit=limit), happened.count(tx, number)
