"""What somebody is shown of themselves, and the help for those who work here."""

from __future__ import annotations

from collections.abc import Iterable

from bot.menu import Entry, Group
from bot.render.telling import quiet
from core.calendars.week import Week, stretches
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import Button, Notice, Said, said
from core.texts.say import LANGUAGES, Reader, say_plain


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
        quiet(one),
    )
    presences = tuple(
        Button(said(f"button.presence_{kind}"), "presence", (str(kind),))
        for kind in Presence
        if kind is not one.presence
    )
    languages = tuple(Button(said(f"language.{code}"), "locale", (code,)) for code in LANGUAGES if code != one.locale)
    told = (Button(said("button.told_of"), "news", ()),)
    return Notice(lines, (presences, languages, told))


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
    """List the names of commands by what they are for, with a button for each kind to read what they do."""
    groups = _grouped(entries)
    lines = [said("help.staff_head")]
    for group, mine in groups.items():
        lines.append(said("help.group_names", group=_title(group), commands=" ".join(f"/{one.name}" for one in mine)))
    buttons = [Button(_title(group), "help", (str(group),)) for group in groups]
    rows = tuple(tuple(buttons[at : at + _BESIDE]) for at in range(0, len(buttons), _BESIDE))
    return Notice((*lines, said("help.staff_foot")), rows)


def group_called(words: str, readers: Iterable[Reader]) -> Group | None:
    """Find the kind of commands that words name, by what its title is for any of the readers."""
    called = {say_plain(_title(one), reader).casefold(): one for reader in readers for one in Group}
    return called.get(words)


def help_group(entries: Iterable[Entry], group: Group) -> Notice:
    """List the commands of one kind, each with what it does and an example of the words that follow it."""
    lines = [said("help.group_head", group=_title(group)), *(_line(one) for one in _grouped(entries).get(group, ()))]
    return Notice(tuple(lines), ((Button(said("help.all"), "help", ()),),))


def help_command(one: Entry) -> Notice:
    """Say what one command does, with a button to what is of its kind."""
    return Notice((_line(one),), ((Button(_title(one.group), "help", (str(one.group),)),),))


#: So many kinds stand beside one another, for their names to be read on a phone.
_BESIDE = 2


def _grouped(entries: Iterable[Entry]) -> dict[Group, list[Entry]]:
    mine = [one for one in entries if one.listed]
    found = {group: [one for one in mine if one.group is group] for group in Group}
    return {group: of_group for group, of_group in found.items() if of_group}


def _title(group: Group) -> Said:
    return said(f"help.group_{group}")


def _line(one: Entry) -> Said:
    what = said(f"command.{one.name}")
    if not one.words:
        return said("help.line", command=f"/{one.name}", what=what)
    return said("help.line_example", command=f"/{one.name}", example=said(f"help.example_{one.name}"), what=what)


def described(one: Entry) -> Said:
    """Say in the menu what a command does, and what may follow it."""
    what = said(f"command.{one.name}")
    return said("help.described", what=what, example=said(f"help.example_{one.name}")) if one.words else what
