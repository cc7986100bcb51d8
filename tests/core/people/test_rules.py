"""Who may do what, written out by hand and held against the table; and who works when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.calendars.week import OFFICE_HOURS
from core.errors import Refused
from core.people.hours import is_working, works_from
from core.people.model import Person
from core.people.rules import Presence, Right, Role, check, may

MAY = {
    Role.REPRESENTATIVE: {
        Right.SEE_WORK,
        Right.TAKE,
        Right.MOVE_OWN,
        Right.ANSWER,
        Right.PLAN,
        Right.BAN,
        Right.RELEASE_LETTERS,
    },
    Role.MANAGER: {
        Right.SEE_WORK,
        Right.TAKE,
        Right.MOVE_OWN,
        Right.MOVE_ANY,
        Right.ANSWER,
        Right.PLAN,
        Right.BAN,
        Right.KEEP_QUEUES,
        Right.KEEP_LEVELS,
        Right.KEEP_CONTACTS,
        Right.KEEP_ACCOUNTS,
        Right.KEEP_TEMPLATES,
        Right.KEEP_SENDERS,
        Right.SEE_DESK,
        Right.SEE_PRIVATE,
        Right.RELEASE_LETTERS,
    },
    Role.ADMINISTRATOR: {
        Right.SEE_WORK,
        Right.TAKE,
        Right.MOVE_OWN,
        Right.MOVE_ANY,
        Right.ANSWER,
        Right.PLAN,
        Right.BAN,
        Right.KEEP_QUEUES,
        Right.KEEP_LEVELS,
        Right.KEEP_CONTACTS,
        Right.KEEP_ACCOUNTS,
        Right.KEEP_TEMPLATES,
        Right.KEEP_SENDERS,
        Right.SEE_DESK,
        Right.SEE_PRIVATE,
        Right.RELEASE_LETTERS,
        Right.INVITE,
        Right.DISMISS,
    },
}


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_rights_and_no_others(role: Role, right: Right) -> None:
    assert may(role, right) is (right in MAY[role])
    if right in MAY[role]:
        check(role, right)
    else:
        with pytest.raises(Refused, match=r"right\.missing"):
            check(role, right)


def _person(
    hours: dict[str, Any] | None = None, zone: str = "Europe/Kyiv", presence: Presence = Presence.BY_HOURS
) -> Person:
    return Person(hours=OFFICE_HOURS if hours is None else hours, zone=zone, presence=presence)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "works"),
    [
        ("2026-03-02T06:59:59", False),
        ("2026-03-02T07:00:00", True),  # Monday, nine in Kyiv
        ("2026-03-02T15:59:59", True),
        ("2026-03-02T16:00:00", False),
        ("2026-03-01T10:00:00", False),  # Sunday
        ("2026-03-30T06:00:00", True),  # after the change to summer time nine in Kyiv is six in UTC
        ("2026-03-27T06:00:00", False),
    ],
)
def test_office_hours_are_those_of_the_persons_own_zone(now: str, works: bool) -> None:
    assert is_working(_person(), _at(now)) is works


def test_the_same_hours_elsewhere_are_another_time() -> None:
    now = _at("2026-03-02T13:00:00")
    assert is_working(_person(zone="Europe/Kyiv"), now)
    assert not is_working(_person(zone="America/New_York"), now)
    assert works_from(_person(zone="America/New_York"), now) == now + timedelta(hours=1)


@pytest.mark.parametrize(("presence", "works"), [(Presence.WORKING, True), (Presence.AWAY, False)])
def test_what_people_say_of_themselves_counts_more_than_their_hours(presence: Presence, works: bool) -> None:
    for now in (_at("2026-03-02T10:00:00"), _at("2026-03-01T02:00:00")):
        assert is_working(_person(presence=presence), now) is works
        assert works_from(_person(presence=presence), now) == (now if works else None)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-03-02T10:00:00", "2026-03-02T10:00:00"),  # working: now
        ("2026-03-02T05:00:00", "2026-03-02T07:00:00"),
        ("2026-03-06T17:00:00", "2026-03-09T07:00:00"),  # Friday evening: Monday
        ("2026-03-27T17:00:00", "2026-03-30T06:00:00"),  # over the change to summer time
    ],
)
def test_tells_when_somebody_works_next(now: str, start: str) -> None:
    assert works_from(_person(), _at(now)) == _at(start)


def test_nobody_can_tell_when_somebody_without_hours_works() -> None:
    assert works_from(_person(hours={}), _at("2026-03-02T10:00:00")) is None


def test_a_break_is_no_working_time() -> None:
    person = _person(hours={"0": [["09:00", "12:00"], ["13:00", "18:00"]]}, zone="UTC")
    assert not is_working(person, _at("2026-03-02T12:30:00"))
    assert works_from(person, _at("2026-03-02T12:30:00")) == _at("2026-03-02T13:00:00")


@pytest.mark.parametrize("now", ["2026-03-02T23:00:00", "2026-03-03T05:59:00"])
def test_a_night_shift_goes_on_after_midnight(now: str) -> None:
    person = _person(hours={"0": [["22:00", "06:00"]]}, zone="UTC")
    assert is_working(person, _at(now))
    assert not is_working(person, _at("2026-03-03T06:00:00"))
    assert not is_working(person, _at("2026-03-03T23:00:00"))


def test_instants_leave_in_utc() -> None:
    start = works_from(_person(), _at("2026-03-02T05:00:00"))
    assert start is not None
    assert start.tzinfo is UTC
