"""Every try to understand a letter is counted before it begins, so that what ends the process is not tried for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from core.desk import Tx
from core.inbox.actions import MAX_TRIES, SMALL_BYTES
from core.inbox.model import InboxState, Letter
from core.store.base import is_written

#: For so long nobody else tries a letter that somebody has begun with; whoever was killed meanwhile is not waited for
#: longer, and two who try the same letter at the same time settle it once.
LEASE = timedelta(seconds=5)


#: So many tries may be begun. More than may fail: whoever was ended by something else did not fail.
MAX_BEGUN = 20

#: Nothing of these rows is in the session.
_BLINDLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


def begin_try(tx: Tx, letter: int) -> bool:
    """Count a try; after `MAX_BEGUN` that never ended the letter is set aside.

    Returns:
        False when it is not to be tried now: it is settled, somebody has just begun with it, or it must wait.
    """
    row = tx.lock(Letter, letter)
    if row is None or row.state is not InboxState.KEPT or (row.tries and row.due_at > tx.now):
        return False
    if row.tries >= MAX_BEGUN:
        row.state, row.reason, row.settled_at = InboxState.SET_ASIDE, "aside.never_ended", tx.now
        return False
    row.tries += 1
    row.due_at = tx.now + LEASE
    return True


def begin_tries(tx: Tx, letter: int, limit: int) -> list[int]:
    """Begin with a letter, and at once with others that wait, oldest first: those that are small and were never tried.

    What was tried before is begun with alone: should it end the process, it takes nothing with it. For those that are
    left somebody else is called.

    Returns:
        The numbers of the letters begun with, at most `limit`; the first is the one asked for, if it is among them.
    """
    asked = tx.session.execute(select(Letter.tries, Letter.size).where(Letter.id == letter)).first()
    if asked is not None and (asked.tries or asked.size > SMALL_BYTES) and begin_try(tx, letter):
        return [letter]
    rows = _fresh(tx, Letter.id == letter, 1)
    rows += _fresh(tx, Letter.id != letter, limit + 1 - len(rows))
    begun, left = rows[:limit], rows[limit:]
    if begun:
        tx.session.execute(
            update(Letter).where(Letter.id.in_(begun)).values(tries=1, due_at=tx.now + LEASE), **_BLINDLY
        )
    for row in left:
        tx.wake("understand", row)
    return begun


def _fresh(tx: Tx, which: ColumnElement[bool], limit: int) -> list[int]:
    """Lock letters that wait, are small and were never tried, oldest first; those that others have in hand are left."""
    # When it is due does not matter before the first try: the clock may have been put back since it was kept.
    fresh = (is_written(Letter.state, InboxState.KEPT), Letter.tries == 0, Letter.size <= SMALL_BYTES)
    query = select(Letter.id).where(*fresh, which)
    query = query.order_by(Letter.due_at, Letter.id).limit(limit)
    return list(tx.session.scalars(query.with_for_update(skip_locked=True)))


def failed_try(tx: Tx, letter: int, reason: str) -> None:
    """Note that a try that was begun failed: again later, or set aside after `MAX_TRIES`."""
    row = tx.lock(Letter, letter)
    if row is None or row.state is not InboxState.KEPT:
        return
    if row.tries >= MAX_TRIES:
        row.state, row.reason, row.settled_at = InboxState.SET_ASIDE, reason[:500], tx.now
    else:
        row.due_at = tx.now + timedelta(seconds=2**row.tries)


def try_alone(tx: Tx, letter: int) -> None:
    """Let a letter that takes long be tried again at once, and by itself: the try that was begun counts."""
    row = tx.lock(Letter, letter)
    if row is not None and row.state is InboxState.KEPT:
        row.due_at = tx.now


def take_back(tx: Tx, letter: int) -> None:
    """Take back a try that came to nothing through no fault of the letter's."""
    row = tx.lock(Letter, letter)
    if row is not None and row.state is InboxState.KEPT and row.tries:
        row.tries -= 1
        row.due_at = tx.now
