"""What is written on a case, in chat: by words in both languages, by buttons, on its card and in its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fieldwords
from core.activities import actions as activities
from core.activities.views import Plan
from core.cases import categories, queries
from core.cases.fields import CHOICES, Field, Origin, Reason
from core.errors import Misused
from core.people.rules import Role
from core.people.views import Representative
from core.texts.say import LANGUAGES
from core.work.rules import WorkKind
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def number(office: Office, olena: Representative) -> int:
    boss = office.join("Boss", Role.MANAGER)
    for one in ("Printers / Paper", "Printers / Toner"):
        office.desk.run(categories.add_category, one, boss)
    return office.open_case()


# --- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("priority urgent", {Field.PRIORITY: "urgent"}),
        ("Priority: urg, category Printers / Paper", {Field.PRIORITY: "urgent", Field.CATEGORY: "Printers / Paper"}),
        ("title No paper, no toner; severity = minor", {Field.TITLE: "No paper, no toner", Field.SEVERITY: "minor"}),
        ("пріоритет терміновий, тип скарга", {Field.PRIORITY: "urgent", Field.TYPE: "complaint"}),
        ("тема Принтер, сканер\nтовар LJ 400", {Field.TITLE: "Принтер, сканер", Field.PRODUCT: "LJ 400"}),
        ("status waiting for the customer", {Field.STATUS: "waiting"}),
        ("статус –, category none", {Field.STATUS: None, Field.CATEGORY: None}),
    ],
)
def test_fields_are_read_in_both_languages(words: str, found: fieldwords.Changes) -> None:
    assert fieldwords.changes(words) == found


@pytest.mark.parametrize("words", ["urgent", "priority", "colour red", "priority , type problem"])
def test_what_names_no_field_or_no_value_is_refused(words: str) -> None:
    with pytest.raises(Misused, match=r"usage.edit"):
        fieldwords.changes(words)


def test_a_value_that_a_field_cannot_have_is_refused_with_those_it_can() -> None:
    with pytest.raises(Misused) as refused:
        fieldwords.changes("priority red")
    assert refused.value.key == "field.unknown_value"
    assert len(refused.value.facts["known"]) == 3


@given(st.dictionaries(st.sampled_from(sorted(CHOICES)), st.integers(0, 9), min_size=1))
def test_every_value_that_is_offered_can_be_written_by_its_name(wanted: dict[Field, int]) -> None:
    chosen = {field: CHOICES[field][place % len(CHOICES[field])] for field, place in wanted.items()}
    assert fieldwords.changes(", ".join(f"{field} {word}" for field, word in chosen.items())) == chosen


# --- in chat ------------------------------------------------------------------------------------------


def test_the_card_shows_what_is_set(office: Office, chat: Chatting, number: int) -> None:
    told = chat.say(f"/edit {number} category toner, severity major, type problem, origin phone, product LJ 400")
    assert "🏷 Printers / Toner, LJ 400, severity: major, problem, phone" in told.text
    assert "urgent" not in chat.say(f"/edit {number} priority urgent").error
    assert "category: – → Printers / Toner" in chat.say(f"/history {number}").text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_without_words_the_fields_are_shown_with_a_button_each(
    office: Office, olena: Representative, number: int, locale: str
) -> None:
    told = Chatting(office, olena, locale).say(f"/edit {number}")
    assert told.verbs == ["edit"] * 8 + ["card"]
    assert "{" not in told.text


def test_a_value_is_chosen_by_buttons_and_emptied_by_one(office: Office, chat: Chatting, number: int) -> None:
    asked = chat.press("edit", number, "status")
    assert [args[2] for row in asked.buttons for verb, args in row if verb == "edit_set"] == list(Reason)
    chat.press("edit_set", number, "status", "on_hold")
    assert office.desk.look(queries.case, number).fields.reason is Reason.ON_HOLD
    emptied = chat.press("edit", number, "status")
    assert (number, "status", "none") in [args for row in emptied.buttons for _, args in row]
    chat.press("edit_set", number, "status", "none")
    assert office.desk.look(queries.case, number).fields.reason is None


def test_a_category_is_chosen_by_its_button(office: Office, chat: Chatting, number: int) -> None:
    asked = chat.press("edit", number, "category")
    chosen = [args for row in asked.buttons for verb, args in row if verb == "edit_set"]
    chat.press("edit_set", *chosen[1])
    assert office.desk.look(queries.case, number).fields.category == "Printers / Paper"


def test_a_title_is_asked_for_in_words(office: Office, chat: Chatting, number: int) -> None:
    chat.press("edit", number, "title")
    assert chat.say("No paper").error == ""
    assert office.item(number).title == "No paper"
    chat.press("edit", number, "product")
    chat.say("LJ 400")
    assert office.desk.look(queries.case, number).fields.product == "LJ 400"


def test_too_long_a_title_is_refused_and_the_question_stays(office: Office, chat: Chatting, number: int) -> None:
    chat.press("edit", number, "title")
    assert chat.say("a" * 300).error == "field.too_long"
    chat.say("Shorter")
    assert office.item(number).title == "Shorter"


@pytest.mark.parametrize("data", [("edit_set", "colour", "red"), ("edit", "colour"), ("edit_set", "priority", "x")])
def test_a_forged_button_changes_nothing(office: Office, chat: Chatting, number: int, data: tuple[str, ...]) -> None:
    assert chat.press(data[0], number, *data[1:]).error in {"button.outdated", "field.unknown_value"}
    assert "edited" not in office.verbs(number)


def test_a_case_by_phone_says_so_only_where_the_channel_does_not(office: Office, chat: Chatting, number: int) -> None:
    assert "🏷" not in chat.card_text(number)
    chat.say(f"/edit {number} origin phone")
    assert office.desk.look(queries.case, number).origin is Origin.PHONE
    assert "🏷 phone" in chat.card_text(number)


def test_categories_are_listed_as_a_tree_and_added_by_managers(office: Office, chat: Chatting, number: int) -> None:
    assert "Printers\n    Paper\n    Toner" in chat.say("/categories").text
    assert chat.say("/categories Lamps").error == "right.missing"
    mila = Chatting(office, office.join("Mila", Role.MANAGER))
    assert "Lamps" in mila.say("/categories Lamps / Bulbs").text


# --- activities ---------------------------------------------------------------------------------------


@pytest.fixture
def task(office: Office, olena: Representative) -> int:
    return office.desk.run(activities.plan, Plan(WorkKind.TASK, "Call the supplier"), olena).number


def test_of_an_activity_the_title_and_the_priority_are_changed(office: Office, chat: Chatting, task: int) -> None:
    shown = chat.say(f"/edit {task}")
    assert [args[1] for row in shown.buttons for verb, args in row if verb == "edit"] == ["title", "priority"]
    chat.press("edit", task, "priority")
    chat.press("edit_set", task, "priority", "urgent")
    chat.say(f"/edit {task} title Call the other one")
    item = office.item(task)
    assert (item.title, item.priority) == ("Call the other one", 1)
    assert office.verbs(task).count("edited") == 2


def test_what_only_cases_have_is_refused_and_nothing_is_changed(office: Office, chat: Chatting, task: int) -> None:
    told = chat.say(f"/edit {task} priority urgent, severity major")
    assert told.error == "field.of_cases"
    assert office.item(task).priority != 1
    assert chat.press("edit", task, "severity").error == "button.outdated"
    assert "edited" not in office.verbs(task)


def test_a_change_of_what_is_planned_for_a_case_is_a_change_of_that_case(
    office: Office, chat: Chatting, olena: Representative, number: int
) -> None:
    task = office.desk.run(activities.plan, Plan(WorkKind.TASK, "Bring paper", regarding=number), olena).number
    before = office.item(number).touched_at
    office.clock.advance(timedelta(hours=1))
    chat.say(f"/edit {task} priority low")
    assert office.item(number).touched_at > before
