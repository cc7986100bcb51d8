"""The colleagues who are needed at a service activity: named, told of it, and of what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.activities.model import Required
from core.desk import Tx
from core.errors import NotFound, Refused
from core.people import queries as people
from core.people.model import Person
from core.people.views import Representative
from core.texts.said import Said, said
from core.work import cards
from core.work.model import Work
from core.work.privacy import sees
from core.work.rules import WorkKind


def require(tx: Tx, work: Work, persons: Sequence[int], by: Representative) -> None:
    """Say who is needed at an activity that was just made; everybody but whoever says so is told.

    Raises:
        NotFound: `person.unknown`: somebody has left.
        Refused: `service.unseen`: somebody may not see what it is about.
    """
    for person in dict.fromkeys(persons):
        if not people.works_here(tx, person):
            raise NotFound("person.unknown", word=str(person), known=[one.handle for one in people.staff(tx)])
        needed = people.get(tx, person)
        if not sees(tx, work, needed):
            raise Refused("service.unseen", name=needed.name)
        if person != by.id:
            tx.session.add(Required(work_id=work.id, person_id=person))
    if persons:
        tx.session.flush()
        tell_required(tx, work.id, said("card.why.required", name=by.name), but=by.id)


def required(tx: Tx, number: int) -> list[int]:
    """List those who are needed at a service activity, still work here and see it, by name; at others nobody is."""
    work = tx.find(Work, number)
    if work is None or work.kind is not WorkKind.SERVICE:
        return []
    query = select(Required.person_id).join(Person, Person.id == Required.person_id)
    query = query.where(Required.work_id == number, Person.dismissed_at.is_(None))
    needed = tx.session.scalars(query.order_by(Person.name, Person.id)).all()
    # It may have gone into a private queue since they were named.
    return [person for person in needed if sees(tx, work, people.get(tx, person))]


def tell_required(tx: Tx, number: int, why: Said, *, but: int | None = None) -> None:
    """Tell those who are needed what has become of an activity, with its card; not whoever did it."""
    for person in required(tx, number):
        needed = people.get(tx, person)
        if person != but and needed.to:
            cards.post(tx, number, needed.to, why)
