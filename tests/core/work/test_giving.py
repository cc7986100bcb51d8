"""Queues that give out what is new, absence, caps, what is not accepted in time, and who leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.cases import incoming
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.people import absence, signatures
from core.people.model import Person
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work import actions as work
from core.work import editing, leaving, mailboxes, tally
from core.work.leaving import Heir
from core.work.model import Queue, Work
from core.work.rules import Candidate, Policy, QueueKind, able, beginning, next_in_turn
from core.work.views import QueueView
from tests.core.office import Office
from workers.scheduler import ClockConfig, Scheduler


@pytest.fixture
def vip(office: Office) -> QueueView:
    return office.queue()


def _gives(office: Office, queue: QueueView, policy: Policy, chief: Representative, skill: str | None = None) -> None:
    office.desk.run(editing.set_policy, queue.id, policy, skill, chief)


def _tick(office: Office, after: timedelta) -> None:
    office.clock.advance(after)
    Scheduler(office.desk, ClockConfig("one")).tick()


# --- by turns and by load -------------------------------------------------------------------------


def test_a_queue_gives_to_each_in_turn(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _gives(office, vip, Policy.ROUND_ROBIN, chief)
    holders = [office.item(office.open_case(queue=vip.id)).holder_id for _ in range(4)]
    assert sorted(holders[:2]) == sorted(holders[2:]) == [olena.id, taras.id]


def test_who_is_new_is_not_flooded(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _gives(office, vip, Policy.ROUND_ROBIN, chief)
    for _ in range(10):
        office.open_case(queue=vip.id)
    ivan = office.join("Ivan")
    holders = [office.item(office.open_case(queue=vip.id)).holder_id for _ in range(6)]
    assert holders.count(ivan.id) == 2


def test_who_comes_back_is_not_flooded_either(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _gives(office, vip, Policy.ROUND_ROBIN, chief)
    for _ in range(2):
        office.open_case(queue=vip.id)
    office.desk.run(absence.go_away, taras, office.clock.at + timedelta(days=1), None)
    for _ in range(6):
        office.open_case(queue=vip.id)
    office.desk.run(absence.come_back, taras)
    holders = [office.item(office.open_case(queue=vip.id)).holder_id for _ in range(4)]
    assert holders.count(taras.id) == 2


def test_what_was_given_out_stays_given_when_it_is_released(
    office: Office, chief: Representative, vip: QueueView, olena: Representative
) -> None:
    _gives(office, vip, Policy.LEAST_LOADED, chief)
    number = office.open_case(queue=vip.id)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.release, number, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_when_nobody_works_it_waits_in_the_queue(office: Office, chief: Representative, vip: QueueView) -> None:
    _gives(office, vip, Policy.LEAST_LOADED, chief)
    assert office.place(office.open_case(queue=vip.id)) == (QueueKind.PUBLIC, None)


def test_what_is_forwarded_is_given_out_too_and_the_history_tells_both(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _gives(office, vip, Policy.LEAST_LOADED, chief)
    number = office.open_case(queue=office.personal(olena, QueueKind.ASSIGNED))
    office.desk.run(work.forward, number, vip.id, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    assert office.verbs(number)[-2:] == ["forwarded", "given_out"]
    assert office.told(taras) == ["card.why.given_out"]


def test_only_who_knows_about_it_is_given_it(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    office.desk.run(absence.change_skills, taras.id, ("Printers",), (), chief)
    _gives(office, vip, Policy.LEAST_LOADED, chief, "printers")
    assert {office.item(office.open_case(queue=vip.id)).holder_id for _ in range(3)} == {taras.id}
    office.desk.run(absence.change_skills, taras.id, (), ("printers",), taras)
    assert office.place(office.open_case(queue=vip.id)) == (QueueKind.PUBLIC, None)


def test_who_has_as_much_in_progress_as_they_want_gets_no_more(
    office: Office, olena: Representative, taras: Representative
) -> None:
    office.desk.run(absence.set_cap, olena, 1)
    office.desk.run(work.accept, office.open_case(queue=office.personal(olena, QueueKind.ASSIGNED)), olena)
    for _ in range(3):
        assert office.item(office.open_case()).holder_id == taras.id


@pytest.mark.parametrize("cap", [0, -1, absence.MOST_AT_A_TIME + 1])
def test_a_cap_is_a_number_of_items(office: Office, olena: Representative, cap: int) -> None:
    with pytest.raises(Misused):
        office.desk.run(absence.set_cap, olena, cap)


def test_of_others_skills_only_managers_speak(office: Office, olena: Representative, taras: Representative) -> None:
    with pytest.raises(Refused):
        office.desk.run(absence.change_skills, taras.id, ("printers",), (), olena)


_COUNTS = st.dictionaries(st.integers(1, 9), st.integers(0, 50))
_PEOPLE = st.lists(
    st.builds(Candidate, st.integers(1, 9), st.booleans(), st.none(), st.integers(0, 9), full=st.booleans()),
    unique_by=lambda one: one.person,
)


@given(_COUNTS, _PEOPLE)
def test_a_turn_goes_to_somebody_who_works_and_was_given_least(counts: dict[int, int], people: list[Candidate]) -> None:
    fit = able(people, None)
    given = {one.person: counts.get(one.person, beginning(list(counts.values()))) for one in fit}
    chosen = next_in_turn(given, fit)
    working = {one.person for one in fit if one.working}
    if chosen is None:
        assert not working
    else:
        assert chosen in working
        assert given[chosen] == min(given[one] for one in working)


# --- away -----------------------------------------------------------------------------------------


def test_new_work_of_who_is_away_goes_to_who_stands_in(
    office: Office, chief: Representative, olena: Representative, taras: Representative
) -> None:
    until = office.clock.at + timedelta(days=2)
    office.desk.run(absence.go_away, olena, until, taras)
    number = office.open_case(queue=office.queue().id)
    office.desk.run(work.assign, number, office.again(olena), chief)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    assert office.told(taras)[-1] == "card.why.assigned_instead"
    assert {office.item(office.open_case()).holder_id for _ in range(2)} == {taras.id}
    office.clock.advance(timedelta(days=2, seconds=1))
    assert office.again(olena).working


def test_who_stands_in_reads_what_customers_say_meanwhile(
    office: Office, olena: Representative, taras: Representative
) -> None:
    ivan = office.customer()
    number = office.open_case(ivan, queue=office.personal(olena, QueueKind.IN_PROGRESS))
    office.desk.run(absence.go_away, olena, office.clock.at + timedelta(days=2), taras)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Any news?"))
    assert "notice.customer_wrote" in office.told(taras)
    office.desk.run(absence.come_back, olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Hello?"))
    assert office.told(taras).count("notice.customer_wrote") == 1


def test_nobody_stands_in_for_themselves_or_while_they_are_away(
    office: Office, olena: Representative, taras: Representative
) -> None:
    until = office.clock.at + timedelta(days=1)
    with pytest.raises(Refused, match=r"away\.self"):
        office.desk.run(absence.go_away, olena, until, olena)
    with pytest.raises(Refused, match=r"away\.past"):
        office.desk.run(absence.go_away, olena, office.clock.at, taras)
    office.desk.run(absence.go_away, taras, until, None)
    with pytest.raises(Refused, match=r"away\.substitute_away"):
        office.desk.run(absence.go_away, olena, until, office.again(taras))


# --- not accepted in time -------------------------------------------------------------------------


def _waits(office: Office, queue: QueueView, minutes: int, chief: Representative) -> None:
    office.desk.run(editing.set_accept_within, queue.id, minutes, chief)


def test_what_is_not_accepted_is_reminded_of_and_goes_to_the_next(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _gives(office, vip, Policy.ROUND_ROBIN, chief)
    _waits(office, vip, 30, chief)
    number = office.open_case(queue=vip.id)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    _tick(office, timedelta(minutes=14))
    assert "card.why.accept_soon" not in office.told(olena)
    _tick(office, timedelta(minutes=1))
    assert office.told(olena)[-1] == "card.why.accept_soon"
    _tick(office, timedelta(minutes=15))
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    assert office.told(olena)[-1] == "card.why.not_accepted"
    assert office.told(taras)[-1] == "card.why.not_accepted_by"
    assert office.verbs(number)[-1] == "not_accepted"


def test_out_of_a_queue_that_gives_to_nobody_it_goes_back_there(
    office: Office, chief: Representative, vip: QueueView, olena: Representative
) -> None:
    _waits(office, vip, 30, chief)
    number = office.open_case(queue=vip.id)
    office.desk.run(work.assign, number, olena, chief)
    _tick(office, timedelta(minutes=30))
    assert office.place(number) == (QueueKind.PUBLIC, None)


@pytest.mark.parametrize("deed", ["accept", "close", "assign again"])
def test_what_was_accepted_closed_or_moved_meanwhile_stays(
    office: Office, chief: Representative, vip: QueueView, olena: Representative, taras: Representative, deed: str
) -> None:
    _waits(office, vip, 30, chief)
    number = office.open_case(queue=vip.id)
    office.desk.run(work.assign, number, olena, chief)
    office.clock.advance(timedelta(minutes=20))
    if deed == "accept":
        office.desk.run(work.accept, number, olena)
    elif deed == "close":
        office.close(number, olena)
    else:
        office.desk.run(work.assign, number, taras, chief)
    place = office.place(number)
    _tick(office, timedelta(minutes=11))
    assert office.place(number) == place
    assert "card.why.not_accepted" not in office.told(olena)


def test_only_time_of_work_counts(office: Office, chief: Representative, vip: QueueView) -> None:
    olena = office.join("Olena", presence=None)
    _waits(office, vip, 8 * 60, chief)
    number = office.open_case(queue=vip.id)  # on Monday at noon, of a day until six
    office.desk.run(work.assign, number, olena, chief)
    _tick(office, timedelta(hours=20))
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    _tick(office, timedelta(hours=3, minutes=1))
    assert office.place(number) == (QueueKind.PUBLIC, None)


# --- who leaves -----------------------------------------------------------------------------------


@pytest.fixture
def boss(office: Office) -> Representative:
    return office.join("Boss", Role.ADMINISTRATOR, Presence.AWAY)


def _busy(office: Office, person: Representative) -> list[int]:
    waiting = office.open_case(queue=office.personal(person, QueueKind.ASSIGNED))
    begun = office.open_case(queue=office.personal(person, QueueKind.ASSIGNED))
    office.desk.run(work.accept, begun, person)
    return [waiting, begun]


def test_who_leaves_hands_over_all_in_one_step(
    office: Office, boss: Representative, olena: Representative, taras: Representative
) -> None:
    numbers = _busy(office, olena)
    with pytest.raises(Refused, match=r"dismiss\.holds"):
        office.desk.run(leaving.dismiss, olena.id, None, boss)
    assert office.desk.run(leaving.dismiss, olena.id, Heir(person=taras), boss) == 2
    assert {office.place(number) for number in numbers} == {(QueueKind.ASSIGNED, taras.id)}
    assert office.told(taras) == ["handed_over.to_you"]
    assert [office.verbs(number)[-1] for number in numbers] == ["handed_over"] * 2
    with pytest.raises(NotFound):
        office.desk.run(leaving.dismiss, olena.id, None, boss)


def test_who_has_left_is_not_taken_for_a_colleague_with_a_longer_name(
    office: Office, boss: Representative, olena: Representative
) -> None:
    office.desk.run(leaving.dismiss, olena.id, None, boss)
    office.join("Olenaivna")
    with pytest.raises(NotFound):
        office.desk.run(leaving.dismiss, olena.id, None, boss)


def test_nothing_is_kept_of_the_letters_of_who_has_left(
    office: Office, boss: Representative, olena: Representative
) -> None:
    office.desk.run(mailboxes.set_mailbox, olena, "olena@example.com")
    office.desk.run(signatures.set_signature, olena, "Yours, Olena", None)
    office.desk.run(leaving.dismiss, olena.id, None, boss)
    row = office.desk.look(lambda tx: tx.session.get_one(Person, olena.id))
    assert (row.mailbox, row.signatures) == (None, None)


def test_what_they_had_may_go_into_a_queue_or_to_anybody(
    office: Office, boss: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    numbers = _busy(office, olena)
    office.desk.run(leaving.dismiss, olena.id, Heir(queue=vip.id), boss)
    assert {office.place(number) for number in numbers} == {(QueueKind.PUBLIC, None)}
    ivan = office.join("Ivan")
    more = _busy(office, taras)
    office.desk.run(leaving.dismiss, taras.id, Heir(), boss)
    assert {office.place(number) for number in more} == {(QueueKind.ASSIGNED, ivan.id)}


def test_the_last_administrator_stays_and_nobody_dismisses_themselves(office: Office, boss: Representative) -> None:
    with pytest.raises(Refused, match=r"dismiss\.self"):
        office.desk.run(leaving.dismiss, boss.id, None, boss)
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.run(leaving.dismiss, boss.id, None, office.join("Olena"))


def test_numbers_stay_true_through_all_of_it(
    office: Office, boss: Representative, vip: QueueView, olena: Representative, taras: Representative
) -> None:
    _busy(office, olena)
    office.desk.run(leaving.hand_over, olena.id, Heir(person=taras), olena)

    def counted(tx: Tx) -> dict[int, int]:
        return {queue: tally.items_in(tx, queue) for queue in tx.session.scalars(select(Queue.id))}

    def there(tx: Tx) -> dict[int, int]:
        counts = select(Queue.id, func.count(Work.id)).outerjoin(Work, Work.queue_id == Queue.id).group_by(Queue.id)
        return {row[0]: row[1] for row in tx.session.execute(counts)}

    assert office.desk.look(counted) == office.desk.look(there)
