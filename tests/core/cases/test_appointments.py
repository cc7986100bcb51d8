"""The customer of a case is invited to an appointment, and told what becomes of it; nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.activities import queries
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import appointments, merging
from core.cases.appointments import PlannedView, Told
from core.cases.model import Case
from core.errors import Refused
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel, OwedState
from core.people.rules import Role
from core.people.views import Representative
from core.work.rules import WorkKind
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office

TOMORROW, HOUR = MONDAY_NOON + timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def case(office: Office, olena: Representative) -> int:
    number = office.open_case(office.customer("Maria", Channel.EMAIL, "maria@customer.example"))
    office.desk.run(cases.accept, number, olena)
    return number


def _meet(office: Office, case: int | None, by: Representative, **more: object) -> PlannedView:
    what = Plan(WorkKind.APPOINTMENT, "Show it", TOMORROW, regarding=case, **more)  # type: ignore[arg-type] # any of them
    return office.desk.run(appointments.plan, what, by)


def _told(office: Office) -> list[tuple[str, str, int]]:
    """List what still goes, or went, to customers' calendars: the key, the method and the sequence."""
    rows = [row for row in office.owed() if "calendar" in row.facts and row.state is not OwedState.WITHDRAWN]
    return [
        (row.facts["lines"][0]["key"], row.facts["calendar"]["method"], row.facts["calendar"]["sequence"])
        for row in rows
    ]


def _send(office: Office) -> None:
    """Let everything that is owed by mail go out."""
    office.clock.advance(timedelta(seconds=11))
    while parcels := office.desk.run(claims.claim_due, Channel.EMAIL, 10):
        for parcel in parcels:
            office.desk.run(outbox.settle_sent, parcel)


def test_the_customer_of_a_case_is_invited_after_as_long_as_an_answer_waits(
    office: Office, olena: Representative, case: int
) -> None:
    made = _meet(office, case, olena, place="Office 3")
    assert (made.told, made.name, made.channel) == (Told.INVITED, "Maria", Channel.EMAIL)
    (row,) = [one for one in office.owed() if "calendar" in one.facts]
    assert (row.address, row.work_id) == ("maria@customer.example", case)
    assert row.due_at == office.clock() + timedelta(seconds=10)
    assert [line["key"] for line in row.facts["lines"]] == [
        "appointment.invited", "appointment.time", "appointment.place", "appointment.with",
    ]  # fmt: skip
    assert "invited" in office.verbs(case)


def test_who_was_invited_is_told_that_it_moves_and_that_it_does_not_take_place(
    office: Office, olena: Representative, case: int
) -> None:
    number = _meet(office, case, olena).item.number
    _send(office)
    office.desk.run(appointments.move, number, TOMORROW + HOUR, olena)
    _send(office)
    office.desk.run(appointments.call_off, number, olena)
    assert _told(office) == [
        ("appointment.invited", "REQUEST", 0),
        ("appointment.moved", "REQUEST", 1),
        ("appointment.called_off", "CANCEL", 2),
    ]
    assert len({row.facts["calendar"]["uid"] for row in office.owed() if "calendar" in row.facts}) == 1
    office.desk.run(cases.reopen, number, olena)
    assert _told(office)[-1] == ("appointment.again", "REQUEST", 3)


def test_who_has_heard_of_nothing_yet_hears_only_how_it_is_now(
    office: Office, olena: Representative, case: int
) -> None:
    number = _meet(office, case, olena).item.number
    office.desk.run(appointments.move, number, TOMORROW + HOUR, olena)
    assert _told(office) == [("appointment.invited", "REQUEST", 0)]
    office.desk.run(appointments.call_off, number, olena)
    assert _told(office) == []


def test_an_invitation_is_taken_back_before_it_goes_out(office: Office, olena: Representative, case: int) -> None:
    number = _meet(office, case, olena).item.number
    office.desk.run(appointments.uninvite, number, olena)
    office.desk.run(appointments.move, number, TOMORROW + HOUR, olena)
    assert _told(office) == []
    other = _meet(office, case, olena).item.number
    _send(office)
    with pytest.raises(Refused, match=r"appointment\.gone"):
        office.desk.run(appointments.uninvite, other, olena)


def test_nobody_is_invited_to_the_case_of_another(office: Office, olena: Representative, case: int) -> None:
    made = _meet(office, case, office.join("Taras"))
    assert (made.told, made.name) == (Told.OF_ANOTHER, "Olena")
    assert _told(office) == []
    assert _meet(office, case, office.join("Mila", Role.MANAGER)).told is Told.INVITED


def test_machines_and_strangers_are_not_invited(office: Office, olena: Representative, case: int) -> None:
    def hush(tx: object) -> None:
        tx.lock_one(Case, case).hushed = True  # type: ignore[attr-defined] # it is a transaction

    office.desk.run(hush)
    assert _meet(office, case, olena).told is Told.HUSHED
    assert _told(office) == []


@pytest.mark.parametrize("kind", [WorkKind.TASK, WorkKind.CALL])
def test_customers_hear_nothing_of_tasks_and_calls(
    office: Office, olena: Representative, case: int, kind: WorkKind
) -> None:
    what = Plan(kind, "Show it", TOMORROW, regarding=case)
    number = office.desk.run(appointments.plan, what, olena).item.number
    office.desk.run(appointments.move, number, TOMORROW + HOUR, olena)
    office.desk.run(appointments.call_off, number, olena)
    assert _told(office) == []


def test_what_is_planned_for_a_closed_case_is_called_off_together(
    office: Office, olena: Representative, case: int
) -> None:
    taras = office.join("Taras")
    mine, theirs = _meet(office, case, olena).item.number, _meet(office, case, taras).item.number
    _send(office)
    with pytest.raises(Refused, match=r"appointment\.case_open"):
        office.desk.run(appointments.close_planned, case, olena)
    office.desk.run(cases.resolve, case, olena, "All is well")
    assert office.item(mine).open, "nothing is called off before somebody says so"
    assert office.desk.run(appointments.close_planned, case, olena) == ([mine], [theirs])
    assert _told(office)[-1] == ("appointment.called_off", "CANCEL", 1)
    assert office.item(theirs).open


def test_an_invitation_that_may_have_gone_out_counts_as_gone(office: Office, olena: Representative, case: int) -> None:
    _send(office)
    number = _meet(office, case, olena).item.number
    office.clock.advance(timedelta(seconds=11))
    assert len(office.desk.run(claims.claim_due, Channel.EMAIL, 10)) == 1
    office.desk.run(appointments.call_off, number, olena)
    assert ("appointment.called_off", "CANCEL", 1) in _told(office)


def test_who_was_invited_goes_on_being_told_when_the_case_is_merged_into_one_of_another(
    office: Office, olena: Representative, case: int
) -> None:
    number = _meet(office, case, olena).item.number
    _send(office)
    other = office.open_case(office.customer("Petro", Channel.EMAIL, "petro@customer.example"))
    office.desk.run(merging.merge, [case], other, olena, confirmed=True)
    office.desk.run(appointments.move, number, TOMORROW + HOUR, olena)
    (*_, row) = [one for one in office.owed() if "calendar" in one.facts]
    assert (row.address, row.facts["calendar"]["sequence"]) == ("maria@customer.example", 1)
    assert office.desk.look(queries.activity, office.item(number)).contact == "Maria"


def test_of_appointments_in_a_case_merged_into_one_of_the_same_customer_they_are_told_by_its_way(
    office: Office, olena: Representative, case: int
) -> None:
    number = _meet(office, case, olena).item.number
    _send(office)
    other = office.open_case(office.customer("Maria", Channel.EMAIL, "maria@customer.example"))
    office.desk.run(merging.merge, [case], other, olena)
    office.desk.run(appointments.call_off, number, olena)
    (*_, row) = [one for one in office.owed() if "calendar" in one.facts]
    assert (row.address, row.work_id) == ("maria@customer.example", other)
    assert _told(office)[-1] == ("appointment.called_off", "CANCEL", 1)
