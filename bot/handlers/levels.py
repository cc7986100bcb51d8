"""Service levels: look at them, make and change them, and say for what they are."""

from __future__ import annotations

from bot import args, levelwords
from bot.calls import Reply, StaffCall
from bot.render import levels as render
from core.cases import seeing as cases
from core.errors import Misused
from core.sla import actions, seeing
from core.sla.model import Scope
from core.sla.views import LevelView
from core.texts.said import Notice, Said, said
from core.work import seeing as work

_OFF = frozenset({"off", "ні", "вимкнути"})
_DEFAULT = frozenset({"default", "типово", "типовий", "за замовчуванням"})


def levels(call: StaffCall) -> Reply:
    """`/levels`: the service levels, with all that they ask for."""
    return Reply(render.levels(seeing.levels(call.tx, call.by)))


def _shown(head: Said, level: LevelView) -> Reply:
    return Reply(Notice((head, *render.level_lines(level))))


def level_new(call: StaffCall) -> Reply:
    """`/level_new NAME first 1h/4h/8h resolve 4h/2d/5d`: make a service level."""
    actions.may_keep(call.by)  # before it is said how it is written
    read = levelwords.read_terms(call.words.text, "usage.level_new")
    asked = read.change(levelwords.BARE)
    if not read.name or not any(asked.targets.values()):
        raise Misused("usage.level_new")
    return _shown(said("level.made"), actions.new_level(call.tx, read.name, asked, call.by))


def level(call: StaffCall) -> Reply:
    """`/level NAME`: look at a level; with parts as of `/level_new` change it; `/level NAME off` gives it up."""
    if not call.words.text:
        return levels(call)
    found, rest = seeing.find(call.tx, call.words.text, call.by)
    if not rest:
        return Reply(Notice(tuple(render.level_lines(found))))
    actions.may_keep(call.by)
    if rest.casefold() in _OFF:
        actions.give_up(call.tx, found.id, call.by)
        return Reply(Notice((said("level.given_up", name=found.name),)))
    read = levelwords.read_terms(rest, "usage.level")
    if read.name or not read.parts:
        raise Misused("usage.level")
    return _shown(said("level.changed"), actions.edit_level(call.tx, found.id, read.change, call.by))


def level_use(call: StaffCall) -> Reply:
    """`/level_use NAME QUEUE`, `NAME default`, or `NAME №12` for the customer of a case; `off QUEUE` ends it."""
    actions.may_keep(call.by)
    if not call.words.text.strip():
        raise Misused("usage.level_use")
    first, _, after = call.words.text.strip().partition(" ")
    off = first.casefold() in _OFF
    found, rest = (None, after.strip()) if off else seeing.find(call.tx, call.words.text, call.by)
    if not rest:
        raise Misused("usage.level_use")
    scope, subject, name = _subject(call, rest)
    actions.use_level(call.tx, found.id if found else None, scope, subject, call.by)
    what = said(f"level.use_{scope}", name=name)
    if found is None:
        return Reply(Notice((said("level.unheld", what=what),)))
    return Reply(Notice((said("level.used", level=found.name, what=what),)))


def _subject(call: StaffCall, words: str) -> tuple[Scope, int, str]:
    """Find out for what a level is to be: the default, the customer of a case, or a public queue."""
    if words.casefold() in _DEFAULT:
        return Scope.DEFAULT, 0, ""
    if words.lstrip("№#").strip().isdigit():
        number, _ = args.number(words, None, "usage.level_use")
        contact = cases.case(call.tx, number, call.by).contact
        return Scope.CONTACT, contact.id, contact.name
    queue = work.find_queue(call.tx, words, call.by)
    return Scope.QUEUE, queue.id, queue.name or ""
