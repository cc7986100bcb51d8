"""Domains whose mail server does not take letters now: one letter at a time tries whether it does again.

All other letters to such a domain wait, and are not even claimed, so that they slow nobody, and the server is asked no
more often than its pause allows, however many letters wait for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, exists

from core.desk import Tx
from core.outbox.model import DomainPause, Owed
from core.outbox.views import Parcel


class Fault(StrEnum):
    """What a letter was not taken for now: the relay itself, the server of the domain, or that one mailbox."""

    RELAY = "relay"
    DOMAIN = "domain"
    MAILBOX = "mailbox"


#: The first pause, in seconds; twice as long after each try, up to the longest.
_FIRST_PAUSE_S = 5
_LONGEST_PAUSE_S = 3600


def pause_after(tries: int) -> timedelta:
    """Tell how long to wait after so many tries that failed."""
    return timedelta(seconds=min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(max(tries, 1) - 1, 12)))


def domain_of(address: str) -> str:
    """Tell the domain of a mail address."""
    return address.rpartition("@")[2].casefold()


def has_pause() -> ColumnElement[bool]:
    """Tell, in a statement, whether the domain of a row has had a failure since it last took a letter."""
    return exists().where(DomainPause.domain == Owed.domain)


def is_paused(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Tell, in a statement, whether the domain of a row is to be left alone now."""
    return exists().where(DomainPause.domain == Owed.domain, DomainPause.due_at > now)


def begin_try(tx: Tx, row: Owed, until: datetime) -> bool:
    """Let one row try a domain whose pause is over; until then, or until it is settled, no other does.

    Returns:
        Whether it may; False when another row tries now.
    """
    pause = tx.lock(DomainPause, row.domain)
    if pause is None:
        return True
    if pause.due_at > tx.now:
        return False
    pause.due_at, pause.trying_id = until, row.id
    tx.session.flush()
    return True


def failed(tx: Tx, parcel: Parcel, error: str) -> datetime:
    """Note that the server of a domain does not take letters now; returns when it may be tried again."""
    domain = domain_of(parcel.address)
    pause = tx.lock(DomainPause, domain)
    if pause is None:
        pause = DomainPause(domain=domain, since=tx.now, due_at=tx.now, tries=0)
        tx.session.add(pause)
    elif pause.due_at > tx.now and pause.trying_id != parcel.id:
        return pause.due_at  # another letter, which was under way at the same time, has said so
    pause.tries += 1
    pause.due_at, pause.trying_id, pause.error = tx.now + pause_after(pause.tries), None, error[:500]
    tx.session.flush()
    return pause.due_at


def answered(tx: Tx, parcel: Parcel) -> None:
    """Note that the server of a domain spoke to us again, should it have been tried for that."""
    if parcel.tries_domain:
        mine = DomainPause.domain == domain_of(parcel.address), DomainPause.trying_id == parcel.id
        tx.session.execute(delete(DomainPause).where(*mine))


def error_of(tx: Tx, domain: str | None) -> str | None:
    """Tell why no letter to a domain is taken now, if none is."""
    pause = tx.session.get(DomainPause, domain) if domain is not None else None
    return pause.error if pause is not None else None


def forget_pauses(tx: Tx, before: datetime) -> None:
    """Forget the domains to which nobody has written since, at all."""
    tx.session.execute(delete(DomainPause).where(DomainPause.due_at < before))
