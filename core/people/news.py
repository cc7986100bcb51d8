"""The one way by which somebody on the staff is told of something unasked: at once, later in one line, or not at all.

Quiet hours and storms hold back what would be told; it is kept (`held_news`) and told by a timer in one message with
counts, so that nothing is lost: see `core.work.meanwhile`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from core.desk import Tx
from core.errors import Refused
from core.outbox.actions import Message, To, owe
from core.outbox.model import Owed
from core.people import queries
from core.people.model import HeldNews, Person
from core.people.quiet import (
    Loudness,
    News,
    Quiet,
    Told,
    loudness,
    may_be,
    next_minute,
    passes,
    quiet_until,
    too_much,
)
from core.people.views import Representative
from core.store.rows import table_of
from core.timers.actions import set_timer

#: The timer that tells somebody what was held back.
HELD = "news_held"

#: Within so long what somebody is told is counted.
_WITHIN = timedelta(minutes=1)

# Put together once: to build a statement anew takes as long as to run it.
_Owed = table_of(Owed)
_TOLD = (
    select(_Owed.c.news, _Owed.c.work_id, func.count())
    .where(_Owed.c.person_id == bindparam("person"), _Owed.c.news.is_not(None), _Owed.c.created_at > bindparam("since"))
    .group_by(_Owed.c.news, _Owed.c.work_id)
)


def tell(tx: Tx, to: To, what: Message, news: News, *, queue: int | None = None, urgent: bool = False) -> bool:
    """Owe somebody on the staff what is news to them, unless they chose not to hear of it or it is held back.

    Args:
        queue: the public queue in which it is new.
        urgent: it is told in quiet hours, too; in a storm it is held back like all else.

    Returns:
        Whether it goes out now; what follows upon it, such as pictures, is left out where it does not.
    """
    person = tx.find(Person, to.person) if to.person is not None else None
    if person is None:
        owe(tx, to, what)
        return True
    how = loudness(person.news, news)
    due = None if how is Loudness.OFF else _held_until(tx, person, (news, what.work), urgent=urgent)
    heard = how is not Loudness.OFF and due is None
    tx.memo["heard", person.id, what.work] = heard
    if due is not None:
        _hold(tx, HeldNews(person_id=person.id, news=news, work_id=what.work, queue_id=queue, at=tx.now, due_at=due))
    elif heard:
        follow(tx, to, replace(what, sound=what.sound and how is Loudness.ON), news)
    return heard


def follow(tx: Tx, to: To, what: Message, news: News) -> None:
    """Owe what belongs to something that somebody was just told of; it counts as told, and is held back by nothing."""
    told, which = _told(tx, to.person or 0), (str(news), what.work)
    tx.memo["told", to.person or 0] = {**told, which: told.get(which, 0) + 1}
    owe(tx, to, replace(what, news=str(news)))


def was_heard(tx: Tx, person: int, work: int) -> bool:
    """Tell whether what somebody was last told of an item in this transaction went out; True where it was nothing."""
    return bool(tx.memo.get(("heard", person, work), True))


def _held_until(tx: Tx, person: Person, which: tuple[News, int | None], *, urgent: bool) -> datetime | None:
    """Tell until when something is held back: to the end of the quiet hours, or of this minute; None for not at all."""
    if not passes(which[0], urgent=urgent):
        over = quiet_until(queries.quiet_hours(person), person.zone, tx.now)
        if over is not None:
            return over
    at_most = tx.house.news_per_minute
    return next_minute(tx.now) if at_most and too_much(_told(tx, person.id), which, at_most) else None


def _told(tx: Tx, person: int) -> Told:
    """Count what somebody was told within the last minute; once a transaction, which counts on by itself."""
    key = "told", person
    if key not in tx.memo:
        limited = bool(tx.house.news_per_minute)
        rows = tx.session.execute(_TOLD, {"person": person, "since": tx.now - _WITHIN}).all() if limited else ()
        tx.memo[key] = {(str(news), work): count for news, work, count in rows}
    told: Told = tx.memo[key]
    return told


def _hold(tx: Tx, row: HeldNews) -> None:
    tx.add(row)
    _set(tx, row.person_id, row.due_at)


def _set(tx: Tx, person: int, due_at: datetime) -> None:
    """Let somebody be told at an instant what is held back until then; set once, whoever holds back how much."""
    slot = f"{person}:{due_at.isoformat()}"
    if ("held until", slot) not in tx.memo:
        set_timer(tx, HELD, slot, due_at, subject=person)
        tx.memo["held until", slot] = True


def take_held(tx: Tx, person: int) -> list[tuple[News, int | None, int | None]]:
    """Take what is to be told to somebody now of what was held back, in order: each kind, item and queue, once.

    One more look is planned a minute later: who held something back until now may not be done with it yet.
    """
    due = HeldNews.person_id == person, HeldNews.due_at <= tx.now
    taken = delete(HeldNews).where(*due).returning(HeldNews.id, HeldNews.news, HeldNews.work_id, HeldNews.queue_id)
    rows = {number: (News(news), work, of) for number, news, work, of in tx.session.execute(taken)}
    if rows:
        _set(tx, person, next_minute(tx.now))
    return [rows[number] for number in sorted(rows)]


def set_quiet(tx: Tx, by: Representative, quiet: Quiet | None) -> Representative:
    """Choose the hours in which nothing is told but what is urgent; None for no such hours.

    What was held back until the end of those that were so far is told at once, unless it is quiet by the new ones, too.

    Raises:
        Refused: `quiet.all_day`: they would begin and end at the same time.
    """
    if quiet is not None and quiet.start == quiet.end:
        raise Refused("quiet.all_day")
    person = tx.lock_one(Person, by.id)
    person.quiet_from, person.quiet_until = (quiet.start, quiet.end) if quiet else (None, None)
    due = quiet_until(quiet, person.zone, tx.now) or tx.now
    tx.session.flush()
    changed = update(HeldNews).where(HeldNews.person_id == by.id).values(due_at=due)
    if getattr(tx.session.execute(changed), "rowcount", 0):
        _set(tx, by.id, due)
    return queries.view(tx, person)


def set_loudness(tx: Tx, by: Representative, news: News, how: Loudness) -> Representative:
    """Choose how you are told of something.

    Raises:
        Refused: `news.never_off`: you cannot choose that of it.
    """
    if how not in may_be(news):
        raise Refused("news.never_off")
    person = tx.lock_one(Person, by.id)
    chosen: Mapping[str, str] = person.news or {}
    person.news = {**chosen, str(news): str(how)}
    tx.session.flush()
    return queries.view(tx, person)
