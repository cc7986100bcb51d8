from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.desk import Tx
from core.digests import slots
from core.people import actions as people
from core.people.views import Representative
from core.timers.actions import due_timers
from core.timers.model import Timer
from tests.core.office import Office, fire_due
from workers.timers import fire_timer

ZONES = ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.times(), st.sampled_from(ZONES))
def test_the_instants_of_two_dates_stand_in_the_order_of_the_dates(day: date, at: time, zone: str) -> None:
    bare = at.replace(second=0, microsecond=0)
    one, next_one = (slots.daily_instant(day + timedelta(days=offset), bare, zone) for offset in (0, 1))
    assert timedelta(hours=22) <= next_one - one <= timedelta(hours=26)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.times(), st.sampled_from(ZONES))
def test_the_instant_of_a_date_is_on_that_date(day: date, at: time, zone: str) -> None:
    bare = at.replace(second=0, microsecond=0)
    assert slots.daily_instant(day, bare, zone).astimezone(ZoneInfo(zone)).date() == day


def test_a_time_that_is_skipped_in_spring_still_has_its_instant() -> None:
    # Kyiv, 2026-03-29: from 03:00 the clock is put forward to 04:00.
    assert slots.daily_instant(date(2026, 3, 29), time(3, 30), "Europe/Kyiv") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_of_a_time_that_comes_twice_in_autumn_the_first_is_taken() -> None:
    # Kyiv, 2026-10-25: at 04:00 the clock is put back to 03:00.
    assert slots.daily_instant(date(2026, 10, 25), time(3, 30), "Europe/Kyiv") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def _timers(tx: Tx) -> list[Timer]:
    return list(tx.session.scalars(select(Timer).where(Timer.task == slots.DIGEST).order_by(Timer.due_at)))


def _let_time_pass(office: Office, until: datetime, step: timedelta = timedelta(hours=1)) -> None:
    """Run the clock's part of a scheduler until an instant."""
    while office.clock.at < until:
        office.clock.advance(step)
        office.desk.run(slots.plan)
        fire_due(office.desk)


def _digests(office: Office, person: Representative) -> list[datetime]:
    told = office.owed(person_id=person.id)
    return [row.created_at for row in told if row.facts.get("lines", [{}])[0].get("key") == "digest.head"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("start", "at"),
    [
        (datetime(2026, 3, 26, 0, tzinfo=UTC), time(3, 30)),
        (datetime(2026, 10, 22, 0, tzinfo=UTC), time(3, 30)),
        (datetime(2026, 6, 1, 0, tzinfo=UTC), time(9, 0)),
    ],
)
def test_each_working_day_has_one_digest_whatever_the_clock_does(office: Office, start: datetime, at: time) -> None:
    office.clock.at = start
    olena = office.join("Olena")
    every_day = {str(day): [["00:00", "23:00"]] for day in range(7)}
    office.desk.run(_set_hours, olena.id, every_day)
    office.desk.run(people.set_digest, olena, at)
    office.desk.run(slots.plan)
    _let_time_pass(office, start + timedelta(days=5))
    days = [one.astimezone(ZoneInfo("Europe/Kyiv")).date() for one in _digests(office, olena)]
    assert days == [start.date() + timedelta(days=offset) for offset in range(5)]


def _set_hours(tx: Tx, person: int, hours: dict[str, list[list[str]]]) -> None:
    from core.people.model import Person

    tx.session.get_one(Person, person).hours = hours


def test_no_digest_comes_on_a_day_off(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 6, 12, tzinfo=UTC)  # a Friday afternoon
    olena = office.join("Olena")
    _let_time_pass(office, datetime(2026, 3, 9, 12, tzinfo=UTC))
    assert _digests(office, olena) == [datetime(2026, 3, 9, 7, 0, tzinfo=UTC)]


def test_a_later_hour_chosen_in_time_moves_the_digest_and_adds_none(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    olena = office.join("Olena")
    office.desk.run(slots.plan)
    office.desk.run(people.set_digest, olena, time(11, 0))
    _let_time_pass(office, datetime(2026, 3, 3, 20, tzinfo=UTC))
    assert _digests(office, olena) == [datetime(2026, 3, 3, 9, 0, tzinfo=UTC)]


def test_a_later_hour_chosen_at_the_last_moment_moves_the_digest_too(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 59, tzinfo=UTC)
    olena = office.join("Olena")
    office.desk.run(slots.plan)
    office.desk.run(people.set_digest, olena, time(11, 0))
    office.clock.advance(timedelta(minutes=1))
    (due,) = office.desk.look(due_timers)
    office.desk.run(fire_timer, due)
    assert _digests(office, olena) == []
    assert office.desk.look(_timers)[0].due_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_an_hour_chosen_after_todays_digest_gives_no_second_one(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    olena = office.join("Olena")
    _let_time_pass(office, datetime(2026, 3, 3, 8, tzinfo=UTC))
    office.desk.run(people.set_digest, olena, time(15, 0))
    _let_time_pass(office, datetime(2026, 3, 3, 20, tzinfo=UTC))
    assert len(_digests(office, olena)) == 1


def test_whoever_wants_none_gets_none(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    olena = office.join("Olena")
    office.desk.run(slots.plan)
    office.desk.run(people.set_digest, olena, None)
    _let_time_pass(office, datetime(2026, 3, 4, 20, tzinfo=UTC))
    assert _digests(office, olena) == []


def test_a_digest_that_is_late_comes_the_same_day_and_not_the_next(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    olena = office.join("Olena")
    office.desk.run(slots.plan)
    _let_time_pass(office, datetime(2026, 3, 3, 12, tzinfo=UTC), step=timedelta(hours=6))
    assert len(_digests(office, olena)) == 1
    office.desk.run(slots.plan)
    _let_time_pass(office, datetime(2026, 3, 5, 5, tzinfo=UTC), step=timedelta(hours=41))
    assert len(_digests(office, olena)) == 1


def test_a_digest_just_before_midnight_comes_though_the_clock_is_put_forward_past_it(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 21, 0, tzinfo=UTC)  # eleven in the evening in Kyiv
    olena = office.join("Olena")
    office.desk.run(people.set_digest, olena, time(23, 40))
    office.desk.run(slots.plan)
    _let_time_pass(office, datetime(2026, 3, 3, 22, 10, tzinfo=UTC), step=timedelta(minutes=70))
    assert len(_digests(office, olena)) == 1
    _let_time_pass(office, datetime(2026, 3, 4, 21, 0, tzinfo=UTC))
    assert len(_digests(office, olena)) == 1
