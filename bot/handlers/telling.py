"""What somebody who works here is told of unasked, and when: quiet hours, and how each kind is told."""

from __future__ import annotations

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import telling as render
from core.errors import Misused
from core.people import news as people
from core.people.quiet import CHOSEN, Loudness, News, Quiet

#: What each kind, and each way to be told of it, may be called.
_KINDS = {
    News.ASSIGNED: ("assigned", "призначені", "призначене"),
    News.ANSWERS: ("answers", "відповіді", "клієнти"),
    News.MENTIONS: ("mentions", "згадки"),
    News.WATCHED: ("watched", "черги", "queues"),
    News.REMINDERS: ("reminders", "нагадування"),
}
_HOW = {
    Loudness.ON: ("on", "так", "увімкнути", "зі звуком"),
    Loudness.SILENT: ("silent", "тихо", "без звуку"),
    Loudness.OFF: ("off", "ні", "вимкнути"),
}


def quiet(call: StaffCall, words: str) -> Reply:
    """`/me quiet 22:00-8:00`: choose hours in which only what is urgent is told; `/me quiet off`: have none."""
    text = words.strip().casefold()
    if not text:
        return Reply(render.choices(call.by))
    if text in _HOW[Loudness.OFF]:
        return Reply(render.choices(people.set_quiet(call.tx, call.by, None)))
    hours = args.hours(text)
    if hours is None:
        raise Misused("usage.quiet")
    return Reply(render.choices(people.set_quiet(call.tx, call.by, Quiet(*hours))))


def news(call: StaffCall, words: str) -> Reply:
    """`/me news`: what you are told of; `/me news answers silent`: choose how you are told of one kind."""
    named, _, how = " ".join(words.casefold().split()).partition(" ")
    if not named:
        return Reply(render.choices(call.by))
    kind = next((one for one, names in _KINDS.items() if named in names), None)
    chosen = next((one for one, names in _HOW.items() if how in names), None)
    if kind is None or chosen is None:
        raise Misused("usage.news")
    return Reply(render.choices(people.set_loudness(call.tx, call.by, kind, chosen)))


def press_news(call: StaffCall) -> Reply:
    """Show what you are told of, in the place of what was shown."""
    return Reply(render.choices(call.by), replace=True)


def press_set(call: StaffCall) -> Reply:
    """Choose how you are told of one kind."""
    try:
        kind, how = News(call.words.word_arg(0)), Loudness(call.words.word_arg(1))
    except ValueError:
        raise Misused("button.outdated") from None
    if kind not in CHOSEN:
        raise Misused("button.outdated")
    return Reply(render.choices(people.set_loudness(call.tx, call.by, kind, how)), replace=True)
