"""Find those who work here."""

from __future__ import annotations

from sqlalchemy import or_, select

from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.hours import is_working
from core.people.model import Person
from core.people.rules import Presence, Role
from core.people.views import Representative


def view(tx: Tx, row: Person) -> Representative:
    """Show a member of staff to the outside."""
    return Representative(
        id=row.id,
        name=row.name,
        handle=row.handle,
        role=Role(row.role),
        chat_id=None if row.blocked_at else row.chat_id,
        locale=row.locale,
        zone=row.zone,
        presence=Presence(row.presence),
        working=is_working(row, tx.now),
        digest_at=row.digest_at,
    )


def by_telegram(tx: Tx, telegram_id: int) -> Representative | None:
    """Find the member of staff behind a Telegram user; None for strangers, customers and the dismissed."""
    row = tx.session.scalar(select(Person).where(Person.telegram_id == telegram_id, Person.dismissed_at.is_(None)))
    return view(tx, row) if row else None


def get(tx: Tx, person: int) -> Representative:
    """Show one who works or worked here.

    Raises:
        NotFound: `person.unknown`.
    """
    row = tx.session.get(Person, person)
    if row is None:
        raise NotFound("person.unknown", word=str(person), known=[one.handle for one in staff(tx)])
    return view(tx, row)


def staff(tx: Tx) -> list[Representative]:
    """List everybody who works here, by name."""
    rows = tx.session.scalars(select(Person).where(Person.dismissed_at.is_(None)).order_by(Person.name, Person.id))
    return [view(tx, row) for row in rows]


def find(tx: Tx, word: str) -> Representative:
    """Find a member of staff by handle, name, or the beginning of either or of a word in the name.

    Raises:
        NotFound: `person.unknown`, with who there is.
        Refused: `person.ambiguous`, with those it could be.
    """
    wanted = word.strip().lstrip("@").casefold()
    everybody = staff(tx)
    exact = [one for one in everybody if wanted in (one.handle, one.name.casefold())]
    near = exact or [one for one in everybody if f" {wanted}" in f" {one.handle} {one.name.casefold()}"]
    if not near or not wanted:
        raise NotFound("person.unknown", word=word, known=[one.handle for one in everybody])
    if len(near) > 1:
        raise Refused("person.ambiguous", word=word, known=[one.handle for one in near])
    return near[0]


def leaders(tx: Tx) -> list[Representative]:
    """List managers, or the administrators where there is no manager."""
    rows = tx.session.scalars(
        select(Person)
        .where(Person.dismissed_at.is_(None), or_(Person.role == Role.MANAGER, Person.role == Role.ADMINISTRATOR))
        .order_by(Person.id)
    )
    everybody = [view(tx, row) for row in rows]
    return [one for one in everybody if one.role is Role.MANAGER] or everybody
