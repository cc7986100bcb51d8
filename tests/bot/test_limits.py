from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Limits


def _play(chats: list[int]) -> list[tuple[float, int]]:
    """Send to each chat in turn as soon as the limits allow; tells when."""
    limits, now_s, sent = Limits(), 1000.0, []
    for chat in chats:
        now_s += limits.wait_s(chat, now_s)
        limits.take(chat, now_s)
        sent.append((now_s, chat))
    return sent


def _keeps(times: list[float], at_once: float, per_s: float) -> bool:
    """Tell whether no stretch of time, long or short, has more than it may."""
    return all(
        last - first + 1 <= at_once + (times[last] - times[first]) * per_s + 1e-6
        for first, last in combinations(range(len(times)), 2)
    )


@given(st.lists(st.integers(1, 5), max_size=120))
def test_no_second_has_more_than_telegram_allows(chats: list[int]) -> None:
    sent = _play(chats)
    assert _keeps([at for at, _ in sent], 30, 29)
    for chat in set(chats):
        assert _keeps([at for at, to in sent if to == chat], 3, 1)


def test_a_group_gets_twenty_a_minute_at_most() -> None:
    times = [at for at, _ in _play([-100] * 60)]
    assert _keeps(times, 3, 19 / 60)


def test_a_chat_in_peace_stops_nobody_else() -> None:
    limits = Limits()
    limits.hush(1, 30, 1000.0)
    assert limits.wait_s(1, 1000.0) == 30
    assert limits.wait_s(2, 1000.0) == 0
    assert limits.busy(1000.0) == [1]
    assert limits.busy(1031.0) == []


def test_limits_that_are_off_still_do_what_telegram_asks() -> None:
    limits = Limits(on=False)
    for _ in range(100):
        limits.take(1, 0.0)
    assert limits.wait_s(1, 0.0) == 0
    limits.hush(1, 5, 0.0)
    assert limits.wait_s(1, 0.0) == 5
