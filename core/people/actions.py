"""Invite people, let them in, and keep what they say of themselves."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import select, update

from core.calendars.week import OFFICE_HOURS, read_week, to_keep
from core.calendars.zones import zone as known_zone
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import CLI, Actor, record
from core.people import queries
from core.people.model import Invitation, Person
from core.people.rules import Presence, Right, Role, check, handle_from
from core.people.views import InvitationView, Representative
from core.texts.lines import one_line

#: For so long an invitation can be used.
INVITATION_LIFE = timedelta(hours=24)

_RANK = {Role.REPRESENTATIVE: 0, Role.MANAGER: 1, Role.ADMINISTRATOR: 2}

#: When a digest comes unless somebody chose otherwise.
DIGEST_AT = time(9, 0)


@dataclass(frozen=True, slots=True)
class TelegramUser:
    """Who writes, as Telegram tells it; `language` is an IETF tag or None."""

    id: int
    chat_id: int
    name: str
    language: str | None


def may_invite(by: Representative) -> None:
    """Insist that somebody may invite.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.INVITE)


def invite(tx: Tx, role: Role, by: Representative | None) -> InvitationView:
    """Make an invitation; `by` is None on the command line of the machine.

    Raises:
        Refused: `right.missing`.
    """
    if by is not None:
        may_invite(by)
    token = secrets.token_urlsafe(24)
    row = Invitation(
        token_hash=_hash(token),
        role=role,
        created_by=by.id if by else None,
        created_at=tx.now,
        expires_at=tx.now + INVITATION_LIFE,
    )
    tx.session.add(row)
    tx.session.flush()
    record(tx, "invited", by.actor if by else CLI, subject=("invitation", row.id), role=str(role))
    return InvitationView(row.id, token, role, row.expires_at)


def revoke(tx: Tx, invitation: int, by: Representative | None) -> None:
    """Take an invitation back before it is used.

    Raises:
        NotFound: `invitation.unknown`: there is none that could still be used.
        Refused: `right.missing`.
    """
    if by is not None:
        may_invite(by)
    row = tx.lock(Invitation, invitation)
    if row is None or row.used_at or row.revoked_at or row.expires_at <= tx.now:
        raise NotFound("invitation.unknown")
    row.revoked_at = tx.now
    record(tx, "invitation_revoked", by.actor if by else CLI, subject=("invitation", row.id))


def join(tx: Tx, token: str, user: TelegramUser, locale: str) -> Representative:
    """Use an invitation: whoever opens it first becomes a member of staff; once only. Nobody loses a role by it.

    Raises:
        Refused: `invitation.invalid`: unknown, used, revoked, too old, or of somebody who left. The sentence tells no
            more, on purpose.
    """
    invitation = tx.session.scalar(
        update(Invitation)
        .where(Invitation.token_hash == _hash(token), *queries.usable(tx))
        .values(used_at=tx.now)
        .returning(Invitation)
    )
    if invitation is None:
        raise Refused("invitation.invalid")
    person = tx.session.scalar(select(Person).where(Person.telegram_id == user.id))
    if person is None:
        person = _new_person(tx, user, locale)
    elif person.dismissed_at is None and _RANK[person.role] > _RANK[invitation.role]:
        invitation.role = person.role  # an administrator who tries out a link of theirs stays one
    person.role = invitation.role
    person.chat_id, person.dismissed_at, person.blocked_at = user.chat_id, None, None
    tx.session.flush()
    invitation.used_by = person.id
    record(tx, "joined", Actor("person", person.id, "telegram"), subject=("person", person.id), role=str(person.role))
    return queries.view(tx, person)


def _new_person(tx: Tx, user: TelegramUser, locale: str) -> Person:
    name = one_line(user.name) or str(user.id)
    person = Person(
        name=name,
        handle=_free_handle(tx, handle_from(name)),
        role=Role.REPRESENTATIVE,
        telegram_id=user.id,
        chat_id=user.chat_id,
        locale=locale,
        zone=tx.house.zone,
        presence=Presence.BY_HOURS,
        hours=OFFICE_HOURS,
        digest_at=DIGEST_AT,
        created_at=tx.now,
    )
    tx.session.add(person)
    return person


def _free_handle(tx: Tx, wanted: str) -> str:
    tx.take_turns(["handles"])  # many may join at the same moment, and would all choose the same
    taken = set(tx.session.scalars(select(Person.handle).where(Person.handle.startswith(wanted))))
    number = 2
    handle = wanted
    while handle in taken:
        handle, number = f"{wanted}{number}", number + 1
    return handle


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _own(tx: Tx, by: Representative) -> Person:
    return tx.lock_one(Person, by.id)


def set_presence(tx: Tx, by: Representative, presence: Presence) -> Representative:
    """Say whether you work now, or leave it to your hours; who was away until a day is back."""
    person = _own(tx, by)
    person.presence = presence
    person.away_until = person.substitute_id = None
    record(tx, "presence", by.actor, subject=("person", by.id), presence=str(presence))
    return queries.view(tx, person)


def set_hours(tx: Tx, by: Representative, words: str) -> Representative:
    """Choose the hours of your week, in your zone, and work by them; digests come on the days they name.

    Raises:
        Misused: `usage.hours`: they cannot be read, as `week.read_week` tells.
    """
    week = read_week(words)
    if week is None:
        raise Misused("usage.hours")
    person = _own(tx, by)
    person.hours, person.presence = to_keep(week), Presence.BY_HOURS
    record(tx, "hours", by.actor, subject=("person", by.id), hours=person.hours)
    return queries.view(tx, person)


def set_locale(tx: Tx, by: Representative, locale: str) -> Representative:
    """Choose your language."""
    person = _own(tx, by)
    person.locale = locale
    return queries.view(tx, person)


def set_zone(tx: Tx, by: Representative, name: str) -> Representative:
    """Choose your time zone by its IANA name.

    Raises:
        Refused: `zone.unknown`.
    """
    person = _own(tx, by)
    person.zone = known_zone(name).key
    return queries.view(tx, person)


def set_digest(tx: Tx, by: Representative, at: time | None) -> Representative:
    """Choose when your digest comes, in your zone; None for never."""
    person = _own(tx, by)
    person.digest_at = at
    return queries.view(tx, person)


def unreachable(tx: Tx, person: int) -> None:
    """Note that the bot cannot write to somebody any more; a message of theirs ends it."""
    tx.session.execute(update(Person).where(Person.id == person).values(blocked_at=tx.now))


def reachable(tx: Tx, person: int, chat_id: int) -> None:
    """Note that somebody can be written to, in this private chat."""
    tx.session.execute(update(Person).where(Person.id == person).values(blocked_at=None, chat_id=chat_id))
