"""Accept, assign, forward, release: the verbs that move an item; each is one atomic step with one winner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import DESK, Actor, record
from core.history.model import Happened
from core.people import queries as people
from core.people.absence import stand_in
from core.people.model import Person
from core.people.quiet import Loudness, News
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.texts.said import said
from core.work import cards, groups, queries, tally
from core.work.giving import given_out
from core.work.loads import moved
from core.work.model import Queue, Work
from core.work.privacy import check_sees, is_hidden
from core.work.queues import landing, personal_queue
from core.work.rules import Place, QueueKind, WorkState, may_take, standing_with
from core.work.views import ItemView
from core.work.waiting import expect

#: Characters of the reason that somebody gives for what they do with an item.
REASON_LENGTH = 200


def lock_open(tx: Tx, number: int, by: Representative | None = None) -> tuple[Work, Queue]:
    """Find an open item and lock its row until the end of the transaction.

    Args:
        by: who wants it, and must see it; None is the desk itself.

    Raises:
        NotFound: `item.unknown`: there is none, or it is private.
        Refused: `item.closed`, with when; `item.merged`, with the number that it goes on under.
    """
    work = tx.lock(Work, number)
    if work is None:
        raise NotFound("item.unknown", number=number)
    if by is not None:
        check_sees(tx, work, by)
    if work.merged_into_id is not None:
        raise Refused("item.merged", number=number, into=work.merged_into_id)
    if work.state is WorkState.CLOSED or work.queue_id is None:
        raise Refused("item.closed", number=number, at=work.closed_at)
    return work, tx.session.get_one(Queue, work.queue_id)


def accept(tx: Tx, number: int, by: Representative) -> ItemView:
    """Take an item into your own In Progress; it leaves every other list.

    Raises:
        NotFound: there is no such item.
        Refused: `item.taken`, with who has it and since when; `item.yours` when you accepted it already;
            `item.assigned_to_other`; `item.closed`.
    """
    check(by.role, Right.TAKE)
    work, queue = lock_open(tx, number, by)
    if not may_take(_place(queue), by.id):
        raise _not_free(tx, work, queue, by)
    target = personal_target(tx, by.id, QueueKind.IN_PROGRESS)
    move(tx, work, target, by.actor, "accepted")
    return queries.item(tx, number)


def assign(tx: Tx, number: int, to: Representative, by: Representative) -> ItemView:
    """Put an item into a representative's Assigned, or that of who stands in for them; they are told.

    Raises:
        NotFound: there is no such item; `person.unknown`: they have left.
        Refused: `item.taken` when somebody else works on it and you are no manager; `item.already_there`;
            `item.closed`.
    """
    work, queue = lock_open(tx, number, by)
    check_may_move(tx, work, queue, by)
    if not people.works_here(tx, to.id):
        raise NotFound("person.unknown", word=to.name, known=[one.handle for one in people.staff(tx)])
    other = stand_in(tx, to.id)
    wanted, to = to, other or to
    target = personal_target(tx, to.id, QueueKind.ASSIGNED)
    if work.queue_id == target.queue:
        raise Refused("item.already_there", number=number, name=to.name)
    instead = {"instead": wanted.name} if other else {}
    move(tx, work, target, by.actor, "assigned_instead" if other else "assigned", to=to.id, **instead)
    _tell_losing(tx, work, queue, by, to.id)
    if to.id != by.id and to.to:
        why = said("card.why.assigned_instead", name=by.name, instead=wanted.name, at=wanted.away_until)
        cards.post(tx, number, to.to, why if other else said("card.why.assigned_by", name=by.name))
    return queries.item(tx, number)


def personal_target(tx: Tx, person: int, kind: QueueKind) -> Target:
    """Name a personal queue as where an item goes."""
    return Target(personal_queue(tx, person, kind), kind, person)


def forward(tx: Tx, number: int, to_queue: int, by: Representative) -> ItemView:
    """Put an item into a public queue; who watches it is told, or whoever the queue gives it to.

    Raises:
        NotFound: there is no such item or queue that `by` sees.
        Refused: `item.taken`; `item.in_queue` when it stands there already; `item.closed`.
    """
    target = landing(tx, to_queue)
    work, queue = lock_open(tx, number, by)
    check_may_move(tx, work, queue, by)
    if target.kind is not QueueKind.PUBLIC or target.closed_at is not None or is_hidden(tx, target.id, by):
        raise NotFound("queue.gone")
    if work.queue_id == target.id:
        raise Refused("item.in_queue", number=number, queue=target.name)
    move(tx, work, Target(target.id, QueueKind.PUBLIC), by.actor, "forwarded", queue=target.name)
    _tell_losing(tx, work, queue, by)
    person = given_out(tx, target.id)
    if person is None:
        tell_watchers(tx, work, target.id, by.id)
        return queries.item(tx, number)
    move(tx, work, personal_target(tx, person, QueueKind.ASSIGNED), DESK, "given_out", to=person)
    owner = people.get(tx, person)
    if owner.to and owner.id != by.id:
        cards.post(tx, number, owner.to, said("card.why.given_out", queue=target.name))
    return queries.item(tx, number)


def release(tx: Tx, number: int, by: Representative) -> ItemView:
    """Give an accepted item back to the queue it came from.

    Raises:
        NotFound: there is no such item.
        Refused: `item.not_accepted` when nobody has accepted it; `item.taken`; `item.closed`.
    """
    work, queue = lock_open(tx, number, by)
    if queue.kind is not QueueKind.IN_PROGRESS:
        raise Refused("item.not_accepted", number=number)
    check_may_move(tx, work, queue, by)
    back = _way_back(tx, work, queue)
    move(tx, work, Target(back.id, QueueKind(back.kind), back.owner_id), by.actor, "released")
    _tell_losing(tx, work, queue, by, back.owner_id)
    if back.kind is QueueKind.PUBLIC:
        tell_watchers(tx, work, back.id, by.id)
    elif back.owner_id and back.owner_id != by.id:
        owner = people.get(tx, back.owner_id)
        if owner.to:
            cards.post(tx, number, owner.to, said("card.why.released_by", name=by.name))
    return queries.item(tx, number)


def steal(tx: Tx, number: int, why: str, by: Representative) -> ItemView:
    """Take an item that somebody else works on into your own In Progress; they are told, with your reason.

    Raises:
        NotFound: there is no such item.
        Misused: `steal.no_reason`.
        Refused: `item.not_begun` when nobody works on it, so that it can simply be accepted; `item.yours`;
            `item.assigned_to_other`: what is not begun is for those to hand on who have it; `item.closed`.
    """
    check(by.role, Right.TAKE)
    work, queue = lock_open(tx, number, by)
    clean = " ".join(why.split())[:REASON_LENGTH]
    if queue.owner_id == by.id and queue.kind is QueueKind.IN_PROGRESS:
        raise _not_free(tx, work, queue, by)
    if may_take(_place(queue), by.id):
        raise Refused("item.not_begun", number=number)
    if queue.kind is not QueueKind.IN_PROGRESS:
        raise _not_free(tx, work, queue, by)
    if not clean:
        raise Misused("steal.no_reason")
    target = personal_target(tx, by.id, QueueKind.IN_PROGRESS)
    move(tx, work, target, by.actor, "stolen", why=clean)
    loser = people.get(tx, queue.owner_id or 0)
    if loser.to:
        cards.post(tx, number, loser.to, said("card.why.stolen", name=by.name, why=clean))
    return queries.item(tx, number)


def _way_back(tx: Tx, work: Work, queue: Queue) -> Queue:
    """Where it came from; the holder's own Assigned when that is no more."""
    origin = landing(tx, work.came_from_id) if work.came_from_id else None
    if origin is not None and origin.closed_at is None and _has_somebody(tx, origin):
        return origin
    assert queue.owner_id is not None  # noqa: S101 - In Progress always has an owner: a constraint says so
    return tx.session.get_one(Queue, personal_queue(tx, queue.owner_id, QueueKind.ASSIGNED))


def _has_somebody(tx: Tx, queue: Queue) -> bool:
    """Tell whether somebody looks into a queue: not into that of a person who left."""
    return queue.owner_id is None or tx.session.get_one(Person, queue.owner_id).dismissed_at is None


@dataclass(frozen=True, slots=True)
class Target:
    """Where an item goes: a queue, its kind, and whose it is if it is somebody's."""

    queue: int
    kind: QueueKind
    owner: int | None = None


def move(tx: Tx, work: Work, target: Target, by: Actor, verb: str, **facts: Any) -> None:
    """Put an item elsewhere, with history and cards.

    `came_from_id` keeps the last queue that was not somebody's In Progress: release gives it back there.
    """
    left = tx.session.get_one(Queue, work.queue_id)
    before = tally.where_counted(work, QueueKind(left.kind))
    if left.kind is not QueueKind.IN_PROGRESS:
        work.came_from_id = left.id
    if target.kind is QueueKind.PUBLIC:
        work.home_id = target.queue
    work.queue_id = target.queue
    work.entered_at = tx.now
    touch(work, tx)
    tx.session.flush()
    tally.moved(tx, before, tally.where_counted(work, target.kind))
    record(tx, verb, by, work=work.id, origin=left.id, target=target.queue, **facts)
    cards.changed(tx, work.id)
    if target.kind is QueueKind.ASSIGNED and target.owner is not None and target.owner != by.id:
        expect(tx, work, target.owner)


def touch(work: Work, tx: Tx) -> None:
    """Note a change that counts: the item is neither missed nor quiet from here on."""
    moved(tx)
    work.touched_at = tx.now
    work.missed_told_at = work.missed_raised_at = None


def tell_watchers(tx: Tx, work: Work, queue: int, but: int | None) -> None:
    """Tell who watches a public queue that an item is new in it; where nobody does, the managers, once an item.

    A queue that is bound to a group is shown there, and so not unwatched.
    """
    row = tx.find(Queue, queue)
    in_group = row is not None and groups.post(tx, work, row)
    name = queries.get_queue(tx, queue).name
    readers = [one for one in watching(tx, queue) if one.to and one.hears(News.WATCHED) is not Loudness.OFF]
    why, news = said("card.why.new_in_queue", queue=name), News.WATCHED
    if not readers and not in_group and not _told_unwatched(tx, work.id):
        readers = [one for one in people.leaders(tx) if one.to and one.id != but]
        why, news = said("card.why.new_unwatched", queue=name), News.DESK
        if readers:
            record(tx, "unwatched", DESK, work=work.id)
    for one in readers:
        if one.id != but and one.to:
            cards.post(tx, work.id, one.to, why, news, queue=queue)


def watching(tx: Tx, queue: int) -> list[Representative]:
    """List who watches a queue and sees it: who is no member of a private one any more is told nothing of it."""
    everybody = [people.get(tx, person) for person in queries.watchers(tx, queue)]
    return [one for one in everybody if not is_hidden(tx, queue, one)]


def _told_unwatched(tx: Tx, number: int) -> bool:
    """Tell whether the managers heard before that nobody watches where an item is: once is enough."""
    told = select(Happened.id).where(Happened.work_id == number, Happened.verb == "unwatched")
    return tx.session.scalar(told.limit(1)) is not None


def _place(queue: Queue) -> Place:
    return Place(QueueKind(queue.kind), queue.owner_id)


def check_may_move(tx: Tx, work: Work, queue: Queue, by: Representative) -> None:
    """Insist that an item is in nobody's or in your own hands, unless you may move what others have.

    Raises:
        Refused: `item.taken` or `item.assigned_to_other`, with who has it and since when.
    """
    place = _place(queue)
    if place.kind is QueueKind.PUBLIC or standing_with(place, by.id):
        check(by.role, Right.MOVE_OWN)
    elif not may(by.role, Right.MOVE_ANY):
        raise _not_free(tx, work, queue, by)


def _not_free(tx: Tx, work: Work, queue: Queue, by: Representative) -> Refused:
    if queue.owner_id == by.id:
        return Refused("item.yours", number=work.id, since=work.entered_at)
    owner = people.get(tx, queue.owner_id or 0)
    key = "item.taken" if queue.kind is QueueKind.IN_PROGRESS else "item.assigned_to_other"
    return Refused(key, number=work.id, name=owner.name, since=work.entered_at)


def _tell_losing(tx: Tx, work: Work, queue: Queue, by: Representative, to: int | None = None) -> None:
    """Tell whoever had it that a manager moved it, unless it goes back into their own hands."""
    if queue.owner_id and queue.owner_id not in {by.id, to}:
        loser = people.get(tx, queue.owner_id)
        if loser.to:
            cards.post(tx, work.id, loser.to, said("card.why.moved_away", name=by.name), sound=False)
