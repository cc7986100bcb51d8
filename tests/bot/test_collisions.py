"""Two who write to one customer, or a customer who goes on: whoever answers is told before anything is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import answering, conversations, incoming, merging, unsent
from core.cases.collisions import TYPING, WRITING
from core.cases.model import Unsent
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.people.views import Representative
from core.texts.say import LANGUAGES
from core.work import actions as work
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def ivan(office: Office) -> ContactView:
    return office.customer("Ivan", locale="en")


@pytest.fixture
def number(office: Office, olena: Representative, ivan: ContactView) -> int:
    number = office.open_case(ivan, queue=office.queue().id)
    office.desk.run(cases.accept, number, olena)
    return number


def _writes(office: Office, number: int, ivan: ContactView, text: str = "It burns now") -> None:
    office.clock.advance(timedelta(minutes=1))
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, text))


def _unsent(office: Office) -> list[Unsent]:
    return office.desk.look(lambda tx: list(tx.session.scalars(select(Unsent))))


# --- who else is writing ------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LANGUAGES)
def test_who_presses_answer_is_told_who_else_writes(
    office: Office, taras: Representative, chat: Chatting, number: int, locale: str
) -> None:
    chat.press("answer", number)
    assert "Olena" in Chatting(office, taras, locale).press("answer", number).text
    assert "Olena" in Chatting(office, taras, locale).say(f"/reply {number}").text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_who_begins_an_answer_to_what_another_has_is_told_how_it_can_go_out(
    office: Office, olena: Representative, taras: Representative, chat: Chatting, number: int, locale: str
) -> None:
    other = Chatting(office, taras, locale)
    other.say("/template_new refund: Hello {name}")
    for told in (other.press("answer", number), other.say(f"/t {number} refund")):
        assert "Olena" in told.text
        assert f"/steal {number}" in told.text
    assert "/steal" not in chat.press("answer", number).text
    office.desk.run(work.release, number, olena)
    assert "/steal" not in other.press("answer", number).text


def test_nobody_is_told_of_themselves_nor_of_other_cases_nor_of_long_ago(
    office: Office, taras: Representative, chat: Chatting, number: int
) -> None:
    other = Chatting(office, taras)
    chat.press("answer", number)
    assert "is writing" not in chat.press("answer", number).text
    assert "is writing" not in other.press("answer", office.open_case()).text
    office.clock.advance(timedelta(minutes=16))
    assert "is writing" not in other.press("answer", number).text


def test_a_note_is_no_answer(office: Office, taras: Representative, chat: Chatting, number: int) -> None:
    chat.press("note", number)
    assert "is writing" not in Chatting(office, taras).press("answer", number).text


def test_a_draft_out_of_a_template_is_an_answer_being_written(
    office: Office, taras: Representative, chat: Chatting, number: int
) -> None:
    chat.say("/template_new refund: Hello {name}")
    told = chat.say(f"/t {number} refund")
    assert "Olena is writing" in Chatting(office, taras).press("answer", number).text
    chat.press("unsent_drop", *told.args("unsent_drop"))
    assert "is writing" not in Chatting(office, taras).press("answer", number).text


# --- what came meanwhile ------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_answer_is_held_back_when_the_customer_wrote_meanwhile(
    office: Office, olena: Representative, number: int, ivan: ContactView, locale: str
) -> None:
    chat = Chatting(office, olena, locale)
    chat.press("answer", number)
    _writes(office, number, ivan)
    told = chat.say("Turn it off and on")
    assert told.verbs == ["unsent_send", "unsent_edit", "unsent_drop"]
    assert "It burns now" in told.text
    assert "Turn it off and on" in told.text
    assert office.texts(number, "answer") == []
    chat.press("unsent_send", *told.args("unsent_send"))
    assert office.texts(number, "answer") == ["Turn it off and on"]
    assert _unsent(office) == []


def test_what_was_seen_when_it_was_begun_holds_nothing_back(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    _writes(office, number, ivan)
    chat.press("answer", number)
    assert "On its way" in chat.say("Turn it off and on").text


def test_an_answer_is_held_back_when_another_answered_meanwhile(
    office: Office, taras: Representative, chat: Chatting, number: int, olena: Representative
) -> None:
    chat.press("answer", number)
    office.desk.run(cases.steal, number, "She is ill", taras)
    office.desk.run(answering.answer, number, "I come at once", taras)
    told = chat.say("Turn it off and on")
    assert "I come at once" in told.text
    assert "Taras" in told.text
    refused = chat.press("unsent_send", *told.args("unsent_send"))
    assert refused.error == "item.taken"
    assert len(_unsent(office)) == 1  # the words are kept all the same


def test_notes_and_ones_own_words_hold_nothing_back(
    office: Office, taras: Representative, olena: Representative, chat: Chatting, number: int
) -> None:
    chat.press("answer", number)
    office.desk.run(answering.note, number, "Look", taras)
    office.desk.run(answering.answer, number, "One moment", olena)
    assert "On its way" in chat.say("Turn it off and on").text


def test_what_came_yet_later_holds_it_back_again(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    told = chat.say("Turn it off and on")
    _writes(office, number, ivan, "It is out again")
    again = chat.press("unsent_send", *told.args("unsent_send"))
    assert "It is out again" in again.text
    assert office.texts(number, "answer") == []
    assert "On its way" in chat.press("unsent_send", *again.args("unsent_send")).text


def test_a_draft_out_of_a_template_is_held_back_too(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    chat.say("/template_new refund: Hello {name}")
    told = chat.say(f"/t {number} refund")
    _writes(office, number, ivan)
    assert "It burns now" in chat.press("unsent_send", *told.args("unsent_send")).text
    assert office.texts(number, "answer") == []


def test_what_is_discarded_is_shown_once_more(office: Office, chat: Chatting, number: int, ivan: ContactView) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    told = chat.say("Turn it off and on")
    assert "Turn it off and on" in chat.press("unsent_drop", *told.args("unsent_drop")).text
    assert chat.press("unsent_send", *told.args("unsent_send")).error == "unsent.gone"
    assert office.texts(number, "answer") == []


def test_many_messages_are_counted_and_the_last_shown(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    chat.press("answer", number)
    for place in range(5):
        _writes(office, number, ivan, f"line {place}")
    told = chat.say("Turn it off and on")
    assert "2 earlier messages" in told.text
    assert "line 4" in told.text
    assert "line 1" not in told.text


def test_files_are_kept_and_sent_with_it(office: Office, chat: Chatting, number: int, ivan: ContactView) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    file = NewFile("document", "how.pdf", "application/pdf", 5, telegram_id="AAA")
    told = chat.say("See here", files=(file,))
    assert "unsent_edit" not in told.verbs
    chat.press("unsent_send", *told.args("unsent_send"))
    entry = office.desk.look(conversations.conversation, number)[-1]
    assert [one.name for one in entry.files] == ["how.pdf"]


def test_an_edit_of_what_was_held_back_edits_it(office: Office, chat: Chatting, number: int, ivan: ContactView) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    told = chat.say("Turn it of")
    message = _unsent(office)[0].chat_message_id or 0
    assert f"Changed in №{number}" in chat.edit(message, "Turn it off").text
    chat.press("unsent_send", *told.args("unsent_send"))
    assert office.texts(number, "answer") == ["Turn it off"]
    chat.edit(message, "Turn it off and on")  # an answer now, which is edited as ever
    assert office.texts(number, "answer") == ["Turn it off and on"]


def test_what_was_held_back_for_a_case_that_was_merged_goes_to_the_one_that_goes_on(
    office: Office, chat: Chatting, number: int, ivan: ContactView, olena: Representative
) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    told = chat.say("Turn it off and on")
    into = office.open_case(ivan)
    office.desk.run(cases.accept, into, olena)
    office.desk.run(merging.merge, [number], into, olena)
    again = chat.press("unsent_send", *told.args("unsent_send"))
    if again.verbs != ["undo"]:
        chat.press("unsent_send", *again.args("unsent_send"))
    assert office.texts(into, "answer") == ["Turn it off and on"]


# --- replies ------------------------------------------------------------------------------------------


def test_a_reply_is_held_back_by_what_came_after_the_message_replied_to(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    shown = office.clock()
    _writes(office, number, ivan)
    assert "unsent_send" in chat.say("Turn it off and on", about=number, replied_at=shown).verbs
    assert "unsent_send" in chat.say(f"/reply {number} Turn it off", about=number, replied_at=shown).verbs
    assert "On its way" in chat.say("Turn it off", about=number, replied_at=office.clock()).text


def test_a_card_that_changed_while_they_wrote_was_not_read(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    shown = office.clock()
    _writes(office, number, ivan)
    changed = office.clock()
    office.clock.advance(timedelta(seconds=10))
    told = chat.say("Turn it off and on", about=number, replied_at=shown, changed_at=changed)
    assert "It burns now" in told.text
    office.clock.advance(TYPING)
    assert "On its way" in chat.say("Turn it off", about=number, replied_at=shown, changed_at=changed).text


def test_what_came_long_before_a_reply_was_there_to_be_read(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    shown = office.clock()
    _writes(office, number, ivan)
    office.clock.advance(WRITING + timedelta(minutes=1))
    assert "On its way" in chat.say("Turn it off and on", about=number, replied_at=shown).text


def test_after_ones_own_answer_a_reply_to_an_old_message_goes_out(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    shown = office.clock()
    _writes(office, number, ivan)
    told = chat.say("Turn it off and on", about=number, replied_at=shown)
    chat.press("unsent_send", *told.args("unsent_send"))
    assert "On its way" in chat.say("And again", about=number, replied_at=shown).text


def test_what_nobody_decides_on_is_forgotten_in_the_end(
    office: Office, chat: Chatting, number: int, ivan: ContactView
) -> None:
    chat.press("answer", number)
    _writes(office, number, ivan)
    chat.say("Turn it off and on")
    office.desk.run(unsent.forget, office.clock() - timedelta(days=30))
    assert len(_unsent(office)) == 1
    office.desk.run(unsent.forget, office.clock() + timedelta(seconds=1))
    assert _unsent(office) == []
