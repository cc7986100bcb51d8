"""What representatives do with cases: accept, resolve, reopen, mark as spam."""

from __future__ import annotations

import pytest

from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import answering, incoming, queries
from core.cases.rules import CaseStatus
from core.customers import actions as customers
from core.customers.views import ContactView
from core.errors import Misused, NotFound, Refused
from core.outbox.model import Channel, OwedState
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from core.work.rules import QueueKind
from tests.core.office import Office, key_of


@pytest.fixture
def number(office: Office, ivan: ContactView) -> int:
    return office.open_case(ivan)


# --- accept ---------------------------------------------------------------------------------------


def test_the_customer_is_told_once_who_works_on_it(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.accept, number, olena)
    office.desk.run(work.release, number, olena)
    office.desk.run(cases.accept, number, olena)
    assert office.told_customer(ivan) == ["receipt.new", "customer.accepted"]
    taras = office.join("Taras")
    office.desk.run(work.assign, number, taras, olena)
    office.desk.run(cases.accept, number, taras)
    assert office.told_customer(ivan)[2:] == ["customer.accepted"]
    assert office.owed(contact_id=ivan.id)[-1].facts["lines"][0]["facts"]["name"] == "Taras"


def test_accepting_a_task_tells_no_customer(office: Office, olena: Representative) -> None:
    task = office.desk.run(activities.plan_task, "call", olena).number
    office.desk.run(work.release, task, olena)
    assert office.desk.run(cases.accept, task, olena).holder_id == olena.id


# --- resolve --------------------------------------------------------------------------------------


def test_resolving_accepts_first_and_tells_the_customer_with_a_way_back(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.resolve, number, olena, "new toner")
    view = office.desk.look(queries.case, number)
    assert (view.status, view.resolution, view.resolved_at) == (CaseStatus.RESOLVED, "new toner", office.clock())
    assert office.verbs(number)[-2:] == ["accepted", "resolved"]
    row = office.owed(contact_id=ivan.id)[-1]
    assert row.facts["lines"][0]["key"] == "customer.resolved_with"
    assert row.facts["buttons"][0][0][1:] == ["not_solved", [number]]


def test_of_what_is_accepted_only_to_be_resolved_the_customer_reads_the_end_alone(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(ivan) == ["receipt.new", "customer.resolved"]
    office.desk.run(cases.reopen, number, olena)
    office.desk.run(cases.accept, number, olena)
    assert office.told_customer(ivan)[2:] == ["customer.accepted"]


def test_without_a_word_of_how_the_customer_reads_that_it_is(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(ivan)[-1] == "customer.resolved"
    assert office.desk.look(queries.case, number).resolution is None


def test_nobody_resolves_what_another_has(office: Office, number: int, olena: Representative) -> None:
    taras = office.join("Taras")
    with pytest.raises(Refused, match=r"item\.assigned_to_other.*Olena"):
        office.desk.run(cases.resolve, number, taras)
    office.desk.run(cases.accept, number, olena)
    with pytest.raises(Refused, match=r"item\.taken.*Olena"):
        office.desk.run(cases.resolve, number, taras)


def test_a_manager_resolves_what_another_has(office: Office, number: int, olena: Representative) -> None:
    chief = office.join("Maria", Role.MANAGER)
    office.desk.run(cases.accept, number, olena)
    office.desk.run(cases.resolve, number, chief)
    assert not office.item(number).open


def test_what_is_resolved_cannot_be_resolved(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(cases.resolve, number, olena)
    with pytest.raises(Refused, match=r"item\.closed"):
        office.desk.run(cases.resolve, number, olena)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        office.desk.run(cases.resolve, 10**9, olena)


# --- reopen ---------------------------------------------------------------------------------------


def test_reopening_brings_a_case_back_whole(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(cases.resolve, number, olena, "new toner")
    office.desk.run(cases.reopen, number, olena)
    view = office.desk.look(queries.case, number)
    assert (view.status, view.resolution, view.resolved_at) == (CaseStatus.OPEN, None, None)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_whoever_gets_it_back_is_told_unless_they_opened_it(office: Office, number: int, olena: Representative) -> None:
    taras = office.join("Taras")
    office.desk.run(cases.resolve, number, olena)
    before = len(office.told(olena))
    office.desk.run(cases.reopen, number, taras)
    assert office.told(olena)[before:] == ["card.why.new_assigned"]
    office.desk.run(cases.resolve, number, olena)
    before = len(office.told(olena))
    office.desk.run(cases.reopen, number, olena)
    assert office.told(olena)[before:] == []


def test_what_does_not_exist_is_not_opened(office: Office, olena: Representative) -> None:
    with pytest.raises(NotFound, match=r"item\.unknown"):
        office.desk.run(cases.reopen, 10**9, olena)


# --- spam -----------------------------------------------------------------------------------------


def test_spam_bans_its_sender_without_a_word(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    told = office.told_customer(ivan)
    office.desk.run(cases.mark_spam, number, olena)
    assert office.desk.look(queries.case, number).status is CaseStatus.SPAM
    assert not office.item(number).open
    assert office.desk.look(customers.get, ivan.id).banned
    assert office.told_customer(ivan) == told
    assert "spam" in office.verbs(number)


def test_nobody_marks_as_spam_what_another_has_but_a_manager(
    office: Office, number: int, olena: Representative
) -> None:
    taras, chief = office.join("Taras"), office.join("Maria", Role.MANAGER)
    with pytest.raises(Refused, match=r"item\.assigned_to_other.*Olena"):
        office.desk.run(cases.mark_spam, number, taras)
    office.desk.run(cases.accept, number, olena)
    with pytest.raises(Refused, match=r"item\.taken.*Olena"):
        office.desk.run(cases.mark_spam, number, taras)
    office.desk.run(cases.mark_spam, number, chief)
    assert not office.item(number).open


def test_a_task_is_no_spam(office: Office, olena: Representative) -> None:
    task = office.desk.run(activities.plan_task, "call", olena).number
    with pytest.raises(Refused, match=r"case\.is_task"):
        office.desk.run(cases.mark_spam, task, olena)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        office.desk.run(cases.mark_spam, 10**9, olena)


def test_what_is_closed_is_no_spam_any_more(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(incoming.close_own, number, ivan)
    with pytest.raises(Refused, match=r"item\.closed"):
        office.desk.run(cases.mark_spam, number, olena)
    assert not office.desk.look(customers.get, ivan.id).banned


# --- looking --------------------------------------------------------------------------------------


def test_a_task_is_no_case_to_look_at(office: Office, olena: Representative) -> None:
    task = office.desk.run(activities.plan_task, "call", olena).number
    with pytest.raises(NotFound, match=r"case\.is_task"):
        office.desk.look(queries.case, task)
    assert office.desk.look(queries.showing, task).item == office.item(task)


def test_a_machine_and_a_stranger_hear_nothing_that_no_person_wrote(office: Office) -> None:
    olena = office.join("Olena")
    robot = office.customer("Robot", Channel.EMAIL)
    number = office.open_case(robot, automatic=True)
    office.desk.run(cases.accept, number, olena)
    office.desk.run(cases.resolve, number, olena, "done")
    assert office.told_customer(robot) == []
    office.desk.run(cases.reopen, number, olena)
    office.desk.run(answering.answer, number, "A person asks", olena)
    assert office.told_customer(robot) == ["answer"]


def test_whoever_writes_themselves_is_told_from_then_on(office: Office) -> None:
    olena = office.join("Olena")
    robot = office.customer("Robot", Channel.EMAIL)
    number = office.open_case(robot, automatic=True)
    office.desk.run(incoming.add_message, number, robot, office.says(robot, "I am no robot"))
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(robot) == ["customer.resolved"]


def test_by_mail_nobody_is_told_that_somebody_accepted(office: Office) -> None:
    olena = office.join("Olena")
    maria = office.customer("Maria", Channel.EMAIL)
    office.desk.run(cases.accept, office.open_case(maria), olena)
    assert office.told_customer(maria) == ["receipt.new"]


def test_a_resolution_by_mistake_is_taken_back_before_the_customer_hears_of_it(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(cases.resolve, number, olena)
    (news,) = [row for row in office.owed(contact_id=ivan.id) if key_of(row) == "customer.resolved"]
    assert news.due_at == office.clock() + office.desk.house.undo
    office.desk.run(cases.reopen, number, olena)
    (news,) = [row for row in office.owed(contact_id=ivan.id) if key_of(row) == "customer.resolved"]
    assert news.state is OwedState.WITHDRAWN


# --- billable time ------------------------------------------------------------------------------------


def test_billable_time_is_added_up_over_all_that_was_done(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(cases.resolve, number, olena, "new toner", minutes=30)
    office.desk.run(cases.reopen, number, olena)
    office.desk.run(cases.resolve, number, olena, minutes=60)
    assert office.desk.look(queries.case, number).billable_minutes == 90
    assert office.facts(number, "resolved")["minutes"] == 60


def test_out_of_assigned_resolving_accepts_first_and_the_history_says_both(
    office: Office, number: int, olena: Representative
) -> None:
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    office.desk.run(cases.resolve, number, olena, minutes=5)
    assert office.verbs(number)[-2:] == ["accepted", "resolved"]


# --- cancel -------------------------------------------------------------------------------------------


def test_what_is_in_progress_is_cancelled_with_a_reason_that_the_customer_reads(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.accept, number, olena)
    office.desk.run(cases.cancel, number, "the same as 9", olena)
    view = office.desk.look(queries.case, number)
    assert (view.status, view.resolution, view.item.open) == (CaseStatus.CANCELLED, "the same as 9", False)
    assert office.told_customer(ivan)[-1] == "customer.cancelled"
    assert office.facts(number, "cancelled")["why"] == "the same as 9"


def test_nothing_is_cancelled_that_nobody_accepted(office: Office, number: int, olena: Representative) -> None:
    shared = office.open_case(queue=office.queue("VIP").id)
    chief = office.join("Maria", Role.MANAGER)
    for one, by in ((number, olena), (number, chief), (shared, olena), (shared, chief)):
        with pytest.raises(Refused, match=r"cancel.accept_first"):
            office.desk.run(cases.cancel, one, "a mistake", by)
    assert office.item(number).open


def test_refuses_to_cancel_without_a_reason_a_task_or_what_another_works_on(
    office: Office, number: int, olena: Representative
) -> None:
    office.desk.run(cases.accept, number, olena)
    with pytest.raises(Misused, match=r"cancel.no_reason"):
        office.desk.run(cases.cancel, number, " \n", olena)
    with pytest.raises(Refused, match=r"item.taken"):
        office.desk.run(cases.cancel, number, "a mistake", office.join("Taras"))
    task = office.desk.run(activities.plan_task, "call", olena).number
    with pytest.raises(NotFound, match=r"case.is_task"):
        office.desk.run(cases.cancel, task, "a mistake", olena)


def test_who_cancels_by_mistake_reopens_it_and_nobody_is_told(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.accept, number, olena)
    office.desk.run(cases.cancel, number, "a mistake", olena)
    office.desk.run(cases.reopen, number, olena)
    assert office.owed(contact_id=ivan.id)[-1].state is OwedState.WITHDRAWN
    assert office.desk.look(queries.case, number).resolution is None


def test_an_answer_of_the_customer_reopens_what_was_cancelled(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(cases.accept, number, olena)
    office.desk.run(cases.cancel, number, "a mistake", olena)
    assert office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "It is not")) == number
    assert office.desk.look(queries.case, number).status is CaseStatus.OPEN
