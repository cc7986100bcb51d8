"""What somebody who works here says of themselves: language, zone, presence, digest; and help."""

from __future__ import annotations

from bot import args, menu
from bot.calls import Reply, StaffCall
from bot.handlers import telling
from bot.render import myself as render
from core.digests import actions as digests
from core.errors import Misused, Refused
from core.people import actions as people
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, said
from core.texts.say import LANGUAGES, Reader
from core.work import seeing
from core.work.queues import watch as watch_queue


def me(call: StaffCall) -> Reply:
    """`/me`: what you said of yourself; `/me working`, `/me hours mon-fri 9-18`, `/me zone Europe/Kyiv`, `/me uk`.

    `/me quiet` and `/me news`: see `bot.handlers.telling`.
    """
    word, _, rest = call.words.text.strip().partition(" ")
    word, words = word.casefold(), " ".join(call.words.text.casefold().split())
    if not words:
        return Reply(render.about(call.by), replace=True)
    if word in LANGUAGES:
        return Reply(render.about(people.set_locale(call.tx, call.by, word)), menu=True)
    if word in {"zone", "пояс"} and rest:
        return Reply(render.about(people.set_zone(call.tx, call.by, rest)))
    if words in _PRESENCE_WORDS:
        return Reply(_present(call, people.set_presence(call.tx, call.by, _PRESENCE_WORDS[words])))
    if word in {"hours", "години"}:
        return Reply(_present(call, people.set_hours(call.tx, call.by, rest)))
    if word in {"quiet", "тиша", "тихо"}:
        return telling.quiet(call, rest)
    if word in {"news", "новини"}:
        return telling.news(call, rest)
    raise Misused("usage.me")


_PRESENCE_WORDS = {
    "working": Presence.WORKING,
    "працюю": Presence.WORKING,
    "away": Presence.AWAY,
    "немає": Presence.AWAY,
    "мене немає": Presence.AWAY,
    "hours": Presence.BY_HOURS,
    "години": Presence.BY_HOURS,
    "за графіком": Presence.BY_HOURS,
}


def press_locale(call: StaffCall) -> Reply:
    """Choose a language."""
    chosen = call.words.word_arg(0)
    if chosen not in LANGUAGES:
        raise Misused("button.outdated")
    return Reply(render.about(people.set_locale(call.tx, call.by, chosen)), replace=True, menu=True)


def press_presence(call: StaffCall) -> Reply:
    """Say whether you work now."""
    try:
        chosen = Presence(call.words.word_arg(0))
    except ValueError:
        raise Misused("button.outdated") from None
    return Reply(_present(call, people.set_presence(call.tx, call.by, chosen)), replace=True)


def _present(call: StaffCall, now: Representative) -> Notice:
    """Show what somebody said of themselves; who begins to work is told what waits because nobody was there."""
    began = now.working and not call.by.working
    return render.with_waiting(render.about(now), seeing.in_intake(call.tx, call.by) if began else None)


def digest(call: StaffCall) -> Reply:
    """`/digest now`, `/digest on 09:00`, `/digest off`."""
    word, _, rest = call.words.text.casefold().partition(" ")
    if word in {"", "now", "зараз"}:
        return Reply(digests.digest(call.tx, call.by))
    if word in {"off", "ні", "вимкнути"}:
        people.set_digest(call.tx, call.by, None)
        return Reply(Notice((said("digest.off"),)))
    if word in {"on", "так", "увімкнути"}:
        at = args.clock(rest) if rest else people.DIGEST_AT
        if at is not None:
            people.set_digest(call.tx, call.by, at)
            return Reply(Notice((said("digest.on", time=f"{at:%H:%M}", zone=call.by.zone),)))
    raise Misused("usage.digest")


def watch(call: StaffCall) -> Reply:
    """`/watch QUEUE`: be told of what is new in a public queue, or no more."""
    if not call.words.text:
        raise Misused("usage.watch")
    return _watch(call, seeing.find_queue(call.tx, call.words.text, call.by).id)


def press_watch(call: StaffCall) -> Reply:
    """Be told of what is new in a public queue, or no more."""
    reply = _watch(call, call.words.int_arg(0))
    return Reply(toast=reply.notice.lines[0] if reply.notice else None)


def _watch(call: StaffCall, queue: int) -> Reply:
    watched = watch_queue(call.tx, queue, call.by)
    name = seeing.public_queue(call.tx, queue, call.by).name
    return Reply(Notice((said("talk.watched" if watched else "talk.unwatched", queue=name),)))


def help_(call: StaffCall) -> Reply:
    """`/help`: every command that is yours; `/help case` what one does, `/help customers` what those of a kind do."""
    named = call.words.text.strip().removeprefix("/").lower()
    mine = [one for one in menu.STAFF if one.may(call.by.role)]
    if not named:
        return Reply(render.help_staff(mine))
    for one in mine:
        if one.name == named:
            return Reply(render.help_command(one))
    group = render.group_called(named, [Reader(one, call.by.zone, call.tx.now) for one in LANGUAGES])
    if group is not None:
        return Reply(render.help_group(mine, group))
    raise menu.unknown(named, menu.STAFF, call.by.role)


def press_help(call: StaffCall) -> Reply:
    """Show what the commands of one kind do, or all their names again, in the place of what was shown."""
    word = call.words.word_arg(0)
    mine = [one for one in menu.STAFF if one.may(call.by.role)]
    if not word:
        return Reply(render.help_staff(mine), replace=True)
    if word not in set(menu.Group):
        raise Misused("button.outdated")
    return Reply(render.help_group(mine, menu.Group(word)), replace=True)


def start(call: StaffCall) -> Reply:
    """`/start`: welcome, and what waits; with an invitation's token, take the role it gives."""
    if call.words.text:
        raise Refused("invitation.invalid")
    rows: Rows = (
        (Button(said("button.assigned"), "assigned", (0,)), Button(said("button.progress"), "progress", (0,))),
    )
    welcome = Notice((said("start.staff", name=call.by.name),), rows)
    waiting = seeing.in_intake(call.tx, call.by) if call.by.working else None
    return Reply(render.with_waiting(welcome, waiting), menu=True)
