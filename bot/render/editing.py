"""What is written on a case as a list to be changed, a button for each field; and the tree of categories."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.fields import value, values
from bot.render.lists import NAME_LENGTH, pages, short
from core.cases.categories import CategoryView
from core.cases.fields import CHOICES, REQUIRED, Field
from core.cases.views import CaseView
from core.texts.said import Button, Notice, Rows, Said, said

#: Categories on one page.
CATEGORIES_PAGE = 8


def form(case: CaseView) -> Notice:
    """List the fields of a case, a button for each."""
    number = case.number
    lines = [said("field.head", number=number)]
    lines += [
        said("field.line", field=said(f"field.{one}"), value=value(one, what)) for one, what in values(case).items()
    ]
    made = [Button(said(f"field.{one}"), "edit", (number, str(one))) for one in Field]
    rows: Rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(tuple(lines), (*rows, (Button(said("button.back"), "card", (number,)),)))


def choices(case: CaseView, field: Field) -> Notice:
    """Ask which of its few values a field is to have."""
    number, now = case.number, values(case)[field]
    made = [
        Button(said(f"value.{field}.{one}"), "edit_set", (number, str(field), one))
        for one in CHOICES[field]
        if one != now
    ]
    rows: Rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(_asked(case, field), (*rows, *_ends(number, field, now)))


def choose_category(case: CaseView, found: Sequence[CategoryView], offset: int) -> Notice:
    """Ask which category a case is to have, a page of them at a time."""
    number = case.number
    rows: Rows = tuple(
        (Button(said("text.plain", text=_indented(one)), "edit_set", (number, str(Field.CATEGORY), one.id)),)
        for one in found[offset : offset + CATEGORIES_PAGE]
    )
    walk = pages(("edit", (number, str(Field.CATEGORY)), offset), len(found), CATEGORIES_PAGE)
    lines = _asked(case, Field.CATEGORY)
    if not found:
        lines = (*lines, said("category.none_yet"))
    return Notice(lines, (*rows, *walk, *_ends(number, Field.CATEGORY, case.fields.category)))


def _indented(one: CategoryView) -> str:
    return short(f"{'· ' * one.depth}{one.name}", NAME_LENGTH + 2 * one.depth)


def _asked(case: CaseView, field: Field) -> tuple[Said, ...]:
    now = value(field, values(case)[field])
    return (said("field.ask", number=case.number, field=said(f"field.{field}"), value=now),)


def _ends(number: int, field: Field, now: str | None) -> Rows:
    row = [Button(said("button.back"), "edit", (number,))]
    if now and field not in REQUIRED:
        row.append(Button(said("button.empty"), "edit_set", (number, str(field), "none")))
    return (tuple(row),)


def categories(found: Sequence[CategoryView]) -> Notice:
    """List the categories as the tree they are."""
    if not found:
        return Notice((said("category.none_yet"),))
    lines = [said("category.head", count=len(found))]
    lines += [said("category.line", indent="    " * one.depth, name=one.name) for one in found]
    return Notice(tuple(lines))
