"""Somebody's days, and what is said when something is planned or called off."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.cards import PLANNED_LINES, planned_line
from bot.render.lists import numbers, short
from core.activities.views import Agenda, AgendaItem, Clash
from core.cases.appointments import PlannedView, Told
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.rules import WorkKind
from core.work.views import ItemView

#: The command that plans each kind.
COMMANDS = {
    WorkKind.TASK: "task",
    WorkKind.CALL: "call",
    WorkKind.APPOINTMENT: "meet",
    WorkKind.LETTER: "write",
    WorkKind.CHAT: "chat",
    WorkKind.SERVICE: "serve",
}

#: Lines of one day, and of what is overdue.
DAY_LINES, OVERDUE_LINES = 12, 8

#: Buttons below a day.
DAY_BUTTONS = 8


def planned(made: PlannedView, seconds: int, in_the_way: Sequence[Clash]) -> Notice | None:
    """Say whether the customer is invited, and what stands in the way; None where there is nothing to be said."""
    told = _invited(made, seconds)
    return with_clashes(told, in_the_way)


def with_clashes(told: Notice | None, in_the_way: Sequence[Clash]) -> Notice | None:
    """Say, below what is said anyway, what those who are to be there have at the same time."""
    if not in_the_way:
        return told
    lines = (said("clash.head"), *(_clash(one) for one in in_the_way))
    return Notice((*told.lines, *lines), told.buttons) if told else Notice(lines)


def _clash(one: Clash) -> Said:
    if one.at is None:
        return said("clash.away", name=one.person, until=one.until)
    if one.item is None:
        return said("clash.hidden", name=one.person, at=one.at)
    mark, title = said(f"mark.kind_{one.item.kind}"), short(one.item.title)
    key = "clash.line_until" if one.until else "clash.line"
    return said(key, name=one.person, at=one.at, until=one.until, mark=mark, number=one.item.number, title=title)


def to_write(number: int, case: int | None) -> Notice | None:
    """Offer to write what was to be written as an answer of the open case that it was for, if it was for one."""
    if case is None:
        return None
    write = Button(said("button.write_answer", number=case), "answer", (case,))
    return Notice((said("planned.to_write", number=number, case=case),), ((write,),))


def _invited(made: PlannedView, seconds: int) -> Notice | None:
    """Say whether the customer is invited, with a way to take that back; None where there is no customer."""
    if made.told is None:
        return None
    number = made.item.number
    if made.told is not Told.INVITED or made.channel is None:
        return Notice((said(f"invited.{made.told}", name=made.name, number=number),))
    line = said("invited.invited", name=made.name, channel=said(f"channel.{made.channel}"), number=number)
    return Notice((line,), ((Button(said("button.uninvite", seconds=seconds), "uninvite", (number,)),),))


def agenda(shown: Agenda, of: Representative | None) -> Notice:
    """Show somebody's days in order; `of` is another than who reads."""
    week = len(shown.days) > 1
    lines = [_head(of, week=week)]
    if shown.overdue:
        lines.append(said("agenda.overdue", number=len(shown.overdue)))
        lines += [_line(one, dated=True) for one in shown.overdue[:OVERDUE_LINES]]
        lines += _more(len(shown.overdue) - OVERDUE_LINES)
    for day, found in shown.days:
        day_of = said(f"day.{day.weekday()}")
        lines.append(said("agenda.day" if found else "agenda.day_free", day=day_of, date=day, number=len(found)))
        lines += [_line(one) for one in found[:DAY_LINES]]
        lines += _more(len(found) - DAY_LINES)
    if shown.undated:
        lines.append(said("agenda.undated", count=shown.undated))
    return Notice(tuple(lines), _buttons(shown, of, week=week))


def _head(of: Representative | None, *, week: bool) -> Said:
    if of is None:
        return said("agenda.week" if week else "agenda.today")
    return said("agenda.week_of" if week else "agenda.today_of", name=of.name)


def _buttons(shown: Agenda, of: Representative | None, *, week: bool) -> Rows:
    soon = [*shown.overdue, *(one for _, found in shown.days for one in found)]
    other = Button(said("button.today" if week else "button.week"), "today" if week else "week", (of.id if of else 0,))
    return (*numbers([one.item.number for one in soon[:DAY_BUTTONS]]), (other,))


def _line(one: AgendaItem, *, dated: bool = False) -> Said:
    mark = said("mark.kind_snoozed" if one.snoozed else f"mark.kind_{one.item.kind}")
    key = "agenda.line_dated" if dated else "agenda.line_until" if one.until else "agenda.line"
    return said(key, at=one.at, until=one.until, mark=mark, number=one.item.number, title=short(one.item.title))


def _more(count: int) -> list[Said]:
    return [said("text.more", count=count)] if count > 0 else []


def still_planned(case: int, found: Sequence[ItemView], most: int = PLANNED_LINES) -> Notice:
    """Say what is still planned for a case that was just closed, and offer to call it off."""
    lines = [said("planned.left", number=case)]
    lines += [planned_line(one) for one in found[:most]]
    lines += _more(len(found) - most)
    return Notice(tuple(lines), ((Button(said("button.close_planned", count=len(found)), "close_planned", (case,)),),))


def closed(done: Sequence[int], left: Sequence[int]) -> Notice:
    """Say what was called off with a case, and what others work on."""
    lines = [said("planned.called_off", numbers=[said("button.number", number=one) for one in done])] if done else []
    if left:
        lines.append(said("planned.of_others", numbers=[said("button.number", number=one) for one in left]))
    return Notice(tuple(lines) or (said("planned.nothing"),))
