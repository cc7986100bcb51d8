"""A pending question takes the next words, and only those: whatever else is done ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.cases import actions as cases
from core.people.views import Representative
from core.work.drafts import draft_of
from tests.bot.chatting import Chatting, Told
from tests.core.office import Office, key_of

CLOSED = "the next words"


@pytest.fixture
def number(office: Office, olena: Representative) -> int:
    number = office.open_case(office.customer("Ivan"))
    office.desk.run(cases.accept, number, olena)
    return number


def _answers(office: Office) -> int:
    return len([row for row in office.owed() if key_of(row) == "answer"])


def _draft(office: Office, by: Representative) -> object:
    return office.desk.look(draft_of, by.chat_id or 0)


OTHERS: dict[str, Callable[[Chatting, int], Told]] = {
    "a list": lambda chat, _n: chat.say("/assigned"),
    "a case": lambda chat, n: chat.say(f"/case {n}"),
    "help": lambda chat, _n: chat.say("/help"),
    "a command that changes": lambda chat, _n: chat.say("/me away"),
    "a command that is refused": lambda chat, _n: chat.say("/accept 99999"),
    "a command that there is not": lambda chat, _n: chat.say("/nonsense"),
    "a button that looks": lambda chat, n: chat.press("history", n, 0),
    "a button that changes": lambda chat, n: chat.press("release", n),
    "a button that is refused": lambda chat, _n: chat.press("accept", 99999),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_command_or_button_ends_a_question_and_says_so(
    office: Office, chat: Chatting, olena: Representative, number: int, other: str
) -> None:
    chat.press("answer", number)
    told = OTHERS[other](chat, number)
    assert f"The question about №{number} is closed" in told.text
    assert _draft(office, olena) is None
    assert "Nothing was sent" in chat.say("this is not for the customer").text
    assert _answers(office) == 0


def test_words_still_answer_the_question(office: Office, chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    assert "On its way to Ivan" in chat.say("turn it off and on").text
    assert _answers(office) == 1


def test_a_look_without_a_question_stays_a_look(office: Office, chat: Chatting, number: int) -> None:
    before = len(office.owed())
    assert f"№{number}" in chat.say("/progress").text
    assert len(office.owed()) == before


def test_the_same_question_asked_anew_is_not_called_closed(chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    told = chat.press("answer", number)
    assert "Write your answer" in told.text
    assert "is closed" not in told.text


def test_another_question_takes_the_place_of_the_first_and_says_so(office: Office, chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    told = chat.press("note", number)
    assert "is closed" in told.text
    assert "Noted" in chat.say("inside").text
    assert _answers(office) == 0


def test_a_question_is_over_after_a_quarter_of_an_hour(office: Office, chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    office.clock.advance(timedelta(minutes=15, seconds=1))
    assert "Nothing was sent" in chat.say("what did I want?").text
    assert _answers(office) == 0
    assert "nothing to cancel" in Chatting(office, office.join("Taras")).say("/cancel").text


def test_a_question_that_is_over_is_not_cancelled_or_called_closed(office: Office, chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    office.clock.advance(timedelta(hours=1))
    assert "is closed" not in chat.say("/assigned").text
    assert "nothing to cancel" in chat.say("/cancel").text


def test_cancel_ends_a_question_in_its_own_words(chat: Chatting, number: int) -> None:
    chat.press("answer", number)
    told = chat.press("cancel")
    assert "Cancelled" in told.text
    assert "is closed" not in told.text


def test_words_kept_for_a_case_outlive_a_look(office: Office, chat: Chatting, number: int) -> None:
    assert chat.say("here is how").args("which") == (number,)
    chat.say("/progress")
    office.clock.advance(timedelta(hours=1))
    chat.press("which", number)
    assert _answers(office) == 1


def test_a_reply_to_the_question_about_a_note_does_not_go_to_the_customer(
    office: Office, chat: Chatting, olena: Representative, number: int
) -> None:
    chat.press("note", number)
    question = office.owed(person_id=olena.id)[-1]
    assert (key_of(question), question.work_id) == ("ask.note", None), "a reply to it is about no case"
    chat.say("inside", reply_to=77)
    assert (_answers(office), office.verbs(number)[-1]) == (0, "noted")


# --- words that answer nothing ----------------------------------------------------------------------


def test_with_only_tasks_in_progress_one_is_told_so(office: Office, chat: Chatting) -> None:
    for title in ("call", "write"):
        chat.say(f"/task {title}")
    told = chat.say("hello")
    assert "2 tasks are" in told.text
    assert told.buttons == ()


def test_with_nothing_in_progress_there_is_nothing_to_cancel(
    office: Office, chat: Chatting, olena: Representative
) -> None:
    told = chat.say("hello")
    assert "no case in progress" in told.text
    assert told.buttons == ()
    assert _draft(office, olena) is None


def test_a_case_is_found_behind_any_number_of_tasks(office: Office, chat: Chatting, olena: Representative) -> None:
    for title in range(9):
        chat.say(f"/task n{title} write")
    number = office.open_case()
    office.desk.run(cases.accept, number, olena)
    assert chat.say("hello").args("which") == (number,)
