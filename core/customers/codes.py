"""Codes by which a contact shows that an address is theirs: sent there, short-lived, and kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import delete, func, select, text, update

from core.customers.model import AddressCode
from core.desk import Tx
from core.errors import NotFound, Refused

#: For so long a code can be typed, and so often a wrong one.
CODE_LIFE, TRIES = timedelta(minutes=15), 5

#: So many codes a contact may ask for within a day, and so many go to one address, whoever asks.
CODES_A_DAY = 5

#: Digits of a code.
DIGITS = 8

#: Two who ask for codes to the same address are counted one after the other; SQLite has one writer.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:address, 7231047))")


def _code(secret: bytes, row: AddressCode) -> str:
    what = f"code:{row.id}:{row.contact_id}:{row.address}:{row.nonce}"
    digest = hmac.new(secret, what.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def new_code(tx: Tx, contact: int, address: str) -> AddressCode:
    """Make a code for an address, in the place of the one that a contact asked for before.

    Raises:
        Refused: `code.too_often`, for the contact and for the address alike: it tells nothing of either.
    """
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(_LOCK, {"address": address})
    today = select(func.count()).select_from(AddressCode).where(AddressCode.asked_at > tx.now - timedelta(days=1))
    for same in (AddressCode.contact_id == contact, AddressCode.address == address):
        if (tx.session.scalar(today.where(same)) or 0) >= CODES_A_DAY:
            raise Refused("code.too_often")
    drop_codes(tx, contact)
    row = AddressCode(
        contact_id=contact,
        address=address,
        nonce=token_hex(16),
        asked_at=tx.now,
        expires_at=tx.now + CODE_LIFE,
        tries=0,
    )
    tx.add(row)
    return row


def drop_codes(tx: Tx, contact: int) -> None:
    """Let the codes that a contact asked for be of no use any more."""
    open_ones = AddressCode.contact_id == contact, AddressCode.settled_at.is_(None)
    tx.session.execute(update(AddressCode).where(*open_ones).values(settled_at=tx.now))


def code_to_send(tx: Tx, row: int) -> str | None:
    """Work out a code for the letter that tells it; None when it is of no use any more."""
    found = tx.session.get(AddressCode, row)
    if found is None or found.settled_at is not None or found.expires_at <= tx.now:
        return None
    return _code(tx.house.secret, found)


def take_code(tx: Tx, contact: int, typed: str) -> tuple[str | None, int]:
    """Compare what a contact typed with the code they asked for last; a wrong one counts.

    Returns:
        The address that it was sent to, None for a wrong code; and how often another can be tried.

    Raises:
        NotFound: `code.none`: there is no code of theirs that could be typed.
    """
    waiting = AddressCode.contact_id == contact, AddressCode.settled_at.is_(None), AddressCode.expires_at > tx.now
    row = tx.session.scalar(
        select(AddressCode).where(*waiting).order_by(AddressCode.id.desc()).limit(1).with_for_update()
    )
    if row is None:
        raise NotFound("code.none")
    row.tries += 1
    left = TRIES - row.tries
    right = hmac.compare_digest(_code(tx.house.secret, row).encode(), typed.encode())
    if right or left <= 0:
        row.settled_at = tx.now
    return (row.address if right else None), max(0, left)


def forget_codes(tx: Tx, before: datetime) -> int:
    """Delete codes that were asked for before an instant; returns how many."""
    gone = tx.session.execute(delete(AddressCode).where(AddressCode.asked_at < before))
    return int(getattr(gone, "rowcount", 0))
