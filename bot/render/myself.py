"""What somebody is shown of themselves, and the help for those who work here."""

from __future__ import annotations

from collections.abc import Iterable

from bot.menu import Entry, Group
from core.calendars.week import Week, stretches
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import Button, Notice, Said, said
from core.texts.say import LANGUAGES


def about(one: Representative) -> Notice:
    """Show what somebody said of themselves, with buttons to change it."""
    digest = said("text.at_time", time=f"{one.digest_at:%H:%M}") if one.digest_at else said("me.digest_off")
    lines = (
        said("me.head", name=one.name, handle=one.handle, role=said(f"role.{one.role}")),
        said("me.locale", language=said(f"language.{one.locale}")),
        said("me.zone", zone=one.zone),
        said(
            "me.presence",
            presence=said(f"presence.{one.presence}"),
            now=said("presence.now_working" if one.working else "presence.now_away"),
        ),
        said("me.hours", hours=week(one.week)),
        said("me.digest", digest=digest),
    )
    presences = tuple(
        Button(said(f"button.presence_{kind}"), "presence", (str(kind),))
        for kind in Presence
        if kind is not one.presence
    )
    languages = tuple(Button(said(f"language.{code}"), "locale", (code,)) for code in LANGUAGES if code != one.locale)
    return Notice(lines, (presences, languages))


def week(hours: Week) -> list[Said]:
    """Put the hours of a week into words that can be typed after `/me hours`, as `Mon–Fri 09:00–18:00`."""
    return [_stretch(*one) for one in stretches(hours)] or [said("week.none")]


def _stretch(first: int, last: int, hours: str) -> Said:
    if first == last:
        return said("week.day", day=said(f"day.{first}"), hours=hours)
    return said("week.days", first=said(f"day.{first}"), last=said(f"day.{last}"), hours=hours)


def with_waiting(notice: Notice, waiting: tuple[int, int] | None) -> Notice:
    """Add how many items wait in the queue "Intake" for somebody to take them, and the way there."""
    if waiting is None:
        return notice
    queue, count = waiting
    line = said("intake.waiting", count=count)
    return Notice((*notice.lines, line), ((Button(said("button.intake"), "queue", (queue, 0)),), *notice.buttons))


def help_staff(entries: Iterable[Entry]) -> Notice:
    """List commands by what they are for, each with an example of the words that follow it."""
    mine = [one for one in entries if one.listed]
    lines = [said("help.staff_head")]
    for group in Group:
        of_group = [one for one in mine if one.group is group]
        if of_group:
            lines.append(said(f"help.group_{group}"))
            lines += [_line(one) for one in of_group]
    return Notice((*lines, said("help.staff_foot")))


def _line(one: Entry) -> Said:
    what = said(f"command.{one.name}")
    if not one.words:
        return said("help.line", command=f"/{one.name}", what=what)
    return said("help.line_example", command=f"/{one.name}", example=said(f"help.example_{one.name}"), what=what)


def described(one: Entry) -> Said:
    """Say in the menu what a command does, and what may follow it."""
    what = said(f"command.{one.name}")
    return said("help.described", what=what, example=said(f"help.example_{one.name}")) if one.words else what
