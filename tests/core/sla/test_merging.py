"""Levels when queues merge: clocks run by that of the one that stays, from the start, and go back when it is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.accounts import actions as accounts
from core.accounts import members
from core.cases import answering, queries
from core.people.views import Representative
from core.sla import merging
from core.sla.model import Scope
from core.sla.rules import ClockKind
from core.work import actions as work
from tests.core.office import Office
from tests.core.sla.levels import HOUR, MINUTE, clocks, fire_all, make_level

SLOW = {kind: dict.fromkeys((1, 2, 3), 20 * HOUR) for kind in ClockKind}


@pytest.fixture
def vip(office: Office) -> int:
    return office.queue("VIP").id


@pytest.fixture
def press(office: Office, boss: Representative) -> int:
    """A queue with a level of its own, whose cases are answered within four hours."""
    queue = office.queue("Press").id
    make_level(office, boss, "Quick", Scope.QUEUE, queue)
    return queue


def _merge(office: Office, boss: Representative) -> int:
    merge = office.desk.run(merging.merge_named, "Press", "VIP", boss).id
    fire_all(office)
    return merge


def _undo(office: Office, merge: int, boss: Representative) -> None:
    office.desk.run(merging.unmerge, merge, boss)
    fire_all(office)


def _stand(office: Office, number: int) -> dict[str, dict[str, Any]]:
    return {
        kind: {
            name: getattr(row, name)
            for name in ("level_id", "target_us", "used_us", "since", "paused_at", "due_at", "broken_at", "told")
        }
        for kind, row in clocks(office, number).items()
    }


def test_the_level_of_the_queue_that_stays_holds_from_the_start_and_undoing_gives_back(
    office: Office, boss: Representative, press: int, vip: int
) -> None:
    slow = make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    number, there = office.open_case(queue=press), office.open_case(queue=vip)
    office.clock.advance(HOUR)
    before = _stand(office, number)
    merge = _merge(office, boss)
    assert clocks(office, number)["first"].level_id == slow
    assert clocks(office, number)["first"].due_at == clocks(office, there)["first"].due_at
    assert office.item(number).due_at == office.item(there).due_at
    office.clock.advance(HOUR)
    _undo(office, merge, boss)
    assert _stand(office, number) == before
    assert office.item(number).due_at == before["first"]["due_at"]


def test_a_shorter_target_may_be_over_at_once_and_is_not_when_it_goes_back(
    office: Office, boss: Representative, vip: int
) -> None:
    press = office.queue("Press").id
    make_level(office, boss, "Slow", Scope.QUEUE, press, targets=SLOW)
    make_level(office, boss, "Quick", Scope.QUEUE, vip)
    number = office.open_case(queue=press)
    office.clock.advance(5 * HOUR)
    merge = _merge(office, boss)
    assert office.item(number).due_for == "first_late"
    _undo(office, merge, boss)
    assert office.item(number).due_for == "first"
    assert clocks(office, number)["first"].broken_at is None


@pytest.mark.parametrize("of_vip", [None, "first"])
def test_clocks_that_the_other_queue_does_not_know_end_and_come_back(
    office: Office, boss: Representative, press: int, vip: int, of_vip: str | None
) -> None:
    if of_vip:
        make_level(office, boss, "Slow", Scope.QUEUE, vip, targets={ClockKind.FIRST: SLOW[ClockKind.FIRST]})
    number = office.open_case(queue=press)
    office.clock.advance(HOUR)
    before = _stand(office, number)
    merge = _merge(office, boss)
    assert set(clocks(office, number)) == ({of_vip} if of_vip else set())
    assert (office.item(number).due_at is not None) == bool(of_vip)
    _undo(office, merge, boss)
    assert _stand(office, number) == before
    assert office.item(number).due_at == before["first"]["due_at"]


def test_a_case_without_clocks_begins_as_if_it_were_forwarded_and_has_none_again(
    office: Office, boss: Representative, vip: int
) -> None:
    press = office.queue("Press").id
    make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    number = office.open_case(queue=press)
    office.clock.advance(HOUR)
    merge = _merge(office, boss)
    assert clocks(office, number)["first"].since == office.clock()
    _undo(office, merge, boss)
    assert clocks(office, number) == {}
    assert office.item(number).due_at is None


def test_warnings_that_were_given_are_not_given_once_more(
    office: Office, boss: Representative, press: int, vip: int
) -> None:
    make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    number = office.open_case(queue=press)
    office.clock.advance(3 * HOUR + 50 * MINUTE)  # both warnings have come
    fire_all(office)
    before = _stand(office, number)
    assert before["first"]["told"]
    merge = _merge(office, boss)
    told = office.verbs(number).count("first_warned")
    _undo(office, merge, boss)
    assert _stand(office, number)["first"]["told"] == before["first"]["told"]
    assert office.verbs(number).count("first_warned") == told


def test_what_is_in_somebodys_hands_follows_too_and_its_answer_is_not_forgotten(
    office: Office, boss: Representative, press: int, vip: int
) -> None:
    slow = make_level(office, boss, "Slow", Scope.QUEUE, vip, targets={ClockKind.FIRST: SLOW[ClockKind.FIRST]})
    olena = office.join("Olena")
    number = office.open_case(queue=press)
    office.desk.run(work.accept, number, olena)
    merge = _merge(office, boss)
    assert {kind: row.level_id for kind, row in clocks(office, number).items()} == {"first": slow}
    office.clock.advance(HOUR)
    office.desk.run(answering.answer, number, "Coming", olena)
    _undo(office, merge, boss)
    found = clocks(office, number)
    assert set(found) == {"first", "resolve"}
    assert found["first"].ended_at == office.clock()
    assert (found["resolve"].since, found["resolve"].used_us) == (None, HOUR // timedelta(microseconds=1))


def test_the_level_of_an_account_stays(office: Office, boss: Representative, press: int, vip: int) -> None:
    make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    acme = office.desk.run(accounts.new_account, "Acme", boss)
    gold = make_level(office, boss, "Gold", Scope.ACCOUNT, acme)
    maria = office.customer("Maria")
    office.desk.run(members.join, acme, [maria.id], boss)
    number = office.open_case(maria, queue=press)
    before = _stand(office, number)
    merge = _merge(office, boss)
    assert _stand(office, number) == before
    assert before["first"]["level_id"] == gold
    _undo(office, merge, boss)
    assert _stand(office, number) == before


def test_undone_before_the_clocks_have_followed_it_changes_nothing(
    office: Office, boss: Representative, press: int, vip: int
) -> None:
    make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    number = office.open_case(queue=press)
    before = _stand(office, number)
    merge = office.desk.run(merging.merge_named, "Press", "VIP", boss).id
    _undo(office, merge, boss)
    assert _stand(office, number) == before


def test_many_follow_some_at_a_time(
    office: Office, boss: Representative, press: int, vip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "AT_ONCE", 2)
    slow = make_level(office, boss, "Slow", Scope.QUEUE, vip, targets=SLOW)
    numbers = [office.open_case(queue=press) for _ in range(5)]
    before = [_stand(office, number) for number in numbers]
    merge = _merge(office, boss)
    assert {clocks(office, number)["first"].level_id for number in numbers} == {slow}
    _undo(office, merge, boss)
    assert [_stand(office, number) for number in numbers] == before
    assert office.desk.look(queries.case, numbers[0]).item.open
