"""What a transaction owes may be claimed in it, by whoever sends it as soon as it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Barrier

import pytest

from core.desk import Tx
from core.errors import Refused
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.actions import Message, To
from core.outbox.claims import Hands
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.texts.said import notice
from tests.core.office import Office
from tests.core.races import at_once

WHAT = Message(OwedKind.NOTICE, notice("item.open", number=1).to_json())


def _owe_all(tx: Tx, hands: Hands, addresses: Sequence[str]) -> Hands:
    hands.wait(tx)
    for address in addresses:
        outbox.owe(tx, To(Channel.TELEGRAM, address), WHAT)
    return hands


def _owed(office: Office, addresses: Sequence[str], room: int = 9, busy: Sequence[str] = ()) -> Hands:
    return office.desk.run(_owe_all, Hands(Channel.TELEGRAM, room, busy), addresses)


def _claimed(hands: Hands) -> list[str]:
    return [one.address for one in hands.parcels]


def test_what_is_owed_is_claimed_as_it_is_written_and_can_be_settled(office: Office) -> None:
    hands = _owed(office, ["1"])
    (parcel,) = hands.parcels
    assert not hands.left
    assert office.desk.run(claims.claim_due, Channel.TELEGRAM, 9) == []
    assert office.desk.run(outbox.settle_sent, parcel, 77)
    (row,) = office.owed()
    assert (row.state, row.remote_id, row.tries, row.repeats) == (OwedState.SENT, 77, 1, 0)


def test_only_the_first_of_a_lane_is_claimed_and_only_where_nothing_waits_before_it(office: Office) -> None:
    assert _claimed(_owed(office, ["1", "1", "2"])) == ["1", "2"]
    later = _owed(office, ["1"])
    assert _claimed(later) == []
    assert later.left


def test_who_has_no_room_or_must_wait_claims_nothing(office: Office) -> None:
    assert _claimed(_owed(office, ["1", "2", "3"], room=2)) == ["1", "2"]
    assert _claimed(_owed(office, ["4", "5"], busy=["telegram:4"])) == ["5"]


def test_what_is_due_later_or_goes_another_way_is_left_to_others(office: Office) -> None:
    def owe(tx: Tx, hands: Hands) -> Hands:
        hands.wait(tx)
        late = Message(WHAT.kind, WHAT.facts, due_at=tx.now + timedelta(seconds=10))
        outbox.owe(tx, To(Channel.TELEGRAM, "1"), late)
        outbox.owe(tx, To(Channel.EMAIL, "ivan@customer.example"), WHAT)
        return hands

    hands = office.desk.run(owe, Hands(Channel.TELEGRAM, 9))
    assert (hands.parcels, hands.left) == ([], False)
    assert [actor for actor, _ in office.woken] == ["send_mail"]


def test_whoever_claims_and_is_gone_leaves_a_row_that_goes_out_marked_when_the_lease_is_over(office: Office) -> None:
    _owed(office, ["1"])
    office.clock.advance(timedelta(minutes=2))
    (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 9)
    assert parcel.repeat


def test_what_failed_was_never_claimed(office: Office) -> None:
    def fail(tx: Tx) -> None:
        _owe_all(tx, Hands(Channel.TELEGRAM, 9), ["1"])
        raise Refused("item.open", number=1)

    with pytest.raises(Refused):
        office.desk.run(fail)
    assert office.owed() == []


def test_of_two_who_owe_to_a_lane_at_the_same_moment_one_claims_at_most(office: Office) -> None:
    together = Barrier(2, timeout=5)

    def owe(tx: Tx) -> Hands:
        if not office.desk.engines.is_sqlite:
            together.wait()  # both are under way; SQLite lets one write after the other
        hands = _owe_all(tx, Hands(Channel.TELEGRAM, 9), ["1"])
        if not office.desk.engines.is_sqlite:
            together.wait()
        return hands

    found = at_once(lambda: office.desk.run(owe), 2)
    assert sum(len(one.parcels) for one in found) <= 1
    assert len(office.owed()) == 2


def test_one_settled_in_a_transaction_is_known_to_be_by_what_was_read_in_it_before(office: Office) -> None:
    (parcel,) = _owed(office, ["1"]).parcels

    def settle(tx: Tx) -> OwedState:
        row = tx.session.get_one(Owed, parcel.id)
        assert outbox.settle_sent(tx, parcel)
        return row.state

    assert office.desk.run(settle) is OwedState.SENT
