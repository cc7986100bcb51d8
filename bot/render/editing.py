"""What is written on a case as a list to be changed, a button for each field; and the tree of categories."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.fields import value, values
from bot.render.lists import NAME_LENGTH, pages, short
from core.activities.views import ActivityView
from core.cases.categories import CategoryView
from core.cases.fields import CHOICES, REQUIRED, Field
from core.cases.views import CaseView
from core.texts.said import Button, Notice, Rows, Said, said

Shown = CaseView | ActivityView

#: Categories on one page.
CATEGORIES_PAGE = 8


def form(shown: Shown) -> Notice:
    """List the fields of a case or an activity, a button for each."""
    number, now = shown.item.number, values(shown)
    lines = [said("field.head", number=number)]
    lines += [said("field.line", field=said(f"field.{one}"), value=value(one, what)) for one, what in now.items()]
    made = [Button(said(f"field.{one}"), "edit", (number, str(one))) for one in now]
    rows: Rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(tuple(lines), (*rows, (Button(said("button.back"), "card", (number,)),)))


def choices(shown: Shown, field: Field) -> Notice:
    """Ask which of its few values a field is to have."""
    number, now = shown.item.number, values(shown)[field]
    made = [
        Button(said(f"value.{field}.{one}"), "edit_set", (number, str(field), one))
        for one in CHOICES[field]
        if one != now
    ]
    rows: Rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(_asked(shown, field), (*rows, *_ends(number, field, now)))


def choose_category(shown: Shown, found: Sequence[CategoryView], offset: int) -> Notice:
    """Ask which category a case is to have, a page of them at a time."""
    number, now = shown.item.number, values(shown)[Field.CATEGORY]
    rows: Rows = tuple(
        (Button(said("text.plain", text=_indented(one)), "edit_set", (number, str(Field.CATEGORY), one.id)),)
        for one in found[offset : offset + CATEGORIES_PAGE]
    )
    walk = pages(("edit", (number, str(Field.CATEGORY)), offset), len(found), CATEGORIES_PAGE)
    lines = _asked(shown, Field.CATEGORY)
    if not found:
        lines = (*lines, said("category.none_yet"))
    return Notice(lines, (*rows, *walk, *_ends(number, Field.CATEGORY, now)))


def _indented(one: CategoryView) -> str:
    return short(f"{'· ' * one.depth}{one.name}", NAME_LENGTH + 2 * one.depth)


def _asked(shown: Shown, field: Field) -> tuple[Said, ...]:
    now = value(field, values(shown)[field])
    return (said("field.ask", number=shown.item.number, field=said(f"field.{field}"), value=now),)


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
