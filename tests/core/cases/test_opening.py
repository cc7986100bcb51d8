"""Cases that representatives open on behalf of customers, and how the customer is found."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.cases import incoming, opening, queries
from core.cases.fields import Origin
from core.customers import actions as customers
from core.customers import finding
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, Refused
from core.outbox.model import Channel
from core.people.views import Representative
from core.work import actions as work
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.work.counting import check_numbers


@pytest.fixture
def ivan(office: Office, olena: Representative) -> ContactView:
    return office.customer("Іван Петренко")


def test_it_stands_in_the_makers_own_in_progress_and_nobody_is_told(
    office: Office, olena: Representative, ivan: ContactView
) -> None:
    number = office.desk.run(opening.open_for, ivan.id, "The scanner is broken", olena)
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)
    assert (office.told(olena), office.told_customer(ivan)) == ([], [])
    view = office.desk.look(queries.case, number)
    assert (view.origin, view.reply_channel, view.item.title) == (
        Origin.PHONE,
        Channel.TELEGRAM,
        "The scanner is broken",
    )
    assert view.last is not None
    assert (view.last.author, view.last.flags) == ("Іван Петренко", ("flag.taken_down",))
    assert office.verbs(number) == ["opened"]
    check_numbers(office.desk)


def test_it_is_given_back_to_the_makers_assigned(office: Office, olena: Representative, ivan: ContactView) -> None:
    number = office.desk.run(opening.open_for, ivan.id, "The scanner is broken", olena)
    office.desk.run(work.release, number, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    check_numbers(office.desk)


def test_the_customer_is_told_when_the_maker_wishes_and_once(
    office: Office, olena: Representative, ivan: ContactView
) -> None:
    number = office.desk.run(opening.open_for, ivan.id, "The scanner is broken", olena)
    assert office.desk.run(opening.tell_opened, number, olena) == "Іван Петренко"
    with pytest.raises(Refused, match=r"case.told_already"):
        office.desk.run(opening.tell_opened, number, olena)
    assert office.told_customer(ivan) == ["customer.opened"]
    assert office.verbs(number)[-1] == "customer_told"


def test_nothing_automatic_is_said_of_it_before(office: Office, olena: Representative, ivan: ContactView) -> None:
    number = office.desk.run(opening.open_for, ivan.id, "The scanner is broken", olena)
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(ivan) == []


def test_once_they_write_themselves_it_is_a_case_like_any_other(
    office: Office, olena: Representative, ivan: ContactView
) -> None:
    number = office.desk.run(opening.open_for, ivan.id, "The scanner is broken", olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "And the lamp"))
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(ivan) == ["customer.resolved"]


def test_a_case_that_a_customer_opened_is_not_told_of_again(
    office: Office, olena: Representative, ivan: ContactView
) -> None:
    number = office.open_case(ivan, automatic=True)
    with pytest.raises(Refused, match=r"case.told_already"):
        office.desk.run(opening.tell_opened, number, olena)


def test_a_new_customer_without_a_way_to_them_is_worked_for_all_the_same(office: Office, olena: Representative) -> None:
    number = office.desk.run(opening.open_for_new, "Zoe", "The lamp is dark", olena)
    view = office.desk.look(queries.case, number)
    assert (view.contact.name, view.contact.locale, view.reply_channel) == ("Zoe", "en", None)
    with pytest.raises(Refused, match=r"answer.no_way"):
        office.desk.run(opening.tell_opened, number, olena)
    office.desk.run(customers.add_address, view.contact.id, "zoe@example.com", olena)
    office.desk.run(opening.tell_opened, number, olena)
    assert office.owed(contact_id=view.contact.id)[-1].address == "zoe@example.com"


def test_refuses_to_open_one_without_a_word(office: Office, olena: Representative, ivan: ContactView) -> None:
    with pytest.raises(Misused, match=r"case.say_words"):
        office.desk.run(opening.open_for, ivan.id, " ", olena)


# --- who is meant -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Іван", "іван петренко", "ІВАН П", "maria@example.com", "Anybody MARIA@example.com"])
def test_a_customer_is_found_by_how_the_name_begins_or_by_an_address(
    office: Office, olena: Representative, ivan: ContactView, words: str
) -> None:
    maria = office.customer("Maria", Channel.EMAIL)
    found = office.desk.look(finding.find, words, olena)
    assert [one.id for one in found] == [maria.id if "@" in words else ivan.id]


@pytest.mark.parametrize("words", ["Петренко", "іванна", "zoe@example.com", ""])
def test_nobody_is_found_who_is_not_named(office: Office, olena: Representative, ivan: ContactView, words: str) -> None:
    assert office.desk.look(finding.find, words, olena) == []


def test_of_several_each_is_shown_with_the_address_used_last(office: Office, olena: Representative) -> None:
    one, two = office.customer("Maria Bondar", Channel.EMAIL, "m.b@example.com"), office.customer("Maria Koval")

    def anew(tx: Tx) -> None:
        customers.add_address(tx, one.id, "other@example.com", olena)

    office.desk.run(anew)
    found = office.desk.look(finding.find, "maria", olena)
    assert [(who.id, who.channel) for who in found] == [(one.id, Channel.EMAIL), (two.id, Channel.TELEGRAM)]
    assert found[0].address == "m.b@example.com"


def test_a_customer_is_made_of_a_name_and_an_address_that_proves_nothing(office: Office, olena: Representative) -> None:
    made = office.desk.run(finding.make, "Zoe <Zoe@Example.com>", "en", olena)
    assert made.name == "Zoe"
    assert [one.id for one in office.desk.look(finding.find, "zoe@example.com", olena)] == [made.id]
    with pytest.raises(Misused, match=r"contact.no_name"):
        office.desk.run(finding.make, " \n", "en", olena)
