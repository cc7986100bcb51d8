"""The life of letters, items and messages together, while workers and couriers die and time passes, or leaps."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from core.activities import actions as work
from core.cases import actions as cases
from core.cases import answering, delivery
from core.cases.model import Case, Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.digests import undelivered
from core.errors import DeskError
from core.history.model import Happened
from core.inbox.actions import NewLetter, keep_letter
from core.inbox.model import InboxState, Letter
from core.intake.actions import Content, understand
from core.intake.reading import read
from core.intake.rules.identity import message_id_of
from core.intake.tags import tagged_address
from core.intake.tries import begin_tries
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.people.rules import Role
from core.people.views import Representative
from core.store.engine import Engines
from core.work import placing
from core.work.model import Work
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office, key_of
from tests.workers.letters import letter
from workers.scheduler import ClockConfig, Scheduler

OUR_ADDRESS = "desk@localhost"
CUSTOMERS = st.sampled_from(["ivan", "oksana"])
STAFF = st.sampled_from(["Olena", "Taras", "Maria"])
PICKS = st.integers(0, 30)
PAUSES = st.sampled_from([1, 4, 30, 61, 300, 3600, 24 * 3600, 49 * 3600, -3600]).map(lambda s: timedelta(seconds=s))
PENDING = {OwedState.OWED, OwedState.UNKNOWN}


class Died(Exception):
    """A worker was ended in the middle of what it did."""


@dataclass
class Written:
    """A letter as its writer knows it: its words, and the rows that the door named when it said yes."""

    words: str
    raw: bytes
    to: str
    sender: str
    rows: set[int] = field(default_factory=set)


class Life(RuleBasedStateMachine):
    """Customers write, staff work, workers and couriers do their part or die; the world keeps books of its own."""

    def __init__(self, engines: Engines) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk, self.clock = self.office.desk, self.office.clock
        self.letters: list[Written] = []
        self.parcels: list[Parcel] = []
        self.arrived: Counter[int] = Counter()

    @initialize()
    def begin(self) -> None:
        self.staff: dict[str, Representative] = {
            name: self.office.join(name, Role.MANAGER if name == "Maria" else Role.REPRESENTATIVE)
            for name in ("Olena", "Taras", "Maria")
        }
        self.queue = self.office.queue("VIP").id
        self.write("ivan", 0, answers=False)

    # --- letters ----------------------------------------------------------------------------------

    @rule(who=CUSTOMERS, pick=PICKS, answers=st.booleans())
    def write(self, who: str, pick: int, *, answers: bool) -> None:
        words, numbers = f"Letter {len(self.letters)}", self._numbers()
        number = numbers[pick % len(numbers)] if answers and numbers else None
        to = tagged_address(self.desk.house.secret, OUR_ADDRESS, number) if number else OUR_ADDRESS
        raw = letter(words, sender=f"{who}@example.com", message_id=f"{words.replace(' ', '.')}@example.com")
        self.letters.append(Written(words, raw, to, f"{who}@example.com"))
        self._hand_in(self.letters[-1])

    @rule(pick=PICKS)
    def hand_in_again(self, pick: int) -> None:
        """The client saw no answer the first time."""
        self._hand_in(self.letters[pick % len(self.letters)])

    def _hand_in(self, one: Written) -> None:
        digest = hashlib.sha256(one.raw).hexdigest()
        facts = ("127.0.0.1", self.clock(), len(one.raw), digest, message_id_of(one.raw), one.raw)
        one.rows.add(self.desk.run(keep_letter, NewLetter(one.to, one.sender, *facts)))

    @rule(pick=PICKS)
    def a_worker_begins_and_dies(self, pick: int) -> None:
        self.desk.run(begin_tries, self._row(pick), 16)

    @rule(pick=PICKS)
    def a_worker_dies_before_its_commit(self, pick: int) -> None:
        row = self._row(pick)

        def half(tx: Tx) -> None:
            understand(tx, row, *self._read(row))
            raise Died

        with suppress(Died):
            self.desk.run(half)

    @rule(pick=PICKS)
    def a_worker_understands(self, pick: int) -> None:
        """It may be the second one to do so."""
        row = self._row(pick)
        self.desk.run(understand, row, *self._read(row))

    def _row(self, pick: int) -> int:
        rows = sorted(row for one in self.letters for row in one.rows)
        return rows[pick % len(rows)]

    def _read(self, row: int) -> tuple[Any, Content]:
        one = next(one for one in self.letters if row in one.rows)
        return read(one.raw, one.sender), Content(hashlib.sha256(one.raw).hexdigest())

    # --- work -------------------------------------------------------------------------------------

    def _numbers(self) -> list[int]:
        return self.desk.look(lambda tx: list(tx.session.scalars(select(Case.work_id).order_by(Case.work_id))))

    @precondition(lambda self: self._numbers())
    @rule(pick=PICKS, by=STAFF, to=STAFF, verb=st.sampled_from(["accept", "forward", "assign", "resolve", "reopen"]))
    def press(self, pick: int, by: str, to: str, verb: str) -> None:
        me, number = self.staff[by], self._numbers()[pick % len(self._numbers())]
        verbs: dict[str, Callable[[], object]] = {
            "accept": lambda: self.desk.run(cases.accept, number, me),
            "forward": lambda: self.desk.run(work.forward, number, self.queue, me),
            "assign": lambda: self.desk.run(work.assign, number, self.staff[to], me),
            "resolve": lambda: self.desk.run(cases.resolve, number, me),
            "reopen": lambda: self.desk.run(cases.reopen, number, me),
        }
        with suppress(DeskError):
            verbs[verb]()

    @precondition(lambda self: self._numbers())
    @rule(pick=PICKS, by=STAFF, undo=st.booleans(), hours=st.integers(0, 3))
    def answer_or_snooze(self, pick: int, by: str, hours: int, *, undo: bool) -> None:
        me, number = self.staff[by], self._numbers()[pick % len(self._numbers())]
        with suppress(DeskError):
            if hours:
                self.desk.run(placing.snooze, number, self.clock() + timedelta(hours=hours), "", me)
            else:
                entry = self.desk.run(answering.answer, number, "Look at the cable", me).entry_id
                if undo:
                    self.desk.run(answering.undo, entry, me)

    # --- couriers ---------------------------------------------------------------------------------

    @rule(channel=st.sampled_from(Channel), limit=st.integers(1, 4))
    def claim(self, channel: Channel, limit: int) -> None:
        due = self.desk.look(claims.due_rows, channel)
        parcels = self._claim(channel, limit)
        assert [one.id for one in parcels] == due[:limit]
        self.parcels += parcels

    def _claim(self, channel: Channel, limit: int) -> list[Parcel]:
        parcels = self.desk.run(claims.claim_due, channel, limit)
        assert all(one.repeat or not self.arrived[one.id] for one in parcels), "a repeat that does not say so"
        return parcels

    @precondition(lambda self: self.parcels)
    @rule(pick=PICKS, gets_out=st.booleans(), end=st.sampled_from(["sent", "lost", "not sent", "refused", "died"]))
    def carry(self, pick: int, end: str, *, gets_out: bool) -> None:
        """Send what was claimed, unless somebody else has it since, and write down what became of it, or die."""
        parcel = self.parcels.pop(pick % len(self.parcels))
        if self._holds(parcel) and (end in {"sent", "lost"} or (end == "died" and gets_out)):
            self._arrives(parcel)
        self.desk.run(self._settle, parcel, end)

    @rule(channel=st.sampled_from(Channel), gets_out=st.booleans())
    def a_courier_dies_and_is_missed(self, channel: Channel, *, gets_out: bool) -> None:
        for parcel in self._claim(channel, 2):
            if gets_out:
                self._arrives(parcel)
        self.clock.advance(timedelta(minutes=5))
        self.claim(channel, 2)

    def _holds(self, parcel: Parcel) -> bool:
        row = self._owed()[parcel.id]
        return row.version == parcel.version and row.lease_until is not None

    def _may_go_out(self, row: Owed) -> bool:
        """Tell whether a row is on its way or may be yet; one whose time is up waits only for the clock to say so."""
        under_way = row.lease_until is not None and row.lease_until > self.clock()
        return row.state in PENDING and (under_way or row.expires_at > self.clock())

    def _arrives(self, parcel: Parcel) -> None:
        rows = self._owed()
        before = [row for row in rows.values() if row.lane == parcel.lane and row.id < parcel.id]
        assert not [row for row in before if self._may_go_out(row)], "the order of a lane"
        self.arrived[parcel.id] += 1

    def _settle(self, tx: Tx, parcel: Parcel, end: str) -> None:
        later = tx.now + timedelta(seconds=5)
        match end:
            case "died":
                return
            case "sent":
                outbox.settle_sent(tx, parcel, 7)
            case "lost":
                outbox.settle_unknown(tx, parcel, "timed out", later)
            case "not sent":
                outbox.put_back(tx, parcel, "429", later)
            case _:
                if outbox.give_up(tx, parcel, "refused"):
                    delivery.undeliverable(tx, parcel)
        delivery.tell_author(tx, parcel)

    # --- time -------------------------------------------------------------------------------------

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)

    @rule(twice=st.booleans())
    def the_clock_ticks(self, *, twice: bool) -> None:
        for _ in range(1 + twice):  # each a scheduler that has just started
            Scheduler(self.desk, ClockConfig("both")).tick()

    # --- what holds after each step ---------------------------------------------------------------

    def _owed(self) -> dict[int, Owed]:
        return {row.id: row for row in self.desk.look(lambda tx: tx.session.scalars(select(Owed)).all())}

    def _rows(self) -> dict[int, Letter]:
        return {row.id: row for row in self.desk.look(lambda tx: tx.session.scalars(select(Letter)).all())}

    def _words(self) -> Counter[str]:
        query = select(Entry.text).where(Entry.kind == EntryKind.CUSTOMER)
        return Counter(self.desk.look(lambda tx: tx.session.scalars(query).all()))

    @invariant()
    def each_letter_waits_or_is_in_one_case_once(self) -> None:
        rows, there = self._rows(), self._words()
        assert rows.keys() == {row for one in self.letters for row in one.rows}
        for one in self.letters:
            states = {rows[row].state for row in one.rows}
            assert states <= {InboxState.KEPT, InboxState.DONE, InboxState.SET_ASIDE}
            assert there[one.words] == sum(rows[row].state is InboxState.DONE for row in one.rows) <= 1
        assert sum(there.values()) == sum(there[one.words] for one in self.letters)

    @invariant()
    def each_item_went_from_hand_to_hand_and_is_where_its_last_move_brought_it(self) -> None:
        moved = select(Happened).where(Happened.work_id.is_not(None)).order_by(Happened.id)
        rows = self.desk.look(lambda tx: tx.session.scalars(moved).all())
        places = {row.id: row.queue_id for row in self.desk.look(lambda tx: tx.session.scalars(select(Work)).all())}
        for number, place in places.items():
            facts = [row.facts for row in rows if row.work_id == number and {"origin", "target"} & row.facts.keys()]
            for one, two in pairwise(facts):
                assert two.get("origin") == one.get("target")
            assert facts[-1].get("target") == place

    @invariant()
    def a_change_and_the_messages_it_owes_are_there_together(self) -> None:
        owed = self._owed().values()
        answers = select(Entry.id).where(Entry.kind.in_((EntryKind.ANSWER, EntryKind.WITHDRAWN)))
        assert set(self.desk.look(lambda tx: tx.session.scalars(answers).all())) == {
            row.entry_id for row in owed if row.kind is OwedKind.ANSWER
        }
        receipted = select(Case.work_id).where(Case.receipt_sent)
        receipts = Counter(row.work_id for row in owed if row.contact_id and key_of(row).startswith("receipt."))
        for number in self.desk.look(lambda tx: tx.session.scalars(receipted).all()):
            assert receipts[number] == 1

    @invariant()
    def what_is_sent_arrived_and_what_arrived_again_is_marked(self) -> None:
        owed = self._owed()
        for number, row in owed.items():
            assert row.state is not OwedState.SENT or self.arrived[number]
            assert self.arrived[number] <= 1 + row.repeats
            assert not (row.state is OwedState.WITHDRAWN and self.arrived[number])
        assert self.arrived.keys() <= owed.keys()

    # --- the end ----------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Nobody dies any more: everything becomes what it should be."""
        for _ in range(200):
            if not self._left():
                break
            self.clock.advance(timedelta(minutes=20))
            for row in self._left_letters():
                self.desk.run(understand, row, *self._read(row))
            for channel in Channel:
                for parcel in self._claim(channel, 100):
                    self._arrives(parcel)
                    self.desk.run(self._settle, parcel, "sent")
            Scheduler(self.desk, ClockConfig("both")).tick()
        assert not self._left()
        assert self._words() == Counter(one.words for one in self.letters)
        assert self.desk.look(undelivered.untold) == []
        self.what_is_sent_arrived_and_what_arrived_again_is_marked()

    def _left_letters(self) -> list[int]:
        return [row.id for row in self._rows().values() if row.state is InboxState.KEPT]

    def _left(self) -> list[object]:
        waiting = [row.id for row in self._owed().values() if row.state in PENDING]
        return [*self._left_letters(), *waiting, *self.desk.look(undelivered.untold)]


@pytest.mark.long
def test_whatever_dies_letters_items_and_messages_keep_their_promises(engines: Engines) -> None:
    play(lambda: Life(engines), examples=6, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_however_long_they_live(engines: Engines) -> None:
    play(lambda: Life(engines), examples=100, steps=60)
