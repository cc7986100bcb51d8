"""Find those who work here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from core.calendars.week import from_kept
from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.hours import is_away, is_working
from core.people.model import Invitation, Person
from core.people.names import meant
from core.people.quiet import Quiet
from core.people.rules import Presence, Right, Role, check
from core.people.views import OpenInvitation, Representative


def view(tx: Tx, row: Person) -> Representative:
    """Show a member of staff to the outside."""
    away = is_away(row, tx.now)
    return Representative(
        id=row.id,
        name=row.name,
        handle=row.handle,
        role=Role(row.role),
        chat_id=None if row.blocked_at or row.dismissed_at else row.chat_id,
        locale=row.locale,
        zone=row.zone,
        presence=Presence(row.presence),
        week=from_kept(row.hours),
        working=is_working(row, tx.now),
        digest_at=row.digest_at,
        away_until=row.away_until if away else None,
        substitute_id=row.substitute_id if away else None,
        cap=row.cap,
        skills=tuple(row.skills),
        quiet=quiet_hours(row),
        news=tuple((row.news or {}).items()),
        signatures=tuple((row.signatures or {}).items()),
    )


def quiet_hours(row: Person) -> Quiet | None:
    """Show somebody's quiet hours, if they have any."""
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return Quiet(row.quiet_from, row.quiet_until)


#: Put together once: to build a statement anew takes as long as to run it.
_BY_TELEGRAM = select(Person).where(Person.telegram_id == bindparam("telegram_id"), Person.dismissed_at.is_(None))


def by_telegram(tx: Tx, telegram_id: int) -> Representative | None:
    """Find the member of staff behind a Telegram user; None for strangers, customers and the dismissed."""
    row = tx.session.scalar(_BY_TELEGRAM, {"telegram_id": telegram_id})
    return view(tx, row) if row else None


def get(tx: Tx, person: int) -> Representative:
    """Show one who works or worked here.

    Raises:
        NotFound: `person.unknown`.
    """
    row = tx.find(Person, person)
    if row is None:
        raise NotFound("person.unknown", word=str(person), known=[one.handle for one in staff(tx)])
    return view(tx, row)


def works_here(tx: Tx, person: int) -> bool:
    """Tell whether somebody still works here: whoever left is told nothing, and nothing is put into their hands."""
    row = tx.session.get(Person, person)
    return row is not None and row.dismissed_at is None


def staff(tx: Tx) -> list[Representative]:
    """List everybody who works here, by name."""
    rows = tx.session.scalars(select(Person).where(Person.dismissed_at.is_(None)).order_by(Person.name, Person.id))
    return [view(tx, row) for row in rows]


def find(tx: Tx, word: str) -> Representative:
    """Find a member of staff by handle, name, or the beginning of either or of a word in the name, as `names.meant`.

    Raises:
        NotFound: `person.unknown`, with who there is.
        Refused: `person.ambiguous`, with those it could be.
    """
    everybody = staff(tx)
    near = meant(word.strip().lstrip("@"), everybody, lambda one: (one.handle, one.name))
    if not near:
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


def open_invitations(
    tx: Tx, by: Representative | None, *, offset: int = 0, limit: int | None = None
) -> list[OpenInvitation]:
    """List the invitations that can still be used, the latest first; `by` is None on the command line of the machine.

    Raises:
        Refused: `right.missing`.
    """
    if by is not None:
        check(by.role, Right.INVITE)
    rows = tx.session.execute(
        select(Invitation, Person.name)
        .outerjoin(Person, Person.id == Invitation.created_by)
        .where(*usable(tx))
        .order_by(Invitation.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [OpenInvitation(row.id, Role(row.role), name, row.expires_at) for row, name in rows]


def count_open_invitations(tx: Tx) -> int:
    """Count the invitations that can still be used."""
    return tx.session.scalar(select(func.count()).select_from(Invitation).where(*usable(tx))) or 0


def usable(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    """Tell of invitations whether they can still be used: those that somebody made who has left cannot."""
    left = select(Person.id).where(Person.dismissed_at.is_not(None))
    by_one_of_us = or_(Invitation.created_by.is_(None), Invitation.created_by.not_in(left))
    in_time = Invitation.expires_at > tx.now
    return Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), in_time, by_one_of_us
