from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.outbox.actions import To, owe_notice
from core.outbox.model import Channel
from core.texts.said import notice
from tests.core.office import Office
from workers.sweep import Call, Sweep, due_calls

rows = st.sets(st.integers(1, 30)).map(lambda numbers: [("understand", number) for number in sorted(numbers)])


def test_what_is_due_is_called_for_at_once() -> None:
    assert Sweep().choose([("understand", 1)], 0.0) == [("understand", 1)]


def test_what_was_just_called_for_is_left_alone_and_then_called_for_again() -> None:
    sweep = Sweep()
    due: list[Call] = [("understand", 1)]
    called = [second for second in range(20) if sweep.choose(due, float(second))]
    assert called == [0, 1, 3, 7, 15]


@given(st.lists(rows, min_size=1, max_size=40))
def test_nothing_due_is_forgotten_for_longer_than_eight_seconds(turns: list[list[Call]]) -> None:
    sweep = Sweep()
    waiting: dict[Call, int] = {}
    for second, due in enumerate(turns):
        chosen = sweep.choose(due, float(second))
        assert set(chosen) <= set(due)
        waiting = {call: waiting.get(call, -1) + 1 for call in due if call not in chosen}
        assert all(waited < 8 for waited in waiting.values())


def test_a_row_that_comes_back_is_called_for_at_once() -> None:
    sweep = Sweep()
    sweep.choose([("understand", 1)], 0.0)
    sweep.choose([], 0.5)
    assert sweep.choose([("understand", 1)], 0.6) == [("understand", 1)]


def test_mail_that_is_owed_is_due_and_chat_messages_are_not(office: Office) -> None:
    mail = office.desk.run(owe_notice, To(Channel.EMAIL, "ivan@example.com"), notice("receipt.new", number=1))
    office.desk.run(owe_notice, To(Channel.TELEGRAM, "77"), notice("receipt.new", number=1))
    assert office.desk.look(due_calls) == [("send_mail", mail.id)]
