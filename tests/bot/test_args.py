from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import args, callback
from core.errors import Misused

KYIV = "Europe/Kyiv"
#: A Tuesday, 11:00 in Kyiv.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "at", "rest"),
    [
        ("tomorrow 9:00 call", "2026-11-25 07:00", "call"),
        ("завтра о 15:30 подзвонити", "2026-11-25 13:30", "подзвонити"),
        ("fri 10:00", "2026-11-27 08:00", ""),
        ("у пʼятницю", "2026-11-27 07:00", ""),
        ("tue", "2026-12-01 07:00", ""),
        ("on wednesday at 8:15", "2026-11-25 06:15", ""),
        ("в середу о 9:00", "2026-11-25 07:00", ""),
        ("24.12 9:00", "2026-12-24 07:00", ""),
        ("01.02", "2027-02-01 07:00", ""),
        ("2026-12-24", "2026-12-24 07:00", ""),
        ("18:30", "2026-11-24 16:30", ""),
        ("9:00", "2026-11-25 07:00", ""),
        ("2h waiting", "2026-11-24 11:00", "waiting"),
        ("in 30 minutes", "2026-11-24 09:30", ""),
        ("за 3 дні", "2026-11-27 09:00", ""),
        ("через 2 тижні", "2026-12-08 09:00", ""),
        ("until tomorrow", "2026-11-25 07:00", ""),
    ],
)
def test_moments_are_read_in_both_languages(words: str, at: str, rest: str) -> None:
    read = args.when(words, KYIV, NOW)
    assert read is not None
    assert (f"{read.at.astimezone(UTC):%Y-%m-%d %H:%M}", read.rest) == (at, rest)


@pytest.mark.parametrize(
    "words",
    ["", "call him", "31.02", "25:00", "99.99.2026", "monkey", "monitor it", "sunny", "friend", "середній", "0x10"],
)
def test_what_is_no_moment_is_none(words: str) -> None:
    assert args.when(words, KYIV, NOW) is None


def test_a_day_is_a_day_of_the_clock_on_the_wall_when_summer_ends() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    read = args.when("tomorrow 9:00", KYIV, before)
    assert read is not None
    assert f"{read.at.astimezone(UTC):%Y-%m-%d %H:%M}" == "2026-10-25 07:00", "nine in the morning is nine again"


@given(st.text(max_size=60))
def test_no_words_break_it_and_none_is_lost(words: str) -> None:
    read = args.when(words, KYIV, NOW)
    assert read is None or words.strip().endswith(read.rest)


@given(st.text(max_size=60), st.none() | st.integers(1, 10**9))
def test_a_number_is_read_or_refused(words: str, about: int | None) -> None:
    with contextlib.suppress(Misused):
        number, rest = args.number(words, about, "usage.accept")
        assert number >= 0
        assert words.strip().endswith(rest)


@pytest.mark.parametrize(
    ("words", "about", "read"),
    [
        ("12", None, (12, "")),
        ("№12 done", None, (12, "done")),
        ("#7", 3, (7, "")),
        ("done", 3, (3, "done")),
        ("9:00 call", 3, (3, "9:00 call")),
    ],
)
def test_numbers_are_forgiving_and_a_reply_stands_for_one(words: str, about: int | None, read: tuple[int, str]) -> None:
    assert args.number(words, about, "usage.accept") == read


def test_clocks_and_days() -> None:
    assert (args.clock("18.30"), args.clock("25:00"), args.days("", "u"), args.days("5", "u")) == (
        time(18, 30), None, None, 5,
    )  # fmt: skip
    for words in ("-1", "366", "five", "1.5"):
        with pytest.raises(Misused):
            args.days(words, "usage.missed")


_WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True)


@given(
    verb=st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    given_args=st.lists(st.integers(-(10**9), 10**9) | _WORDS, max_size=3).map(tuple),
)
def test_button_data_comes_back_as_it_went(verb: str, given_args: tuple[int | str, ...]) -> None:
    data = callback.pack(verb, given_args)
    assert len(data.encode()) <= 64
    assert callback.unpack(data) == (verb, given_args)


@given(st.text(max_size=80))
def test_only_what_we_could_have_packed_is_read(data: str) -> None:
    read = callback.unpack(data)
    assert read is None or callback.pack(*read) == data


@pytest.mark.parametrize("given_args", [("a b",), ("",), ("x" * 40,), (10**18,)])
def test_what_cannot_come_back_is_not_packed(given_args: tuple[int | str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be button data"):
        callback.pack("verb", given_args)


def test_a_span_is_not_rounded() -> None:
    read = args.when("1h", KYIV, NOW)
    assert read is not None
    assert read.at - NOW == timedelta(hours=1)
