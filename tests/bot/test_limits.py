from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import FOR_THE_OWED, Limits

PEOPLE, GROUPS = st.integers(1, 60), st.integers(-3, -1)

#: To whom, and how long nobody sends before it.
SENDS = st.lists(st.tuples(PEOPLE | GROUPS, st.floats(0, 3)), max_size=150)


def _play(sends: list[tuple[int, float]]) -> list[tuple[float, int]]:
    """Send to each chat in turn as soon as the limits allow; tells when."""
    limits, now_s, sent = Limits(), 1000.0, []
    for chat, idle_s in sends:
        now_s += idle_s
        while (wait_s := limits.take(chat, now_s)) > 0:
            now_s += wait_s
        sent.append((now_s, chat))
    return sent


def _most(times: list[float], span_s: float) -> int:
    """Count the most there were in any stretch of so long."""
    return max((sum(start <= at < start + span_s for at in times) for start in times), default=0)


@given(SENDS)
def test_no_window_ever_exceeds_what_telegram_allows(sends: list[tuple[int, float]]) -> None:
    sent = _play(sends)
    assert _most([at for at, _ in sent], 1) <= 30
    for chat in {to for _, to in sent}:
        times = [at for at, to in sent if to == chat]
        assert _most(times, 60) <= (20 if chat < 0 else 63)
        for first, last in combinations(range(len(times)), 2):
            assert last - first + 1 <= 3 + (times[last] - times[first]) + 1e-6


def test_all_that_is_allowed_is_used() -> None:
    assert _play([(chat, 0) for chat in range(1, 301)])[-1][0] - 1000 < 12
    assert _play([(7, 0)] * 10)[-1][0] - 1000 < 8
    assert _play([(-7, 0)] * 40)[-1][0] - 1000 < 80


def test_what_is_asked_for_and_not_free_is_not_taken() -> None:
    limits = Limits()
    assert [limits.take(1, 0.0) for _ in range(3)] == [0, 0, 0]
    waits = [limits.take(1, 0.0) for _ in range(5)]
    assert waits[0] > 0
    assert len(set(waits)) == 1


def test_what_may_be_lost_leaves_room_for_what_is_owed() -> None:
    limits = Limits()
    taken = [chat for chat in range(1, 61) if limits.take(chat, 0.0, FOR_THE_OWED) <= 0]
    assert len(taken) == 30 - FOR_THE_OWED
    assert limits.room(0.0) == FOR_THE_OWED
    assert limits.take(99, 0.0) == 0


def test_a_chat_in_peace_stops_nobody_else() -> None:
    limits = Limits()
    limits.hush(1, 30, 1000.0)
    assert limits.take(1, 1000.0) == 30
    assert limits.take(2, 1000.0) == 0
    assert limits.busy(1000.0) == [1]
    assert limits.busy(1031.0) == []


def test_limits_that_are_off_still_do_what_telegram_asks() -> None:
    limits = Limits(on=False)
    assert [limits.take(1, 0.0) for _ in range(100)] == [0] * 100
    limits.hush(1, 5, 0.0)
    assert limits.take(1, 0.0) == 5
