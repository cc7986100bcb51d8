"""Canned answers in chat: kept by words, drafted, and sent by a button."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.cases import categories
from core.people.views import Representative
from core.texts.say import LANGUAGES
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


@pytest.fixture
def number(office: Office, mila: Representative) -> int:
    number = office.open_case(office.customer("Ivan", locale="en"))
    office.desk.run(cases.accept, number, mila)
    return number


def test_a_template_is_drafted_and_sent_by_a_button(office: Office, chat: Chatting, number: int) -> None:
    assert "Kept: <b>refund</b> (en)" in chat.say("/template_new refund: Hello {name}, about {number}: 5 days.").text
    told = chat.say(f"/t {number} refund")
    assert f"Hello Ivan, about №{number}: 5 days." in told.text
    assert told.verbs == ["unsent_send", "unsent_edit", "unsent_drop"]
    assert office.texts(number, "answer") == []
    sent = chat.press("unsent_send", *told.args("unsent_send"))
    assert "On its way to Ivan" in sent.text
    assert sent.verbs == ["undo"]
    assert office.texts(number, "answer") == [f"Hello Ivan, about №{number}: 5 days."]
    assert chat.press("unsent_send", *told.args("unsent_send")).error == "unsent.gone"
    assert len(office.texts(number, "answer")) == 1


def test_as_a_reply_the_name_is_enough(chat: Chatting, number: int) -> None:
    chat.say("/template_new refund: Hello {name}")
    assert "Hello Ivan" in chat.say("/t refund", about=number).text


def test_a_draft_is_thrown_away_or_written_anew(office: Office, chat: Chatting, number: int) -> None:
    chat.say("/template_new refund: Hello {name}")
    dropped = chat.press("unsent_drop", *chat.say(f"/t {number} refund").args("unsent_drop"))
    assert "Hello Ivan" in dropped.text
    asked = chat.press("unsent_edit", *chat.say(f"/t {number} refund").args("unsent_edit"))
    assert "<code>Hello Ivan</code>" in asked.text
    chat.say("Hello Ivan, tomorrow")
    assert office.texts(number, "answer") == ["Hello Ivan, tomorrow"]


def test_the_question_for_an_answer_offers_templates_while_there_are_any(
    office: Office, chat: Chatting, number: int
) -> None:
    assert "templates" not in chat.press("answer", number).verbs
    chat.say("/template_new refund: Hello {name}")
    asked = chat.press("answer", number)
    offered = chat.press("templates", *asked.args("templates"))
    assert "is closed" not in offered.text
    told = chat.press("template", *offered.args("template"))
    assert "Hello Ivan" in told.text
    assert "is closed" not in told.text
    chat.say("and now?")  # the question is over
    assert office.texts(number, "answer") == []


def test_a_head_may_name_language_owner_and_category(office: Office, chat: Chatting, mila: Representative) -> None:
    office.desk.run(categories.add_category, "Printers / Paper", mila)
    assert (
        "<b>paper</b> (uk, Printers / Paper, only yours)" in chat.say("/template_new paper uk mine paper: Привіт").text
    )
    assert chat.say("/template_new other uk lamps: Привіт").error == "category.unknown"
    assert chat.say("/template_new nothing").error == "usage.template_new"
    assert "(uk, Printers / Paper, only yours)" in chat.say("/template_drop paper укр").text
    assert "no templates" in chat.say("/templates").text


def test_a_field_that_there_is_not_is_refused_with_those_there_are(chat: Chatting) -> None:
    refused = chat.say("/template_new refund: Hello {sum}")
    assert "{sum}" in refused.text
    assert "{name}, {number}, {title}, {me}, {queue}" in refused.text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_template_without_a_colon_is_refused_by_saying_so(office: Office, mila: Representative, locale: str) -> None:
    chat = Chatting(office, mila, locale)
    for command in ("template_new", "template_edit"):
        told = chat.say(f"/{command} refund Hello {{name}}, five days")
        assert told.error == "template.no_colon"
        assert f"/{command} refund: " in told.text
        assert "{{" not in told.text


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("word", ["mine", "моя", "uk"])
def test_what_a_template_is_to_be_stands_behind_its_name(
    office: Office, mila: Representative, locale: str, word: str
) -> None:
    chat = Chatting(office, mila, locale)
    told = chat.say(f"/template_new {word} hello: Hello!")
    assert told.error == "template.name_first"
    assert f"/template_new hello {word}: " in told.text
    assert chat.say(f"/template_new hello {word}: Hello!").error == ""
    assert chat.say("/template_new mine: Hello!").error == "", "one may be called so"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_template_is_shown_to_be_changed(office: Office, mila: Representative, locale: str) -> None:
    chat = Chatting(office, mila, locale)
    chat.say("/template_new refund en: Hello {name}, <5> days.")
    for words in ("refund", "refund en"):
        assert "/template_edit refund en: Hello {name}, &lt;5&gt; days." in chat.say(f"/template_edit {words}").text
    assert chat.say("/template_edit other").error == "template.unknown"
    assert chat.say("/template_edit refund uk").error == "template.unknown"


def test_a_number_is_not_marked_twice(chat: Chatting, number: int) -> None:
    chat.say("/template_new refund: As to №{number}, # {number} and {number}.")
    assert f"As to №{number}, # {number} and №{number}." in chat.say(f"/t {number} refund").text


def test_what_cannot_be_filled_in_cannot_be_sent_as_it_is(office: Office, chat: Chatting, number: int) -> None:
    chat.say("/template_new where: You are in {queue}")
    told = chat.say(f"/t {number} where")
    assert "There is nothing for {queue}" in told.text
    assert told.verbs == ["unsent_edit", "unsent_drop"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_lists_are_paged_and_in_both_languages(office: Office, mila: Representative, number: int, locale: str) -> None:
    chat = Chatting(office, mila, locale)
    for place in range(10):
        chat.say(f"/template_new name{place}: Hello {{name}}")
    told = chat.say("/templates")
    assert "name0" in told.text
    assert "name9" not in told.text
    assert "name9" in chat.press("templates", *told.args("templates")).text
    chosen = chat.say(f"/templates {number}")
    assert chosen.verbs.count("template") == 8
    assert "name9" in chat.press("templates", *chosen.args("templates")).text
    assert f"№{number}" in chat.say(f"/t {number}").text


def test_the_words_of_a_template_mark_nothing(chat: Chatting, number: int) -> None:
    chat.say("/template_new refund: <b>{{name}}</b>")
    assert "&lt;b&gt;{name}&lt;/b&gt;" in chat.say(f"/t {number} refund").text
