"""Contacts that are one person are merged: all that is theirs goes on under one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.accounts import actions as accounts
from core.accounts import members
from core.activities import actions as activities
from core.activities.model import Activity
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import answering, channels, contacts, conversations, incoming, queries, seeing
from core.cases.model import Case
from core.customers import actions as customers
from core.customers import finding as customers_found
from core.customers.model import ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Refused
from core.outbox.model import Channel
from core.people.views import Representative
from core.sla import queries as levels
from core.sla.model import LevelUse, Scope, ServiceLevel
from core.sla.rules import ClockKind
from core.work.rules import WorkKind
from tests.core.office import Office, fire_due
from tests.core.sla.levels import HOUR, clocks, make_level


@pytest.fixture
def ivan(office: Office, mila: Representative) -> ContactView:
    return office.customer("Ivan")


@pytest.fixture
def mail(office: Office, mila: Representative) -> ContactView:
    return office.customer("Ivan P.", Channel.EMAIL, "ivan@example.com")


def _merge(office: Office, one: ContactView, into: ContactView, by: Representative) -> None:
    office.desk.run(contacts.merge_by_hand, one.id, into.id, by)


def test_cases_messages_and_addresses_go_over(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    mine, theirs = office.open_case(ivan, "The lamp"), office.open_case(mail, "The printer")
    _merge(office, mail, ivan, mila)
    assert set(office.desk.look(queries.open_cases_of, ivan.id)) == {mine, theirs}
    assert office.desk.look(queries.open_cases_of, mail.id) == []
    assert office.desk.look(conversations.conversation, theirs)[0].author == "Ivan"
    ways = office.desk.look(customers_found.ways, ivan.id, mila)
    assert {one.channel for one in ways} == {Channel.TELEGRAM, Channel.EMAIL}


def test_who_writes_from_either_address_is_the_same_afterwards(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    number = office.open_case(mail, "The printer")
    chat = office.says(ivan, "It still is", chat_id=1, chat_message_id=2)
    _merge(office, mail, ivan, mila)
    assert office.customer("Ivan P.", Channel.EMAIL, "ivan@example.com").id == ivan.id
    assert office.desk.run(incoming.add_message, number, ivan, chat) == number
    told = office.desk.run(answering.answer, number, "We look into it", mila)
    assert told.channel is Channel.TELEGRAM  # where they wrote last


def test_words_in_a_case_that_was_merged_into_anothers_go_over_too(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    from core.cases import merging

    petros = office.open_case(office.customer("Petro"), "The same")
    theirs = office.open_case(mail, "The printer")
    office.desk.run(merging.merge, [theirs], petros, mila, confirmed=True)
    _merge(office, mail, ivan, mila)
    assert "Ivan" in {one.author for one in office.desk.look(conversations.conversation, petros)}
    assert office.desk.look(queries.may_add_to, petros, ivan.id)


def test_cases_are_found_by_the_other_name_no_more_and_by_the_address_still(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    number = office.open_case(mail, "The printer")
    _merge(office, mail, ivan, mila)
    assert [one.item.number for one in office.desk.look(seeing.find, "ivan@example.com", mila).page] == [number]
    assert [one.id for one in office.desk.look(customers_found.find, "Ivan", mila)] == [ivan.id]


def test_what_is_planned_with_them_and_their_level_go_over(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    call = office.desk.run(
        activities.plan, Plan(WorkKind.CALL, "Ring", office.clock().replace(hour=23), contact=mail.id), mila
    ).number

    def hold(tx: Tx) -> int:
        row = ServiceLevel(
            name="Gold", name_key="gold", created_at=tx.now, targets={}, pauses=True, warn_percent=75,
            warn_before_minutes=None, ladder=[], hours=None, closures=True,
        )  # fmt: skip
        tx.add(row)
        tx.session.add(LevelUse(scope=Scope.CONTACT, subject_id=mail.id, level_id=row.id))
        return row.id

    level = office.desk.run(hold)
    _merge(office, mail, ivan, mila)
    assert office.desk.look(lambda tx: tx.session.get_one(Activity, call).contact_id) == ivan.id
    assert office.desk.look(levels.uses) == {(Scope.CONTACT, ivan.id): level}


def test_what_is_still_owed_to_them_is_theirs(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    office.open_case(mail, "The printer")
    _merge(office, mail, ivan, mila)
    assert [row.contact_id for row in office.owed(channel=Channel.EMAIL)] == [ivan.id]


def test_a_contact_is_merged_once(office: Office, mila: Representative, ivan: ContactView, mail: ContactView) -> None:
    _merge(office, mail, ivan, mila)
    for one, into in ((mail, ivan), (ivan, mail)):
        with pytest.raises(Refused, match=r"contact\.merged"):
            _merge(office, one, into, mila)
    with pytest.raises(Refused, match=r"contact\.same"):
        _merge(office, ivan, ivan, mila)


def test_of_chains_the_last_goes_on(office: Office, mila: Representative, ivan: ContactView, mail: ContactView) -> None:
    last = office.customer("Ivan the third")
    _merge(office, mail, ivan, mila)
    _merge(office, ivan, last, mila)
    assert office.desk.look(customers.survivor, mail.id) == last.id


@pytest.mark.parametrize("whose", [Scope.CONTACT, Scope.ACCOUNT])
@pytest.mark.parametrize("before", ["none", "default", "own"])
def test_open_cases_that_go_over_are_held_to_the_level_of_who_goes_on(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView, whose: Scope, before: str
) -> None:
    if before != "none":
        scope, subject = (Scope.CONTACT, mail.id) if before == "own" else (Scope.DEFAULT, 0)
        make_level(office, mila, "Quick", scope, subject)
    number = office.open_case(mail)
    acme = office.desk.run(accounts.new_account, "Acme", mila)
    office.desk.run(members.join, acme, [ivan.id], mila)
    subject = ivan.id if whose is Scope.CONTACT else acme
    slow = {kind: dict.fromkeys((1, 2, 3), 20 * HOUR) for kind in ClockKind}
    gold = make_level(office, mila, "Gold", whose, subject, targets=slow)
    office.clock.advance(HOUR)
    _merge(office, mail, ivan, mila)
    found = clocks(office, number)
    if before == "own" and whose is Scope.ACCOUNT:  # a level of one's own goes over, and before that of an account
        assert {row.target_us for row in found.values()} != {20 * HOUR / timedelta(microseconds=1)}
        return
    assert {(row.level_id, row.own) for row in found.values()} == {(gold, True)}
    assert len(found) == 2
    used = timedelta() if before == "none" else HOUR  # a clock that runs keeps what it has used
    assert found["first"].used_us == used / timedelta(microseconds=1)


def test_representatives_merge_no_contacts(office: Office, ivan: ContactView, mail: ContactView) -> None:
    with pytest.raises(Refused, match=r"right\.missing"):
        _merge(office, mail, ivan, office.join("Olena"))


def test_what_came_in_the_very_moment_goes_over_a_minute_later(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:

    _merge(office, mail, ivan, mila)
    words = office.says(ivan, "A moment too early")
    late = office.desk.run(incoming.open_case, mail, words)  # as one who had read the contact before
    office.clock.advance(contacts._LATE_AFTER)
    fire_due(office.desk)
    assert late in office.desk.look(queries.open_cases_of, ivan.id)


def test_contacts_that_are_merged_crosswise_at_once_end_as_one(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for one in (ivan, mail, ivan, mail):
        office.open_case(one)

    def merge(pair: tuple[ContactView, ContactView]) -> bool:
        try:
            _merge(office, *pair, mila)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge, [(ivan, mail), (mail, ivan)])) == [False, True]
    owners = office.desk.look(lambda tx: set(tx.session.scalars(select(Case.contact_id))))
    ways = office.desk.look(lambda tx: set(tx.session.scalars(select(ContactAddress.contact_id))))
    assert owners == ways
    assert len(owners) == 1


def test_answers_go_by_the_channel_that_was_chosen(
    office: Office, mila: Representative, ivan: ContactView, mail: ContactView
) -> None:
    number = office.open_case(ivan, "The lamp")
    with pytest.raises(Refused, match=r"via\.no_email"):
        office.desk.run(channels.choose_channel, number, Channel.EMAIL, mila)
    _merge(office, mail, ivan, mila)
    office.desk.run(cases.accept, number, mila)
    office.desk.run(channels.choose_channel, number, Channel.EMAIL, mila)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Once more"))
    assert office.desk.run(answering.answer, number, "By mail", mila).channel is Channel.EMAIL
    office.desk.run(customers.block_address, Channel.EMAIL, "ivan@example.com")
    assert office.desk.run(answering.answer, number, "By chat", mila).channel is Channel.TELEGRAM
    office.desk.run(customers.unblock_address, Channel.EMAIL, "ivan@example.com")
    office.desk.run(channels.choose_channel, number, None, mila)
    assert office.desk.run(answering.answer, number, "As ever", mila).channel is Channel.TELEGRAM
    assert [verb for verb in office.verbs(number) if verb.startswith("channel_")] == ["channel_chosen", "channel_left"]
