"""A queue that gives a new case to who solved the customer's last one, and to others where that one cannot take it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.cases import actions as cases
from core.cases import incoming
from core.customers.views import ContactView
from core.people import absence
from core.people import actions as people
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work import actions as work
from core.work import editing
from core.work.rules import First, Policy, QueueKind
from core.work.views import QueueView
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def vip(office: Office, chief: Representative) -> QueueView:
    queue = office.queue()
    office.desk.run(editing.set_policy, queue.id, Policy.LEAST_LOADED, None, chief, first=[First.LAST])
    return queue


def _solved(office: Office, ivan: ContactView, vip: QueueView, by: Representative) -> int:
    """Let somebody solve a case of a customer, and have more to do than the others."""
    number = office.open_case(ivan, queue=vip.id)
    if office.item(number).holder_id != by.id:
        office.desk.run(work.assign, number, office.again(by), office.again(by))
    office.desk.run(cases.accept, number, by)
    office.desk.run(cases.resolve, number, by)
    return number


def _busy(office: Office, who: Representative, other: QueueView) -> None:
    for _ in range(3):
        number = office.open_case(queue=other.id)
        office.desk.run(work.accept, number, who)


def test_a_new_case_goes_to_who_solved_the_last_one_of_the_customer(
    office: Office, olena: Representative, taras: Representative, vip: QueueView
) -> None:
    ivan = office.customer("Ivan")
    _busy(office, taras, office.queue("Other"))
    office.desk.run(people.set_presence, olena, Presence.AWAY)
    _solved(office, ivan, vip, taras)
    office.desk.run(people.set_presence, olena, Presence.WORKING)
    assert office.place(office.open_case(ivan, queue=vip.id)) == (QueueKind.ASSIGNED, taras.id)
    assert office.place(office.open_case(queue=vip.id)) == (QueueKind.ASSIGNED, olena.id)


@pytest.mark.parametrize("why", ["away", "full", "long ago", "left"])
def test_where_that_one_cannot_take_it_it_goes_by_the_policy(
    office: Office, chief: Representative, olena: Representative, taras: Representative, vip: QueueView, why: str
) -> None:
    from core.work import leaving

    ivan = office.customer("Ivan")
    office.desk.run(people.set_presence, olena, Presence.AWAY)
    _solved(office, ivan, vip, taras)
    office.desk.run(people.set_presence, olena, Presence.WORKING)
    other = office.queue("Other")
    _busy(office, olena, other)
    if why == "away":
        office.desk.run(people.set_presence, taras, Presence.AWAY)
    elif why == "full":
        _busy(office, taras, other)
        office.desk.run(absence.set_cap, taras, 1)
    elif why == "long ago":
        _busy(office, taras, other)
        _busy(office, taras, other)
        office.clock.advance(timedelta(days=91))
    else:
        boss = office.join("Bohdan", Role.ADMINISTRATOR, Presence.AWAY)
        office.desk.run(leaving.dismiss, taras.id, None, boss)
    assert office.place(office.open_case(ivan, queue=vip.id)) == (QueueKind.ASSIGNED, olena.id)


def test_what_waits_to_be_taken_goes_to_who_knows_the_customer_all_the_same(
    office: Office, chief: Representative, olena: Representative, vip: QueueView
) -> None:
    ivan = office.customer("Ivan")
    _solved(office, ivan, vip, olena)
    office.desk.run(editing.set_policy, vip.id, Policy.MANUAL, None, chief, first=[First.LAST])
    assert office.place(office.open_case(ivan, queue=vip.id)) == (QueueKind.ASSIGNED, olena.id)
    assert office.place(office.open_case(queue=vip.id)) == (QueueKind.PUBLIC, None)


def test_what_somebody_gets_past_their_turn_is_a_turn(
    office: Office, chief: Representative, olena: Representative, taras: Representative, vip: QueueView
) -> None:
    ivan = office.customer("Ivan")
    office.desk.run(people.set_presence, taras, Presence.AWAY)
    _solved(office, ivan, vip, olena)
    office.desk.run(people.set_presence, taras, Presence.WORKING)
    office.desk.run(editing.set_policy, vip.id, Policy.ROUND_ROBIN, None, chief, first=[First.LAST])
    known = [office.item(office.open_case(ivan, queue=vip.id)).holder_id for _ in range(2)]
    new = [office.item(office.open_case(queue=vip.id)).holder_id for _ in range(2)]
    assert known == [olena.id] * 2
    assert new == [taras.id] * 2


def test_a_late_answer_that_opens_a_new_case_goes_to_who_had_the_old_one(
    office: Office, olena: Representative, taras: Representative, vip: QueueView
) -> None:
    ivan = office.customer("Ivan")
    office.desk.run(people.set_presence, olena, Presence.AWAY)
    number = _solved(office, ivan, vip, taras)
    office.desk.run(people.set_presence, olena, Presence.WORKING)
    _busy(office, taras, office.queue("Other"))
    office.clock.advance(timedelta(days=30))
    new = office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Again"), queue=vip.id)
    assert new != number
    assert office.place(new) == (QueueKind.ASSIGNED, taras.id)


@pytest.mark.parametrize(
    ("words", "policy", "told"),
    [
        ("give last", Policy.LEAST_LOADED, "otherwise to whoever works and has the least"),
        ("give last turns", Policy.ROUND_ROBIN, "otherwise to those who work, each in turn"),
        ("роздає останній вручну", Policy.MANUAL, "otherwise to nobody"),
        ("give last turns skill printers", Policy.ROUND_ROBIN, "know about printers"),
    ],
)
def test_it_is_said_in_words(
    office: Office, chief: Representative, vip: QueueView, words: str, policy: Policy, told: str
) -> None:
    shown = Chatting(office, chief).say(f"/queue_edit VIP {words}").text
    assert "solved" in shown
    assert told in shown
    settings = office.desk.look(editing.settings_of, vip.id, chief)
    assert (settings.policy, settings.first) == (policy, {First.LAST})
    Chatting(office, chief).say("/queue_edit VIP give turns")
    assert not office.desk.look(editing.settings_of, vip.id, chief).first


@pytest.mark.parametrize(
    ("words", "policy", "first"),
    [
        ("give owner", Policy.LEAST_LOADED, {First.OWNER}),
        ("give owner manual", Policy.MANUAL, {First.OWNER}),
        ("give last owner turns", Policy.ROUND_ROBIN, {First.OWNER, First.LAST}),
        ("роздає власник останньому вручну", Policy.MANUAL, {First.OWNER, First.LAST}),
    ],
)
def test_that_the_owner_of_the_account_comes_first_is_said_in_words(
    office: Office, chief: Representative, vip: QueueView, words: str, policy: Policy, first: set[First]
) -> None:
    shown = Chatting(office, chief).say(f"/queue_edit VIP {words}").text
    assert "first to the owner of the customer’s account" in shown
    settings = office.desk.look(editing.settings_of, vip.id, chief)
    assert (settings.policy, settings.first) == (policy, first)
    assert Chatting(office, chief).say("/queue_edit VIP give owner nobody").error == "usage.queue_give"
