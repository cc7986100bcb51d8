"""The fields of a case that somebody may change, and what each may be: values in, values out."""

from __future__ import annotations

from enum import StrEnum

from core.texts.lines import one_line
from core.work.rules import PRIORITIES

#: Characters of a title and of the name of a product.
TITLE_LENGTH, PRODUCT_LENGTH = 200, 80


class Field(StrEnum):
    """What can be changed of a case."""

    TITLE = "title"
    CATEGORY = "category"
    PRODUCT = "product"
    PRIORITY = "priority"
    SEVERITY = "severity"
    TYPE = "type"
    ORIGIN = "origin"
    STATUS = "status"


class Severity(StrEnum):
    """How bad it is for the customer, whatever its turn."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class CaseType(StrEnum):
    """What kind of request a case is."""

    QUESTION = "question"
    PROBLEM = "problem"
    REQUEST = "request"
    COMPLAINT = "complaint"


class Origin(StrEnum):
    """From where a case came; the first two are also ways to answer."""

    EMAIL = "email"
    TELEGRAM = "telegram"
    PHONE = "phone"
    CHAT = "chat"
    WEB = "web"
    IN_PERSON = "in_person"


class Reason(StrEnum):
    """How an open case stands, besides where it is."""

    RESEARCHING = "researching"
    WAITING = "waiting"
    ON_HOLD = "on_hold"


#: What each field of few values may be, in the order in which they are offered.
CHOICES: dict[Field, tuple[str, ...]] = {
    Field.PRIORITY: tuple(PRIORITIES.values()),
    Field.SEVERITY: tuple(Severity),
    Field.TYPE: tuple(CaseType),
    Field.ORIGIN: tuple(Origin),
    Field.STATUS: tuple(Reason),
}

#: What activities have as well.
OF_ANY_ITEM = frozenset({Field.TITLE, Field.PRIORITY})

#: What a case always has.
REQUIRED = frozenset({Field.TITLE, Field.PRIORITY, Field.ORIGIN})

#: Characters of the fields that take any words.
LENGTHS = {Field.TITLE: TITLE_LENGTH, Field.PRODUCT: PRODUCT_LENGTH}


def fits(field: Field, value: str | None) -> bool:
    """Tell whether a field may be this; None is to be empty. Of a category it is not known here."""
    if value is None:
        return field not in REQUIRED
    if field in CHOICES:
        return value in CHOICES[field]
    return field is Field.CATEGORY or 0 < len(one_line(value)) <= LENGTHS[field]


def priority_number(word: str) -> int:
    """Tell the number of a priority; it must be one of `PRIORITIES`."""
    return next(number for number, name in PRIORITIES.items() if name == word)
