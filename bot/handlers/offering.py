"""Who gets new work: absence and substitutes, caps and skills, how queues give out, and who leaves."""

from __future__ import annotations

import re

from bot.calls import Reply, StaffCall
from bot.moments import when
from bot.render import offering as render
from core.errors import Misused
from core.people import absence
from core.people import seeing as people
from core.people.views import Representative
from core.texts.said import Notice, said
from core.work import leaving, mailboxes, seeing
from core.work.leaving import Heir

_SUBSTITUTE = re.compile(r"\s*\b(?:substitute|instead|заміняє|замість мене|заступає)\s+(\S.*)$", re.IGNORECASE)
_UNTIL = re.compile(r"^(?:until|till|до)\s+", re.IGNORECASE)

#: What takes a limit away.
_OFF = frozenset({"off", "ні", "вимкнути"})


def away(call: StaffCall) -> Reply:
    """`/away until WHEN [substitute PERSON]`: be away; without words, say whether you are."""
    text = call.words.text.strip()
    if not text:
        return Reply(render.absence(call.by, _stand_in(call)))
    named = _SUBSTITUTE.search(text)
    words = _UNTIL.sub("", text[: named.start()] if named else text)
    read = when(words, call.by.zone, call.tx.now)
    if read is None or read.rest:
        raise Misused("usage.away")
    other = people.find(call.tx, named[1], call.by) if named else None
    me = absence.go_away(call.tx, call.by, read.at, other)
    return Reply(render.absence(me, other, leaving.held(call.tx, me.id)))


def back(call: StaffCall) -> Reply:
    """`/back`: be back before it was planned."""
    absence.come_back(call.tx, call.by)
    return Reply(Notice((said("away.back"),)))


def press_hand_over(call: StaffCall) -> Reply:
    """Hand over all you have to somebody."""
    to = people.colleague(call.tx, call.words.int_arg(0), call.by)
    count = leaving.hand_over(call.tx, call.by.id, Heir(person=to), call.by)
    return Reply(Notice((said("handed_over.to", count=count, name=to.name),)), replace=True)


def _stand_in(call: StaffCall) -> Representative | None:
    other = call.by.substitute_id
    return people.colleague(call.tx, other, call.by) if other is not None else None


def cap(call: StaffCall) -> Reply:
    """`/cap NUMBER`, or `off`: so many items in progress at most before new work goes to others."""
    word = call.words.text.strip().casefold()
    if word not in _OFF and not re.fullmatch(r"[0-9]{1,3}", word):
        raise Misused("usage.cap", most=absence.MOST_AT_A_TIME)
    me = absence.set_cap(call.tx, call.by, None if word in _OFF else int(word))
    line = said("cap.off") if me.cap is None else said("cap.set", count=me.cap)
    return Reply(Notice((line,)))


def mailbox(call: StaffCall) -> Reply:
    """`/mailbox ADDRESS`, or `off`: from where you forward letters of customers; without words, say it."""
    word = call.words.text.strip()
    if word:
        mailboxes.set_mailbox(call.tx, call.by, None if word.casefold() in _OFF else word)
        call.tx.session.flush()
    address = mailboxes.mailbox(call.tx, call.by)
    if address is None:
        return Reply(Notice((said("mailbox.off" if word else "mailbox.none"),)))
    return Reply(Notice((said("mailbox.set", address=address),)))


def skills(call: StaffCall) -> Reply:
    """`/skills [PERSON] +printers -paper`: what somebody knows about; without signs, say it."""
    name, marked = _parted(call.words.text)
    who = people.find(call.tx, name, call.by) if name else call.by
    if marked:
        more, fewer = ([word[1:] for word in marked if word[0] == sign] for sign in "+-")
        who = absence.change_skills(call.tx, who.id, tuple(more), tuple(fewer), call.by)
    return Reply(render.skills(who))


def _parted(text: str) -> tuple[str, list[str]]:
    """Part what is written into a name and the words with a sign before them."""
    found = re.split(r"(?:^|\s)(?=[+-]\S)", text.strip())
    return found[0].strip(), [one.strip() for one in found[1:]]


_TO = re.compile(r"\s+(?:to|кому)\s+", re.IGNORECASE)
_QUEUE = re.compile(r"(?:queue|черга)\s+(.+)", re.IGNORECASE)
_ANYBODY = frozenset({"anybody", "будь-кому", "усім", "всім"})


def dismiss(call: StaffCall) -> Reply:
    """`/dismiss PERSON [to PERSON | to queue NAME | to anybody]`: let somebody leave, and hand over what they have."""
    leaving.may_dismiss(call.by)
    name, _, heir = _TO.sub("\0", call.words.text.strip(), count=1).partition("\0")
    if not name:
        raise Misused("usage.dismiss")
    who = people.find(call.tx, name, call.by)
    count = leaving.dismiss(call.tx, who.id, _heir(call, heir.strip()), call.by)
    return Reply(Notice((said("dismiss.done", name=who.name, count=count),)))


def _heir(call: StaffCall, words: str) -> Heir | None:
    if not words:
        return None
    queue = _QUEUE.fullmatch(words)
    if queue:
        return Heir(queue=seeing.find_queue(call.tx, queue[1], call.by).id)
    if words.casefold() in _ANYBODY:
        return Heir()
    return Heir(person=people.find(call.tx, words, call.by))
