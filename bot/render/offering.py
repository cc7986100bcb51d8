"""Absence, skills, and how queues give out, in words."""

from __future__ import annotations

from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, said
from core.work.rules import Policy
from core.work.views import QueueView


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


def queue_gives(queue: QueueView) -> Notice:
    """Say how a queue gives out what is new in it."""
    if queue.skill and queue.policy is not Policy.MANUAL:
        return Notice((said(f"queue.gives_{queue.policy}_skilled", queue=queue.name, skill=queue.skill),))
    return Notice((said(f"queue.gives_{queue.policy}", queue=queue.name),))


def queue_waits(queue: QueueView) -> Notice:
    """Say how long what a queue gave out may lie unaccepted."""
    if queue.accept_within is None:
        return Notice((said("queue.waits_off", queue=queue.name),))
    return Notice((said("queue.waits", queue=queue.name, count=queue.accept_within),))
