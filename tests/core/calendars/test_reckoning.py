"""Working time held against a minute grid, over changes of the clock, midnight, breaks, closures and time off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars import reckoning, spans
from core.calendars.rules import Calendar, Closure, work_in
from core.errors import Refused
from tests.core.calendars.grid import MINUTE, Grid, grid

DAYS = 12
#: The clock changes within the days after these: by an hour, by half of one, at midnight, by a whole day.
TURNS = [
    ("Europe/Kyiv", date(2026, 3, 23)),
    ("Europe/Kyiv", date(2026, 10, 19)),
    ("America/New_York", date(2026, 3, 2)),
    ("America/New_York", date(2026, 10, 27)),
    ("Australia/Lord_Howe", date(2026, 3, 30)),
    ("Australia/Lord_Howe", date(2026, 9, 29)),
    ("America/Sao_Paulo", date(2018, 10, 29)),
    ("America/Sao_Paulo", date(2018, 2, 12)),
    ("Pacific/Apia", date(2011, 12, 24)),
    ("Asia/Kathmandu", date(2026, 2, 24)),
    ("UTC", date(2024, 2, 23)),
]
_MARGIN = 3 * 1440

quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
shifts = st.lists(st.tuples(quarters, quarters), max_size=3).map(tuple)
weeks = st.lists(st.tuples(*[shifts] * 7), min_size=1, max_size=2).map(tuple)


@st.composite
def closures(draw: st.DrawFn, first: date) -> Closure:
    begin = first + timedelta(days=draw(st.integers(0, DAYS - 1)))
    end = begin + timedelta(days=draw(st.integers(0, 2)))
    years = draw(st.sampled_from([None, 0, 4]))  # of the same days four years ago, leap days too
    if years is None:
        return Closure(begin, end)
    return Closure(begin.replace(year=begin.year - years), end.replace(year=end.year - years), yearly=True)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, Grid]:
    zone, first = draw(st.sampled_from(TURNS))
    days = st.integers(0, DAYS - 1).map(lambda number: first + timedelta(days=number))
    start = datetime.combine(first, time(), UTC)
    away = draw(st.lists(st.tuples(st.integers(0, DAYS * 1440), st.integers(1, 3000)), max_size=2))
    yearly = draw(st.dictionaries(days, shifts, max_size=1))
    calendar = Calendar(
        zone,
        draw(weeks),
        since=draw(days),
        dates=draw(st.dictionaries(days, shifts, max_size=2)),
        yearly={(day.month, day.day): those for day, those in yearly.items()},
        closures=tuple(draw(st.lists(closures(first), max_size=2))),
        time_off=tuple((start + one * MINUTE, start + (one + length) * MINUTE) for one, length in away),
    )
    return calendar, grid(calendar, first, DAYS)


#: The outer days are left out: there the grid knows too little of what comes before and after.
inside = st.integers(_MARGIN, DAYS * 1440 - _MARGIN)


@given(calendars(), inside, inside)
def test_work_between_two_instants_is_what_the_minutes_say(both: tuple[Calendar, Grid], one: int, other: int) -> None:
    calendar, minutes = both
    one, other = sorted((one, other))
    expected = minutes.spans(one, other)
    assert work_in(calendar, minutes.at(one), minutes.at(other)) == expected
    total = sum((end - start for start, end in expected), timedelta())
    assert reckoning.worked(calendar, minutes.at(one), minutes.at(other)) == total
    by_day = reckoning.worked_by_day(calendar, minutes.at(one), minutes.at(other))
    assert sum(by_day.values(), timedelta()) == total
    assert reckoning.is_open(calendar, minutes.at(one)) is minutes.open[one]
    assert reckoning.worked(calendar, minutes.at(other), minutes.at(one)) == timedelta()


@pytest.mark.long
@given(calendars(), inside, st.integers(0, 2000))
def test_reaches_the_first_minute_by_which_so_much_is_done(both: tuple[Calendar, Grid], at: int, wanted: int) -> None:
    calendar, minutes = both
    after = [index for index in range(at, len(minutes.open) - _MARGIN) if minutes.open[index]]
    if len(after) > wanted:
        expected = after[wanted - 1] + 1 if wanted else after[0]
        assert reckoning.reach(calendar, minutes.at(at), wanted * MINUTE) == minutes.at(expected)


@pytest.mark.long
@given(calendars(), inside, st.integers(0, 2000))
def test_reaches_back_to_the_last_minute_since_which_so_much_is_done(
    both: tuple[Calendar, Grid], at: int, wanted: int
) -> None:
    calendar, minutes = both
    before = [index for index in range(at - 1, _MARGIN, -1) if minutes.open[index]]
    if len(before) > wanted:
        expected = before[wanted - 1] if wanted else before[0] + 1
        assert reckoning.reach_back(calendar, minutes.at(at), wanted * MINUTE) == minutes.at(expected)


@pytest.mark.long
@given(calendars(), inside)
def test_openings_and_closings_are_where_the_minutes_turn(both: tuple[Calendar, Grid], at: int) -> None:
    calendar, minutes = both
    for opening, following, previous in (
        (True, reckoning.next_opening, reckoning.previous_opening),
        (False, reckoning.next_closing, reckoning.previous_closing),
    ):
        edges = [edge for edge in minutes.edges(opening=opening) if _MARGIN < edge < len(minutes.open) - _MARGIN]
        later, earlier = [edge for edge in edges if edge > at], [edge for edge in edges if edge < at]
        if later:
            assert following(calendar, minutes.at(at)) == minutes.at(later[0])
        if earlier:
            assert previous(calendar, minutes.at(at)) == minutes.at(earlier[-1])


OFFICE = Calendar("Europe/Kyiv", (((((time(9), time(18))),),) * 5 + ((),) * 2,))
NEVER = Calendar("Europe/Kyiv", (((),) * 7,))
ALWAYS = Calendar("Europe/Kyiv", ((((time(), time()),),) * 7,))
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(Refused, match=r"calendar\.never"):
        reckoning.reach(NEVER, NOW, timedelta())
    with pytest.raises(Refused, match=r"calendar\.never"):
        reckoning.reach_back(NEVER, NOW, timedelta(hours=1))
    with pytest.raises(Refused, match=r"calendar\.never"):
        reckoning.reach(OFFICE, NOW, timedelta(days=36500))


def test_what_is_always_or_never_open_has_no_openings_or_closings() -> None:
    asks = reckoning.next_opening, reckoning.next_closing, reckoning.previous_opening, reckoning.previous_closing
    assert [ask(one, NOW) for ask in asks for one in (NEVER, ALWAYS)] == [None] * 8


def test_an_instant_years_ahead_is_found_quickly() -> None:
    begun = perf_counter()
    at = reckoning.reach(OFFICE, NOW, timedelta(hours=9 * 5 * 52 * 10))
    assert at == datetime(2036, 2, 18, 10, tzinfo=UTC)
    assert perf_counter() - begun < 1.0


sets = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(sets, sets)
def test_sets_of_stretches_hold_the_points_that_they_should(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    left, right = ({point for start, end in those for point in range(start, end)} for those in (one, other))
    for found, expected in (
        (spans.union([*one, *other]), left | right),
        (spans.intersect(one, other), left & right),
        (spans.subtract(one, other), left - right),
    ):
        assert {point for start, end in found for point in range(start, end)} == expected
        assert all(end < start for (_, end), (start, _) in pairwise(found))
        assert all(start < end for start, end in found)
