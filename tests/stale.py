"""Find who changes what they read before they had it locked: what another did in between would be lost.

An object keeps what it was read with. Changed to what it already holds it is not written at all, though the row may
have become another meanwhile: a case resolved, opened again and resolved once more stayed open that way.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import QueryContext, Session, UOWTransaction

from core.activities.model import Activity
from core.cases.model import Case
from core.store.base import Base
from core.work.model import Work

#: What several people change at once; all of it is locked through its item first.
GUARDED = (Work, Case, Activity)

_STALE = "rows_read_without_a_lock"
_LOCKED = "items_locked"


class ReadBeforeLocked(AssertionError):
    """Something was changed that was read while others could still change it."""


def watch() -> None:
    """Look at every session of this process from now on."""
    for model in GUARDED:
        event.listen(model, "load", _loaded)
        event.listen(model, "refresh", _refreshed)
    event.listen(Session, "before_flush", _check)


def _item(row: Base) -> int:
    return int(inspect(row).identity[0])


def _loaded(row: Base, context: QueryContext) -> None:
    session: Session = context.session
    locks = getattr(context.compile_state.select_statement, "_for_update_arg", None) is not None
    info = session.info
    if locks and isinstance(row, Work):
        info.setdefault(_LOCKED, set()).add(_item(row))
    if locks or _item(row) in info.get(_LOCKED, ()):
        info.get(_STALE, {}).pop((type(row), _item(row)), None)
    else:
        info.setdefault(_STALE, {})[type(row), _item(row)] = True


def _refreshed(row: Base, context: QueryContext, _names: Any) -> None:
    _loaded(row, context)


def _check(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    stale = session.info.get(_STALE, {})
    for row in session.dirty:
        if isinstance(row, GUARDED) and (type(row), _item(row)) in stale:
            changed = [one.key for one in inspect(row).attrs if one.history.has_changes()]
            if changed:
                raise ReadBeforeLocked(f"{type(row).__name__} {_item(row)}: {', '.join(changed)}")
