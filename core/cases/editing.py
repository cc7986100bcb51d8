"""Change what is written on a case: its fields, each change with before and after in the history."""

from __future__ import annotations

from collections.abc import Mapping

from core.activities import regarding
from core.cases import indexing
from core.cases.categories import find_category, get_category
from core.cases.fields import CHOICES, LENGTHS, OF_ANY_ITEM, Field, Origin, Reason, fits, priority_number
from core.cases.model import Case, Category
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import Actor, record
from core.people.views import Representative
from core.sla import clocks
from core.texts.lines import one_line
from core.texts.said import said
from core.work import cards
from core.work.actions import check_may_move, lock_open, touch
from core.work.model import Work
from core.work.rules import PRIORITIES

#: The columns of a case that hold a field as it is.
_COLUMNS = {Field.PRODUCT: "product", Field.SEVERITY: "severity", Field.TYPE: "type", Field.ORIGIN: "origin"}


def lock_editable(tx: Tx, number: int, by: Representative) -> tuple[Case, Work]:
    """Lock an open case that somebody may work on: nobody's, their own, or any where they may move what others have.

    Raises:
        NotFound: `item.unknown`, or `case.is_task`.
        Refused: `item.closed`; `item.taken` or `item.assigned_to_other`, with who has it and since when.
    """
    work, queue = lock_open(tx, number, by)
    row = tx.lock(Case, number)
    if row is None:
        raise NotFound("case.is_task", number=number)
    check_may_move(tx, work, queue, by)
    return row, work


def edit(tx: Tx, number: int, changes: Mapping[Field, str | int | None], by: Representative) -> list[Field]:
    """Change fields of an open case, all of them or none; of an activity its title and its priority.

    Args:
        changes: by field what it is to be: a word of `CHOICES`, or words; None empties it. A category is found by
            words, or named by its id.

    Returns:
        What is different now.

    Raises:
        As `lock_editable`, but for activities; and for a category that is not found as `find_category`.
        Refused: `field.of_cases`, with those that activities have none of.
        Misused: `field.required`, `field.too_long` or `field.unknown_value`.
    """
    work, queue = lock_open(tx, number, by)
    row = tx.lock(Case, number)
    check_may_move(tx, work, queue, by)
    if row is None and not changes.keys() <= OF_ANY_ITEM:
        of_cases = [said(f"field.{one}") for one in changes if one not in OF_ANY_ITEM]
        raise Refused("field.of_cases", number=number, fields=of_cases)
    changed = [field for field, wanted in changes.items() if _change(tx, (row, work), field, wanted, by.actor)]
    if changed:
        touch(work, tx)
        tx.session.flush()
        cards.changed(tx, number)
        regarding.changed(tx, number)
    if row is None:
        return changed
    if Field.TITLE in changed:
        indexing.changed(tx, number)
    if Field.PRIORITY in changed:
        clocks.moved(tx, number)
    return changed


def _change(tx: Tx, of: tuple[Case | None, Work], field: Field, wanted: str | int | None, by: Actor) -> bool:
    row, work = of
    before = _now(tx, row, work, field)
    after = _set_of_item(work, field, wanted) if row is None or field in OF_ANY_ITEM else _set(tx, row, field, wanted)
    if before == after:
        return False
    record(tx, "edited", by, work=work.id, field=str(field), before=before, after=after)
    return True


def _now(tx: Tx, row: Case | None, work: Work, field: Field) -> str | None:
    """Tell what a field is, as the history keeps it."""
    if field is Field.TITLE:
        return work.title
    if field is Field.PRIORITY:
        return PRIORITIES.get(work.priority)
    if row is None:
        return None
    if field is Field.CATEGORY:
        category = tx.session.get(Category, row.category_id) if row.category_id else None
        return category.path if category else None
    if field is Field.STATUS:
        return row.status_reason
    value: str | None = getattr(row, _COLUMNS[field])
    return None if value is None else str(value)


def _set_of_item(work: Work, field: Field, wanted: str | int | None) -> str | None:
    """Set the title or the priority of an item; returns what it is now, as the history keeps it."""
    value = _fitting(field, wanted) or ""
    if field is Field.TITLE:
        work.title = value
    else:
        work.priority = priority_number(value)
    return value


def _set(tx: Tx, row: Case, field: Field, wanted: str | int | None) -> str | None:
    """Set what only cases have; returns what it is now, as the history keeps it."""
    if field is Field.CATEGORY and wanted is not None:
        category = get_category(tx, wanted) if isinstance(wanted, int) else find_category(tx, wanted)
        row.category_id = category.id
        return category.path
    value = _fitting(field, wanted)
    match field:
        case Field.CATEGORY:
            row.category_id = None
        case Field.STATUS:
            row.status_reason = Reason(value) if value else None
        case Field.ORIGIN:
            row.origin = Origin(value or "")
        case _:
            setattr(row, _COLUMNS[field], value)
    return value


def _fitting(field: Field, wanted: str | int | None) -> str | None:
    """Insist on a value that a field may have.

    Raises:
        Misused: `field.required`, `field.too_long` or `field.unknown_value`.
    """
    value = None if wanted is None else one_line(str(wanted))
    if fits(field, value):
        return value
    name = said(f"field.{field}")
    if not value:
        raise Misused("field.required", field=name)
    if field in LENGTHS:
        raise Misused("field.too_long", field=name, limit=LENGTHS[field], length=len(value))
    raise Misused(
        "field.unknown_value", field=name, word=value, known=[said(f"value.{field}.{one}") for one in CHOICES[field]]
    )
