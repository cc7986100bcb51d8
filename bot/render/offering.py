"""Absence, skills, and how queues give out, in words."""

from __future__ import annotations

from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, said


def absence(one: Representative, substitute: Representative | None, held: int = 0) -> Notice:
    """Say until when somebody is away and who stands in; what they have can be handed over to that one."""
    if one.away_until is None:
        return Notice((said("away.not"),))
    if substitute is None:
        return Notice((said("away.until", at=one.away_until),))
    lines = [said("away.until_with", at=one.away_until, name=substitute.name)]
    rows: Rows = ()
    if held:
        lines.append(said("away.held", count=held))
        rows = ((Button(said("button.hand_over", name=substitute.name), "hand_over", (substitute.id,)),),)
    return Notice(tuple(lines), rows)


def skills(one: Representative) -> Notice:
    """List what somebody knows about."""
    if not one.skills:
        return Notice((said("skills.none", name=one.name),))
    return Notice((said("skills.of", name=one.name, skills=", ".join(one.skills)),))
