"""Addresses at which letters fail: since when, why, and how often in a row; heard from again, one works again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from core.customers.model import ContactAddress
from core.desk import Tx
from core.errors import NotFound
from core.history.actions import record
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import Said, said

#: Codes that say that there is no such mailbox or host (RFC 3463, section 3.2).
_NO_SUCH = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b")

#: In the memory of a transaction: the contact an address of whom is tried again.
TRIED_AGAIN = "tried again"

#: Characters of the words of a server that are kept.
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Failing:
    """That letters to an address fail.

    Attributes:
        why: a word of `bounced.…`, such as address or full.
        words: of the server that refused the last one.
        hard: how many in a row failed because there is no such address.
        given_up: nothing is sent there any more.
    """

    address: str
    since: datetime
    why: str
    words: str
    hard: int
    given_up: bool

    @property
    def reason(self) -> Said:
        """Why, in words for people."""
        return said(f"bounced.{self.why}")


def failing(row: ContactAddress | None) -> Failing | None:
    """Tell whether letters to an address fail."""
    if row is None or row.failing_since is None:
        return None
    words, given_up = row.failing_words or "", row.blocked_at is not None
    return Failing(row.address, row.failing_since, row.failing_why or "other", words, row.bounces, given_up)


def failing_at(tx: Tx, address: str) -> Failing | None:
    """Tell whether letters to a mail address fail."""
    return failing(tx.session.scalar(_at(address)))


def has_failed(tx: Tx, address: str, why: str, words: str, *, hard: bool) -> Failing | None:
    """Note that a letter to an address failed for good; after so many hard failures in a row nothing is sent there.

    Where its customer can be reached another way, one hard failure is enough.

    Args:
        why: a word of `bounced.…`.

    Returns:
        How it stands with the address; None where nobody has it.
    """
    row = tx.session.scalar(_at(address).with_for_update().execution_options(populate_existing=True))
    if row is None:
        return None
    row.failing_since = row.failing_since or tx.now
    row.failing_why, row.failing_words = why, words[:WORDS_LENGTH]
    if hard:
        row.bounces += 1
        if row.bounces >= tx.house.mail_bounces or _has_another_way(tx, row):
            row.blocked_at = row.blocked_at or tx.now
    tx.memo.pop(("has written", Channel.EMAIL, address), None)
    tx.session.flush()
    return failing(row)


def was_refused(tx: Tx, address: str, words: str) -> None:
    """Note of an address that is written to no more why the relay would not take a letter for it."""
    row = tx.session.scalar(_at(address).with_for_update().execution_options(populate_existing=True))
    if row is not None and row.failing_since is None:
        row.failing_since, row.failing_words = tx.now, words[:WORDS_LENGTH]
        row.failing_why = "address" if _NO_SUCH.search(words) else "refused"
        tx.session.flush()


def complains(tx: Tx, address: str) -> bool:
    """Note that somebody called a letter to an address spam; tells whether that is new."""
    row = tx.session.scalar(_at(address).with_for_update().execution_options(populate_existing=True))
    if row is None or row.complained_at is not None:
        return False
    row.complained_at = tx.now
    tx.session.flush()
    return True


def works_again(row: ContactAddress) -> None:
    """Forget what failed at an address: somebody wrote from there, or wants it tried again."""
    row.blocked_at = row.failing_since = row.failing_why = row.failing_words = None
    row.bounces = 0


def try_again(tx: Tx, contact: int, address: str, by: Representative, *, work: int | None = None) -> bool:
    """Let letters to an address of a contact be sent again.

    Returns:
        Whether it failed before.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`: it is no address of theirs.
    """
    check(by.role, Right.ANSWER)
    row = tx.session.scalar(_at(address).with_for_update().execution_options(populate_existing=True))
    if row is None or row.contact_id != contact:
        raise NotFound("contact.unknown")
    if row.failing_since is None and row.blocked_at is None and row.complained_at is None:
        return False
    works_again(row)
    row.complained_at = None
    tx.session.flush()
    tx.memo[TRIED_AGAIN] = contact
    record(tx, "address_tried_again", by.actor, work=work, subject=("contact", contact))
    return True


def _has_another_way(tx: Tx, row: ContactAddress) -> bool:
    other = select(ContactAddress.id).where(
        ContactAddress.contact_id == row.contact_id,
        ContactAddress.channel != Channel.EMAIL,
        ContactAddress.blocked_at.is_(None),
    )
    return tx.session.scalar(other.limit(1)) is not None


def _at(address: str) -> Select[ContactAddress]:
    return select(ContactAddress).where(ContactAddress.channel == Channel.EMAIL, ContactAddress.address == address)
