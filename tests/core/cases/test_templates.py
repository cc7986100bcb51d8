"""Canned answers: who keeps them for whom, in which language and order they are offered."""

from __future__ import annotations

import pytest

from core.cases import categories, editing, queries, templates
from core.cases.fields import Field
from core.cases.fields_in_words import Slot
from core.cases.templates import NewTemplate
from core.cases.views import CaseView
from core.errors import DeskError, Misused, NotFound, Refused
from core.people.views import Representative
from tests.core.office import Office


def _case(office: Office, locale: str = "uk", queue: int | None = None) -> CaseView:
    number = office.open_case(office.customer("Ivan", locale=locale), queue=queue)
    return office.desk.look(queries.case, number)


def _add(office: Office, by: Representative, name: str, text: str = "Hello {name}", **more: object) -> int:
    return office.desk.run(templates.add, NewTemplate(name, text, **more), by).id  # type: ignore[arg-type]


def test_those_of_a_manager_are_for_all_and_of_others_for_themselves(
    office: Office, olena: Representative, mila: Representative
) -> None:
    _add(office, mila, "refund")
    _add(office, mila, "secret", own=True)
    _add(office, olena, "mine")
    assert [one.name for one in office.desk.look(templates.usable, olena)] == ["mine", "refund"]
    assert [one.name for one in office.desk.look(templates.usable, mila)] == ["refund", "secret"]


def test_only_managers_change_and_drop_those_of_the_desk(
    office: Office, olena: Representative, mila: Representative
) -> None:
    _add(office, mila, "refund")
    for action in (
        lambda: office.desk.run(templates.change, NewTemplate("refund", "Hi"), olena),
        lambda: office.desk.run(templates.drop, "refund", None, olena),
    ):
        with pytest.raises(Refused) as refused:
            action()
        assert refused.value.key == "right.missing"
    assert office.desk.run(templates.change, NewTemplate("Refund", "Hi"), mila).text == "Hi"
    assert office.desk.run(templates.drop, "refund", None, mila)
    assert office.desk.look(templates.usable, olena) == []


def test_ones_own_is_changed_before_that_of_the_desk(
    office: Office, olena: Representative, mila: Representative
) -> None:
    _add(office, mila, "refund")
    _add(office, olena, "refund", "Mine")
    office.desk.run(templates.drop, "refund", None, olena)
    assert [one.own for one in office.desk.look(templates.usable, olena)] == [False]


def test_the_language_is_that_of_the_customer_where_there_are_two(office: Office, mila: Representative) -> None:
    _add(office, mila, "refund", "Hello {name}")
    _add(office, mila, "refund", "Вітаємо, {name}")
    _add(office, mila, "bye", "Goodbye")
    for locale, text in (("uk", "Вітаємо, {name}"), ("en", "Hello {name}")):
        case = _case(office, locale)
        assert office.desk.look(templates.find, "refund", case, mila).text == text
        assert office.desk.look(templates.find, "bye", case, mila).text == "Goodbye"


def test_a_change_is_of_the_language_it_is_written_in(office: Office, mila: Representative) -> None:
    _add(office, mila, "refund", "Hello {name}")
    _add(office, mila, "refund", "Вітаємо, {name}")
    office.desk.run(templates.change, NewTemplate("refund", "Доброго дня"), mila)
    assert {one.text for one in office.desk.look(templates.usable, mila)} == {"Hello {name}", "Доброго дня"}
    office.desk.run(templates.drop, "refund", "uk", mila)
    assert [one.text for one in office.desk.look(templates.usable, mila)] == ["Hello {name}"]


def test_those_of_the_category_of_a_case_come_first(office: Office, mila: Representative) -> None:
    ids = {
        one: office.desk.run(categories.add_category, one, mila).id for one in ("Printers", "Printers / Paper", "Lamps")
    }
    for name, category in (
        ("a-lamp", "Lamps"),
        ("b-any", None),
        ("c-print", "Printers"),
        ("d-paper", "Printers / Paper"),
    ):
        _add(office, mila, name, category=ids.get(category or ""))
    case = _case(office)
    assert next(one.name for one in office.desk.look(templates.usable, mila, case)) == "b-any"
    office.desk.run(editing.edit, case.number, {Field.CATEGORY: "Printers / Paper"}, mila)
    case = office.desk.look(queries.case, case.number)
    names = [one.name for one in office.desk.look(templates.usable, mila, case)]
    assert names == ["d-paper", "c-print", "b-any", "a-lamp"]


def test_the_facts_of_the_case_are_filled_in(office: Office, mila: Representative) -> None:
    queue = office.queue("VIP").id
    template = office.desk.look(templates.get, _add(office, mila, "all", "{name} {number} {title} {me} {queue}"), mila)
    case = _case(office, queue=queue)
    made = office.desk.look(templates.filled, template, case, mila)
    assert made.text == f"Ivan №{case.number} The printer is silent Mila VIP"
    assert made.empty == ()


def test_a_queue_that_there_is_not_is_told(office: Office, mila: Representative) -> None:
    template = office.desk.look(templates.get, _add(office, mila, "queue", "{queue}"), mila)
    assert office.desk.look(templates.filled, template, _case(office), mila).empty == (Slot.QUEUE,)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("two words", "Hello", "template.name"),
        ("x" * 33, "Hello", "template.name"),
        ("refund", " ", "template.empty"),
        ("refund", "x" * 3001, "template.too_long"),
        ("refund", "Hello {sum}", "template.unknown_field"),
    ],
)
def test_what_cannot_be_used_is_refused_when_it_is_written(
    office: Office, mila: Representative, name: str, text: str, key: str
) -> None:
    with pytest.raises(Misused) as refused:
        _add(office, mila, name, text)
    assert refused.value.key == key


def test_a_name_is_taken_once_in_a_language(office: Office, mila: Representative, olena: Representative) -> None:
    _add(office, mila, "Refund")
    with pytest.raises(Refused, match=r"template.exists"):
        _add(office, mila, "refund")
    _add(office, olena, "refund")  # her own


def test_a_beginning_that_means_several_is_refused_with_their_names(office: Office, mila: Representative) -> None:
    case = _case(office)
    with pytest.raises(NotFound, match=r"template.none_yet"):
        office.desk.look(templates.find, "re", case, mila)
    for name in ("refund", "return"):
        _add(office, mila, name)
    for word, key in (("re", "template.ambiguous"), ("x", "template.unknown")):
        with pytest.raises(DeskError) as refused:
            office.desk.look(templates.find, word, case, mila)
        assert refused.value.key == key
        assert refused.value.facts["known"] == ["refund", "return"]
    assert office.desk.look(templates.find, "refu", case, mila).name == "refund"


def test_what_is_anothers_alone_cannot_be_used(office: Office, mila: Representative, olena: Representative) -> None:
    with pytest.raises(NotFound, match=r"template.gone"):
        office.desk.look(templates.get, _add(office, olena, "mine"), mila)
