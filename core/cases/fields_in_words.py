"""The fields in the words of a template, in both languages: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from core.people.names import folded


class Slot(StrEnum):
    """What can be filled in."""

    NAME = "name"
    NUMBER = "number"
    TITLE = "title"
    ME = "me"
    QUEUE = "queue"


#: How each may be written besides, as `folded` leaves it.
_UKRAINIAN = {
    "імʼя": Slot.NAME,
    "номер": Slot.NUMBER,
    "назва": Slot.TITLE,
    "тема": Slot.TITLE,
    "я": Slot.ME,
    "черга": Slot.QUEUE,
}

#: Two braces are one; one with its partner is a field; one alone stays as it is.
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def slot(word: str) -> Slot | None:
    """Tell which field a word in braces is."""
    plain = folded(word)
    return Slot(plain) if plain in set(Slot) else _UKRAINIAN.get(plain)


def slots(text: str) -> list[Slot]:
    """List the fields in a text, each once, in order."""
    found = (slot(one[1]) for one in _FIELD.finditer(text) if one[1] is not None)
    return list(dict.fromkeys(one for one in found if one is not None))


def unknown(text: str) -> list[str]:
    """List what stands in braces in a text and is no field, as it is written."""
    return [one[0] for one in _FIELD.finditer(text) if one[1] is not None and slot(one[1]) is None]


def fill(text: str, facts: Mapping[Slot, str]) -> str:
    """Fill the fields of a text in; one that there is nothing for stays as it is written.

    A number brings its sign along: one that stands before the field already is not said twice.
    """

    def put(one: re.Match[str]) -> str:
        if one[1] is None:
            return one[0][0]
        known = slot(one[1])
        value = facts.get(known, "") if known is not None else ""
        if value.startswith("№") and text[: one.start()].rstrip().endswith(("№", "#")):
            return value[1:]
        return value or one[0]

    return _FIELD.sub(put, text)


def empty(text: str, facts: Mapping[Slot, str]) -> list[Slot]:
    """List the fields of a text that there is nothing for."""
    return [one for one in slots(text) if not facts.get(one)]
