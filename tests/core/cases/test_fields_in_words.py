"""Fields in words: read in both languages, filled in, and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.fields_in_words import Slot, empty, fill, slots, unknown

FACTS = {Slot.NAME: "Ivan", Slot.NUMBER: "№12", Slot.TITLE: "{me}", Slot.ME: "Olena", Slot.QUEUE: ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {name}, {number}", "Hello Ivan, №12"),
        ("Вітаємо, {ім'я}! {Номер}, {я}", "Вітаємо, Ivan! №12, Olena"),
        ("{title}", "{me}"),  # what is filled in is not filled once more
        ("{queue}", "{queue}"),
        ("{{name}} and { alone", "{name} and { alone"),
        ("{nobody}", "{nobody}"),
    ],
)
def test_fields_are_filled_in_and_nothing_else(text: str, filled: str) -> None:
    assert fill(text, FACTS) == filled


def test_what_is_no_field_is_named_as_it_was_written() -> None:
    assert unknown("Hello {name} {Sum} {} {{this}}") == ["{Sum}", "{}"]


def test_fields_that_there_is_nothing_for_are_told_once() -> None:
    assert empty("{queue} {черга} {name}", FACTS) == [Slot.QUEUE]
    assert slots("{name} {queue} {імʼя}") == [Slot.NAME, Slot.QUEUE]


@given(st.text(st.characters(exclude_characters="{}")))
def test_words_without_braces_stay_as_they_are(text: str) -> None:
    assert fill(text, FACTS) == text
    assert unknown(text) == []


@given(st.text())
def test_any_words_can_be_filled(text: str) -> None:
    fill(text, FACTS)
