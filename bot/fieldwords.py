"""Words of `/edit` → fields and what they are to be, in any of the desk's languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.cases.fields import CHOICES, Field
from core.errors import Misused
from core.people.names import folded, meant
from core.texts.said import Said, said
from core.texts.say import LANGUAGES, Reader, say_plain

#: What people call the fields besides their names.
_ALSO = {
    Field.TITLE: ("subject", "тема", "заголовок"),
    Field.CATEGORY: ("рубрика",),
    Field.PRODUCT: ("товар",),
    Field.STATUS: ("reason", "state", "стан", "причина"),
    Field.SEVERITY: ("важливість",),
    Field.TYPE: ("kind", "вид"),
    Field.ORIGIN: ("source", "походження"),
}

#: What empties a field.
_EMPTY = frozenset({"-", "–", "—", "none", "empty", "немає", "порожньо", "ні"})

#: These words tell no time.
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

Changes = dict[Field, str | int | None]


def changes(words: str) -> Changes:
    """Read `priority urgent, category Printers`: fields, each with what it is to be, one after the other.

    A comma or a line break that no name of a field follows belongs to the words before it.

    Raises:
        Misused: `usage.edit`; `field.unknown_value`, with what it may be.
    """
    found: Changes = {}
    for part in _parts(words):
        name, _, value = part.partition(" ")
        field = _field(name.rstrip(":="))
        value = value.strip().lstrip(":=").strip()
        if field is None or not value:
            raise Misused("usage.edit")
        found[field] = _value(field, value)
    return found


def _parts(words: str) -> list[str]:
    parts: list[str] = []
    for between, one in re.findall(r"(^|[,;\n]\s*)([^,;\n]*)", words.strip()):
        begins = not parts or _field(one.split(" ", 1)[0].rstrip(":=")) is not None
        if begins and one.strip():
            parts.append(one.strip())
        elif parts:
            parts[-1] += between + one
    return parts


def _field(word: str) -> Field | None:
    wanted = folded(word)
    return next((one for one in Field if wanted and wanted in _names(one)), None)


def _names(field: Field) -> set[str]:
    words = _in_all_languages(said(f"field.{field}"))
    return {folded(one) for one in (str(field), *_ALSO.get(field, ()), *words)}


def _value(field: Field, words: str) -> str | None:
    if folded(words) in _EMPTY:
        return None
    if field not in CHOICES:
        return words
    found = meant(words, CHOICES[field], lambda one: (one, *_in_all_languages(said(f"value.{field}.{one}"))))
    if len(found) != 1:
        known = [said(f"value.{field}.{one}") for one in CHOICES[field]]
        raise Misused("field.unknown_value", field=said(f"field.{field}"), word=words, known=known)
    return found[0]


def _in_all_languages(what: Said) -> tuple[str, ...]:
    return tuple(say_plain(what, Reader(one, "UTC", _NEVER)) for one in LANGUAGES)
