"""Service levels made in a line, and what came of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.people.rules import Role
from core.people.views import Representative
from core.sla import actions
from core.sla.model import Clock, Scope
from core.sla.rules import ClockKind, Terms
from core.timers.actions import due_timers
from tests.core.office import Office
from workers.timers import fire_timer

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

#: Answer in 1, 4 or 8 hours, resolve in 4, 16 or 40.
TERMS = Terms(
    {
        ClockKind.FIRST: {1: HOUR, 2: 4 * HOUR, 3: 8 * HOUR},
        ClockKind.RESOLVE: {1: 4 * HOUR, 2: 16 * HOUR, 3: 40 * HOUR},
    }
)


def make_level(
    office: Office,
    boss: Representative,
    name: str = "Gold",
    scope: Scope | None = Scope.DEFAULT,
    subject: int = 0,
    **changes: Any,
) -> int:
    """Make a service level, and say for what it is."""
    level = office.desk.run(actions.new_level, name, replace(TERMS, **changes), boss).id
    if scope is not None:
        office.desk.run(actions.use_level, level, scope, subject, boss)
    return level


def join_boss(office: Office) -> Representative:
    """Let a manager join who gets no work."""
    from core.people.rules import Presence

    return office.join("Boss", Role.MANAGER, Presence.AWAY)


def clocks(office: Office, number: int) -> dict[str, Clock]:
    """Look at the clocks of a case."""
    rows = office.desk.look(lambda tx: tx.session.scalars(select(Clock).where(Clock.work_id == number)).all())
    return {str(row.kind): row for row in rows}


def fire_all(office: Office) -> int:
    """Fire all timers that are due, and those they set for at once; returns how many."""
    fired = 0
    while due := office.desk.look(due_timers):
        fired += sum(office.desk.run(fire_timer, timer) is not None for timer in due)
    return fired
