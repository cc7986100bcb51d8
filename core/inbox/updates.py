"""Updates of Telegram: keep what comes in, hand it out, settle it together with its effect, forget it in the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Executable, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import Tx
from core.inbox.actions import MAX_TRIES
from core.inbox.model import InboxState, Update
from core.store.base import is_written
from core.store.rows import table_of

#: A token of an invitation in the JSON text of an update (core.telegram.org/bots/features#deep-linking): as a command,
#: where white space may be escaped, or in its link, which stands in what replies to the message with it.
_TOKEN = re.compile(r"(/start(?:@\w+)?(?:\s|\\[nrt]|\\u[0-9a-f]{4})+|[?&]start=)[\w-]+", re.IGNORECASE)


def keep_update(tx: Tx, new: tuple[int, int, str]) -> int | None:
    """Keep a raw update as (bot id, update_id, JSON text); None when it was kept before."""
    return keep_updates(tx, [new])[0]


def keep_updates(tx: Tx, updates: Sequence[tuple[int, int, str]]) -> list[int | None]:
    """Do with each update as `keep_update`."""
    keep = _KEEP_UPDATE[tx.session.get_bind().dialect.name]
    same = {"received_at": tx.now, "state": InboxState.KEPT, "tries": 0}
    return [
        tx.write(keep, bot_id=bot, update_id=number, raw=raw, **same).scalar_one_or_none()
        for bot, number, raw in updates
    ]


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
_KEEP_UPDATE: dict[str, Executable] = {
    name: insert(_Update).on_conflict_do_nothing(index_elements=["bot_id", "update_id"]).returning(_Update.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
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
    newest = tx.session.scalar(select(func.max(Update.id))) or 0
    handled = select(Update.id, Update.settled_at).where(Update.state == InboxState.DONE, Update.id < newest)
    rows = tx.session.execute(handled.order_by(Update.id).limit(limit))
    old = [row for row, at in rows if at is not None and at < before]
    tx.session.execute(delete(Update).where(Update.id.in_(old)))
    return len(old)
