from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import args, callback
from core.errors import Misused

KYIV = "Europe/Kyiv"
#: A Tuesday, 11:00 in Kyiv.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


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
        ("2 cartridges", 3, (3, "2 cartridges")),
        ("2 days", 3, (3, "2 days")),
        ("№5 days", 3, (5, "days")),
        ("#5: done", 3, (5, "done")),
        ("n7", None, (7, "")),
        ("5", 3, (5, "")),
        ("12: done", None, (12, "done")),
    ],
)
def test_numbers_are_forgiving_and_a_reply_stands_for_one(words: str, about: int | None, read: tuple[int, str]) -> None:
    assert args.number(words, about, "usage.note", words_first=True) == read


def test_where_words_go_to_somebody_the_number_that_was_written_wins() -> None:
    assert args.number("5 Your code is 1234", 3, "usage.reply") == (5, "Your code is 1234")


@pytest.mark.parametrize("words", ["9:00 call", "24.12 call", "3.11.2 is out", "7/8", "x 12", "12th", ""])
def test_times_dates_and_versions_are_no_numbers(words: str) -> None:
    with pytest.raises(Misused, match=r"usage\.accept"):
        args.number(words, None, "usage.accept")


@pytest.mark.parametrize(
    ("words", "about", "read"),
    [
        ("9:00 call Maria", None, (None, "9:00 call Maria")),
        ("18:30 call", None, (None, "18:30 call")),
        ("24.12 call", None, (None, "24.12 call")),
        ("25 грудня call", None, (None, "25 грудня call")),
        ("25 Dec call", None, (None, "25 Dec call")),
        ("32.13 call", None, (None, "32.13 call")),
        ("2 days call", None, (None, "2 days call")),
        ("5 pm call", None, (None, "5 pm call")),
        ("tomorrow call", 7, (7, "tomorrow call")),
        ("2 days call", 7, (7, "2 days call")),
        ("12 tomorrow call", None, (12, "tomorrow call")),
        ("12 9:00 call", None, (12, "9:00 call")),
        ("№12 call", 7, (12, "call")),
        ("12", None, (12, "")),
        ("call", None, (None, "call")),
    ],
)
def test_where_no_number_is_needed_a_time_is_none(words: str, about: int | None, read: tuple[int | None, str]) -> None:
    assert args.number_if_any(words, about, KYIV, NOW) == read


def test_clocks_and_days() -> None:
    assert (args.clock("18.30"), args.clock("25:00"), args.days("", "u"), args.days("5", "u")) == (
        time(18, 30), None, None, 5,
    )  # fmt: skip
    for words in ("-1", "0", "366", "five", "1.5", "²"):
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


@pytest.mark.parametrize(
    ("words", "minutes", "rest"),
    [
        ("30m the printer is replaced", 30, "the printer is replaced"),
        ("1h30m replaced", 90, "replaced"),
        ("1год 15хв: замінено", 75, "замінено"),
        ("45min", 45, ""),
        ("2h, replaced", 120, "replaced"),
        ("30 minutes: replaced", 30, "replaced"),
        ("1 год 30 хв", 90, ""),
        ("1h 30 pages were printed", 60, "30 pages were printed"),
        ("30 minutes later it worked", 0, "30 minutes later it worked"),
        ("30 pages", 0, "30 pages"),
        ("30mm cable", 0, "30mm cable"),
        ("10:30 the courier came", 0, "10:30 the courier came"),
        ("24/7 it works", 0, "24/7 it works"),
        ("2h2o", 0, "2h2o"),
        ("0m nothing", 0, "0m nothing"),
        ("9999m too much", 0, "9999m too much"),
        ("replaced in 30m", 0, "replaced in 30m"),
        ("", 0, ""),
    ],
)
def test_the_time_that_something_took_is_read_only_where_it_is_one(words: str, minutes: int, rest: str) -> None:
    assert args.spent(words) == (minutes, rest)
