"""What is written on a case: who may change it, what it may be, and what the history tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import actions as cases
from core.cases import categories, editing, incoming, queries
from core.cases.fields import CHOICES, REQUIRED, CaseType, Field, Origin, Reason, Severity, fits
from core.errors import Misused, NotFound, Refused
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from tests.core.office import Office


@pytest.fixture
def boss(office: Office) -> Representative:
    return office.join("Boss", Role.MANAGER)


@pytest.fixture
def number(office: Office, olena: Representative) -> int:
    return office.open_case()


# --- fields -------------------------------------------------------------------------------------------


def test_fields_are_changed_together_and_each_is_in_the_history(
    office: Office, number: int, olena: Representative, boss: Representative
) -> None:
    office.desk.run(categories.add_category, "Printers / Paper", boss)
    changes: dict[Field, str | int | None] = {
        Field.TITLE: "No paper", Field.CATEGORY: "paper", Field.PRODUCT: "LJ 400", Field.PRIORITY: "urgent",
        Field.SEVERITY: "major", Field.TYPE: "problem", Field.ORIGIN: "phone", Field.STATUS: "waiting",
    }  # fmt: skip
    assert office.desk.run(editing.edit, number, changes, olena) == list(changes)
    view = office.desk.look(queries.case, number)
    assert (view.item.title, view.item.priority, view.origin) == ("No paper", 1, Origin.PHONE)
    assert view.fields.category == "Printers / Paper"
    assert (view.fields.product, view.fields.severity) == ("LJ 400", Severity.MAJOR)
    assert (view.fields.type, view.fields.reason) == (CaseType.PROBLEM, Reason.WAITING)
    assert office.verbs(number)[-8:] == ["edited"] * 8
    assert office.facts(number, "edited") == {"field": "status", "before": None, "after": "waiting"}


def test_what_stays_as_it_was_is_no_change(office: Office, number: int, olena: Representative) -> None:
    office.clock.advance(timedelta(hours=1))
    assert office.desk.run(editing.edit, number, {Field.PRIORITY: "normal", Field.PRODUCT: None}, olena) == []
    assert "edited" not in office.verbs(number)
    assert office.item(number).touched_at < office.clock()


def test_all_fields_are_changed_or_none(office: Office, number: int, olena: Representative) -> None:
    with pytest.raises(NotFound, match=r"category.none_yet"):
        office.desk.run(editing.edit, number, {Field.PRIORITY: "urgent", Field.CATEGORY: "Printers"}, olena)
    assert office.item(number).priority == 2


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        (Field.TITLE, None, "field.required"),
        (Field.TITLE, " \n ", "field.required"),
        (Field.TITLE, "a" * 201, "field.too_long"),
        (Field.PRODUCT, "a" * 81, "field.too_long"),
        (Field.PRIORITY, None, "field.required"),
        (Field.PRIORITY, "5", "field.unknown_value"),
        (Field.STATUS, "resolved", "field.unknown_value"),
    ],
)
def test_refuses_what_a_field_cannot_be(
    office: Office, number: int, olena: Representative, field: Field, value: str | None, key: str
) -> None:
    with pytest.raises(Misused) as refused:
        office.desk.run(editing.edit, number, {field: value}, olena)
    assert refused.value.key == key


@given(st.sampled_from(Field), st.text() | st.none())
def test_nothing_but_what_is_offered_fits_a_field_of_few_values(field: Field, value: str | None) -> None:
    if value is None:
        assert fits(field, None) == (field not in REQUIRED)
    elif field in CHOICES:
        assert fits(field, value) == (value in CHOICES[field])


def test_what_another_works_on_is_changed_by_managers_only(
    office: Office, number: int, olena: Representative, boss: Representative
) -> None:
    taras = office.join("Taras")
    office.desk.run(work.accept, number, olena)
    with pytest.raises(Refused, match=r"item.taken"):
        office.desk.run(editing.edit, number, {Field.TYPE: "question"}, taras)
    assert office.desk.run(editing.edit, number, {Field.TYPE: "question"}, boss) == [Field.TYPE]


def test_a_closed_case_and_a_task_are_not_changed(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(cases.resolve, number, olena)
    with pytest.raises(Refused, match=r"item.closed"):
        office.desk.run(editing.edit, number, {Field.TYPE: "question"}, olena)


def test_a_case_waits_for_its_customer_until_they_write(office: Office, olena: Representative) -> None:
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(editing.edit, number, {Field.STATUS: "waiting"}, olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Here it is"))
    assert office.desk.look(queries.case, number).fields.reason is None
    assert office.facts(number, "edited") == {"field": "status", "before": "waiting", "after": None}


def test_a_case_that_rests_does_so_whatever_its_customer_writes(office: Office, olena: Representative) -> None:
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(editing.edit, number, {Field.STATUS: "on_hold"}, olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Here it is"))
    assert office.desk.look(queries.case, number).fields.reason is Reason.ON_HOLD


# --- categories ---------------------------------------------------------------------------------------


def test_a_category_is_made_with_those_above_it(office: Office, boss: Representative) -> None:
    office.desk.run(categories.add_category, "Printers / Paper", boss)
    office.desk.run(categories.add_category, "printers/Toner", boss)
    found = office.desk.look(categories.categories, boss)
    assert [(one.path, one.depth) for one in found] == [
        ("Printers", 0),
        ("Printers / Paper", 1),
        ("Printers / Toner", 1),
    ]


@pytest.mark.parametrize("words", ["", "/", "Printers //", "a" * 41, "1/2/3/4/5/6"])
def test_refuses_names_that_are_none(office: Office, boss: Representative, words: str) -> None:
    with pytest.raises(Misused, match=r"category.name"):
        office.desk.run(categories.add_category, words, boss)


def test_refuses_a_category_that_is_there_and_whoever_may_not(
    office: Office, boss: Representative, olena: Representative
) -> None:
    office.desk.run(categories.add_category, "Папір", boss)
    with pytest.raises(Refused, match=r"category.exists"):
        office.desk.run(categories.add_category, "ПАПІР", boss)
    with pytest.raises(Refused, match=r"right.missing"):
        office.desk.run(categories.add_category, "Toner", olena)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("printers", "Printers"),
        ("print", "Printers"),
        ("toner", "Printers / Toner"),
        ("printers/paper", "Printers / Paper"),
        ("forms / pap", "Forms / Paper"),
    ],
)
def test_a_category_is_found_by_what_is_enough(office: Office, boss: Representative, words: str, path: str) -> None:
    for one in ("Printers / Paper", "Printers / Toner", "Forms / Paper"):
        office.desk.run(categories.add_category, one, boss)
    assert office.desk.look(categories.find_category, words).path == path


def test_a_name_that_two_have_is_not_enough(office: Office, boss: Representative) -> None:
    for one in ("Printers / Paper", "Forms / Paper"):
        office.desk.run(categories.add_category, one, boss)
    with pytest.raises(Refused, match=r"category.ambiguous"):
        office.desk.look(categories.find_category, "paper")
    with pytest.raises(NotFound, match=r"category.unknown"):
        office.desk.look(categories.find_category, "scanner")
