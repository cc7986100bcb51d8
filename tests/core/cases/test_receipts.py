"""A customer gets one receipt for each case, and never so many that they answer each other."""

from __future__ import annotations

from datetime import timedelta

from core.cases.locking import lock_case
from core.cases.telling import RECEIPTS_A_DAY, RECEIPTS_A_SUBJECT, tell_receipt
from core.customers.views import ContactView
from core.outbox.model import Channel
from core.people.rules import Presence
from core.people.views import Representative
from tests.core.office import Office


def test_the_customer_gets_one_receipt_a_case(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    office.writes(ivan, number)
    assert office.told_customer(ivan) == ["receipt.new"]


def test_a_receipt_asked_for_again_is_not_sent_again(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    office.desk.run(lambda tx: tell_receipt(tx, *lock_case(tx, number)))
    assert office.told_customer(ivan) == ["receipt.new"]


def test_the_receipt_repeats_nothing_of_what_was_written(office: Office, ivan: ContactView) -> None:
    office.open_case(ivan, "BUY NOW", subject="CHEAP PILLS")
    (row,) = office.owed(contact_id=ivan.id)
    assert "BUY" not in str(row.facts)
    assert "CHEAP" not in str(row.facts)


def test_a_machine_gets_no_receipt_neither_then_nor_later(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan, automatic=True)
    office.writes(ivan, number, automatic=True)
    assert office.told_customer(ivan) == []


def test_out_of_hours_the_receipt_says_when_somebody_will_be_there(office: Office) -> None:
    olena, ivan = office.join("Olena", presence=None), office.customer()
    office.clock.advance(timedelta(hours=10))
    office.open_case(ivan)
    (row,) = office.owed(contact_id=ivan.id)
    (line,) = row.facts["lines"]
    assert line["key"] == "receipt.out_of_hours"
    assert line["facts"]["at"] == {"$at": "2026-03-03T07:00:00+00:00"}
    assert office.again(olena).working is False


def test_when_nobody_can_tell_the_receipt_says_that_nobody_is_there(office: Office) -> None:
    ivan, maria = office.customer("Ivan"), office.customer("Maria")
    office.open_case(ivan)  # before anybody works here
    office.join("Olena", presence=Presence.AWAY)
    office.open_case(maria)
    assert office.told_customer(ivan) == office.told_customer(maria) == ["receipt.nobody_here"]


def test_while_somebody_works_the_receipt_is_the_ordinary_one(office: Office) -> None:
    office.join("Olena", presence=Presence.AWAY)
    office.join("Taras")
    ivan = office.customer()
    office.open_case(ivan)
    assert office.told_customer(ivan) == ["receipt.new"]


def test_whoever_gets_many_receipts_a_day_gets_no_more(office: Office, olena: Representative) -> None:
    maria = office.customer("Maria", Channel.EMAIL)
    for place in range(RECEIPTS_A_DAY + 3):
        office.open_case(maria, f"Lamp {'abcdefgh'[place]}")
    assert office.told_customer(maria) == ["receipt.new"] * RECEIPTS_A_DAY
    office.clock.advance(timedelta(days=1, seconds=1))
    office.open_case(maria)
    assert len(office.told_customer(maria)) == RECEIPTS_A_DAY + 1


def test_letters_with_one_subject_get_two_receipts_in_three_hours(office: Office, olena: Representative) -> None:
    maria = office.customer("Maria", Channel.EMAIL)
    for place in range(RECEIPTS_A_SUBJECT + 2):
        office.open_case(maria, "Re: " * place + f"Thank you for your letter {place} [#{place}.abc]")
    assert office.told_customer(maria) == ["receipt.new"] * RECEIPTS_A_SUBJECT
    office.open_case(maria, "Something else")
    assert len(office.told_customer(maria)) == RECEIPTS_A_SUBJECT + 1
    office.clock.advance(timedelta(hours=3, seconds=1))
    office.open_case(maria, "Thank you for your letter")
    assert len(office.told_customer(maria)) == RECEIPTS_A_SUBJECT + 2
    assert len(office.told(olena)) == RECEIPTS_A_SUBJECT + 4, "the words are kept"


def test_in_chat_everybody_gets_a_receipt_for_every_case(office: Office, ivan: ContactView) -> None:
    for _ in range(RECEIPTS_A_DAY + 2):
        office.open_case(ivan)
    assert office.told_customer(ivan).count("receipt.new") == RECEIPTS_A_DAY + 2
