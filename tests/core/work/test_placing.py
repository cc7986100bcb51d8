"""New work goes to who can do it, and what ends may come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.desk import Tx
from core.errors import Refused
from core.people import actions as people
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work import actions as work
from core.work import placing, queues
from core.work.rules import QueueKind
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office

NIGHT = timedelta(hours=10)


def _queue_name(office: Office, number: int) -> str | None:
    queue = office.item(number).queue
    return queue.name if queue else None


# --- where new work goes --------------------------------------------------------------------------


def test_new_work_goes_to_the_least_loaded_who_is_working(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    office.join("Away", presence=Presence.AWAY)
    holders = []
    for _ in range(4):
        office.clock.advance(timedelta(seconds=1))
        holders.append(office.item(office.open_case()).holder_id)
    assert holders == [olena.id, taras.id, olena.id, taras.id]


def test_what_is_in_progress_counts_as_load(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    for _ in range(2):
        number = office.open_case(queue=office.personal(olena, QueueKind.ASSIGNED))
        office.desk.run(work.accept, number, olena)
    office.open_case(queue=office.personal(taras, QueueKind.ASSIGNED))
    assert office.item(office.open_case()).holder_id == taras.id


def test_what_is_closed_is_no_load(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    for _ in range(3):
        number = office.open_case(queue=office.personal(olena, QueueKind.ASSIGNED))
        office.close(number, olena)
    office.open_case(queue=office.personal(taras, QueueKind.ASSIGNED))
    assert office.item(office.open_case()).holder_id == olena.id


def test_when_nobody_works_it_waits_for_who_works_next(office: Office) -> None:
    early, late = (office.join(name, presence=None) for name in ("Early", "Late"))
    office.desk.run(people.set_zone, early, "Asia/Tokyo")
    office.desk.run(people.set_zone, late, "America/New_York")
    office.clock.advance(timedelta(hours=13.5))  # half past eight in Tokyo, half past six in the evening in New York
    assert office.item(office.open_case()).holder_id == early.id


def test_those_who_start_within_the_hour_share_the_work_of_a_night(office: Office) -> None:
    team = [office.join(name, presence=None) for name in ("Olena", "Taras", "Ivan")]
    office.clock.advance(NIGHT)
    holders = {office.item(office.open_case()).holder_id for _ in range(3)}
    assert holders == {one.id for one in team}


def test_with_no_representative_it_goes_to_intake(office: Office) -> None:
    assert _queue_name(office, office.open_case()) == queues.INTAKE


def test_with_everybody_away_it_goes_to_intake(office: Office) -> None:
    office.join("Olena", presence=Presence.AWAY)
    assert _queue_name(office, office.open_case()) == queues.INTAKE


def test_who_cannot_be_reached_gets_nothing(office: Office) -> None:
    olena = office.join("Olena")
    office.desk.run(people.unreachable, olena.id)
    assert _queue_name(office, office.open_case()) == queues.INTAKE


def test_by_setting_everything_goes_to_intake(office: Office) -> None:
    office.join("Olena")
    office.desk.house = replace(office.desk.house, auto_assign=False)
    assert _queue_name(office, office.open_case()) == queues.INTAKE


def test_an_address_of_ours_may_have_its_queue(office: Office) -> None:
    office.join("Olena")
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP", "desk@localhost": None})
    queue = office.desk.look(queues.queue_of_address, "VIP@localhost")
    assert _queue_name(office, office.open_case(queue=queue)) == "VIP"
    assert office.desk.look(queues.queue_of_address, "desk@localhost") is None
    assert office.desk.look(queues.queue_of_address, "nobody@localhost") is None


def test_whoever_gets_new_work_is_told_and_those_who_watch_its_queue(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras", presence=Presence.AWAY)
    office.open_case()
    assert office.told(olena) == ["card.why.new_assigned"]
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, taras)
    office.open_case(queue=vip.id)
    assert office.told(taras) == ["card.why.new_in_queue"]


# --- closing and opening again --------------------------------------------------------------------


def _worked_on(office: Office, by: Representative, queue: int | None = None) -> int:
    number = office.open_case(queue=queue or office.personal(by, QueueKind.ASSIGNED))
    office.desk.run(work.accept, number, by)
    return number


def test_a_closed_item_stands_nowhere(office: Office) -> None:
    olena = office.join("Olena")
    number = _worked_on(office, olena)
    office.close(number, olena, resolution="new toner")
    item = office.item(number)
    assert (item.open, item.queue, item.closed_at) == (False, None, MONDAY_NOON)
    assert office.facts(number, "resolved")["resolution"] == "new toner"


def test_what_comes_back_goes_to_who_had_it(office: Office) -> None:
    olena, _ = office.join("Olena"), office.join("Taras")
    number = _worked_on(office, olena, office.queue().id)
    office.close(number, olena)
    office.desk.run(placing.reopen, number, olena.actor)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    assert office.verbs(number)[-1] == "reopened"


def test_what_comes_back_from_someone_dismissed_goes_to_another(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    number = _worked_on(office, olena)
    office.close(number, olena)

    def dismiss(tx: Tx) -> None:
        from core.people.model import Person

        tx.session.get_one(Person, olena.id).dismissed_at = tx.now

    office.desk.run(dismiss)
    office.desk.run(placing.reopen, number, taras.actor)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)


def test_what_comes_back_to_nobody_follows_the_setting(office: Office) -> None:
    olena = office.join("Olena", presence=Presence.AWAY)
    office.desk.house = replace(office.desk.house, auto_assign=False)
    vip = office.queue()
    number = office.open_case(queue=vip.id)
    office.close(number, olena, "closed_by_customer")

    def close_queue(tx: Tx) -> None:
        from core.work.model import Queue

        tx.session.get_one(Queue, vip.id).closed_at = tx.now

    office.desk.run(close_queue)
    office.desk.run(people.set_presence, olena, Presence.WORKING)
    office.desk.run(placing.reopen, number, olena.actor)
    assert _queue_name(office, number) == queues.INTAKE


def test_what_is_open_cannot_be_opened(office: Office) -> None:
    olena = office.join("Olena")
    with pytest.raises(Refused, match=r"item\.open"):
        office.desk.run(placing.reopen, _worked_on(office, olena), olena.actor)


# --- snoozing -------------------------------------------------------------------------------------


def test_a_snoozed_item_stays_where_it_is_and_shows_until_when(office: Office) -> None:
    olena = office.join("Olena")
    number, until = _worked_on(office, olena), MONDAY_NOON + timedelta(days=2)
    item = office.desk.run(placing.snooze, number, until, "waiting for parts", olena)
    assert (item.snoozed_until, item.planned_at, item.holder_id) == (until, until, olena.id)
    assert office.facts(number, "snoozed") == {"until": until.isoformat(), "why": "waiting for parts"}


def test_a_snooze_ends_with_a_reminder_to_the_holder(office: Office) -> None:
    olena = office.join("Olena")
    number = _worked_on(office, olena)
    office.desk.run(placing.snooze, number, MONDAY_NOON + timedelta(days=2), "", olena)
    touched = office.item(number).touched_at
    office.clock.advance(timedelta(days=2))
    office.desk.run(placing.wake_up, number)
    item = office.item(number)
    assert (item.snoozed_until, item.planned_at, item.touched_at) == (None, None, touched)
    assert office.told(olena)[-1] == "card.why.snooze_over"


def test_in_a_public_queue_those_who_watch_are_reminded(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, taras)
    number = office.open_case(queue=vip.id)
    office.desk.run(placing.snooze, number, MONDAY_NOON + timedelta(days=2), "", olena)
    office.desk.run(placing.wake_up, number)
    assert office.told(taras)[-1] == "card.why.snooze_over"
    assert office.told(olena) == []


def test_a_newer_snooze_takes_the_place_of_the_older(office: Office) -> None:
    from core.timers.actions import due_timers

    olena = office.join("Olena")
    number = _worked_on(office, olena)
    for days in (1, 3, 1):
        office.desk.run(placing.snooze, number, MONDAY_NOON + timedelta(days=days), "", olena)
    office.clock.advance(timedelta(days=9))
    assert len(office.desk.look(due_timers)) == 1


def test_closing_ends_a_snooze_without_a_word(office: Office) -> None:
    from core.timers.actions import due_timers

    olena = office.join("Olena")
    number = _worked_on(office, olena)
    office.desk.run(placing.snooze, number, MONDAY_NOON + timedelta(days=1), "", olena)
    office.close(number, olena)
    assert office.item(number).snoozed_until is None
    office.clock.advance(timedelta(days=1))
    assert office.desk.look(due_timers) == []
    told = office.told(olena)
    office.desk.run(placing.wake_up, number)
    assert office.told(olena) == told


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1)])
def test_nothing_is_snoozed_into_the_past(office: Office, back: timedelta) -> None:
    olena = office.join("Olena")
    number = _worked_on(office, olena)
    with pytest.raises(Refused, match=r"snooze\.past"):
        office.desk.run(placing.snooze, number, MONDAY_NOON - back, "", olena)


def test_a_manager_snoozes_what_another_has(office: Office) -> None:
    olena, chief = office.join("Olena"), office.join("Maria", Role.MANAGER)
    number = _worked_on(office, olena)
    item = office.desk.run(placing.snooze, number, MONDAY_NOON + timedelta(days=1), "", chief)
    assert item.snoozed_until is not None
