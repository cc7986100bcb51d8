"""`/new` of those who work here: whom it is for, and what becomes of the words meanwhile."""

from __future__ import annotations

from core.cases import queries
from core.cases.fields import Origin
from core.outbox.model import Channel
from tests.bot.chatting import Chatting
from tests.core.office import Office


def test_a_case_is_opened_in_one_line_for_a_customer_who_is_known(office: Office, chat: Chatting) -> None:
    office.customer("Ivan Petrenko")
    told = chat.say("/new Ivan Petrenko: the scanner: it hums")
    assert "Ivan Petrenko (Telegram)" in told.text
    assert office.item(office.newest()).title == "the scanner: it hums"
    assert "tell_opened" in told.verbs
    assert "Ivan Petrenko" in chat.press("tell_opened", office.newest()).text


def test_whoever_is_not_known_is_met_by_it(office: Office, chat: Chatting) -> None:
    told = chat.say("/new Zoe: the lamp is dark")
    assert "Zoe (no way to write)" in told.text
    assert "tell_opened" not in told.verbs
    assert "no way to write" in chat.card_text(office.newest())


def test_without_words_it_is_asked_and_a_wrong_answer_loses_nothing(office: Office, chat: Chatting) -> None:
    assert "cancel" in chat.say("/new").verbs
    assert chat.say("the lamp is dark").error == "usage.new"
    chat.say("Zoe\nthe lamp is dark")
    assert office.item(office.newest()).title == "the lamp is dark"
    assert "new_for" not in chat.say("Zoe: again").verbs


def test_another_command_ends_the_question(office: Office, chat: Chatting) -> None:
    chat.say("/new")
    assert "about a new case is closed" in chat.say("/assigned").text
    chat.say("Zoe: the lamp is dark")
    assert office.owed(kind="card") == []


def test_of_several_one_is_chosen_by_a_button(office: Office, chat: Chatting) -> None:
    office.customer("Maria Bondar", Channel.EMAIL, "m.b@example.com")
    koval = office.customer("Maria Koval")
    asked = chat.say("/new maria: the lamp is dark")
    assert asked.verbs == ["new_for"] * 3 + ["cancel"]
    assert office.owed(kind="card") == []
    chat.press("new_for", koval.id)
    assert office.desk.look(queries.case, office.newest()).contact.id == koval.id
    assert "no longer kept" in chat.press("new_for", koval.id).toast


def test_of_several_none_may_be_meant(office: Office, chat: Chatting) -> None:
    known = {office.customer("Maria Bondar").id, office.customer("Maria Koval").id}
    chat.say("/new maria: the lamp is dark")
    chat.press("new_for", 0)
    contact = office.desk.look(queries.case, office.newest()).contact
    assert contact.name == "maria"
    assert contact.id not in known


def test_from_where_it_came_is_corrected_by_a_button(office: Office, chat: Chatting) -> None:
    told = chat.say("/new Zoe: the lamp is dark")
    chat.press("edit_set", *told.args("edit_set"))
    assert office.desk.look(queries.case, office.newest()).origin is Origin.IN_PERSON
