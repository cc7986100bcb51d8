"""Who gets new work and who may take an item: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.work.rules import Candidate, Place, QueueKind, choose, may_take
from tests.core.clock import MONDAY_NOON

HOURS = st.integers(1, 40).map(lambda hours: MONDAY_NOON + timedelta(hours=hours))


@st.composite
def _candidates(draw: st.DrawFn) -> list[Candidate]:
    everybody = []
    for person in range(draw(st.integers(0, 6))):
        working = draw(st.booleans())
        start = MONDAY_NOON if working else draw(st.none() | HOURS)
        everybody.append(Candidate(person, working, start, draw(st.integers(0, 3)), draw(st.none() | HOURS)))
    return everybody


@given(everybody=_candidates())
def test_whoever_works_comes_before_whoever_does_not_and_the_least_loaded_first(everybody: list[Candidate]) -> None:
    chosen = next((one for one in everybody if one.person == choose(everybody)), None)
    working = [one for one in everybody if one.working]
    if working:
        assert chosen in working
        assert chosen is not None
        assert chosen.load == min(one.load for one in working)
    elif chosen is not None:
        first = min(one.works_from for one in everybody if one.works_from)
        assert chosen.works_from is not None
        assert chosen.works_from - first < timedelta(hours=1)
    else:
        assert all(one.works_from is None for one in everybody)


@given(everybody=_candidates(), seed=st.randoms())
def test_the_order_of_asking_changes_nothing(everybody: list[Candidate], seed: object) -> None:
    shuffled = list(everybody)
    seed.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert choose(shuffled) == choose(everybody)


def test_among_equals_who_waited_longest_goes_first_and_who_never_got_any_before_all() -> None:
    one = Candidate(1, working=True, works_from=MONDAY_NOON, load=1, last_given_at=MONDAY_NOON)
    two = replace(one, person=2, last_given_at=MONDAY_NOON - timedelta(hours=1))
    three = replace(one, person=3, last_given_at=None)
    assert choose([one, two]) == 2
    assert choose([one, two, three]) == 3


def test_an_item_is_taken_out_of_public_queues_and_ones_own_assigned() -> None:
    assert may_take(Place(QueueKind.PUBLIC, None), 1)
    assert may_take(Place(QueueKind.ASSIGNED, 1), 1)
    assert not may_take(Place(QueueKind.ASSIGNED, 2), 1)
    assert not may_take(Place(QueueKind.IN_PROGRESS, 1), 1)
    assert not may_take(Place(QueueKind.IN_PROGRESS, 2), 1)
