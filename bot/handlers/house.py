"""When the house works: its hours and its closures."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot import levelwords
from bot.calls import Reply, StaffCall
from bot.render import levels as render
from core.errors import Misused
from core.people.rules import Right, may
from core.sla import actions, seeing
from core.texts.said import Notice, Said, said

_REMOVE = frozenset({"remove", "delete", "прибрати", "видалити"})


def hours(call: StaffCall) -> Reply:
    """`/hours`: when the house works; `/hours mon-fri 9-18` says it anew."""
    if not call.words.text:
        return Reply(render.house_hours(seeing.house_week(call.tx, call.by), call.tx.house.zone))
    week = actions.set_house_hours(call.tx, call.words.text, call.by)
    return Reply(render.house_hours(week, call.tx.house.zone))


def closures(call: StaffCall) -> Reply:
    """`/closures`: the dates on which nobody works; `/closures 25.12 yearly Christmas` adds some."""
    words = call.words.text.strip()
    if not words:
        return _list(call)
    actions.may_keep(call.by)
    first, _, rest = words.partition(" ")
    if first.casefold() in _REMOVE:
        if not rest.strip("№# ").isdecimal():
            raise Misused("usage.closures")
        return _list(call, _removed(call, int(rest.strip("№# "))))
    name, dates = levelwords.read_closure(words, _today(call))
    added = actions.add_closure(call.tx, name, dates, call.by)
    return _list(call, said("closures.added", name=added.name))


def press_closure_remove(call: StaffCall) -> Reply:
    """Open the house again on the dates of a closure."""
    return _list(call, _removed(call, call.words.int_arg(0)))


def _removed(call: StaffCall, number: int) -> Said:
    gone = actions.remove_closure(call.tx, number, call.by)
    return said("closures.removed", name=gone.name)


def _list(call: StaffCall, head: Said | None = None) -> Reply:
    may_keep = may(call.by.role, Right.KEEP_LEVELS)
    shown = render.closures(seeing.closures(call.tx, call.by), _today(call), may_keep=may_keep)
    return Reply(Notice((*((head,) if head else ()), *shown.lines), shown.buttons), replace=True)


def _today(call: StaffCall) -> date:
    return call.tx.now.astimezone(ZoneInfo(call.tx.house.zone)).date()
