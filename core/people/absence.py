"""Away until some day, with somebody who stands in; how much somebody wants at a time, and what they know about."""

from __future__ import annotations

import re
from datetime import datetime

from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import record
from core.people import queries
from core.people.hours import is_away
from core.people.model import Person
from core.people.rules import Right, check
from core.people.views import Representative

#: The most items in progress that can be asked for, and the most skills of one person.
MOST_AT_A_TIME, MOST_SKILLS = 99, 30

_SKILL = re.compile(r"[\w][\w .+#-]{0,29}")


def go_away(tx: Tx, by: Representative, until: datetime, substitute: Representative | None) -> Representative:
    """Be away until an instant; new work and answers of customers go to the substitute meanwhile.

    Raises:
        Refused: `away.past`; `away.self`; `away.substitute_away`, with until when.
    """
    if until <= tx.now:
        raise Refused("away.past", at=until)
    if substitute is not None and substitute.id == by.id:
        raise Refused("away.self")
    if substitute is not None and substitute.away_until is not None:
        raise Refused("away.substitute_away", name=substitute.name, at=substitute.away_until)
    person = tx.lock_one(Person, by.id)
    person.away_until, person.substitute_id = until, substitute.id if substitute else None
    tx.session.flush()
    record(tx, "away", by.actor, subject=("person", by.id), until=until.isoformat(), to=person.substitute_id)
    return queries.view(tx, person)


def come_back(tx: Tx, by: Representative) -> Representative:
    """Be back before it was planned; nothing happens to who is not away."""
    person = tx.lock_one(Person, by.id)
    if is_away(person, tx.now):
        record(tx, "back", by.actor, subject=("person", by.id))
    person.away_until = person.substitute_id = None
    tx.session.flush()
    return queries.view(tx, person)


def set_cap(tx: Tx, by: Representative, cap: int | None) -> Representative:
    """Say how many items you want in progress at most before new work goes to others; None for any number.

    Raises:
        Misused: `usage.cap`: none is that many.
    """
    if cap is not None and not 1 <= cap <= MOST_AT_A_TIME:
        raise Misused("usage.cap", most=MOST_AT_A_TIME)
    person = tx.lock_one(Person, by.id)
    person.cap = cap
    record(tx, "cap", by.actor, subject=("person", by.id), cap=cap)
    return queries.view(tx, person)


def skill(words: str) -> str:
    """Read what somebody may know about: a word or a few.

    Raises:
        Misused: `usage.skills`.
    """
    clean = " ".join(words.split()).casefold()
    if not _SKILL.fullmatch(clean):
        raise Misused("usage.skills")
    return clean


def change_skills(
    tx: Tx, person: int, more: tuple[str, ...], fewer: tuple[str, ...], by: Representative
) -> Representative:
    """Say what somebody knows about besides, and no more; of others only managers may.

    Raises:
        Misused: `usage.skills`; `skills.too_many`.
        Refused: `right.missing`.
    """
    if person != by.id:
        check(by.role, Right.KEEP_QUEUES)
    row = tx.lock_one(Person, person)
    skills = sorted((set(row.skills) | set(map(skill, more))) - set(map(skill, fewer)))
    if len(skills) > MOST_SKILLS:
        raise Misused("skills.too_many", most=MOST_SKILLS)
    row.skills = skills
    tx.session.flush()
    record(tx, "skills", by.actor, subject=("person", person), skills=skills)
    return queries.view(tx, row)


def stand_in(tx: Tx, person: int) -> Representative | None:
    """Find who stands in for somebody now; None when they are not away, or nobody does."""
    row = tx.find(Person, person)
    if row is None or not is_away(row, tx.now) or row.substitute_id is None:
        return None
    other = tx.find(Person, row.substitute_id)
    if other is None or other.dismissed_at is not None or is_away(other, tx.now):
        return None
    return queries.view(tx, other)
