"""What somebody who works here says of themselves: language, zone, presence, digest; and help."""

from __future__ import annotations

from bot import args, menu
from bot.calls import Reply, StaffCall
from core.digests import actions as digests
from core.errors import Misused, Refused
from core.people import actions as people
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, said
from core.texts.say import LANGUAGES
from core.work import queries
from core.work.queues import watch as watch_queue


def me(call: StaffCall) -> Reply:
    """`/me`: your language, time zone, presence and digest; `/me zone Europe/Kyiv`, `/me uk`, `/me working`."""
    word, _, rest = call.words.text.partition(" ")
    word = word.casefold()
    if not word:
        return Reply(_about(call.by), replace=True)
    if word in LANGUAGES:
        return Reply(_about(people.set_locale(call.tx, call.by, word)), menu=True)
    if word in {"zone", "пояс"} and rest:
        return Reply(_about(people.set_zone(call.tx, call.by, rest.strip())))
    if word in _PRESENCE_WORDS:
        return Reply(_about(people.set_presence(call.tx, call.by, _PRESENCE_WORDS[word])))
    raise Misused("usage.me")


_PRESENCE_WORDS = {
    "working": Presence.WORKING,
    "працюю": Presence.WORKING,
    "away": Presence.AWAY,
    "немає": Presence.AWAY,
    "hours": Presence.BY_HOURS,
    "години": Presence.BY_HOURS,
}


def press_locale(call: StaffCall) -> Reply:
    """Choose a language."""
    chosen = call.words.word_arg(0)
    if chosen not in LANGUAGES:
        raise Misused("button.outdated")
    return Reply(_about(people.set_locale(call.tx, call.by, chosen)), replace=True, menu=True)


def press_presence(call: StaffCall) -> Reply:
    """Say whether you work now."""
    try:
        chosen = Presence(call.words.word_arg(0))
    except ValueError:
        raise Misused("button.outdated") from None
    return Reply(_about(people.set_presence(call.tx, call.by, chosen)), replace=True)


def _about(one: Representative) -> Notice:
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
        said("me.digest", digest=digest),
    )
    presences = tuple(
        Button(said(f"button.presence_{kind}"), "presence", (str(kind),))
        for kind in Presence
        if kind is not one.presence
    )
    languages = tuple(Button(said(f"language.{code}"), "locale", (code,)) for code in LANGUAGES if code != one.locale)
    return Notice(lines, (presences, languages))


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
    return _watch(call, queries.find_queue(call.tx, call.words.text).id)


def press_watch(call: StaffCall) -> Reply:
    """Be told of what is new in a public queue, or no more."""
    reply = _watch(call, call.words.int_arg(0))
    return Reply(toast=reply.notice.lines[0] if reply.notice else None)


def _watch(call: StaffCall, queue: int) -> Reply:
    watched = watch_queue(call.tx, queue, call.by)
    name = queries.get_queue(call.tx, queue).name
    return Reply(Notice((said("talk.watched" if watched else "talk.unwatched", queue=name),)))


def help_(call: StaffCall) -> Reply:
    """`/help`: every command that is yours, with what it does."""
    lines = [said("help.staff_head")]
    lines += [
        said("help.line", command=f"/{one.name}", what=said(f"command.{one.name}"))
        for one in menu.STAFF
        if one.listed and one.may(call.by.role)
    ]
    lines.append(said("help.staff_foot"))
    return Reply(Notice(tuple(lines)))


def start(call: StaffCall) -> Reply:
    """`/start`: welcome back; with an invitation's token, take the role it gives."""
    if call.words.text:
        raise Refused("invitation.invalid")
    rows: Rows = (
        (Button(said("button.assigned"), "assigned", (0,)), Button(said("button.progress"), "progress", (0,))),
    )
    return Reply(Notice((said("start.staff", name=call.by.name),), rows), menu=True)
