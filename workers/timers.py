"""What a timer does when it is due; its effect is in the transaction that takes it."""

from __future__ import annotations

from collections.abc import Callable

from core.activities import regarding, reminders
from core.cases import contacts, erasing, rating, retention
from core.cases.missed import tell_missed
from core.desk import Tx
from core.digests import slots, undelivered
from core.people import news
from core.sla import alarms, clocks, merging
from core.store.files import FileStore
from core.timers.actions import fire, set_timer
from core.timers.model import Timer
from core.work import meanwhile, overdue, placing, waiting

#: Missed cases are looked for once an hour.
MISSED = "missed"


def _end_snooze(tx: Tx, timer: Timer) -> None:
    number = timer.subject_id or 0
    placing.wake_up(tx, number)
    regarding.replan(tx, number)


def _remind(tx: Tx, timer: Timer) -> None:
    reminders.remind(tx, timer.subject_id or 0)


def _look_for_missed(tx: Tx, _timer: Timer) -> None:
    tell_missed(tx)


def _ring(tx: Tx, timer: Timer) -> None:
    alarms.ring(tx, timer.subject_id or 0)


def _work_out_anew(tx: Tx, timer: Timer) -> None:
    alarms.anew(tx, int(timer.facts["after"]))


def _follow_merge(tx: Tx, timer: Timer) -> None:
    merging.follow(tx, timer.subject_id or 0, int(timer.facts["after"]))


def _give_back(tx: Tx, timer: Timer) -> None:
    overdue.give_back(tx, timer)
    clocks.moved(tx, timer.subject_id or 0)


def _gather_late(tx: Tx, timer: Timer) -> None:
    contacts.gather_late(tx, timer.subject_id or 0)


def _ask_rating(tx: Tx, timer: Timer) -> None:
    rating.ask(tx, timer.subject_id or 0)


def _erase_words(tx: Tx, _timer: Timer) -> None:
    retention.erase_due(tx)


def _erase_file(tx: Tx, timer: Timer) -> None:
    """Remove a file that nothing refers to. Should the transaction fail, it is done again, and finds nothing to do."""
    digest, store = str(timer.facts["digest"]), FileStore(tx.house.files)
    if erasing.is_referred_to(tx, digest) or store.remove(digest, (tx.now - erasing.FILE_AFTER).timestamp()):
        return
    if store.path(digest).exists():  # kept again a moment ago, by somebody who may refer to it soon
        erasing.erase_files(tx, [digest])


def _tell_held(tx: Tx, timer: Timer) -> None:
    meanwhile.tell_held(tx, timer.subject_id or 0)


def _nothing(_tx: Tx, _timer: Timer) -> None:
    """It only kept its slot taken."""


EFFECTS: dict[str, Callable[[Tx, Timer], None]] = {
    placing.SNOOZE: _end_snooze,
    reminders.TASK_DUE: _remind,
    slots.DIGEST: slots.come,
    MISSED: _look_for_missed,
    undelivered.TOLD: _nothing,
    undelivered.TASKED: _nothing,
    waiting.ACCEPT_SOON: overdue.remind,
    waiting.NOT_ACCEPTED: _give_back,
    news.HELD: _tell_held,
    clocks.CLOCK: _ring,
    alarms.ANEW: _work_out_anew,
    merging.FOLLOW: _follow_merge,
    contacts.LATE: _gather_late,
    rating.ASK: _ask_rating,
    retention.ERASE: _erase_words,
    erasing.FILE: _erase_file,
}


def fire_timer(tx: Tx, timer: int) -> str | None:
    """Take a due timer and do what it is for.

    Returns:
        Its task; None when another scheduler took it.

    Raises:
        KeyError: nobody knows what it is for; it stays due.
    """
    row = fire(tx, timer)
    if row is None:
        return None
    EFFECTS[row.task](tx, row)
    return row.task


def plan(tx: Tx) -> None:
    """Set the timers that come from the calendar: this hour's look for missed cases and the next digests."""
    hour = tx.now.replace(minute=0, second=0, microsecond=0)
    set_timer(tx, MISSED, f"{hour:%Y-%m-%dT%H}", hour)
    retention.plan(tx)
    slots.plan(tx)
