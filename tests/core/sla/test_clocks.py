"""The clocks of a case: started, met, broken, paused and moved by what happens to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.activities import actions as activities
from core.calendars.rules import Closure
from core.cases import actions as cases
from core.cases import answering, incoming
from core.errors import Refused
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.sla import actions
from core.sla.model import Scope
from tests.core.office import Office
from tests.core.sla.levels import HOUR, MINUTE, TERMS, clocks, fire_all, make_level

#: Monday, noon in Kyiv; the house works from nine to six.
NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def olena(office: Office, boss: Representative) -> Representative:
    return office.join("Olena")


def test_a_desk_without_levels_measures_nothing(office: Office, olena: Representative) -> None:
    number = office.open_case()
    assert clocks(office, number) == {}
    assert office.item(number).due_at is None
    office.clock.advance(timedelta(days=10))
    before = office.told(olena)
    assert fire_all(office) == 0
    assert office.told(olena) == before


def test_a_new_case_is_due_in_working_time(office: Office, boss: Representative, olena: Representative) -> None:
    make_level(office, boss)
    office.clock.at = NOON + 4 * HOUR  # four o'clock: two hours are left of this day
    number = office.open_case()
    item = office.item(number)
    assert (item.due_at, item.due_for) == (datetime(2026, 3, 3, 9, tzinfo=UTC), "first")
    assert clocks(office, number)["resolve"].due_at == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert "level_applied" in office.verbs(number)


def test_the_first_answer_in_time_meets_its_clock_and_stops_that_of_the_resolution(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    number = office.open_case()
    office.clock.advance(HOUR)
    office.desk.run(answering.answer, number, "Coming", olena)
    assert "first_met" in office.verbs(number)
    found = clocks(office, number)
    assert (found["first"].ended_at, found["first"].broken_at) == (NOON + HOUR, None)
    assert (found["resolve"].paused_at, found["resolve"].due_at) == (NOON + HOUR, None)
    assert office.item(number).due_at is None


def test_an_answer_after_its_time_is_late_though_nobody_was_told(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    number = office.open_case()
    office.clock.advance(4 * HOUR)  # the very instant
    office.desk.run(answering.answer, number, "Sorry", olena)
    assert "first_late" in office.verbs(number)
    assert clocks(office, number)["first"].broken_at == NOON + 4 * HOUR


def test_a_customers_answer_sets_the_resolution_going_again(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    ivan = office.customer()
    number = office.open_case(ivan)
    office.clock.advance(HOUR)
    office.desk.run(answering.answer, number, "Is it on?", olena)
    office.clock.advance(timedelta(days=7))
    assert fire_all(office) == 0
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Yes"))
    # 15 of 16 hours are left, from one o'clock on Monday: five today, nine tomorrow, one the day after
    assert office.item(number).due_at == datetime(2026, 3, 11, 8, tzinfo=UTC)


def test_an_answer_taken_back_was_never_written(office: Office, boss: Representative, olena: Representative) -> None:
    make_level(office, boss)
    number = office.open_case()
    before = office.item(number).due_at, clocks(office, number)["resolve"].due_at
    office.clock.advance(HOUR)
    answer = office.desk.run(answering.answer, number, "Coming", olena)
    office.clock.advance(timedelta(seconds=5))
    office.desk.run(answering.undo, answer.entry_id, olena)
    assert (office.item(number).due_at, clocks(office, number)["resolve"].due_at) == before
    assert clocks(office, number)["first"].ended_at is None


def test_resolving_ends_both_and_reopening_goes_on_where_it_stood(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    number = office.open_case()
    office.clock.advance(HOUR)
    office.desk.run(cases.resolve, number, olena)
    assert {"first_met", "resolve_met"} <= set(office.verbs(number))
    assert office.item(number).due_at is None
    office.clock.at = datetime(2026, 3, 4, 7, tzinfo=UTC)  # nine on Wednesday
    office.desk.run(cases.reopen, number, olena)
    # one hour was used: nine today and six tomorrow
    assert office.item(number).due_at == datetime(2026, 3, 5, 13, tzinfo=UTC)


def test_spam_is_measured_no_more(office: Office, boss: Representative, olena: Representative) -> None:
    make_level(office, boss)
    number = office.open_case()
    office.desk.run(cases.mark_spam, number, olena)
    assert clocks(office, number) == {}
    office.clock.advance(timedelta(days=3))
    assert fire_all(office) == 0


def test_the_customers_own_level_goes_before_that_of_the_queue_and_that_before_the_default(
    office: Office, boss: Representative
) -> None:
    queue, ivan = office.queue("VIP").id, office.customer("Ivan")
    for name, hours, scope, subject in (
        ("Usual", 8, Scope.DEFAULT, 0),
        ("Gold", 2, Scope.QUEUE, queue),
        ("Ivan's", 1, Scope.CONTACT, ivan.id),
    ):
        targets = {kind: dict.fromkeys(TERMS.targets[kind], hours * HOUR) for kind in TERMS.targets}
        make_level(office, boss, name, scope, subject, targets=targets)
    due = [
        office.item(office.open_case(who, queue=where)).due_at
        for who, where in ((ivan, queue), (office.customer("Petro"), queue), (office.customer("Oksana"), None))
    ]
    assert due == [NOON + HOUR, NOON + 2 * HOUR, datetime(2026, 3, 3, 9, tzinfo=UTC)]


def test_another_queue_has_other_targets_but_what_was_used_stays_used(
    office: Office, boss: Representative, olena: Representative
) -> None:
    vip = office.queue("VIP").id
    make_level(office, boss)
    targets = {kind: dict.fromkeys(TERMS.targets[kind], 2 * HOUR) for kind in TERMS.targets}
    make_level(office, boss, "Fast", Scope.QUEUE, vip, targets=targets)
    number = office.open_case()
    office.clock.advance(HOUR)
    office.desk.run(activities.forward, number, vip, olena)
    assert office.item(number).due_at == NOON + 2 * HOUR
    assert office.facts(number, "level_applied") == {"level": "Fast"}
    office.desk.run(cases.accept, number, olena)
    assert office.item(number).due_at == NOON + 2 * HOUR, "in somebody's hands it keeps the level of the queue"


def test_a_queue_without_a_level_ends_it(office: Office, boss: Representative, olena: Representative) -> None:
    vip, other = office.queue("VIP").id, office.queue("Other").id
    make_level(office, boss, scope=Scope.QUEUE, subject=vip)
    number = office.open_case(queue=vip)
    assert office.item(number).due_at is not None
    office.desk.run(activities.forward, number, other, olena)
    assert office.item(number).due_at is None
    office.desk.run(activities.forward, number, vip, olena)
    assert office.item(number).due_at == NOON + 4 * HOUR


def test_a_closure_moves_what_is_due_and_nobody_is_told_early(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    office.clock.at = NOON + 4 * HOUR
    number = office.open_case()
    tuesday = date(2026, 3, 3)
    closure = office.desk.run(actions.add_closure, "Storm", Closure(tuesday, tuesday), boss)
    fire_all(office)
    assert office.item(number).due_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    office.clock.at = datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert fire_all(office) == 0
    office.clock.at = NOON + 5 * HOUR
    office.desk.run(actions.remove_closure, closure.id, boss)
    fire_all(office)
    assert office.item(number).due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_two_changes_of_one_instant_both_count(office: Office, boss: Representative, olena: Representative) -> None:
    make_level(office, boss)
    office.clock.at = NOON + 4 * HOUR
    number = office.open_case()
    for day in (date(2026, 3, 3), date(2026, 3, 4)):
        office.desk.run(actions.add_closure, "Storm", Closure(day, day), boss)
        fire_all(office)
    assert office.item(number).due_at == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_other_hours_of_the_house_move_what_is_due(office: Office, boss: Representative, olena: Representative) -> None:
    make_level(office, boss)
    number = office.open_case()
    office.desk.run(actions.set_house_hours, "mon-fri 9-13", boss)
    fire_all(office)
    assert office.item(number).due_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_a_level_of_its_own_hours_that_knows_no_closures_runs_at_night(office: Office, boss: Representative) -> None:
    office.desk.run(actions.add_closure, "Storm", Closure(date(2026, 3, 2), date(2026, 3, 9)), boss)
    day = ((datetime.min.time(), datetime.min.time()),)
    make_level(office, boss, week=(day,) * 7, closures=False)
    office.clock.at = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert office.item(office.open_case()).due_at == datetime(2026, 3, 3, 3, tzinfo=UTC)


def test_what_a_level_asks_for_can_be_changed_while_its_clocks_run(office: Office, boss: Representative) -> None:
    from dataclasses import replace

    level = make_level(office, boss)
    number = office.open_case()
    targets = {kind: dict.fromkeys(TERMS.targets[kind], 2 * HOUR) for kind in TERMS.targets}
    office.desk.run(actions.edit_level, level, lambda asked: replace(asked, targets=targets), boss)
    fire_all(office)
    assert office.item(number).due_at == NOON + 2 * HOUR


def test_a_level_that_was_given_up_stops_its_clocks_and_is_for_nothing(office: Office, boss: Representative) -> None:
    level = make_level(office, boss)
    number = office.open_case()
    office.desk.run(actions.give_up, level, boss)
    fire_all(office)
    assert office.item(number).due_at is None
    assert clocks(office, number) == {}
    assert clocks(office, office.open_case()) == {}
    make_level(office, boss)  # the name is free again


def test_hours_that_never_come_are_refused(office: Office, boss: Representative) -> None:
    with pytest.raises(Refused, match=r"calendar\.never"):
        make_level(office, boss, week=((),) * 7)


@pytest.mark.parametrize("what", ["level", "use", "hours", "closure", "give up"])
def test_only_managers_keep_levels(office: Office, boss: Representative, olena: Representative, what: str) -> None:
    level = make_level(office, boss)
    acts = {
        "level": lambda: office.desk.run(actions.new_level, "Mine", TERMS, olena),
        "use": lambda: office.desk.run(actions.use_level, level, Scope.DEFAULT, 0, olena),
        "hours": lambda: office.desk.run(actions.set_house_hours, "9-18", olena),
        "closure": lambda: office.desk.run(
            actions.add_closure, "Mine", Closure(date(2026, 3, 3), date(2026, 3, 3)), olena
        ),
        "give up": lambda: office.desk.run(actions.give_up, level, olena),
    }
    with pytest.raises(Refused, match=r"right\.missing"):
        acts[what]()


def _keys(office: Office, who: Representative) -> list[str]:
    return [key for key in office.told(who) if key.startswith(("card.why.first", "card.why.resolve"))]


def test_the_owner_is_warned_then_told_and_then_others_are(
    office: Office, boss: Representative, olena: Representative
) -> None:
    chief = office.join("Chief", Role.ADMINISTRATOR, Presence.AWAY)
    make_level(office, boss)
    number = office.open_case()
    told = []
    for minutes in (179, 1, 44, 1, 15, 30, 90):  # three hours, a quarter before the end, the end, +30, +120
        office.clock.advance(minutes * MINUTE)
        fire_all(office)
        told.append([len(_keys(office, one)) for one in (olena, boss, chief)])
    assert told == [[0, 0, 0], [1, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0], [3, 1, 0], [3, 1, 1]]
    assert _keys(office, olena) == ["card.why.first_soon"] * 2 + ["card.why.first_late"]
    assert _keys(office, boss) == ["card.why.first_late_of"]
    assert office.verbs(number).count("first_broken") == 1
    assert office.facts(number, "first_escalated") == {"whom": ["Chief"]}


def test_after_an_outage_everybody_hears_the_last_of_it_only(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    office.open_case()
    office.clock.advance(5 * HOUR)
    fire_all(office)
    assert _keys(office, olena) == ["card.why.first_late"]
    assert _keys(office, boss) == ["card.why.first_late_of"]


def test_nobody_is_told_at_night_of_a_desk_that_is_closed(
    office: Office, boss: Representative, olena: Representative
) -> None:
    make_level(office, boss)
    office.clock.at = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)  # a minute before six
    office.open_case()
    for _ in range(14):
        office.clock.advance(HOUR)
        fire_all(office)
    assert _keys(office, olena) == []


def test_of_what_nobody_has_those_who_watch_the_queue_are_told(office: Office, boss: Representative) -> None:
    olena = office.join("Olena")
    vip = office.queue("VIP").id
    from core.work.queues import watch

    office.desk.run(watch, vip, olena)
    make_level(office, boss)
    office.open_case(queue=vip)
    office.clock.advance(4 * HOUR)
    fire_all(office)
    assert _keys(office, olena) == ["card.why.first_late"]
