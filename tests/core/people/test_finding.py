"""Members of staff are found by what people type of their names."""

from __future__ import annotations

import pytest

from core.errors import DeskError, NotFound, Refused
from core.people import queries
from core.people.rules import Role
from tests.core.office import Office


@pytest.fixture
def staffed(office: Office) -> Office:
    for name in ("Olena Koval", "Oleh Koval", "Taras Petrenko", "Їжак"):
        office.join(name)
    return office


@pytest.mark.parametrize(
    ("word", "handle"),
    [
        ("olena", "olena"),
        ("@OLENA", "olena"),
        ("olen", "olena"),
        ("t", "taras"),
        ("Taras Petrenko", "taras"),
        ("taras p", "taras"),
        ("petr", "taras"),
        ("ЇЖ", "їжак"),
        (" taras ", "taras"),
    ],
)
def test_finds_by_handle_name_or_the_beginning_of_either(staffed: Office, word: str, handle: str) -> None:
    assert staffed.desk.look(queries.find, word).handle == handle


def test_a_whole_handle_wins_over_the_beginning_of_another(staffed: Office) -> None:
    staffed.join("Olena Shevchenko")
    assert staffed.desk.look(queries.find, "olena").name == "Olena Koval"
    assert staffed.desk.look(queries.find, "olena2").name == "Olena Shevchenko"


@pytest.mark.parametrize("word", ["ole", "koval"])
def test_says_who_it_could_be(staffed: Office, word: str) -> None:
    with pytest.raises(Refused, match=r"person\.ambiguous") as caught:
        staffed.desk.look(queries.find, word)
    assert caught.value.facts["known"] == ["oleh", "olena"]


@pytest.mark.parametrize("word", ["", "  ", "@", "ivan", "lena", "%", "_"])
def test_says_who_there_is_when_there_is_no_such_person(staffed: Office, word: str) -> None:
    with pytest.raises(NotFound, match=r"person\.unknown") as caught:
        staffed.desk.look(queries.find, word)
    assert caught.value.facts["known"] == ["oleh", "olena", "taras", "їжак"]


def test_an_unknown_id_is_told_with_who_there_is(staffed: Office) -> None:
    with pytest.raises(DeskError, match=r"person\.unknown") as caught:
        staffed.desk.look(queries.get, 10**9)
    assert caught.value.facts["known"]


def test_leaders_are_the_managers(office: Office) -> None:
    office.join("Boss", Role.ADMINISTRATOR)
    assert [one.name for one in office.desk.look(queries.leaders)] == ["Boss"]
    office.join("Maria", Role.MANAGER)
    office.join("Olena")
    assert [one.name for one in office.desk.look(queries.leaders)] == ["Maria"]
