"""A case in tabs, each in pages and in the place of the one before; and its files by their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.render.tabs import Tab
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import answering, incoming
from core.cases.model import File
from core.cases.rules import FileState
from core.cases.views import NewFile
from core.customers import actions as customers
from core.customers.views import ContactView
from core.desk import Tx
from core.outbox.model import Channel, OwedKind
from core.people.views import Representative
from core.texts.say import LANGUAGES
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def ivan(office: Office, olena: Representative) -> ContactView:
    return office.customer("Ivan", Channel.EMAIL, "ivan@example.com")


@pytest.fixture
def number(office: Office, ivan: ContactView, olena: Representative) -> int:
    number = office.open_case(ivan, "The printer is silent", files=(_file("one.pdf"),))
    office.desk.run(cases.accept, number, olena)
    return number


def _file(name: str, size: int = 4096) -> NewFile:
    return NewFile("document", name, "application/pdf", size, telegram_id=f"id-{name}")


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("tab", Tab)
def test_every_tab_shows_the_case_and_the_ways_to_the_others(
    office: Office, olena: Representative, number: int, tab: Tab, locale: str
) -> None:
    told = Chatting(office, olena, locale).press("tab", number, tab)
    assert f"№{number}" in told.text
    assert "{" not in told.text
    assert [args[1] for row in told.buttons for verb, args in row if verb == "tab"] == list(Tab)
    assert all(len(row) <= 4 for row in told.buttons)


def test_the_command_begins_with_the_conversation_and_what_can_be_done(chat: Chatting, number: int) -> None:
    told = chat.say(f"/case {number}")
    assert "The printer is silent" in told.text
    assert {"answer", "resolve", "edit", "tab"} <= set(told.verbs)


def test_notes_stand_apart_and_page_back(office: Office, chat: Chatting, olena: Representative, number: int) -> None:
    for one in range(7):
        office.desk.run(answering.note, number, f"note-{one}", olena)
    first = chat.press("tab", number, "notes")
    assert [f"note-{one}" in first.text for one in range(7)] == [False] * 2 + [True] * 5
    assert "The printer is silent</blockquote>" not in first.text
    older = next(args for row in first.buttons for verb, args in row if verb == "tab" and len(args) > 2)
    assert [f"note-{one}" in chat.press("tab", *older).text for one in range(7)] == [True] * 2 + [False] * 5


def test_open_activities_stand_above_those_that_are_done(
    office: Office, chat: Chatting, olena: Representative, number: int
) -> None:
    at = office.clock() + timedelta(hours=2)
    done = office.desk.run(activities.plan_task, "call", olena, due_at=at, regarding=number).number
    left = office.desk.run(activities.plan_task, "write", olena, regarding=number).number
    office.desk.run(cases.resolve, done, olena)
    told = chat.press("tab", number, "work")
    assert told.text.index(f"☑️ №{left} write") < told.text.index(f"🏁 ☑️ №{done} call")
    assert [args for row in told.buttons for verb, args in row if verb == "card"] == [(left,), (done,)]


def test_activities_of_all_kinds_stand_in_their_tab_with_their_times(chat: Chatting, number: int) -> None:
    for words in ("/meet {} tomorrow 15:00-16:00 show it", "/call {} tomorrow 10:00 the invoice", "/task {} order"):
        chat.say(words.format(number))
    text = chat.press("tab", number, "work").text
    meeting, call, task = number + 1, number + 2, number + 3
    lines = [
        f"📞 №{call} the invoice · ⏰ tomorrow 10:00",
        f"📅 №{meeting} show it · ⏰ tomorrow 15:00",
        f"☑️ №{task} order",
    ]
    places = [text.index(line) for line in lines]
    assert places == sorted(places)
    chat.say(f"/calloff {call}")
    assert f"🏁 📞 №{call} the invoice · today 12:00" in chat.press("tab", number, "work").text


def test_the_customer_is_shown_with_ways_and_other_cases(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView, number: int
) -> None:
    other = office.open_case(ivan, "The lamp is dark")
    office.desk.run(customers.add_address, ivan.id, "home@example.com", olena)
    told = chat.press("tab", number, "customer")
    assert "mail ivan@example.com, used today" in told.text
    assert "mail home@example.com, as somebody said" in told.text
    assert f"№{other} The lamp is dark" in told.text


# --- files --------------------------------------------------------------------------------------------


def test_files_have_numbers_in_the_order_they_came(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView, number: int
) -> None:
    office.clock.advance(timedelta(minutes=1))
    more = office.says(ivan, "More", files=(_file("two.pdf", 3_500_000), _file("three.pdf")))
    office.desk.run(incoming.add_message, number, ivan, more)
    told = chat.say(f"/file {number}")
    assert "1. 📎 one.pdf · 4 KB · Ivan" in told.text
    assert "2. 📎 two.pdf · 3.3 MB" in told.text
    assert [args for row in told.buttons for verb, args in row if verb == "file"] == [
        (number, one) for one in (1, 2, 3)
    ]


def test_one_file_is_sent_again_by_its_number(office: Office, chat: Chatting, number: int) -> None:
    assert chat.say(f"/file {number} 1").error == ""
    assert chat.press("file", number, 1).toast == "📎 1 file is coming"
    assert [row.work_id for row in office.owed(kind=OwedKind.FILE)] == [number, number]


@pytest.mark.parametrize(("words", "key"), [("2", "file.unknown"), ("0", "file.unknown"), ("one", "usage.file")])
def test_a_number_that_no_file_has_is_refused(chat: Chatting, number: int, words: str, key: str) -> None:
    assert chat.say(f"/file {number} {words}").error == key


def test_a_file_that_was_not_kept_is_not_sent(office: Office, chat: Chatting, number: int) -> None:
    def lose(tx: Tx) -> None:
        for row in tx.session.query(File):
            row.state, row.telegram_id = FileState.LOST, None

    office.desk.run(lose)
    assert chat.say(f"/file {number} 1").error == "file.not_kept"
    assert "one.pdf (not kept)" in chat.say(f"/file {number}").text


def test_files_of_an_answer_taken_back_have_no_numbers(
    office: Office, chat: Chatting, olena: Representative, number: int
) -> None:
    made = office.desk.run(answering.answer, number, "Look", olena, files=(_file("secret.pdf"),))
    office.desk.run(answering.undo, made.entry_id, olena)
    assert "secret.pdf" not in chat.say(f"/file {number}").text
