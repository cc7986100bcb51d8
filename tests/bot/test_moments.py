"""Times are read in both languages, at both ends of the words; what only looks like one is refused by name."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.moments import what_and_when, when, when_ending
from core.errors import Misused

KYIV = "Europe/Kyiv"
#: A Tuesday, 11:00 in Kyiv.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _told(at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(KYIV)):%Y-%m-%d %H:%M}" if at else ""


@pytest.mark.parametrize(
    ("words", "at", "rest"),
    [
        ("tomorrow 9:00 call", "2026-11-25 09:00", "call"),
        ("завтра о 15:30 подзвонити", "2026-11-25 15:30", "подзвонити"),
        ("завтра о 9 чай", "2026-11-25 09:00", "чай"),
        ("завтра, о 9:00, чай", "2026-11-25 09:00", "чай"),
        ("о 5 зателефонувати", "2026-11-24 17:00", "зателефонувати"),
        ("о третій чай", "2026-11-24 15:00", "чай"),
        ("о 9 вечора чай", "2026-11-24 21:00", "чай"),
        ("завтра о 9 ранку чай", "2026-11-25 09:00", "чай"),
        ("завтра вранці", "2026-11-25 09:00", ""),
        ("завтра ввечері подзвонити", "2026-11-25 18:00", "подзвонити"),
        ("завтра ввечері о 7 кіно", "2026-11-25 19:00", "кіно"),
        ("ввечері подзвонити", "2026-11-24 18:00", "подзвонити"),
        ("tomorrow morning", "2026-11-25 09:00", ""),
        ("tomorrow evening call", "2026-11-25 18:00", "call"),
        ("tomorrow noon", "2026-11-25 12:00", ""),
        ("in the evening call", "2026-11-24 18:00", "call"),
        ("tonight at 8 call", "2026-11-24 20:00", "call"),
        ("fri 10:00", "2026-11-27 10:00", ""),
        ("fri 5pm report", "2026-11-27 17:00", "report"),
        ("fri at 5 report", "2026-11-27 17:00", "report"),
        ("tue 15:00", "2026-11-24 15:00", ""),
        ("tue 10:00", "2026-12-01 10:00", ""),
        ("tue", "2026-12-01 09:00", ""),
        ("у пʼятницю", "2026-11-27 09:00", ""),
        ("до п'ятниці звіт", "2026-11-27 09:00", "звіт"),
        ("наступного тижня звіт", "2026-11-30 09:00", "звіт"),
        ("next week report", "2026-11-30 09:00", "report"),
        ("on wednesday at 8:15", "2026-11-25 08:15", ""),
        ("в середу о 9:00", "2026-11-25 09:00", ""),
        ("9pm", "2026-11-24 21:00", ""),
        ("9pm call", "2026-11-24 21:00", "call"),
        ("5 pm", "2026-11-24 17:00", ""),
        ("12am", "2026-11-25 00:00", ""),
        ("12:30 pm lunch", "2026-11-24 12:30", "lunch"),
        ("18:30", "2026-11-24 18:30", ""),
        ("18.30 call", "2026-11-24 18:30", "call"),
        ("9:00", "2026-11-25 09:00", ""),
        ("9:00 tomorrow call", "2026-11-25 09:00", "call"),
        ("24.12 9:00", "2026-12-24 09:00", ""),
        ("24.12.26 call", "2026-12-24 09:00", "call"),
        ("01.02", "2027-02-01 09:00", ""),
        ("29.02", "2028-02-29 09:00", ""),
        ("2026-12-24", "2026-12-24 09:00", ""),
        ("25 грудня", "2026-12-25 09:00", ""),
        ("25-го грудня о 10 подарунки", "2026-12-25 10:00", "подарунки"),
        ("25 Dec", "2026-12-25 09:00", ""),
        ("Dec 25 gifts", "2026-12-25 09:00", "gifts"),
        ("25th of December 2027", "2027-12-25 09:00", ""),
        ("today", "2026-11-24 18:00", ""),
        ("2h waiting", "2026-11-24 13:00", "waiting"),
        ("2h 30m waiting", "2026-11-24 13:30", "waiting"),
        ("2 h waiting", "2026-11-24 13:00", "waiting"),
        ("in 30 minutes", "2026-11-24 11:30", ""),
        ("in half an hour call", "2026-11-24 11:30", "call"),
        ("in an hour", "2026-11-24 12:00", ""),
        ("in 1.5 hours", "2026-11-24 12:30", ""),
        ("in a week", "2026-12-01 11:00", ""),
        ("за півгодини", "2026-11-24 11:30", ""),
        ("за пів години чай", "2026-11-24 11:30", "чай"),
        ("за годину", "2026-11-24 12:00", ""),
        ("через тиждень звіт", "2026-12-01 11:00", "звіт"),
        ("за 3 дні", "2026-11-27 11:00", ""),
        ("через 2 тижні", "2026-12-08 11:00", ""),
        ("until tomorrow", "2026-11-25 09:00", ""),
        ("на завтра", "2026-11-25 09:00", ""),
    ],
)
def test_moments_are_read_in_both_languages(words: str, at: str, rest: str) -> None:
    read = when(words, KYIV, NOW)
    assert (_told(read.at) if read else "", read.rest if read else "") == (at, rest)


@pytest.mark.parametrize(
    "words",
    ["", "call him", "monkey", "monitor it", "sunny", "friend", "середній", "0x10", "колись", "morning coffee",
     "5 call", "10.0.0.1 is down", "3.11.2 is out", "1.5 kg of sugar", "5 m of cable", "at the door", "in Kyiv",
     "о котрій", "yesterday", "вчора впав сервер", "maybe"],
)  # fmt: skip
def test_what_is_no_moment_is_none(words: str) -> None:
    assert when(words, KYIV, NOW) is None


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("о 25:00 чай", "25:00"),
        ("25:00", "25:00"),
        ("завтра о 9:75 чай", "9:75"),
        ("32.13 чай", "32.13"),
        ("31.02", "31.02"),
        ("99.99.2026", "99.99.2026"),
        ("32 грудня подарунки", "32 грудня"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_what_only_looks_like_a_moment_is_refused_by_name(words: str, named: str) -> None:
    with pytest.raises(Misused, match=r"when\.unknown") as refused:
        when(words, KYIV, NOW)
    assert refused.value.facts == {"words": named}


@pytest.mark.parametrize(
    ("words", "named"),
    [("вчора 10:00 чай", "вчора 10:00"), ("today 9:00", "today 9:00"), ("24.11.2026 9:00 чай", "24.11.2026 9:00"),
     ("2020-01-01", "2020-01-01")],
)  # fmt: skip
def test_what_is_over_is_refused_by_name(words: str, named: str) -> None:
    with pytest.raises(Misused, match=r"when\.past") as refused:
        when(words, KYIV, NOW)
    assert refused.value.facts == {"words": named}


@pytest.mark.parametrize(
    ("words", "title", "at"),
    [
        ("call supplier tomorrow 10:00", "call supplier", "2026-11-25 10:00"),
        ("call supplier, tomorrow at 10", "call supplier", "2026-11-25 10:00"),
        ("подзвонити завтра о 9", "подзвонити", "2026-11-25 09:00"),
        ("звіт до п'ятниці", "звіт", "2026-11-27 09:00"),
        ("report by fri", "report", "2026-11-27 09:00"),
        ("report fri 17:00", "report", "2026-11-27 17:00"),
        ("report on friday at 5pm", "report", "2026-11-27 17:00"),
        ("call back in half an hour", "call back", "2026-11-24 11:30"),
        ("передзвонити за годину", "передзвонити", "2026-11-24 12:00"),
        ("передзвонити через 2 дні", "передзвонити", "2026-11-26 11:00"),
        ("подарунки 25 грудня", "подарунки", "2026-12-25 09:00"),
        ("оплатити 24.12", "оплатити", "2026-12-24 09:00"),
        ("зателефонувати ввечері", "зателефонувати", "2026-11-24 18:00"),
        ("call 18:30", "call", "2026-11-24 18:30"),
    ],
)
def test_a_moment_may_stand_at_the_end(words: str, title: str, at: str) -> None:
    assert when(words, KYIV, NOW) is None
    found, due = what_and_when(words, KYIV, NOW)
    assert (found, _told(due)) == (title, at)


@pytest.mark.parametrize(
    "words",
    ["upgrade to 3.11", "look at the sun", "звіт за тиждень", "report of 2 days", "read chapter 5", "price 12.50",
     "what happened yesterday", "tomorrow", "call", "", "work on wed design", "повернути 3 дні"],
)  # fmt: skip
def test_at_the_end_only_what_is_surely_a_moment_is_read(words: str) -> None:
    assert when_ending(words, KYIV, NOW) is None


def test_at_the_end_too_what_only_looks_like_a_moment_is_refused() -> None:
    with pytest.raises(Misused, match=r"when\.unknown") as refused:
        what_and_when("call supplier tomorrow 25:00", KYIV, NOW)
    assert refused.value.facts == {"words": "25:00"}
    with pytest.raises(Misused, match=r"when\.past"):
        what_and_when("call supplier yesterday 10:00", KYIV, NOW)


def test_a_day_is_a_day_of_the_clock_on_the_wall_when_summer_ends() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    read = when("tomorrow 9:00", KYIV, before)
    assert read is not None
    assert f"{read.at.astimezone(UTC):%Y-%m-%d %H:%M}" == "2026-10-25 07:00", "nine in the morning is nine again"


ZONES = st.sampled_from([KYIV, "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])
#: Ten years of instants, to the second.
NOWS = st.integers(0, 10 * 365 * 86400).map(lambda ahead: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=ahead))
FORMATS = st.sampled_from([
    "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%H:%M %d.%m.%y", "%d %b %Y at %I:%M %p", "%B %d %Y %I:%M%p",
    "on %d.%m at %H:%M",
])  # fmt: skip


@given(zone=ZONES, now=NOWS, ahead=st.integers(1, 364 * 24 * 60), how=FORMATS)
def test_an_instant_that_was_written_down_is_read_back(zone: str, now: datetime, ahead: int, how: str) -> None:
    at = (now + timedelta(minutes=ahead)).replace(second=0, microsecond=0)
    local = at.astimezone(ZoneInfo(zone))
    assume(at > now and local.fold == 0)  # of an hour that comes twice the first is taken
    for words in (f"{local.strftime(how)} call", f"call {local.strftime(how)}"):
        title, due = what_and_when(words, zone, now)
        assert (title, due) == ("call", at)


@given(zone=ZONES, now=NOWS, ahead=st.integers(1, 7 * 24 * 60 - 1), how=st.sampled_from(["%A %H:%M", "%a at %H:%M"]))
def test_a_weekday_is_the_next_one(zone: str, now: datetime, ahead: int, how: str) -> None:
    at = (now + timedelta(minutes=ahead)).replace(second=0, microsecond=0)
    local = at.astimezone(ZoneInfo(zone))
    assume(at > now and local.fold == 0)
    assume(
        (now + timedelta(days=7)).astimezone(ZoneInfo(zone)).utcoffset() == now.astimezone(ZoneInfo(zone)).utcoffset()
    )
    read = when(local.strftime(how), zone, now)
    assert read is not None
    assert read.at == at


TIME_WORDS = [
    "завтра", "вчора", "о", "9", "5pm", "25:00", "24.12", "9:00", "fri", "in", "за", "half", "an", "hour", "2",
    "годину", "ввечері", "evening", "dec", "31", "call", "next", "week",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(TIME_WORDS), max_size=7).map(" ".join)


@given(zone=ZONES, now=NOWS, words=WORDS | st.text(max_size=60))
def test_nothing_is_read_into_the_past_and_no_word_is_lost(zone: str, now: datetime, words: str) -> None:
    with contextlib.suppress(Misused):
        read = when(words, zone, now)
        assert read is None or (read.at > now and words.strip().endswith(read.rest))
        ending = when_ending(words, zone, now)
        assert ending is None or (ending.at > now and words.strip().startswith(ending.rest))
