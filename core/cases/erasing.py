"""Erase the words of cases, and all that was made of them: counts, states and who did what when stay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.activities.model import Activity
from core.cases import indexing
from core.cases.fields import CHOICES
from core.cases.model import Case, CaseParty, Entry, File, Unsent
from core.cases.parties import OF_PARTIES
from core.cases.rules import FileState
from core.desk import Tx
from core.history.model import Happened
from core.inbox.model import InboxState, Letter
from core.outbox.model import PENDING, Owed, OwedKind, OwedState
from core.store.base import is_written
from core.texts.said import said
from core.texts.say import Reader, say_plain
from core.timers.actions import set_timer
from core.work import cards
from core.work.days import look_again
from core.work.model import Card, Work

#: The timer that removes a file from the disk, should nothing refer to it any more; and how long it waits for those
#: who may be keeping the same content at this moment.
FILE = "erase_file"
FILE_AFTER = timedelta(hours=1)

#: Rows that are named in one statement.
_AT_ONCE = 400

#: Facts of the history that are no words of anybody: they stay.
_FACTS = {"field", "channel", "level", "via", "until"}

_UNREAD = {"synchronize_session": False}


def erase_words(tx: Tx, numbers: Sequence[int], *, contact: int | None = None, elsewhere: Sequence[int] = ()) -> None:
    """Erase the words of cases, whose items are locked.

    Args:
        contact: whose words and those of the staff are erased, and nobody else's that were merged into these cases;
            None for everybody's.
        elsewhere: other cases, in which only words of this contact are erased.
    """
    for some in _in_parts(sorted(numbers), _AT_ONCE):
        entries = _entries(tx, some, contact, ())
        _erase_letters(tx, some, entries, whole=True)
        _erase_entries(tx, entries)
        _run(tx, delete(Unsent).where(Unsent.work_id.in_(some)))
        _erase_items(tx, some)
    if contact is not None:
        for some in _in_parts(sorted(elsewhere), _AT_ONCE):
            entries = _entries(tx, (), contact, some)
            _erase_letters(tx, some, entries, whole=False)
            _erase_entries(tx, entries)
            _erase_history(tx, some, set(entries))
            index_anew(tx, some)


def has_words_again(tx: Tx, row: Case, work: Work) -> None:
    """Note that something is said in a case whose words were erased: it is seen to once more, as if it never was.

    The item is locked. One that is closed was passed already by what erases the words of its queue: it looks again.
    """
    if row.erased_at is None:
        return
    row.erased_at = None
    look_again(tx, work)


def _entries(tx: Tx, numbers: Sequence[int], contact: int | None, elsewhere: Sequence[int]) -> list[int]:
    theirs = or_(Entry.contact_id.is_(None), Entry.contact_id == contact) if contact is not None else None
    here = Entry.work_id.in_(numbers) if theirs is None else Entry.work_id.in_(numbers) & theirs
    there = Entry.work_id.in_(elsewhere) & (Entry.contact_id == contact)
    return list(tx.session.scalars(select(Entry.id).where(or_(here, there)).order_by(Entry.id)))


def _erase_entries(tx: Tx, entries: Sequence[int]) -> None:
    nothing = {"full_text": None, "message_id": None, "content_hash": None, "subject": None, "chat_id": None}
    nothing |= {"chat_message_id": None, "parts": None, "conversation": None, "copied": None}
    for some in _in_parts(entries, _AT_ONCE):
        erase_files(tx, tx.session.scalars(select(File.digest).where(File.entry_id.in_(some))).all())
        empty = {"name": "…", "content_type": "application/octet-stream", "state": FileState.LOST, "digest": None}
        files = update(File).where(File.entry_id.in_(some))
        _run(tx, files.values(**empty, telegram_id=None, due_at=None))
        _run(tx, update(Entry).where(Entry.id.in_(some)).values(text="", flags=[], **nothing))
        empty_owed(tx, Owed.entry_id.in_(some))


def erase_party(tx: Tx, addresses: Sequence[str]) -> list[int]:
    """Take addresses off all cases, and out of what is told of whom their letters also went to.

    Returns:
        The cases in which their owner took part, to be found anew.
    """
    if not addresses:
        return []
    here = CaseParty.address.in_(addresses)
    numbers = sorted(tx.session.scalars(select(CaseParty.work_id).where(here)))
    _run(tx, delete(CaseParty).where(here))
    for row in tx.session.scalars(select(Entry).where(_told_with(Entry.copied, addresses))):
        row.copied = [one for one in row.copied or () if one not in addresses] or None
    for happened in tx.session.scalars(select(Happened).where(Happened.verb.in_(OF_PARTIES))):
        if happened.facts.get("address") in addresses:
            happened.facts = happened.facts | {"address": "…"}
    tx.session.flush()
    for number in numbers:
        cards.changed(tx, number)
    return numbers


def _told_with(column: InstrumentedAttribute[Any], addresses: Sequence[str]) -> ColumnElement[bool]:
    """Tell, in a statement, whether any of these addresses may stand in a list; what only looks alike is left as is."""
    text = func.lower(cast(column, String))
    written = [json.dumps(one, ensure_ascii=ascii_only) for one in addresses for ascii_only in (True, False)]
    return or_(*(text.contains(one.lower(), autoescape=True) for one in written))


def erase_files(tx: Tx, digests: Sequence[str | None]) -> None:
    """Have files removed from the disk after a while, those that nothing refers to then."""
    for digest in sorted({one for one in digests if one}):
        at = tx.now + FILE_AFTER
        set_timer(tx, FILE, f"{digest}:{at.isoformat()}", at, facts={"digest": digest})


def is_referred_to(tx: Tx, digest: str) -> bool:
    """Tell whether anything still refers to a kept file."""
    file = tx.session.scalar(select(File.id).where(File.digest == digest).limit(1))
    return file is not None or tx.session.scalar(select(Letter.id).where(Letter.file == digest).limit(1)) is not None


def _erase_letters(tx: Tx, numbers: Sequence[int], entries: Sequence[int], *, whole: bool) -> None:
    known = set(entries)
    found = set(tx.session.execute(select(Letter.id, Letter.entry_id).where(Letter.work_id.in_(numbers))).all())
    # A message may have moved, by a merge, a split or its customer: its letter names the case that it was in first.
    for some in _in_parts(entries, _AT_ONCE):
        hashes = select(Entry.content_hash).where(Entry.id.in_(some), Entry.content_hash.is_not(None))
        moved = select(Letter.id, Letter.entry_id).where(Letter.content_hash.in_(hashes))
        found |= set(tx.session.execute(moved).all())
    empty_letters(tx, sorted(row for row, entry in found if entry in known or (whole and entry is None)))


def empty_letters(tx: Tx, letters: Sequence[int]) -> None:
    """Take out of letters all that is in them; that they came, and the hashes by which copies are known, stay."""
    for some in _in_parts(letters, _AT_ONCE):
        erase_files(tx, tx.session.scalars(select(Letter.file).where(Letter.id.in_(some))).all())
        empty = {"raw": None, "file": None, "mail_from": "", "peer": "", "helo": "", "message_id": None, "reason": None}
        _run(tx, update(Letter).where(Letter.id.in_(some)).values(**empty, facts={}))
        aside = Letter.id.in_(some), Letter.state == InboxState.SET_ASIDE
        _run(tx, update(Letter).where(*aside).values(state=InboxState.DONE, settled_at=tx.now))


def empty_owed(tx: Tx, which: ColumnElement[bool], *, settled_only: bool = False) -> None:
    """Withdraw what is still owed, and take the words out of all of it; `settled_only` leaves alone what is owed."""
    if not settled_only:
        waiting = or_(is_written(Owed.state, *PENDING), is_written(Owed.state, OwedState.DEAD))
        gone = {"state": OwedState.WITHDRAWN, "settled_at": tx.now, "lease_until": None, "due_at": Owed.created_at}
        _run(tx, update(Owed).where(which, waiting).values(**gone, version=Owed.version + 1))
    done = which & Owed.state.in_((OwedState.SENT, OwedState.WITHDRAWN))
    _run(tx, update(Owed).where(done, Owed.kind == OwedKind.NOTICE).values(facts={"lines": []}, error=None))
    _run(tx, update(Owed).where(done, Owed.kind == OwedKind.CARD).values(facts={}, error=None))
    spoken = or_(Owed.error.is_not(None), Owed.answer.is_not(None))
    _run(tx, update(Owed).where(done, spoken).values(error=None, answer=None))


def _erase_items(tx: Tx, numbers: Sequence[int]) -> None:
    """Erase what is written on cases and on the activities for them, and what their histories tell in words."""
    planned = list(tx.session.scalars(select(Activity.work_id).where(Activity.regarding_id.in_(numbers))))
    erase_activities(tx, planned)
    _entitle(tx, numbers)
    gone = {"reply_address": "", "resolution": None, "satisfaction_words": None, "hushed": True, "erased_at": tx.now}
    _run(tx, update(Case).where(Case.work_id.in_(numbers)).values(**gone))
    _run(tx, delete(CaseParty).where(CaseParty.work_id.in_(numbers)))
    index_anew(tx, numbers)


def erase_activities(tx: Tx, numbers: Sequence[int]) -> None:
    """Erase the words of activities."""
    for some in _in_parts(numbers, _AT_ONCE):
        gone = {"note": None, "outcome": None, "place": None, "uid": None}
        _run(tx, update(Activity).where(Activity.work_id.in_(some)).values(**gone))
        _entitle(tx, some)


def _entitle(tx: Tx, numbers: Sequence[int]) -> None:
    title = say_plain(said("erased.title"), Reader(tx.house.locale, tx.house.zone, tx.now))
    _run(tx, update(Work).where(Work.id.in_(numbers)).values(title=title))
    _run(tx, update(Card).where(Card.work_id.in_(numbers)).values(why=None))
    _erase_history(tx, numbers)
    empty_owed(tx, Owed.work_id.in_(numbers))
    for number in numbers:
        tx.forget(Work, number)
        tx.forget(Case, number)
        cards.changed(tx, number)


def _erase_history(tx: Tx, numbers: Sequence[int], entries: Collection[int] | None = None) -> None:
    """Erase what histories tell in words; with `entries` only what they tell of these messages, as they were before."""
    for row in tx.session.scalars(select(Happened).where(Happened.work_id.in_(numbers))):
        if entries is not None and row.facts.get("entry") not in entries:
            continue
        kept = without_words(row.facts)
        if kept != row.facts:
            row.facts = kept
    tx.session.flush()


def without_words(facts: dict[str, Any]) -> dict[str, Any]:
    """Put a mark in the place of everything in facts that somebody may have written."""
    chosen = facts.get("field") in {str(field) for field in CHOICES}
    kept = _FACTS | ({"before", "after"} if chosen else set())
    return {name: what if name in kept or not _has_words(what) else "…" for name, what in facts.items()}


def _has_words(what: object) -> bool:
    if isinstance(what, list):
        return any(_has_words(one) for one in what)
    return isinstance(what, dict) or (isinstance(what, str) and what != "")


def index_anew(tx: Tx, numbers: Sequence[int]) -> None:
    """Write anew what is searched of cases."""
    for some in _in_parts(numbers, indexing.IN_A_STEP):
        indexing.changed(tx, *some)


def _in_parts(rows: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    """Part rows into so many at a time."""
    left = iter(rows)
    while part := tuple(islice(left, size)):
        yield part


def _run(tx: Tx, statement: Any) -> None:
    tx.session.execute(statement, execution_options=_UNREAD)
