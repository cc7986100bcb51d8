"""Canned answers: list, use and keep them."""

from __future__ import annotations

import re

from bot import args
from bot.calls import Reply, StaffCall
from bot.handlers.answers import before_writing
from bot.render import templates as render
from bot.render import unsent as render_unsent
from core.cases import collisions, seeing, templates, unsent
from core.cases.categories import find_category
from core.cases.templates import NewTemplate, TemplateView
from core.cases.unsent import Waiting
from core.cases.views import CaseView
from core.errors import Misused
from core.texts.said import Notice, said
from core.work.drafts import drop_draft

#: Characters of an answer out of a template: it is shown whole, with lines around it, in one message.
LENGTH = 3500

#: What it is to be, a colon or the end of a line, and the words.
_HEAD_AND_WORDS = re.compile(r"\s*([^:\n]{1,300}?)\s*[:\n]\s*(.+)", re.DOTALL)

_LANGUAGES = {"en": "en", "uk": "uk", "english": "en", "ukrainian": "uk", "англ": "en", "укр": "uk"}
_OWN = {"mine", "моя", "мій", "моє"}


def use(call: StaffCall) -> Reply:
    """`/t N NAME`: fill a canned answer in for a case, to be sent by a button; without a name, ask which."""
    number, word = args.number(call.words.text, call.words.about, "usage.t")
    case = seeing.case(call.tx, number, call.by)
    if not word:
        return Reply(render.choose(number, templates.usable(call.tx, call.by, case), 0), work=number)
    return _drafted(call, case, templates.find(call.tx, word, case, call.by))


def press_use(call: StaffCall) -> Reply:
    """Fill the chosen canned answer in for a case."""
    case = seeing.case(call.tx, call.words.int_arg(0), call.by)
    reply = _drafted(call, case, templates.get(call.tx, call.words.int_arg(1), call.by))
    return Reply(reply.notice, replace=True, work=reply.work)


def _drafted(call: StaffCall, case: CaseView, template: TemplateView) -> Reply:
    made = templates.filled(call.tx, template, case, call.by)
    if len(made.text) > LENGTH:
        raise Misused("answer.too_long", limit=LENGTH, length=len(made.text))
    drop_draft(call.tx, call.words.chat_id)
    seen = collisions.latest(call.tx, case.number)
    kept = unsent.keep(call.tx, case.number, Waiting(0, case.number, made.text, (), None, seen), call.by)
    shown = render_unsent.draft(kept, case.contact.name, made.empty)
    return Reply(Notice((*before_writing(call, case), *shown.lines), shown.buttons), work=case.number)


def listed(call: StaffCall) -> Reply:
    """`/templates [N]`: the canned answers that you may use; for a case, those of its category first."""
    if not call.words.text and call.words.about is None:
        return Reply(render.listed(templates.usable(call.tx, call.by), 0))
    number, _ = args.number(call.words.text, call.words.about, "usage.t")
    return _chosen(call, number, 0)


def press_listed(call: StaffCall) -> Reply:
    """Show another page, or ask which one a case is to have."""
    number, offset = call.words.int_arg(0), max(0, call.words.int_arg(1))
    if number:
        return _chosen(call, number, offset)
    return Reply(render.listed(templates.usable(call.tx, call.by), offset), replace=True)


def _chosen(call: StaffCall, number: int, offset: int) -> Reply:
    case = seeing.case(call.tx, number, call.by)
    return Reply(render.choose(number, templates.usable(call.tx, call.by, case), offset), replace=True, work=number)


def new(call: StaffCall) -> Reply:
    """`/template_new NAME [en|uk] [mine] [category]: words`: keep a canned answer."""
    made = templates.add(call.tx, _read(call, "usage.template_new"), call.by)
    return Reply(Notice((said("template.made", about=render.about(made)),)))


def edit(call: StaffCall) -> Reply:
    """`/template_edit NAME [en|uk] [category]: words`: give a canned answer other words; without, show those it has."""
    name, *locale = call.words.text.split() or [""]
    if name and ":" not in call.words.text and (not locale or (len(locale) == 1 and locale[0] in _LANGUAGES)):
        chosen = _LANGUAGES[locale[0]] if locale else None
        return Reply(render.to_edit(templates.kept(call.tx, name, chosen, call.by)))
    made = templates.change(call.tx, _read(call, "usage.template_edit"), call.by)
    return Reply(Notice((said("template.changed", about=render.about(made)),)))


def drop(call: StaffCall) -> Reply:
    """`/template_drop NAME [en|uk]`: forget a canned answer, in one language or in all."""
    name, _, locale = call.words.text.strip().partition(" ")
    known = _LANGUAGES.get(locale.strip().casefold())
    if not name or (locale.strip() and known is None):
        raise Misused("usage.template_drop")
    gone = templates.drop(call.tx, name, known, call.by)
    return Reply(Notice(tuple(said("template.dropped", about=render.about(one)) for one in gone)))


def _read(call: StaffCall, usage: str) -> NewTemplate:
    read = _HEAD_AND_WORDS.fullmatch(call.words.text)
    if read is None:
        written = call.words.text.split()
        if len(written) > 1 and ":" not in call.words.text:
            raise Misused("template.no_colon", name=written[0], command=usage.removeprefix("usage."))
        raise Misused(usage)
    name, *words = read[1].split()
    if words and name.casefold() in {*_OWN, *_LANGUAGES}:  # what it is to be stands behind its name
        raise Misused("template.name_first", word=name, name=words[0], command=usage.removeprefix("usage."))
    locale, own = None, False
    while words and (words[0].casefold() in _LANGUAGES or words[0].casefold() in _OWN):
        word = words.pop(0).casefold()
        locale, own = _LANGUAGES.get(word, locale), own or word in _OWN
    category = find_category(call.tx, " ".join(words)).id if words else None
    return NewTemplate(name, read[2], locale, category, own)
