"""The life of items among people and queues, by a model that is told the same and must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import incoming
from core.desk import Tx
from core.errors import Refused
from core.people.rules import Role
from core.people.views import Representative
from core.store.engine import Engines
from core.work import actions as work
from core.work import placing, queries, tally
from core.work.model import Queue, Work
from core.work.rules import QueueKind, WorkState
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office
from tests.core.work.counting import check_numbers

E = TypeVar("E", bound=Exception)

#: A queue in the model: its kind, and whose it is or what it is called.
Stand = tuple[QueueKind, str]
PUBLIC, ASSIGNED, PROGRESS = QueueKind.PUBLIC, QueueKind.ASSIGNED, QueueKind.IN_PROGRESS
NAMES = ("Olena", "Taras", "Maria")
MANAGER = "Maria"
QUEUES = ("VIP", "Billing")
PEOPLE = st.sampled_from(NAMES)
PICKS = st.integers(0, 20)


@dataclass
class Item:
    """What the model knows of an item."""

    place: Stand | None
    since: datetime
    came_from: Stand | None = None


class Refusal(Exception):
    """The model says no; with whom and since when where that is told."""

    def __init__(self, key: str, **told: Any) -> None:
        super().__init__(key)
        self.key = key
        self.told = told


def _refusal(call: Callable[[], object], kind: type[E]) -> E | None:
    try:
        call()
    except kind as refusal:
        return refusal
    return None


class Queues(RuleBasedStateMachine):
    """Two representatives, a manager and two public queues pass items around."""

    def __init__(self, engines: Engines) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk = self.office.desk
        self.people: dict[str, Representative] = {}
        self.queues: dict[str, int] = {}
        self.items: dict[int, Item] = {}

    @initialize()
    def begin(self) -> None:
        for name in NAMES:
            self.people[name] = self.office.join(name, Role.MANAGER if name == MANAGER else Role.REPRESENTATIVE)
        for name in QUEUES:
            self.queues[name] = self.office.queue(name).id
        self.customer = self.office.customer()
        self.open_case("VIP")

    # --- the model --------------------------------------------------------------------------------

    def _open(self, pick: int) -> tuple[int, Item]:
        number = sorted(self.items)[pick % len(self.items)]
        return number, self.items[number]

    def _place(self, item: Item) -> Stand:
        if item.place is None:
            raise Refusal("item.closed", at=item.since)
        return item.place

    def _not_free(self, item: Item, by: str) -> Refusal:
        kind, owner = self._place(item)
        if owner == by:
            return Refusal("item.yours", since=item.since)
        key = "item.taken" if kind is PROGRESS else "item.assigned_to_other"
        return Refusal(key, name=owner, since=item.since)

    def _check_may_move(self, item: Item, by: str) -> None:
        kind, owner = self._place(item)
        if kind is not PUBLIC and by not in {owner, MANAGER}:
            raise self._not_free(item, by)

    def _move(self, item: Item, to: Stand) -> None:
        if item.place and item.place[0] is not PROGRESS:
            item.came_from = item.place
        item.place, item.since = to, self.office.clock()

    def _take(self, item: Item, by: str) -> None:
        kind, owner = self._place(item)
        if kind is PROGRESS or (kind is ASSIGNED and owner != by):
            raise self._not_free(item, by)
        self._move(item, (PROGRESS, by))

    def _close(self, item: Item) -> None:
        item.came_from, item.place, item.since = self._place(item), None, self.office.clock()

    def _agree(self, model: Callable[[], None], call: Callable[[], object]) -> None:
        """Let the model and the desk do the same: both do it, or both refuse with the same words."""
        self.office.clock.advance(timedelta(seconds=1))
        expected = _refusal(model, Refusal)
        refusal = _refusal(call, Refused)
        assert (refusal and refusal.key) == (expected and expected.key)
        if refusal and expected:
            assert {name: refusal.facts[name] for name in expected.told} == expected.told

    # --- what happens -----------------------------------------------------------------------------

    @rule(queue=st.sampled_from(QUEUES))
    def open_case(self, queue: str) -> None:
        self.office.clock.advance(timedelta(seconds=1))
        number = self.office.open_case(self.customer, queue=self.queues[queue])
        self.items[number] = Item((PUBLIC, queue), self.office.clock())

    @rule(pick=PICKS, by=PEOPLE)
    def accept(self, pick: int, by: str) -> None:
        number, item = self._open(pick)
        self._agree(lambda: self._take(item, by), lambda: self.desk.run(cases.accept, number, self.people[by]))

    @rule(pick=PICKS, to=PEOPLE, by=PEOPLE)
    def assign(self, pick: int, to: str, by: str) -> None:
        number, item = self._open(pick)

        def model() -> None:
            self._check_may_move(item, by)
            if item.place == (ASSIGNED, to):
                raise Refusal("item.already_there", name=to)
            self._move(item, (ASSIGNED, to))

        self._agree(model, lambda: self.desk.run(work.assign, number, self.people[to], self.people[by]))

    @rule(pick=PICKS, to=st.sampled_from(QUEUES), by=PEOPLE)
    def forward(self, pick: int, to: str, by: str) -> None:
        number, item = self._open(pick)

        def model() -> None:
            self._check_may_move(item, by)
            if item.place == (PUBLIC, to):
                raise Refusal("item.in_queue", queue=to)
            self._move(item, (PUBLIC, to))

        self._agree(model, lambda: self.desk.run(work.forward, number, self.queues[to], self.people[by]))

    @rule(pick=PICKS, by=PEOPLE)
    def release(self, pick: int, by: str) -> None:
        number, item = self._open(pick)

        def model() -> None:
            if self._place(item)[0] is not PROGRESS:
                raise Refusal("item.not_accepted")
            self._check_may_move(item, by)
            assert item.came_from is not None
            self._move(item, item.came_from)

        self._agree(model, lambda: self.desk.run(work.release, number, self.people[by]))

    @rule(pick=PICKS, by=PEOPLE)
    def resolve(self, pick: int, by: str) -> None:
        number, item = self._open(pick)

        def model() -> None:
            kind, owner = self._place(item)
            others = kind is not PUBLIC and owner != by
            if not (others and by == MANAGER) and item.place != (PROGRESS, by):
                self._take(item, by)
            self._close(item)

        self._agree(model, lambda: self.desk.run(cases.resolve, number, self.people[by]))

    @rule(pick=PICKS)
    def closed_by_the_customer(self, pick: int) -> None:
        number, item = self._open(pick)
        self._agree(lambda: self._close(item), lambda: self.desk.run(incoming.close_own, number, self.customer))

    @rule(pick=PICKS, by=PEOPLE)
    def reopen(self, pick: int, by: str) -> None:
        number, item = self._open(pick)

        def model() -> None:
            if item.place is not None:
                raise Refusal("item.open")
            assert item.came_from is not None
            kind, owner = item.came_from
            item.place = item.came_from if kind is PUBLIC else (ASSIGNED, owner)
            item.since, item.came_from = self.office.clock(), None

        self._agree(model, lambda: self.desk.run(cases.reopen, number, self.people[by]))

    @rule(pick=PICKS, by=PEOPLE, hours=st.integers(-1, 2))
    def snooze(self, pick: int, by: str, hours: int) -> None:
        number, item = self._open(pick)

        def model() -> None:
            self._place(item)
            if hours <= 0:
                raise Refusal("snooze.past")
            self._check_may_move(item, by)

        self._agree(model, lambda: self._snooze(number, hours, by))

    def _snooze(self, number: int, hours: int, by: str) -> None:
        until = self.office.clock() + timedelta(hours=hours)
        self.desk.run(placing.snooze, number, until, "", self.people[by])

    @precondition(lambda self: self.items)
    @rule(pick=PICKS)
    def a_snooze_ends(self, pick: int) -> None:
        self.desk.run(placing.wake_up, self._open(pick)[0])

    # --- what holds after each step ---------------------------------------------------------------

    @invariant()
    def every_open_item_stands_in_exactly_one_queue_and_closed_ones_in_none(self) -> None:
        def lists(tx: Tx) -> list[int]:
            return [
                one.number
                for queue in tx.session.scalars(select(Queue.id))
                for one in queries.items_in(tx, queue, limit=99)
            ]

        listed = self.desk.look(lists)
        assert sorted(listed) == sorted(number for number, item in self.items.items() if item.place)

    @invariant()
    def the_desk_and_the_model_agree_on_every_place_and_holder(self) -> None:
        names = {person.id: name for name, person in self.people.items()}
        for number, item in self.items.items():
            seen = self.office.item(number)
            assert seen.open is (item.place is not None)
            if seen.queue is None:
                assert seen.closed_at == item.since
                continue
            owner = names[seen.queue.owner_id] if seen.queue.owner_id else str(seen.queue.name)
            assert ((seen.queue.kind, owner), seen.since) == (item.place, item.since)
            assert seen.holder_id == seen.queue.owner_id

    @rule()
    def numbers_are_summed_up(self) -> None:
        self.desk.run(tally.sum_up)

    @invariant()
    def the_numbers_that_are_kept_are_those_of_the_items(self) -> None:
        check_numbers(self.desk)

    @invariant()
    def what_is_closed_is_not_planned(self) -> None:
        planned = select(Work.id).where(Work.state == WorkState.CLOSED, Work.next_planned_at.is_not(None))
        assert self.desk.look(lambda tx: tx.session.scalars(planned).all()) == []


def test_items_are_always_in_one_place_and_in_the_hands_of_one(engines: Engines) -> None:
    play(lambda: Queues(engines), examples=6, steps=25)
