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


@pytest.mark.parametrize("word", ["Дар'я", "дар’я", "ДАР`Я", "дарʼя", "дар'", "daria", "Daria K", "kovalenko"])
@pytest.mark.parametrize("name", ["Дарʼя Коваленко", "Дар'я Коваленко", "Дар’я Коваленко"])
def test_finds_whatever_apostrophe_or_alphabet_is_typed(office: Office, name: str, word: str) -> None:
    for other in ("Taras Petrenko", "Даша Бондар"):
        office.join(other)
    daria = office.join(name)
    assert office.desk.look(queries.find, word).id == daria.id


@pytest.mark.parametrize("word", ["тарас", "Тарас П", "петренко", "taras"])
def test_finds_a_name_in_latin_letters_by_cyrillic_ones(staffed: Office, word: str) -> None:
    assert staffed.desk.look(queries.find, word).handle == "taras"


def test_what_is_spelt_alike_beats_what_sounds_alike_and_both_beat_a_beginning(office: Office) -> None:
    latin, cyrillic = office.join("Taras"), office.join("Тарас")
    longer = office.join("Tarasenko")
    assert office.desk.look(queries.find, "taras").id == latin.id
    assert office.desk.look(queries.find, "тарас").id == cyrillic.id
    assert office.desk.look(queries.find, "тарасен").id == longer.id
    office.join("Їжак")
    office.join("Yizhakevych")
    assert office.desk.look(queries.find, "yizhak").name == "Їжак"


def test_an_apostrophe_does_not_cut_a_handle(office: Office) -> None:
    assert [office.join(name).handle for name in ("Дар'я К.", "O’Brien")] == ["дарʼя", "oʼbrien"]


def test_a_whole_handle_wins_over_the_beginning_of_another(staffed: Office) -> None:
    staffed.join("Olena Shevchenko")
    assert staffed.desk.look(queries.find, "olena").name == "Olena Koval"
    assert staffed.desk.look(queries.find, "olena2").name == "Olena Shevchenko"


@pytest.mark.parametrize("word", ["ole", "koval"])
def test_says_who_it_could_be(staffed: Office, word: str) -> None:
    with pytest.raises(Refused, match=r"person\.ambiguous") as caught:
        staffed.desk.look(queries.find, word)
    assert caught.value.facts["known"] == ["oleh", "olena"]


@pytest.mark.parametrize("word", ["", "  ", "@", "ivan", "lena", "%", "_", "ʼ", "ь"])
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
