"""Letters: keep what comes in, hand it out, settle it together with its effect, set it aside, release it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from core.desk import Tx
from core.errors import NotFound
from core.history.actions import Actor, record
from core.inbox.model import InboxState, Letter
from core.store.base import is_written
from core.store.files import FileStore

#: Without a Message-ID, the same bytes to the same recipient count as a repeat for so long.
REPEAT_WITHIN = timedelta(hours=24)

#: Letters up to this size are kept in their row, larger ones in a file.
IN_ROW_BYTES = 1024 * 1024

#: No larger letter is begun with together with others.
SMALL_BYTES = 64 * 1024

#: A letter or an update that failed so often is set aside for a person to look at.
MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter at the door: for one recipient, with its bytes, or the digest of the kept file that holds them."""

    recipient: str
    mail_from: str
    peer: str
    received_at: datetime
    size: int
    digest: str
    message_id: str | None
    raw: bytes | None = None
    file: str | None = None
    helo: str = ""


def identity_digest(recipient: str, content_digest: str) -> str:
    """Hash a recipient and the digest of a letter's bytes into the identity of the letter."""
    return hashlib.sha256(f"{recipient.casefold()}\n{content_digest}".encode()).hexdigest()


def keep_letter(tx: Tx, new: NewLetter) -> int:
    """Keep a letter; the same letter for the same recipient is kept once, however often it comes.

    Returns:
        The id of its row, new or known.
    """
    return keep_letters(tx, [new])[0]


def keep_letters(tx: Tx, letters: Sequence[NewLetter]) -> list[int]:
    """Do with each letter as `keep_letter`; what is known is asked for once, and what is new is written together."""
    digests = [identity_digest(new.recipient, new.digest) for new in letters]
    query = select(Letter.id, Letter.digest, Letter.identity, Letter.received_at).where(Letter.digest.in_(digests))
    known: dict[str, list[_Known]] = {digest: [] for digest in digests}
    for row, digest, identity, at in tx.session.execute(query):
        known[digest].append(_Known(row, identity, at))
    rows: list[int] = []
    made: list[Letter] = []
    with tx.writing_together(len(letters)):
        for new, digest in zip(letters, digests, strict=True):
            found = next((one for one in known[digest] if one.is_same(new, digest)), None)
            if found is None:
                kept = _letter(tx, new, digest)
                tx.add(kept)
                made.append(kept)
                found = _Known(kept.id, kept.identity, kept.received_at)
                known[digest].append(found)
            rows.append(found.row)
    for number in begun_by((row.id, row.size) for row in made):
        tx.wake("understand", number)
    return rows


def begun_by(letters: Iterable[tuple[int, int]]) -> list[int]:
    """Choose of letters that were never tried, given by number and size, those to call for so that all are begun with.

    Whoever begins with a small one begins with other small ones too, and calls for one of those that are left then.
    """
    chosen: list[int] = []
    small = False
    for number, size in letters:
        if size > SMALL_BYTES or not small:
            chosen.append(number)
        small = small or size <= SMALL_BYTES
    return chosen


@dataclass(frozen=True, slots=True)
class _Known:
    """A letter that is kept: its row, and what tells whether another one is the same."""

    row: int
    identity: str
    received_at: datetime

    def is_same(self, new: NewLetter, digest: str) -> bool:
        if new.message_id is not None:
            return self.identity == digest
        return self.received_at > new.received_at - REPEAT_WITHIN


def _letter(tx: Tx, new: NewLetter, digest: str) -> Letter:
    return Letter(
        identity=digest if new.message_id is not None else f"{digest}:{new.received_at:%y%m%d%H%M}",
        digest=digest,
        message_id=new.message_id,
        recipient=new.recipient,
        mail_from=new.mail_from,
        peer=new.peer,
        helo=new.helo,
        received_at=new.received_at,
        size=new.size,
        raw=new.raw,
        file=new.file,
        state=InboxState.KEPT,
        due_at=tx.now,
    )


def waiting_letters(tx: Tx, limit: int = 500) -> list[int]:
    """List the letters to call for so that all that are due, or the oldest `limit`, are begun with; oldest first."""
    # When it is due does not matter before the first try: the clock may have been put back since it was kept.
    waiting = is_written(Letter.state, InboxState.KEPT), or_(Letter.due_at <= tx.now, Letter.tries == 0)
    query = select(Letter.id, Letter.size, Letter.tries).where(*waiting)
    due = tx.session.execute(query.order_by(Letter.due_at, Letter.id).limit(limit)).all()
    fresh = set(begun_by((row, size) for row, size, tries in due if not tries))
    return [row for row, _, tries in due if tries or row in fresh]


class Raw(NamedTuple):
    """The bytes of a letter, by the number of its row, and the envelope they came in.

    Attributes:
        peer, helo: the address of the client that brought it, and how it named itself.
    """

    row: int
    recipient: str
    mail_from: str
    content: bytes
    peer: str = ""
    helo: str = ""


def raw_letters(tx: Tx, letters: Sequence[int], files: FileStore) -> list[Raw]:
    """Read letters that wait to be understood, in the order given; those that are settled are left out."""
    query = select(Letter.id, Letter.recipient, Letter.mail_from, Letter.file, Letter.raw, Letter.peer, Letter.helo)
    rows = tx.session.execute(query.where(Letter.id.in_(letters), Letter.state == InboxState.KEPT))
    found = {
        row: Raw(row, to, sender, (files.read(file) if file else raw) or b"", peer, helo)
        for row, to, sender, file, raw, peer, helo in rows
    }
    return [found[row] for row in letters if row in found]


def lock_letters(tx: Tx, letters: Collection[int]) -> dict[int, Letter]:
    """Lock those of the letters that wait to be understood, in the order of their numbers."""
    query = select(Letter).where(Letter.id.in_(letters), Letter.state == InboxState.KEPT).order_by(Letter.id)
    found = tx.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.id: row for row in found}


def settle_letter(tx: Tx, letter: int, state: InboxState = InboxState.DONE, reason: str | None = None) -> Letter | None:
    """Settle a letter in the transaction of its effect; None when that has happened before: then do nothing."""
    row = tx.lock(Letter, letter)
    if row is None or row.state is not InboxState.KEPT:
        return None
    row.state, row.reason, row.settled_at = state, reason, tx.now
    return row


def release_letter(tx: Tx, letter: int, by: Actor) -> None:
    """Send a letter that was set aside on its way: it is understood anew, and not set aside for its kind.

    Raises:
        NotFound: `letter.unknown`: no such letter is set aside.
    """
    row = tx.lock(Letter, letter)
    if row is None or row.state is not InboxState.SET_ASIDE:
        raise NotFound("letter.unknown", number=letter)
    row.state, row.reason, row.settled_at = InboxState.KEPT, None, None
    row.released_by, row.tries, row.due_at = by.id or 0, 0, tx.now
    record(tx, "letter_released", by, subject=("letter", letter))
    tx.wake("understand", letter)
