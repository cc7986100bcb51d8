"""Keep what comes in, hand it out, settle it together with its effect, set it aside, release it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from core.desk import Tx
from core.errors import NotFound
from core.history.actions import Actor, record
from core.inbox.model import InboxState, Letter, Update
from core.store.base import is_written
from core.store.files import FileStore
from core.store.rows import table_of
from core.texts.said import Said, said
from core.texts.say import LANGUAGES, has

#: Without a Message-ID, the same bytes to the same recipient count as a repeat for so long.
REPEAT_WITHIN = timedelta(hours=24)

#: A token of an invitation in the JSON text of an update (core.telegram.org/bots/features#deep-linking), where white
#: space may be escaped.
_TOKEN = re.compile(r"(/start(?:@\w+)?(?:\s|\\[nrt])+)[\w-]+", re.IGNORECASE)

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
    """The bytes of a letter, by the number of its row, and the envelope they came in."""

    row: int
    recipient: str
    mail_from: str
    content: bytes


def raw_letters(tx: Tx, letters: Sequence[int], files: FileStore) -> list[Raw]:
    """Read letters that wait to be understood, in the order given; those that are settled are left out."""
    query = select(Letter.id, Letter.recipient, Letter.mail_from, Letter.file, Letter.raw)
    rows = tx.session.execute(query.where(Letter.id.in_(letters), Letter.state == InboxState.KEPT))
    found = {
        row: Raw(row, to, sender, (files.read(file) if file else raw) or b"") for row, to, sender, file, raw in rows
    }
    return [found[row] for row in letters if row in found]


def lock_letters(tx: Tx, letters: Collection[int]) -> dict[int, Letter]:
    """Lock those of the letters that wait to be understood, in the order of their numbers."""
    query = select(Letter).where(Letter.id.in_(letters), Letter.state == InboxState.KEPT).order_by(Letter.id)
    found = tx.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.id: row for row in found}


def settle_letter(tx: Tx, letter: int, state: InboxState = InboxState.DONE, reason: str | None = None) -> Letter | None:
    """Settle a letter in the transaction of its effect; None when that has happened before: then do nothing."""
    row = tx.session.get(Letter, letter, with_for_update=True, populate_existing=True)
    if row is None or row.state is not InboxState.KEPT:
        return None
    row.state, row.reason, row.settled_at = state, reason, tx.now
    return row


@dataclass(frozen=True, slots=True)
class AsideView:
    """A letter that a person should decide on; `why` is the rule that set it aside, or that it was not understood."""

    id: int
    sender: str
    recipient: str
    received_at: datetime
    why: Said


def set_aside_letters(tx: Tx, limit: int = 20, *, offset: int = 0) -> list[AsideView]:
    """List a page of the letters that a person should decide on, the latest first."""
    rows = tx.session.scalars(
        select(Letter)
        .where(is_written(Letter.state, InboxState.SET_ASIDE))
        .order_by(Letter.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [AsideView(row.id, row.mail_from, row.recipient, row.received_at, _why(row.reason)) for row in rows]


def _why(reason: str | None) -> Said:
    """Make a sentence of a reason: the key of one, or the words of an error, which are a fact and never a template."""
    return said(reason) if reason and has(reason, LANGUAGES[0]) else said("aside.error", error=reason or "–")


def count_set_aside(tx: Tx) -> int:
    """Count the letters that a person should decide on."""
    return tx.session.scalar(select(func.count()).where(is_written(Letter.state, InboxState.SET_ASIDE))) or 0


def release_letter(tx: Tx, letter: int, by: Actor) -> None:
    """Send a letter that was set aside on its way: it is understood anew, and not set aside for its kind.

    Raises:
        NotFound: `letter.unknown`: no such letter is set aside.
    """
    row = tx.session.get(Letter, letter, with_for_update=True, populate_existing=True)
    if row is None or row.state is not InboxState.SET_ASIDE:
        raise NotFound("letter.unknown", number=letter)
    row.state, row.reason, row.settled_at = InboxState.KEPT, None, None
    row.released_by, row.tries, row.due_at = by.id or 0, 0, tx.now
    record(tx, "letter_released", by, subject=("letter", letter))
    tx.wake("understand", letter)


def keep_update(tx: Tx, new: tuple[int, int, str]) -> int | None:
    """Keep a raw update as (bot id, update_id, JSON text); None when it was kept before."""
    return keep_updates(tx, [new])[0]


def keep_updates(tx: Tx, updates: Sequence[tuple[int, int, str]]) -> list[int | None]:
    """Do with each update as `keep_update`; what is known is asked for once."""
    numbers = {"bots": sorted({bot for bot, _, _ in updates}), "numbers": [number for _, number, _ in updates]}
    known = {(bot, number) for bot, number in tx.session.execute(_KNOWN_UPDATES, numbers)}
    rows: list[int | None] = []
    for bot, number, raw in updates:
        if (bot, number) in known:
            rows.append(None)
            continue
        known.add((bot, number))
        facts = {"bot_id": bot, "update_id": number, "raw": raw, "received_at": tx.now, "state": InboxState.KEPT}
        made = tx.write(_KEEP_UPDATE, **facts, tries=0).inserted_primary_key
        rows.append(made[0] if made else None)
    return rows


def keep_update_aside(tx: Tx, new: tuple[int, int, str], reason: str) -> None:
    """Keep a raw update that cannot be handled, set aside from the start; once, however often it comes."""
    row = keep_update(tx, new)
    if row is not None:
        settle_updates(tx, [row], InboxState.SET_ASIDE, reason)


def waiting_updates(tx: Tx, bot: int, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    """List kept updates of a bot that are not handled yet, in order, as (row, JSON text)."""
    rows = tx.session.execute(
        select(Update.id, Update.raw)
        .where(is_written(Update.state, InboxState.KEPT), Update.bot_id == bot, Update.id > after)
        .order_by(Update.id)
        .limit(limit)
    )
    return [(row, raw) for row, raw in rows]


def settle_updates(tx: Tx, rows: Sequence[int], state: InboxState = InboxState.DONE, reason: str | None = None) -> bool:
    """Settle updates in the transaction of their effect; False when that has happened before: then do nothing."""
    facts = {"rows": sorted(rows), "new_state": state, "why": _storable(reason), "at": tx.now}
    settled = tx.write(_SETTLE_UPDATES, **facts).all()
    for row, raw in ((one.id, one.raw) for one in settled):
        if _TOKEN.search(raw):
            tx.write(_REWRITE_UPDATE, row=row, words=_TOKEN.sub(r"\1…", raw))
    return bool(settled)


# Put together once: to build a statement anew takes as long as to run it.
_Update = table_of(Update)
_KNOWN_UPDATES = select(Update.bot_id, Update.update_id).where(
    Update.bot_id.in_(bindparam("bots", expanding=True)), Update.update_id.in_(bindparam("numbers", expanding=True))
)
_KEEP_UPDATE = insert(_Update)
_SETTLE_UPDATES = (
    update(_Update)
    .where(_Update.c.id.in_(bindparam("rows", expanding=True)), _Update.c.state == InboxState.KEPT)
    .values(state=bindparam("new_state"), reason=bindparam("why"), settled_at=bindparam("at"))
    .returning(_Update.c.id, _Update.c.raw)
)
_REWRITE_UPDATE = update(_Update).where(_Update.c.id == bindparam("row")).values(raw=bindparam("words"))


def failed_updates(tx: Tx, rows: Sequence[int], reason: str) -> bool:
    """Note that handling updates failed; returns True when they are set aside now, after `MAX_TRIES`."""
    aside = False
    for row in tx.session.scalars(select(Update).where(Update.id.in_(rows)).with_for_update()):
        row.tries += 1
        if row.state is InboxState.KEPT and row.tries >= MAX_TRIES:
            aside = settle_updates(tx, [row.id], InboxState.SET_ASIDE, reason) or aside
    return aside


def _storable(reason: str | None) -> str | None:
    """Take out of the words of an error what the error may be about: characters that no database keeps."""
    return reason.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")[:500] if reason else None


def forget_updates(tx: Tx, before: datetime, limit: int = 1000) -> int:
    """Delete the oldest updates that were handled before an instant; Telegram gives no update out after 24 hours.

    The newest stays, however old: the bot knows by their numbers what it has handed on, and SQLite would begin anew.

    Returns:
        How many there were; `limit` when there may be more.
    """
    handled = select(Update.id, Update.settled_at).where(Update.state == InboxState.DONE).order_by(Update.id)
    newest = tx.session.scalar(select(func.max(Update.id)))
    rows = tx.session.execute(handled.limit(limit))
    old = [row for row, at in rows if at is not None and at < before and row != newest]
    tx.session.execute(delete(Update).where(Update.id.in_(old)))
    return len(old)
