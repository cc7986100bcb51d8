"""Whoever left hears nothing more of the desk, whatever stands in their queues, in their chat or in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.drawing import draw, redraw
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import incoming
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.errors import NotFound, Refused
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel, OwedKind
from core.outbox.views import Parcel
from core.people import actions as people
from core.people import queries as staff
from core.people.actions import TelegramUser
from core.people.rules import Role
from core.people.views import Representative
from core.work import cards
from tests.core.office import Office
from tests.security.furniture import dismiss


@dataclass
class Left:
    """Danylo, who works on a customer's case; and what will have been left of it."""

    person: Representative
    customer: ContactView
    number: int


@pytest.fixture
def left(office: Office) -> Left:
    office.join("Olena")
    danylo, petro = office.join("Danylo"), office.customer("Petro")
    number = office.open_case(petro, queue=office.queue().id)
    office.desk.run(cases.accept, number, danylo)
    office.desk.run(cards.posted, number, danylo.chat_id or 0, 55, danylo.id)
    return Left(danylo, petro, number)


def test_a_customers_words_are_not_told_to_whoever_had_the_case_and_left(office: Office, left: Left) -> None:
    dismiss(office, left.person)
    known = len(office.owed(person_id=left.person.id))
    office.desk.run(incoming.add_message, left.number, left.customer, office.says(left.customer, "My secret"))
    assert len(office.owed(person_id=left.person.id)) == known


def test_the_managers_are_told_of_them_instead(office: Office, left: Left) -> None:
    mila = office.join("Mila", Role.MANAGER)
    dismiss(office, left.person)
    office.desk.run(incoming.add_message, left.number, left.customer, office.says(left.customer, "Are you there?"))
    assert office.told(mila) == ["notice.customer_wrote"]


def test_a_card_in_the_chat_of_one_who_left_shows_nothing_new(office: Office, left: Left) -> None:
    office.desk.run(incoming.add_message, left.number, left.customer, office.says(left.customer, "My secret"))
    office.clock.advance(cards.DEBOUNCE)
    (due,) = office.desk.look(cards.due)
    shown = office.desk.look(redraw, due)
    assert shown is not None
    assert "My secret" in shown.text
    dismiss(office, left.person)
    assert office.desk.look(redraw, due) is None


@pytest.mark.long
def test_what_was_owed_to_one_who_left_is_not_sent_any_more(office: Office, left: Left) -> None:
    picture = NewFile("photo", "scan.jpg", "image/jpeg", 5, telegram_id="AAA")
    what = office.says(left.customer, "My secret", files=(picture,))
    office.desk.run(incoming.add_message, left.number, left.customer, what)
    assert left.person.to is not None
    office.desk.run(cards.show, left.number, left.person.to)
    mine: list[Parcel] = []
    while rows := office.desk.run(claims.claim_due, Channel.TELEGRAM, 50):
        mine += [one for one in rows if one.person_id == left.person.id]
        for one in rows:
            office.desk.run(outbox.settle_sent, one)
    assert {one.kind for one in mine} == {OwedKind.NOTICE, OwedKind.CARD, OwedKind.FILE}
    assert all(office.desk.look(draw, one) for one in mine)
    dismiss(office, left.person)
    assert [office.desk.look(draw, one) for one in mine] == [None] * len(mine)


def test_nothing_is_put_into_the_hands_of_one_who_left(office: Office, left: Left) -> None:
    olena = office.join("Maria")
    number = office.open_case(queue=office.queue("Press").id)
    dismiss(office, left.person)
    with pytest.raises(NotFound, match=r"person\.unknown"):
        office.desk.run(activities.assign, number, left.person, olena)


def test_a_link_that_one_made_before_they_left_lets_nobody_in(office: Office) -> None:
    boss, other = office.join("Boss", Role.ADMINISTRATOR), office.join("Other", Role.ADMINISTRATOR)
    made = office.desk.run(people.invite, Role.ADMINISTRATOR, boss)
    dismiss(office, boss)
    for user in (1, 99):  # themselves, and whoever they gave it to
        with pytest.raises(Refused, match=r"invitation\.invalid"):
            office.desk.run(people.join, made.token, TelegramUser(user, 1000 + user, "Boss", "en"), "en")
    assert office.desk.look(staff.open_invitations, other) == []
