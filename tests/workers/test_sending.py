from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import answering
from core.cases.model import Entry
from core.customers.model import ContactAddress
from core.desk import Tx
from core.digests import undelivered
from core.errors import TryLater
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.actions import PATIENCE
from core.outbox.model import Channel, Owed, OwedState
from core.outbox.pauses import Fault
from core.outbox.views import Parcel
from core.settings import House
from core.texts.said import notice
from tests.core.office import Office
from workers.actors.sending import Fate, Post, Result, sender
from workers.expiry import expire


class Relay:
    """A relay that answers as it is told, the last answer for ever."""

    def __init__(self, *answers: Result) -> None:
        self._answers = list(answers)
        self.took: list[Parcel] = []

    def __call__(self, parcel: Parcel) -> Result:
        self.took.append(parcel)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


SENT = Result(Fate.SENT, message_id="case.1.1.x@localhost")


class Mailing:
    """A case whose customer came by mail, with an answer on its way."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.olena = office.join("Olena")
        self.ivan = office.customer(channel=Channel.EMAIL)
        self.number = office.open_case(self.ivan)
        office.desk.run(cases.accept, self.number, self.olena)
        for row in office.owed(contact_id=self.ivan.id):
            office.desk.run(outbox.withdraw, row.id)
        self.answer = self.write("Here it is")
        office.clock.advance(House().undo)

    def write(self, words: str) -> Owed:
        """Answer the customer; the row of the outbox that owes it."""
        made = self.office.desk.run(answering.answer, self.number, words, self.olena)
        return self.office.owed(entry_id=made.entry_id)[0]

    def send(self, post: Post) -> str | None:
        """Wake the actor once."""
        return sender(self.office.desk, post)(self.answer.id)

    def row(self) -> Owed:
        """Look at the row of the answer."""
        return self.office.owed(id=self.answer.id)[0]


@pytest.fixture
def mailing(office: Office) -> Mailing:
    return Mailing(office)


def test_a_letter_that_was_taken_is_sent_and_its_message_id_is_known(mailing: Mailing) -> None:
    relay = Relay(SENT)
    assert mailing.send(relay) == "sent"
    assert mailing.row().state is OwedState.SENT
    entry = mailing.office.desk.look(lambda tx: tx.session.get_one(Entry, mailing.answer.entry_id or 0))
    assert entry.message_id == SENT.message_id


def test_a_second_call_sends_nothing(mailing: Mailing) -> None:
    relay = Relay(SENT)
    mailing.send(relay)
    assert mailing.send(relay) is None
    assert len(relay.took) == 1


def test_nothing_goes_out_while_it_can_be_taken_back(office: Office) -> None:
    mailing = Mailing(office)
    office.clock.advance(-timedelta(seconds=1))
    assert mailing.send(Relay(SENT)) is None


def test_a_letter_that_was_not_taken_is_tried_again_later_and_is_no_repeat(mailing: Mailing) -> None:
    relay = Relay(Result(Fate.NOT_SENT, "451 greylisted"), SENT)
    mailing.send(relay)
    assert mailing.send(relay) is None
    mailing.office.clock.advance(timedelta(seconds=5))
    mailing.send(relay)
    assert [parcel.repeat for parcel in relay.took] == [False, False]
    assert mailing.row().repeats == 0


def test_a_letter_whose_answer_was_lost_is_sent_again_and_marked(mailing: Mailing) -> None:
    relay = Relay(Result(Fate.UNKNOWN, "timeout"), SENT)
    mailing.send(relay)
    assert mailing.row().state is OwedState.UNKNOWN
    mailing.office.clock.advance(timedelta(seconds=5))
    mailing.send(relay)
    assert [parcel.repeat for parcel in relay.took] == [False, True]
    assert (mailing.row().state, mailing.row().repeats) == (OwedState.SENT, 1)


def _blocked(tx: Tx, contact: int) -> bool:
    blocked = select(ContactAddress.blocked_at).where(ContactAddress.contact_id == contact)
    return any(tx.session.scalars(blocked))


@pytest.mark.parametrize(("fate", "blocks"), [(Fate.REFUSED, True), (Fate.HOPELESS, False)])
def test_a_letter_that_is_refused_is_dead_and_only_a_refused_address_is_blocked(
    mailing: Mailing, fate: Fate, *, blocks: bool
) -> None:
    mailing.send(Relay(Result(fate, "550 no such user")))
    assert mailing.row().state is OwedState.DEAD
    assert mailing.office.desk.look(_blocked, mailing.ivan.id) is blocks


def test_a_letter_that_is_never_taken_dies_when_its_time_is_up(mailing: Mailing) -> None:
    mailing.office.clock.advance(PATIENCE[Channel.EMAIL] - timedelta(minutes=1))
    mailing.send(Relay(Result(Fate.NOT_SENT, "451 busy")))
    mailing.office.clock.advance(timedelta(minutes=2))
    assert mailing.send(Relay(SENT)) is None
    assert mailing.office.desk.run(expire, mailing.answer.id)
    assert mailing.row().state is OwedState.DEAD


def test_a_letter_that_cannot_be_made_waits_and_keeps_nobody_else_waiting(mailing: Mailing) -> None:
    def broken(_parcel: Parcel) -> Result:
        raise ValueError

    assert mailing.send(broken) == "not_made"
    assert mailing.row().state is OwedState.OWED


def test_a_letter_that_can_never_be_made_is_dead_after_five_tries_and_what_is_behind_it_goes_on(
    mailing: Mailing,
) -> None:
    second = mailing.write("And this")

    def broken(_parcel: Parcel) -> Result:
        raise ValueError

    fates = []
    for _ in range(5):
        mailing.office.clock.advance(timedelta(minutes=2))
        fates.append(mailing.send(broken))
    assert fates == ["not_made"] * 5
    assert mailing.row().state is OwedState.DEAD
    assert sender(mailing.office.desk, Relay(SENT))(second.id) == "sent"
    (row,) = mailing.office.desk.look(undelivered.untold)
    assert row == mailing.answer.id


def test_a_letter_that_waits_for_the_database_is_never_given_up_for_it(mailing: Mailing) -> None:
    def away(_parcel: Parcel) -> Result:
        raise TryLater("error.database_away")

    for _ in range(8):
        mailing.office.clock.advance(timedelta(minutes=30))
        assert mailing.send(away) == "not_sent"


def test_whoever_lost_the_lease_settles_nothing(mailing: Mailing) -> None:
    def slow(parcel: Parcel) -> Result:
        mailing.office.clock.advance(timedelta(minutes=5))
        again = mailing.office.desk.run(claims.claim_mail, parcel.id)
        assert again is not None
        return Result(Fate.HOPELESS, "554")

    mailing.send(slow)
    assert mailing.row().state is OwedState.UNKNOWN
    assert mailing.office.owed(kind="notice", work_id=mailing.number, channel=Channel.TELEGRAM) == []


def test_letters_to_one_address_go_out_in_order(mailing: Mailing) -> None:
    office = mailing.office
    second = mailing.write("And this")
    office.clock.advance(House().undo)
    relay = Relay(SENT)
    post = sender(office.desk, relay)
    assert post(second.id) is None
    assert post(mailing.answer.id) == "sent"
    assert [parcel.id for parcel in relay.took] == [mailing.answer.id, second.id]
    assert post(second.id) is None


def test_a_letter_behind_one_that_was_not_taken_is_called_for(mailing: Mailing) -> None:
    office = mailing.office
    second = mailing.write("And this")
    office.clock.advance(House().undo)
    relay = Relay(Result(Fate.REFUSED, "550 no such user"), SENT)
    office.woken.clear()
    assert sender(office.desk, relay)(mailing.answer.id) == "refused"
    assert ("send_mail", second.id) in office.woken
    assert len(relay.took) == 1


def _letters(office: Office, *addresses: str) -> list[int]:
    to = [
        outbox.To(Channel.EMAIL, one, contact=office.customer(channel=Channel.EMAIL, address=one).id)
        for one in addresses
    ]
    return [office.desk.run(outbox.owe_notice, one, notice("receipt.new", number=1)).id for one in to]


def test_one_call_goes_on_with_what_is_due_while_the_relay_takes_it(office: Office) -> None:
    rows = _letters(office, "a@example.com", "b@example.net", "c@example.org")
    relay = Relay(SENT, SENT, Result(Fate.NOT_SENT, "451 later"))
    assert sender(office.desk, relay)(rows[1]) == "sent"
    assert [parcel.id for parcel in relay.took] == [rows[1], rows[0], rows[2]]
    assert [row.state for row in office.owed()] == [OwedState.SENT, OwedState.SENT, OwedState.OWED]
    assert len(relay.took) == 3


def test_one_call_goes_on_no_longer_than_it_may(office: Office) -> None:
    rows = _letters(office, "a@example.com", "b@example.net")
    relay = Relay(SENT)
    assert sender(office.desk, relay, go_on_s=0.0)(rows[0]) == "sent"
    assert len(relay.took) == 1


def test_what_goes_on_leaves_a_domain_that_did_not_take_letters_to_its_own_call(office: Office) -> None:
    rows = _letters(office, "a@example.com", "b@example.net")
    relay = Relay(Result(Fate.NOT_SENT, "421 busy", fault=Fault.DOMAIN), SENT)
    assert sender(office.desk, relay)(rows[0]) == "not_sent"
    office.clock.advance(timedelta(minutes=1))
    assert sender(office.desk, relay)(rows[1]) == "sent"
    assert [parcel.id for parcel in relay.took] == rows
    assert sender(office.desk, relay)(rows[0]) == "sent"


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.SENT, OwedState.SENT),
        (Fate.UNKNOWN, OwedState.UNKNOWN),
        (Fate.NOT_SENT, OwedState.OWED),
        (Fate.REFUSED, OwedState.DEAD),
        (Fate.HOPELESS, OwedState.DEAD),
    ],
)
def test_every_fate_is_settled(office: Office, fate: Fate, state: OwedState) -> None:
    ivan = office.customer(channel=Channel.EMAIL)
    to = outbox.To(Channel.EMAIL, "ivan@example.com", contact=ivan.id)
    row = office.desk.run(outbox.owe_notice, to, notice("receipt.new", number=1))
    sender(office.desk, Relay(Result(fate, "why")))(row.id)
    assert office.owed(id=row.id)[0].state is state
