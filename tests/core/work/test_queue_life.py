"""The life of public queues that are merged, parted, split, closed and hidden, while people move items among them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from core.desk import Tx
from core.errors import DeskError
from core.people.rules import Role
from core.people.views import Representative
from core.store.engine import Engines
from core.work import actions as work
from core.work import editing, placing, queues, splitting, tally
from core.work.closing import close_queue
from core.work.merging import merge
from core.work.model import Queue, QueueName, Work
from core.work.rules import QueueKind, WorkState
from core.work.unmerging import unmerge
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office
from tests.core.work.counting import check_numbers

PICKS = st.integers(0, 30)
WORDS = st.sampled_from(["Print", "print", "Support", "Billing", "Doors", "Intake"])


class Life(RuleBasedStateMachine):
    """Two representatives and a manager do whatever they like; what is refused must have changed nothing."""

    def __init__(self, engines: Engines) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk = self.office.desk
        self.merges: list[int] = []
        self.numbers: list[int] = []

    @initialize()
    def begin(self) -> None:
        self.maria = self.office.join("Maria", Role.MANAGER)
        self.people = [self.maria, self.office.join("Olena"), self.office.join("Taras")]
        self.customer = self.office.customer()
        for name in ("Print", "Support", "Billing"):
            self.office.queue(name)
        self.desk.run(queues.keep_addresses, {"print@localhost": "Print"})
        for pick in range(3):
            self.open_case(pick)

    def _ever(self) -> list[int]:
        """List the public queues that there are or were: one that is gone may be named by an old button."""
        return list(self.desk.look(lambda tx: tx.session.scalars(_PUBLIC).all()))

    def _queue(self, pick: int) -> int:
        ever = self._ever()
        return ever[pick % len(ever)]

    def _number(self, pick: int) -> int:
        return self.numbers[pick % len(self.numbers)]

    def _who(self, pick: int) -> Representative:
        return self.people[pick % len(self.people)]

    def _try(self, action: object, *args: object, **named: object) -> object:
        self.office.clock.advance(timedelta(minutes=1))
        before = self.desk.look(_everything)
        try:
            return self.desk.run(action, *args, **named)  # type: ignore[arg-type] # any action
        except DeskError:
            assert self.desk.look(_everything) == before
            return None

    @rule(pick=PICKS)
    def open_case(self, pick: int) -> None:
        self.numbers.append(self.office.open_case(self.customer, queue=self._queue(pick)))

    @rule(pick=PICKS, who=PICKS)
    def accept(self, pick: int, who: int) -> None:
        self._try(work.accept, self._number(pick), self._who(who))

    @rule(pick=PICKS, to=PICKS, who=PICKS)
    def assign(self, pick: int, to: int, who: int) -> None:
        self._try(work.assign, self._number(pick), self._who(to), self._who(who))

    @rule(pick=PICKS, to=PICKS, who=PICKS)
    def forward(self, pick: int, to: int, who: int) -> None:
        self._try(work.forward, self._number(pick), self._queue(to), self._who(who))

    @rule(pick=PICKS, who=PICKS)
    def release(self, pick: int, who: int) -> None:
        self._try(work.release, self._number(pick), self._who(who))

    @rule(pick=PICKS)
    def end(self, pick: int) -> None:
        self._try(placing.close, self._number(pick), self.maria.actor, "resolved")

    @rule(pick=PICKS)
    def reopen(self, pick: int) -> None:
        self._try(placing.reopen, self._number(pick), self.maria.actor)

    @rule(left=PICKS, into=PICKS)
    def merge(self, left: int, into: int) -> None:
        made = self._try(merge, self._queue(left), self._queue(into), self.maria)
        if made is not None:
            self.merges.append(made.id)  # type: ignore[attr-defined] # a view

    @rule(pick=PICKS)
    def unmerge(self, pick: int) -> None:
        if self.merges:
            self._try(unmerge, self.merges[pick % len(self.merges)], self.maria)

    @rule(pick=PICKS, name=WORDS, number=PICKS)
    def split(self, pick: int, name: str, number: int) -> None:
        self._try(splitting.split, self._queue(pick), name, self.maria, numbers=[self._number(number)])

    @rule(pick=PICKS)
    def close(self, pick: int) -> None:
        self._try(close_queue, self._queue(pick), self.maria)

    @rule(pick=PICKS, name=WORDS)
    def rename(self, pick: int, name: str) -> None:
        self._try(editing.rename, self._queue(pick), name, self.maria)

    @rule(pick=PICKS, name=WORDS)
    def add_alias(self, pick: int, name: str) -> None:
        self._try(editing.add_alias, self._queue(pick), name, self.maria)

    @rule(pick=PICKS, name=WORDS)
    def remove_alias(self, pick: int, name: str) -> None:
        self._try(editing.remove_alias, self._queue(pick), name, self.maria)

    @rule(pick=PICKS, who=st.none() | PICKS)
    def hide_or_open(self, pick: int, who: int | None) -> None:
        members = None if who is None else [self._who(who).id]
        self._try(editing.set_members, self._queue(pick), members, self.maria)

    @rule()
    def restart(self) -> None:
        self.desk.run(queues.keep_addresses, {"print@localhost": "Print"})

    @rule()
    def sum_up(self) -> None:
        self.desk.run(tally.sum_up)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.office.clock.advance(timedelta(hours=hours))

    @invariant()
    def each_open_item_stands_in_one_open_queue(self) -> None:
        rows = self.desk.look(lambda tx: tx.session.execute(_STANDING).all())
        assert all(closed_at is None for _, _, closed_at, _, _ in rows)
        assert all(home == queue for _, queue, _, kind, home in rows if kind is QueueKind.PUBLIC)
        assert max(Counter(number for number, *_ in rows).values(), default=1) == 1

    @invariant()
    def numbers_are_right(self) -> None:
        check_numbers(self.desk)

    @invariant()
    def each_name_leads_to_one_open_queue_which_has_it(self) -> None:
        rows = self.desk.look(lambda tx: tx.session.execute(_NAMES).all())
        assert all(closed_at is None for _, _, closed_at, _ in rows)
        own = {queue: key for _, queue, _, key in rows}
        assert all((key, queue) in {(one, at) for one, at, _, _ in rows} for queue, key in own.items())
        opened = set(self.desk.look(lambda tx: tx.session.scalars(_PUBLIC.where(Queue.closed_at.is_(None))).all()))
        assert own.keys() == opened

    @invariant()
    def letters_lead_to_an_open_queue(self) -> None:
        queue = self.desk.look(queues.queue_of_address, "print@localhost")
        assert queue is not None
        assert self.desk.look(lambda tx: tx.session.get_one(Queue, queue)).closed_at is None


_PUBLIC = select(Queue.id).where(Queue.kind == QueueKind.PUBLIC).order_by(Queue.id)
_STANDING = (
    select(Work.id, Queue.id, Queue.closed_at, Queue.kind, Work.home_id)
    .join(Queue, Queue.id == Work.queue_id)
    .where(Work.state == WorkState.OPEN)
)
_NAMES = select(QueueName.key, Queue.id, Queue.closed_at, Queue.name_key).join(Queue, Queue.id == QueueName.queue_id)


def _everything(tx: Tx) -> list[object]:
    """List all of items, queues and names."""
    items = select(Work.id, Work.queue_id, Work.came_from_id, Work.home_id, Work.touched_at)
    kept = select(Queue.id, Queue.name, Queue.name_key, Queue.closed_at, Queue.merged_into_id, Queue.private)
    named = select(QueueName.key, QueueName.queue_id)
    return [sorted(tuple(map(str, row)) for row in tx.session.execute(one)) for one in (items, kept, named)]


@pytest.mark.long
def test_queues_come_and_go_and_every_item_stays_in_one_place(engines: Engines) -> None:
    play(lambda: Life(engines), examples=10, steps=40)
