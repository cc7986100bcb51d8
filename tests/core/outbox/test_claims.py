"""Claims by many at once, and the small promises that the life of a row leaves out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.desk import Tx
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.actions import Message, To
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.texts.said import Notice, notice
from tests.core.office import Office
from tests.core.races import at_once

THREADS = 8
HERE = To(Channel.TELEGRAM, "1", person=1)
BY_MAIL = To(Channel.EMAIL, "ivan@example.com")


def _owe(office: Office, to: To = HERE, **more: object) -> int:
    message = Message(OwedKind.NOTICE, notice("item.open", number=1).to_json(), **more)  # type: ignore[arg-type] # any of its fields
    return office.desk.run(outbox.owe, to, message).id


def _claim_all(office: Office, limit: int) -> list[int]:
    mine: list[int] = []
    while parcels := office.desk.run(claims.claim_due, Channel.TELEGRAM, limit):
        mine += [one.id for one in parcels]
    return mine


def test_eight_who_claim_at_once_get_each_row_once(office: Office) -> None:
    rows = [_owe(office, To(Channel.TELEGRAM, str(lane))) for lane in range(60)]
    claimed = at_once(lambda: _claim_all(office, 3), THREADS)
    assert sorted(row for mine in claimed for row in mine) == rows


def test_eight_who_claim_the_same_row_at_once_get_it_once(office: Office) -> None:
    row = _owe(office, BY_MAIL)
    claimed = at_once(lambda: office.desk.run(claims.claim_mail, row), THREADS)
    assert [one.id for one in claimed if one] == [row]


def test_a_lane_keeps_its_order_whoever_sends(office: Office) -> None:
    rows = [_owe(office) for _ in range(12)]
    sent: list[int] = []

    def send() -> None:
        while len(sent) < len(rows):
            for parcel in office.desk.run(claims.claim_due, Channel.TELEGRAM, 5):
                sent.append(parcel.id)
                assert office.desk.run(outbox.settle_sent, parcel)

    at_once(send, 4)
    assert sent == rows


@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
def test_a_claimer_does_not_wait_for_another_ones_transaction(office: Office) -> None:
    first, second = (_owe(office, To(Channel.TELEGRAM, lane)) for lane in "12")

    def while_one_is_held(tx: Tx) -> list[int]:
        assert [one.id for one in claims.claim_due(tx, Channel.TELEGRAM, 1)] == [first]
        tx.session.flush()
        return [one.id for one in office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)]

    assert office.desk.run(while_one_is_held) == [second]


def test_rows_of_one_channel_are_not_given_to_the_courier_of_another(office: Office) -> None:
    by_mail, by_chat = _owe(office, BY_MAIL), _owe(office)
    assert office.desk.run(claims.claim_mail, by_chat) is None
    assert [one.id for one in office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)] == [by_chat]
    assert [one.id for one in office.desk.run(claims.claim_due, Channel.EMAIL, 5)] == [by_mail]


def test_mail_wakes_its_courier_and_chat_needs_no_call(office: Office) -> None:
    row = _owe(office, BY_MAIL)
    _owe(office)
    assert office.woken == [("send_mail", row)]


def test_mail_that_is_due_later_wakes_nobody_now(office: Office) -> None:
    _owe(office, BY_MAIL, due_at=office.clock() + timedelta(seconds=10))
    assert office.woken == []


def test_a_parcel_carries_what_the_courier_needs(office: Office) -> None:
    what = notice("item.taken", name="Olena", since=office.clock())
    to = To(Channel.TELEGRAM, "1", contact=7)
    row = office.desk.run(lambda tx: outbox.owe_notice(tx, to, what, sound=False).id)
    (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
    assert (parcel.id, parcel.address, parcel.contact_id, parcel.sound) == (row, "1", 7, False)
    assert (parcel.tries, parcel.repeat) == (1, False)
    assert Notice.from_json(parcel.facts) == what


def test_what_is_owed_by_an_action_that_fails_is_not_owed(office: Office) -> None:
    def fail(tx: Tx) -> None:
        outbox.owe(tx, HERE, Message(OwedKind.NOTICE, {}))
        raise LookupError

    with pytest.raises(LookupError):
        office.desk.run(fail)
    assert office.owed() == []


def test_the_answer_of_a_send_is_kept(office: Office) -> None:
    _owe(office)
    (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
    office.desk.run(outbox.settle_sent, parcel, 2**40)
    (row,) = office.owed()
    assert (row.state, row.remote_id, row.lease_until) == (OwedState.SENT, 2**40, None)


def test_an_error_is_kept_in_short(office: Office) -> None:
    _owe(office)
    (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
    office.desk.run(outbox.give_up, parcel, "x" * 10_000)
    (row,) = office.owed()
    assert (row.state, len(row.error or "")) == (OwedState.DEAD, 500)


def test_what_is_still_owed_follows_a_chat_to_its_new_address_and_stays_in_order(office: Office) -> None:
    _owe(office)
    (sent,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
    office.desk.run(outbox.settle_sent, sent)
    waiting = [_owe(office), _owe(office)]
    newer = _owe(office, To(Channel.TELEGRAM, "-100"))
    office.desk.run(outbox.redirect, HERE, "-100")
    assert _claim_in_turn(office) == [*waiting, newer]
    assert office.desk.look(lambda tx: tx.session.scalars(select(Owed.address).order_by(Owed.id)).all()) == [
        "1",
        "-100",
        "-100",
        "-100",
    ]


def _claim_in_turn(office: Office) -> list[int]:
    order = []
    while parcels := office.desk.run(claims.claim_due, Channel.TELEGRAM, 5):
        for parcel in parcels:
            order.append(parcel.id)
            office.desk.run(outbox.settle_sent, parcel)
    return order


def test_what_its_time_ran_out_for_is_not_claimed_and_keeps_nobody_waiting(office: Office) -> None:
    _owe(office)
    office.clock.advance(outbox.PATIENCE[Channel.TELEGRAM])
    later = _owe(office)
    assert [one.id for one in office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)] == [later]


def test_what_is_on_its_way_when_its_time_runs_out_is_waited_for(office: Office) -> None:
    first = _owe(office)
    office.clock.advance(outbox.PATIENCE[Channel.TELEGRAM] - timedelta(seconds=5))
    (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
    office.clock.advance(timedelta(seconds=10))
    _owe(office)
    assert office.desk.run(claims.claim_due, Channel.TELEGRAM, 5) == []
    assert parcel.id == first
    assert office.desk.run(outbox.settle_sent, parcel)


def test_none_is_claimed_beside_a_later_one_of_its_lane_that_is_on_its_way(office: Office) -> None:
    first, second = _owe(office), _owe(office)

    def lease_the_second(tx: Tx) -> None:
        tx.session.get_one(Owed, second).lease_until = tx.now + timedelta(minutes=1)

    office.desk.run(lease_the_second)
    assert office.desk.run(claims.claim_due, Channel.TELEGRAM, 5) == []
    office.clock.advance(timedelta(minutes=2))
    assert [one.id for one in office.desk.run(claims.claim_due, Channel.TELEGRAM, 5)] == [first]
