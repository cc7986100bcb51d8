"""A domain that is down is tried by one letter at a time, no more often than its pause, and slows nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.outbox import actions as outbox
from core.outbox import claims, pauses
from core.outbox.actions import PATIENCE, Message, To
from core.outbox.model import Channel, DomainPause, OwedKind, OwedState
from core.outbox.pauses import Fault
from core.outbox.views import Parcel
from tests.core.office import Office
from workers.actors.sending import Fate, Result, sender
from workers.expiry import expire, overdue

DOWN = Result(Fate.NOT_SENT, "450 4.4.1 no answer from down.example", fault=Fault.DOMAIN)
SENT = Result(Fate.SENT, message_id="x@y", answer="250 2.0.0 queued as 17")


class World:
    """A relay beyond which some domains are down, and letters that are owed."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.down = {"down.example"}
        self.tried: list[str] = []
        self.ivan = office.customer(channel=Channel.EMAIL)
        self.send = sender(office.desk, self.post)

    def post(self, parcel: Parcel) -> Result:
        self.tried.append(parcel.address)
        return DOWN if parcel.address.rpartition("@")[2].lower() in self.down else SENT

    def owe(self, address: str) -> int:
        to = To(Channel.EMAIL, address, contact=self.ivan.id)
        return self.office.desk.run(outbox.owe, to, Message(OwedKind.NOTICE, {})).id

    def sweep(self) -> list[str]:
        """Call for all that is due, as the sweep does; the addresses that were tried."""
        self.tried = []
        for row in self.office.desk.look(claims.due_rows, Channel.EMAIL):
            self.send(row)
        return self.tried

    def pause(self) -> DomainPause | None:
        return self.office.desk.look(lambda tx: tx.session.scalar(select(DomainPause)))


@pytest.fixture
def world(office: Office) -> World:
    return World(office)


@pytest.mark.long
def test_however_many_letters_wait_for_a_domain_one_tries_at_each_turn(world: World) -> None:
    for number in range(20):
        world.owe(f"a{number}@down.example")
        world.owe(f"a{number}@up.example")
    tried = world.sweep()
    assert sum(one.endswith("@down.example") for one in tried) == 1
    assert sum(one.endswith("@up.example") for one in tried) == 20
    pauses_s = []
    for _ in range(4):
        pause = world.pause()
        assert pause is not None
        pauses_s.append((pause.due_at - world.office.clock()).total_seconds())
        world.office.clock.advance(pause.due_at - world.office.clock() - timedelta(seconds=1))
        assert world.sweep() == []
        world.office.clock.advance(timedelta(seconds=1))
        assert len(world.sweep()) == 1
    assert pauses_s == [5, 10, 20, 40]


def test_when_the_domain_is_back_all_that_waited_goes_out(world: World) -> None:
    rows = [world.owe(f"a{number}@Down.example") for number in range(5)]
    world.sweep()
    world.down.clear()
    world.office.clock.advance(timedelta(seconds=5))
    assert len(world.sweep()) + len(world.sweep()) == 5
    assert world.pause() is None
    assert {world.office.owed(id=row)[0].state for row in rows} == {OwedState.SENT}
    assert world.office.owed(id=rows[0])[0].answer == "250 2.0.0 queued as 17"


def test_who_dies_while_it_tries_keeps_the_domain_waiting_no_longer_than_a_lease(world: World) -> None:
    first, second = world.owe("a@down.example"), world.owe("b@down.example")
    world.sweep()
    world.office.clock.advance(timedelta(seconds=5))
    assert world.office.desk.run(claims.claim_mail, first) is not None
    assert world.office.desk.run(claims.claim_mail, second) is None
    world.office.clock.advance(timedelta(minutes=4))
    assert world.office.desk.run(claims.claim_mail, second) is not None


def test_two_that_fail_at_the_same_time_are_one_failure(world: World) -> None:
    parcels = [world.office.desk.run(claims.claim_mail, world.owe(f"{name}@down.example")) for name in ("a", "b")]
    dues = {world.office.desk.run(pauses.failed, parcel, "450") for parcel in parcels if parcel}
    pause = world.pause()
    assert pause is not None
    assert (pause.tries, dues) == (1, {pause.due_at})


def test_a_full_mailbox_or_a_relay_that_is_away_pauses_no_domain(world: World) -> None:
    world.owe("a@down.example")
    for fault in (Fault.MAILBOX, Fault.RELAY):
        row = world.owe(f"{fault}@down.example")
        sender(world.office.desk, lambda _: Result(Fate.NOT_SENT, "452 4.2.2 full", fault=fault))(row)  # noqa: B023
    assert world.pause() is None


def test_what_waits_for_a_domain_dies_in_time(world: World) -> None:
    tried, waits = world.owe("a@down.example"), world.owe("b@down.example")
    world.sweep()
    world.office.clock.advance(PATIENCE[Channel.EMAIL])
    assert set(world.office.desk.look(overdue)) == {tried, waits}
    for row in (tried, waits):
        world.office.desk.run(expire, row)
    assert all("4.4.1" in (world.office.owed(id=row)[0].error or "") for row in (tried, waits))


@given(st.integers(-3, 10_000))
def test_pauses_grow_from_five_seconds_to_an_hour(tries: int) -> None:
    assert timedelta(seconds=5) <= pauses.pause_after(tries) <= timedelta(hours=1)
    assert pauses.pause_after(tries) <= pauses.pause_after(tries + 1)
