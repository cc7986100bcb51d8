"""Tasks and snoozes in chat: in words, by button, and what cards and lists show of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.cases import actions as cases
from core.people.rules import Role
from core.people.views import Representative
from tests.bot.chatting import Chatting
from tests.core.office import Office, key_of

# The desk's clock stands at Monday, 2 March 2026, 12:00 in Kyiv.


@pytest.fixture
def number(office: Office, olena: Representative) -> int:
    number = office.open_case(text="The printer is silent")
    office.desk.run(cases.accept, number, olena)
    return number


def _at(office: Office, number: int) -> datetime | None:
    return office.item(number).planned_at


# --- in words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title", "at"),
    [
        ("9:00 call Maria", "call Maria", datetime(2026, 3, 3, 7, 0, tzinfo=UTC)),
        ("24.12 call Maria", "call Maria", datetime(2026, 12, 24, 7, 0, tzinfo=UTC)),
        ("25 грудня подарунки", "подарунки", datetime(2026, 12, 25, 7, 0, tzinfo=UTC)),
        ("call supplier tomorrow 10:00", "call supplier", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("fri 5pm report", "report", datetime(2026, 3, 6, 15, 0, tzinfo=UTC)),
        ("water the plants", "water the plants", None),
    ],
)
def test_a_task_of_ones_own_is_planned_in_words(
    office: Office, chat: Chatting, words: str, title: str, at: datetime | None
) -> None:
    assert chat.say(f"/task {words}").error == ""
    task = office.item(office.newest())
    assert (task.title, task.planned_at) == (title, at)


def test_a_task_for_a_case_is_planned_in_words(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} tomorrow call the supplier")
    assert "task_planned" in office.verbs(number)
    chat.say("/task 2 days check again", about=number)
    assert office.verbs(number).count("task_planned") == 2
    assert office.item(office.newest()).title == "check again"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("/task 32.13 call", "I do not understand the time “32.13”"),
        ("/task о 25:00 call", "I do not understand the time “25:00”"),
        ("/task вчора 10:00 call", "“вчора 10:00” is in the past"),
        ("/task tomorrow", "What is to be done, and when?"),
        ("/task", "What is to be done, and when?"),
        ("/snooze 6 колись", "I do not understand the time “колись”"),
        ("/snooze", "Which one, and until when?"),
    ],
)
def test_what_is_not_understood_is_named(office: Office, chat: Chatting, words: str, error: str) -> None:
    before = len(office.owed())
    assert error in chat.say(words).text
    assert len(office.owed()) == before


def test_a_snooze_takes_its_reason_before_or_after_the_time(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/snooze {number} tomorrow 9:00 waiting for parts")
    assert office.facts(number, "snoozed")["why"] == "waiting for parts"
    chat.say(f"/snooze {number} waiting for the invoice until friday")
    assert office.facts(number, "snoozed")["why"] == "waiting for the invoice"


def test_what_sleeps_says_so_in_lists(chat: Chatting, number: int) -> None:
    assert f"💤 №{number}" not in chat.say("/progress").text
    chat.say(f"/snooze {number} tomorrow 9:00 waiting for parts")
    assert f"💤 №{number} The printer is silent · ⏰ tomorrow 09:00" in chat.say("/progress").text


# --- by button ------------------------------------------------------------------------------------------


def test_a_snooze_by_button_asks_why_and_the_reason_can_be_read(office: Office, chat: Chatting, number: int) -> None:
    asked = chat.press("snooze_ask", number)
    told = chat.press("snooze", *asked.args("snooze"))
    assert "rests until" in told.text
    assert "Why?" in told.text
    assert told.verbs == ["snooze_skip"]
    assert office.item(number).snoozed_until == office.clock() + timedelta(hours=1)
    assert "waiting for parts" in chat.say("waiting for parts").text
    assert "reason of the snooze: waiting for parts" in chat.say(f"/history {number}").text
    assert "waiting for parts" in chat.card_text(number)
    assert [key_of(row) for row in office.owed()].count("answer") == 0


def test_a_snooze_without_a_reason_leaves_no_question_behind(office: Office, chat: Chatting, number: int) -> None:
    chat.press("snooze", number, "in_tomorrow")
    assert "rests until" in chat.press("snooze_skip", number).text
    assert "Which case" in chat.say("hello").text
    assert "snooze_reason" not in office.verbs(number)


def test_a_reason_comes_too_late_once_the_snooze_is_over(office: Office, chat: Chatting, number: int) -> None:
    from core.work import placing

    chat.press("snooze", number, "in_1h")
    office.desk.run(placing.wake_up, number)
    assert chat.say("parts").error == "snooze.over"


def test_the_reminder_at_the_end_of_a_snooze_tells_the_reason(
    office: Office, chat: Chatting, olena: Representative, number: int
) -> None:
    from core.work import placing

    chat.say(f"/snooze {number} 1h parts")
    office.desk.run(placing.wake_up, number)
    assert office.owed(person_id=olena.id)[-1].facts["why"]["facts"] == {"why": "parts"}


# --- cards and lists --------------------------------------------------------------------------------------


def test_the_card_of_a_task_shows_its_case_and_when_it_is_due(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} tomorrow 10:00 call the supplier")
    task = office.newest()
    text, card = chat.card_text(task), chat.card(task)
    assert "Due tomorrow 10:00" in text
    assert f"№{number} The printer is silent" in text
    assert ("regards", (number,)) in [(one.verb, one.args) for row in card.buttons for one in row]
    assert "The printer is silent" in chat.press("regards", number).text


def test_the_card_of_a_case_says_what_is_planned_next(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} order paper")
    assert f"🗓 ☑️ №{office.newest()} order paper" in chat.card_text(number)
    chat.say(f"/task {number} tomorrow 10:00 call the supplier")
    text = chat.card_text(number)
    assert f"🗓 tomorrow 10:00: ☑️ №{office.newest()} call the supplier\n🗓 ☑️" in text, "all of it, in order"


def test_lists_show_when_tasks_are_due(office: Office, chat: Chatting, number: int) -> None:
    chat.say("/task tomorrow 10:00 call the supplier")
    text = chat.say("/progress").text
    assert "call the supplier · ⏰ tomorrow 10:00" in text
    assert text.count("💬") == 2
    assert "a customer waits" in text


def test_a_colleague_sees_a_task_with_what_they_may_do(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} tomorrow call")
    task = office.newest()
    taras = Chatting(office, office.join("Taras"))
    assert taras.say(f"/case {task}").verbs == ["steal", "history", "regards"]
    chief = Chatting(office, office.join("Maria", Role.MANAGER))
    shown = chief.say(f"/case {task}")
    assert shown.verbs == [
        "done",
        "move_ask",
        "snooze_ask",
        "release",
        "forward_menu",
        "assign_menu",
        "call_off",
        "history",
        "regards",
    ]
    assert chief.press("done", task).error == ""
    assert not office.item(task).open


def test_a_closed_task_shows_no_due_time(office: Office, chat: Chatting) -> None:
    chat.say("/task tomorrow call")
    task = office.newest()
    chat.press("done", task)
    assert "Due" not in chat.card_text(task)


def test_the_history_of_a_case_tells_of_its_tasks(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} tomorrow call")
    task = office.newest()
    chat.say(f"/snooze {task} friday parts")
    chat.press("done", task)
    chat.press("reopen", task)
    text = chat.say(f"/history {number}").text
    for line in (f"planned task №{task}", f"task №{task} planned anew", "parts", f"task №{task} is done", "open again"):
        assert line in text


def test_a_task_is_moved_by_command_and_by_button(office: Office, chat: Chatting, number: int) -> None:
    chat.say(f"/task {number} tomorrow call")
    task = office.newest()
    office.queue()
    office.clock.advance(timedelta(hours=1))
    for act in (
        lambda: chat.say(f"/forward {task} vip"),
        lambda: chat.press("accept", task),
        lambda: chat.press("release", task),
        lambda: chat.press("assign", task, office.join("Taras").id),
    ):
        office.clock.advance(timedelta(hours=1))
        assert act().error == ""
        assert office.item(number).touched_at == office.clock()


# --- queues -----------------------------------------------------------------------------------------------


def test_the_numbers_of_queues_explain_themselves(office: Office, chat: Chatting, number: int) -> None:
    office.open_case(queue=office.queue().id)
    text = chat.say("/queues").text
    assert "VIP</b>: waiting 1, in progress 0, done today 0" in text
    assert "🔔" not in text
    chat.say("/watch vip")
    assert "🔔 you are told" in chat.say("/queues").text
    uk = Chatting(office, office.join("Taras"), "uk").say("/queues").text
    assert "VIP</b>: чекає 1, у роботі 0, зроблено сьогодні 0" in uk


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (4, [4]), (5, [2, 3]), (6, [3, 3]), (8, [4, 4])])
def test_no_number_stands_alone_in_a_row(office: Office, chat: Chatting, count: int, rows: list[int]) -> None:
    for title in range(count):
        chat.say(f"/task n{title}th thing")
    shown = chat.say("/progress").buttons
    assert [len(row) for row in shown if row[0][0] == "card"] == rows
