"""Missed cases: look at them, and say after how many days a case of a queue is one."""

from __future__ import annotations

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import lists
from core.cases import missed as missed_cases
from core.cases import seeing as cases
from core.errors import Misused
from core.texts.said import Notice, said
from core.work import days as days_of
from core.work import queues, seeing


def missed(call: StaffCall) -> Reply:
    """`/missed [DAYS]`: open cases that were quiet for so many days and have nothing planned."""
    return _missed(call, args.days(call.words.text, "usage.missed"), 0)


def press_missed(call: StaffCall) -> Reply:
    """Show another page of missed cases."""
    days = call.words.int_arg(0, missed_cases.DEFAULT_DAYS)
    known = 1 <= days <= days_of.MOST_MISSED
    return _missed(call, days if known else None, max(0, call.words.int_arg(1)))


def _missed(call: StaffCall, days: int | None, offset: int) -> Reply:
    found, total = cases.missed(call.tx, days, call.by, offset=offset, limit=lists.MISSED_PAGE + 1)
    return Reply(lists.missed(found, total, days, offset), replace=True)


#: What takes a queue's own days away.
_OFF = frozenset({"off", "ні", "вимкнути"})


def queue_missed(call: StaffCall) -> Reply:
    """`/queue_missed NAME DAYS`, or `off`: say after how many quiet days the cases of a queue are missed."""
    queues.may_keep(call.by)  # before it is said how it is written
    name, _, last = call.words.text.rpartition(" ")
    if not name:
        raise Misused("usage.queue_missed")
    days = None if last.casefold() in _OFF else args.days(last, "usage.queue_missed")
    found = seeing.find_queue(call.tx, name, call.by).id
    days_of.set_missed_days(call.tx, found, days, call.by)
    queue = seeing.public_queue(call.tx, found, call.by)
    if queue.missed_after_days is None:
        line = said("talk.queue_missed_off", queue=queue.name, count=call.tx.house.missed_after_days)
    else:
        line = said("talk.queue_missed", queue=queue.name, count=queue.missed_after_days)
    return Reply(Notice((line,)))
