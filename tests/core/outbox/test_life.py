"""The life of a row of the outbox, by a model that is told the same and must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import select

from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.settings import House
from core.store.engine import Engines
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office

LANES = ("1", "2", "3")

#: How long a try may take at most: a relay may be slow at each of its steps.
LEASES = {Channel.TELEGRAM: House().send_lease, Channel.EMAIL: 4 * House().send_lease}
PAUSES = st.sampled_from([0, 1, 30, 59, 60, 61, 239, 240, 241, 3600, 24 * 3600]).map(lambda s: timedelta(seconds=s))


@dataclass
class Row:
    """What the model knows of a row."""

    id: int
    lane: str
    due: datetime
    expires: datetime
    state: str = "pending"
    leased_until: datetime | None = None
    version: int = 0
    maybe_sent: bool = False
    repeats: int = 0


class Outbox(RuleBasedStateMachine):
    """Rows owed, claimed, settled and forgotten by their holders, while time passes."""

    parcels = Bundle("parcels")

    def __init__(self, engines: Engines, channel: Channel) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk, self.clock = self.office.desk, self.office.clock
        self.channel = channel
        self.rows: dict[int, Row] = {}

    @initialize()
    def begin(self) -> None:
        for lane in LANES[:2]:
            self.owe(lane, timedelta(0))

    # --- what may be claimed ----------------------------------------------------------------------

    def _claimable(self) -> list[Row]:
        first: dict[str, Row] = {}
        now = self.clock()
        for row in sorted(self.rows.values(), key=lambda one: one.id):
            if row.state == "pending" and (row.expires > now or self._in_hand(row)):
                first.setdefault(row.lane, row)
        free = [row for row in first.values() if row.due <= now < row.expires and not self._in_hand(row)]
        return sorted(free, key=lambda one: (one.due, one.id))

    def _in_hand(self, row: Row) -> bool:
        return row.leased_until is not None and row.leased_until > self.clock()

    def _claimed(self, row: Row, parcel: Parcel) -> Parcel:
        lost = row.leased_until is not None
        row.maybe_sent = row.maybe_sent or lost
        row.repeats += row.maybe_sent
        row.leased_until, row.version = self.clock() + LEASES[self.channel], row.version + 1
        assert (parcel.id, parcel.address, parcel.version) == (row.id, row.lane, row.version)
        assert parcel.repeat is row.maybe_sent
        return parcel

    # --- what happens -----------------------------------------------------------------------------

    @rule(lane=st.sampled_from(LANES), delay=PAUSES)
    def owe(self, lane: str, delay: timedelta) -> None:
        now = self.clock()
        message = outbox.Message(OwedKind.NOTICE, {}, due_at=now + delay)
        row = self.desk.run(outbox.owe, outbox.To(self.channel, lane), message)
        self.rows[row.id] = Row(row.id, lane, now + delay, now + outbox.PATIENCE[self.channel])

    @rule(target=parcels, limit=st.integers(1, 4), waiting=st.sets(st.sampled_from(LANES), max_size=2))
    def claim_due(self, limit: int, waiting: set[str]) -> object:
        expected = [row for row in self._claimable() if row.lane not in waiting][:limit]
        lanes = [f"{self.channel}:{lane}" for lane in waiting]
        parcels = self.desk.run(claims.claim_due, self.channel, limit, not_lanes=lanes)
        assert [one.id for one in parcels] == [row.id for row in expected]
        return multiple(*[self._claimed(self.rows[one.id], one) for one in parcels])

    @precondition(lambda self: self.channel is Channel.EMAIL)
    @rule(target=parcels, pick=st.integers(0, 30))
    def claim_one(self, pick: int) -> object:
        row = list(self.rows.values())[pick % len(self.rows)]
        parcel = self.desk.run(claims.claim_mail, row.id)
        assert (parcel is not None) is (row in self._claimable())
        return multiple(self._claimed(row, parcel)) if parcel else multiple()

    @precondition(lambda self: self.channel is Channel.EMAIL)
    @rule(target=parcels)
    def claim_next(self) -> object:
        parcel = self.desk.run(claims.claim_next_mail)
        assert [one.id for one in self._claimable()[:1]] == ([parcel.id] if parcel else [])
        return multiple(self._claimed(self.rows[parcel.id], parcel)) if parcel else multiple()

    def _holds(self, parcel: Parcel) -> bool:
        row = self.rows[parcel.id]
        return row.state == "pending" and row.version == parcel.version and row.leased_until is not None

    @rule(parcel=parcels)
    def sent(self, parcel: Parcel) -> None:
        held = self._holds(parcel)
        assert self.desk.run(outbox.settle_sent, parcel, 7) is held
        if held:
            self.rows[parcel.id].state = "sent"

    def _later(self, parcel: Parcel, retry_at: datetime, answer: bool, *, maybe_sent: bool) -> None:
        row, held = self.rows[parcel.id], self._holds(parcel)
        assert answer is (held and retry_at < row.expires)
        if held:
            row.maybe_sent = row.maybe_sent or maybe_sent
            row.leased_until = None
            if retry_at < row.expires:
                row.due = retry_at
            else:
                row.state = "dead"

    @rule(parcel=parcels, pause=PAUSES)
    def unknown(self, parcel: Parcel, pause: timedelta) -> None:
        retry_at = self.clock() + pause
        answer = self.desk.run(outbox.settle_unknown, parcel, "timed out", retry_at)
        self._later(parcel, retry_at, answer, maybe_sent=True)

    @rule(parcel=parcels, pause=PAUSES)
    def put_back(self, parcel: Parcel, pause: timedelta) -> None:
        retry_at = self.clock() + pause
        answer = self.desk.run(outbox.put_back, parcel, "429", retry_at)
        self._later(parcel, retry_at, answer, maybe_sent=False)

    @rule(parcel=consumes(parcels))
    def give_up(self, parcel: Parcel) -> None:
        held = self._holds(parcel)
        assert self.desk.run(outbox.give_up, parcel, "blocked") is held
        if held:
            self.rows[parcel.id].state = "dead"

    @rule(pick=st.integers(0, 30))
    def withdraw(self, pick: int) -> None:
        row = list(self.rows.values())[pick % len(self.rows)]
        certainly_here = row.state == "pending" and row.leased_until is None and not row.maybe_sent
        assert self.desk.run(outbox.withdraw, row.id) is certainly_here
        if certainly_here:
            row.state = "withdrawn"

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.advance(pause)

    @invariant()
    def nothing_is_lost(self) -> None:
        kept = {row.id: row for row in self.desk.look(lambda tx: tx.session.scalars(select(Owed)).all())}
        assert kept.keys() == self.rows.keys()
        for row in self.rows.values():
            state = kept[row.id].state
            pending = {OwedState.OWED, OwedState.UNKNOWN}
            assert (state in pending) if row.state == "pending" else state == row.state
            assert kept[row.id].repeats == row.repeats
            assert (kept[row.id].settled_at is None) is (row.state == "pending")

    @invariant()
    def the_sweep_sees_what_could_be_claimed(self) -> None:
        assert self.desk.look(claims.due_rows, self.channel) == [row.id for row in self._claimable()]


@pytest.mark.parametrize("channel", Channel)
def test_rows_go_out_in_order_by_one_holder_and_none_is_lost(engines: Engines, channel: Channel) -> None:
    play(lambda: Outbox(engines, channel), examples=10, steps=30)
