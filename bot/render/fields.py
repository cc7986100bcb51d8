"""What is written on a case: as a line of its card, and as changes in its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.activities.views import ActivityView
from core.cases.fields import CHOICES, Field
from core.cases.views import CaseView
from core.texts.said import Said, said
from core.work.rules import PRIORITIES


def values(shown: CaseView | ActivityView) -> dict[Field, str | None]:
    """Tell what each field of a case or an activity is."""
    if isinstance(shown, ActivityView):
        return {Field.TITLE: shown.item.title, Field.PRIORITY: PRIORITIES.get(shown.item.priority)}
    case = shown
    return {
        Field.TITLE: case.item.title,
        Field.CATEGORY: case.fields.category,
        Field.PRODUCT: case.fields.product,
        Field.PRIORITY: PRIORITIES.get(case.item.priority),
        Field.SEVERITY: case.fields.severity,
        Field.TYPE: case.fields.type,
        Field.ORIGIN: case.origin,
        Field.STATUS: case.fields.reason,
    }


def value(field: Field, what: str | None) -> Said:
    """Put what a field is into words."""
    if not what:
        return said("field.empty")
    return said(f"value.{field}.{what}") if what in CHOICES.get(field, ()) else said("text.plain", text=what)


def card_lines(case: CaseView) -> list[Said]:
    """Say what is written on a case besides its title, where anything is."""
    told = {one: what for one, what in values(case).items() if one not in {Field.TITLE, Field.PRIORITY}}
    if str(case.origin) == str(case.reply_channel):  # the line of the customer tells it
        del told[Field.ORIGIN]
    if case.item.queue is None:
        told.pop(Field.STATUS)
    shown = [_shown(one, what) for one, what in told.items() if what]
    if PRIORITIES.get(case.item.priority) == "low":
        shown.append(_shown(Field.PRIORITY, "low"))
    return [said("card.fields", fields=shown)] if shown else []


def _shown(field: Field, what: str) -> Said:
    named = field in {Field.SEVERITY, Field.PRIORITY}
    return said("card.field", field=said(f"field.{field}"), value=value(field, what)) if named else value(field, what)


def change(facts: Mapping[str, Any]) -> Said:
    """Say what a change of a field was."""
    field = Field(str(facts["field"]))
    before, after = (value(field, facts.get(name)) for name in ("before", "after"))
    return said("history.edited", field=said(f"field.{field}"), was=before, now=after)


def spent(minutes: int) -> Said:
    """Tell so many minutes to the minute."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return said("spent.minutes", minutes=left)
    return said("spent.hours", hours=hours, minutes=f"{left:02}")


def length(span: timedelta) -> timedelta | Said:
    """Tell how long something is to the minute: what is said in words would be rounded, but for whole days."""
    week = timedelta(days=7)
    whole = not span % timedelta(days=1) and (span <= week or not span % week)
    return span if whole else spent(round(span.total_seconds() / 60))
