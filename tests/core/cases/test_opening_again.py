"""What a customer says of a closed case opens it again, or another when it was closed too long ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import incoming, queries, related
from core.cases.rules import CaseStatus
from core.customers.views import ContactView
from core.errors import Refused
from core.outbox.model import OwedState
from core.people.views import Representative
from core.work.rules import QueueKind
from tests.core.office import Office, key_of


def test_a_message_opens_a_case_again_within_two_weeks(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=14))
    assert office.writes(ivan, number) == number
    view = office.desk.look(queries.case, number)
    assert (view.status, view.resolved_at, view.item.open) == (CaseStatus.OPEN, None, True)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    assert "reopened" in office.verbs(number)


def test_words_that_open_a_case_again_are_told_once(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.resolved_case(ivan, olena)
    before = len(office.told(olena))
    office.writes(ivan, number)
    assert office.told(olena)[before:] == ["card.why.reopened_by_customer"]
    office.writes(ivan, number)
    assert office.told(olena)[before + 1 :] == ["notice.customer_wrote"]


def test_after_that_it_becomes_a_new_case(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=14) + timedelta(seconds=1))
    newer = office.writes(ivan, number)
    assert newer != number
    assert office.item(newer).open
    assert not office.item(number).open
    assert office.told_customer(ivan).count("receipt.new") == 2


def test_an_automatic_message_opens_nothing_again(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.resolved_case(ivan, olena)
    assert office.writes(ivan, number, "out of office", automatic=True) == number
    assert not office.item(number).open


def test_spam_is_not_opened_again_by_its_sender(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.open_case(ivan)
    office.desk.run(cases.mark_spam, number, olena)
    assert office.writes(ivan, number) != number
    with pytest.raises(Refused, match=r"case\.too_old"):
        office.desk.run(incoming.not_solved, number, ivan)


def test_not_solved_opens_it_again_for_who_had_it(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.resolved_case(ivan, olena)
    before = len(office.told(olena))
    office.desk.run(incoming.not_solved, number, ivan)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    assert office.told(olena)[before:] == ["card.why.not_solved"]
    with pytest.raises(Refused, match=r"item\.open"):
        office.desk.run(incoming.not_solved, number, ivan)


def test_not_solved_comes_too_late_after_two_weeks(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=14) + timedelta(seconds=1))
    with pytest.raises(Refused, match=r"case\.too_old"):
        office.desk.run(incoming.not_solved, number, ivan)


def test_what_a_closed_case_of_an_address_is_written_to_late_goes_to_the_queue_of_that_address(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    vip = office.queue("VIP")
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=14) + timedelta(seconds=1))
    new = office.desk.run(incoming.add_message, number, ivan, office.says(ivan), queue=vip.id)
    assert new != number
    assert office.item(new).queue == vip


def test_nobody_is_told_that_a_case_is_resolved_which_they_have_opened_again(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(seconds=3))
    office.writes(ivan, number, "No, it is not")
    states = {key_of(row): row.state for row in office.owed(contact_id=ivan.id)}
    assert states["customer.resolved"] is OwedState.WITHDRAWN
    assert states["receipt.new"] is OwedState.OWED


def test_what_is_planned_for_a_case_is_still_planned_when_its_customer_opens_it_again(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan)
    due = office.clock() + timedelta(days=20)
    office.desk.run(activities.plan_task, "call", olena, due_at=due, regarding=number)
    office.desk.run(cases.resolve, number, olena)
    office.writes(ivan, number, "No, it is not")
    assert office.item(number).planned_at == due


def test_words_on_a_case_closed_too_long_ago_open_one_that_is_linked_with_it(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=14, seconds=1))
    new = office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Again"))
    assert new != number
    assert [one.number for one in office.desk.look(related.linked, new)] == [number]
    assert office.facts(number, "linked") == {"number": new}


@pytest.mark.parametrize(("days", "reopens"), [(0, False), (3, False), (4, True)])
def test_how_long_an_answer_reopens_is_a_setting(
    office: Office, ivan: ContactView, olena: Representative, days: int, reopens: bool
) -> None:
    office.desk.house = replace(office.desk.house, reopen_days=days)
    number = office.resolved_case(ivan, olena)
    office.clock.advance(timedelta(days=4))
    assert (office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Again")) == number) is reopens
