"""What happened outside the desk, logged in one line: a letter, a chat message or a call."""

from __future__ import annotations

from bot import logwords
from bot.calls import Reply, StaffCall
from core.activities.views import Logged
from core.cases import logbook
from core.customers import finding
from core.errors import Misused
from core.people.rules import Right, check


def log(call: StaffCall) -> Reply:
    """`/log N letter in yesterday 15:00 WORDS 10m`, what came of it below: log what happened outside the desk."""
    check(call.by.role, Right.PLAN)  # before it is said how it is written
    if not call.words.text:
        raise Misused("usage.log")
    told = logwords.read(call.words.text, call.words.about, call.by.zone, call.tx.now)
    contact = finding.the_one(call.tx, told.customer, call.by).id if told.customer else None
    what = Logged(told.kind, told.direction, told.title, told.at, told.outcome, told.minutes, told.about, contact)
    made = logbook.log(call.tx, what, call.by)
    call.show_card(made.number)
    return Reply()
