"""Working hours are read as people write them, and read back as they are shown."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.myself import week as shown_week
from core.calendars.week import DAYS, OFFICE_HOURS, Shift, Week, from_kept, read_week, stretches, to_keep
from core.texts.said import said
from core.texts.say import LANGUAGES, Reader, say_plain
from tests.core.clock import MONDAY_NOON

NINE_TO_SIX = ((time(9), time(18)),)
OFFICE: Week = (NINE_TO_SIX,) * 5 + ((), ())


def _week(**days: str) -> Week:
    """Make a week out of days such as `mon="09:00-18:00"`."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    shifts = [[one.split("-") for one in days.get(name, "").split()] for name in names]
    return tuple(tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in day) for day in shifts)


@pytest.mark.parametrize(
    "words",
    [
        "9-18", "09:00-18:00", "9.00–18.00", "9 - 18", "from 9 to 18", "з 9 до 18", "mon-fri 9-18",
        "Mon–Fri 09:00–18:00", "monday to friday 9-18", "пн-пт 9-18", "Пн. – Пт. 9:00 – 18:00",
        "з понеділка до п'ятниці 9-18",
        "пн по пт 9-18", "weekdays 9-18", "будні 9-18", "9-18 mon-fri", "mon, tue, wed, thu, fri: 9-18",
        "mon tue wed 9-18; thu and fri 9-18", "щодня 9-18, сб, нд вихідний", "daily 9-18, weekend off",
    ],
)  # fmt: skip
def test_office_hours_are_read_however_they_are_written(words: str) -> None:
    assert read_week(words) == OFFICE


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("mon-fri 9-18, sat 10-14", (*OFFICE[:5], ((time(10), time(14)),), ())),
        ("9-18, сб 10:30-14:15", (*OFFICE[:5], ((time(10, 30), time(14, 15)),), ())),
        ("mon 9-12, 13-18", _week(mon="09:00-12:00 13:00-18:00")),
        ("mon 13-18 9-12", _week(mon="09:00-12:00 13:00-18:00")),
        ("пн 22-6", _week(mon="22:00-06:00")),
        ("sat-mon 10-12", _week(sat="10:00-12:00", sun="10:00-12:00", mon="10:00-12:00")),
        ("mon-fri 9-18, fri 9-16", (*OFFICE[:4], ((time(9), time(16)),), (), ())),
        ("нд 0-24", _week(sun="00:00-00:00")),
        ("sun 18-24", _week(sun="18:00-00:00")),
    ],
)
def test_reads_each_day_its_own_hours(words: str, week: Week) -> None:
    assert read_week(words) == week


@pytest.mark.parametrize(
    "words",
    [
        "", "mon", "mon-fri", "9", "9-", "-18", "25-30", "9-25", "9-18-20", "9:60-18", "24:30-25", "9-9", "mon- 9-18",
        "mon 9-18 10-12", "mon 22-6 23-24", "mon 0-24 9-18", "off", "mon off", "9-18 sometimes", "whenever",
        "9-18 mon-", "mon--fri 9-18", "9-18 sat 10-14 sun",
    ],
)  # fmt: skip
def test_what_cannot_be_hours_is_not_read(words: str) -> None:
    assert read_week(words) is None


@given(st.text(alphabet="monfriпт 0123456789-–:.,daily"))
def test_whatever_is_read_can_be_kept_and_shown(words: str) -> None:
    week = read_week(words)
    if week is not None:
        assert from_kept(to_keep(week)) == week
        assert stretches(week)


_MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Draw weeks that somebody may work: days with nights, breaks, or nothing."""
    kinds = [tuple[Shift, ...]()]
    for _ in range(draw(st.integers(1, 3))):
        clocks = sorted(draw(st.lists(_MINUTES, min_size=2, max_size=6, unique=True)))
        clocks = clocks[: len(clocks) // 2 * 2]
        if draw(st.booleans()):
            clocks = [*clocks[1:], clocks[0]]  # the last shift goes on after midnight
        kinds.append(tuple(zip(clocks[::2], clocks[1::2], strict=True)))
    kinds.append(((time(), time()),))
    week = tuple(draw(st.sampled_from(kinds)) for _ in range(DAYS))
    return week if any(week) else (kinds[1], *week[1:])


@pytest.mark.parametrize("locale", LANGUAGES)
@given(week=weeks())
def test_what_is_shown_reads_back_the_same(locale: str, week: Week) -> None:
    shown = said("text.plain", text=shown_week(week))
    assert read_week(say_plain(shown, Reader(locale, "UTC", MONDAY_NOON))) == week


@given(weeks())
def test_what_is_kept_reads_back_the_same(week: Week) -> None:
    assert from_kept(to_keep(week)) == week


def test_office_hours_are_shown_in_one_stretch() -> None:
    assert from_kept(OFFICE_HOURS) == OFFICE
    assert stretches(OFFICE) == [(0, 4, "09:00–18:00")]
