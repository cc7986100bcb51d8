"""Canned answers: kept by managers for all, by anybody for themselves; and filled in for a case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import or_, select

from core.cases.categories import BETWEEN
from core.cases.fields_in_words import Slot, empty, fill, unknown
from core.cases.model import Category, Template
from core.cases.rules import language_of
from core.cases.views import CaseView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.names import folded, meant
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.work.model import Queue, Work

#: Characters of a name, and of the words: there must be room for what is filled in, and for the lines around them.
_NAME_LENGTH, _TEXT_LENGTH = 32, 3000

#: So many names are told in a sentence.
_KNOWN = 12

_NAME = re.compile(rf"[\w-]{{1,{_NAME_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A canned answer.

    Attributes:
        own: only the one who looks has it; else everybody does.
        category: the path of what it is for.
    """

    id: int
    name: str
    own: bool
    locale: str
    category: str | None
    text: str


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a canned answer is to be.

    Attributes:
        locale: None is the language that it is written in.
        own: for oneself, though one may keep those of the desk.
    """

    name: str
    text: str
    locale: str | None = None
    category: int | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """The words of a template for a case, and the fields that there is nothing for."""

    text: str
    empty: tuple[Slot, ...]


def add(tx: Tx, new: NewTemplate, by: Representative) -> TemplateView:
    """Keep a canned answer: a manager's is for everybody unless said otherwise, another's for themselves.

    Raises:
        Refused: `right.missing`; `template.exists`.
        Misused: `template.name`, `template.empty`, `template.too_long`, or `template.unknown_field`.
    """
    check(by.role, Right.ANSWER)
    if not _NAME.fullmatch(new.name):
        raise Misused("template.name", limit=_NAME_LENGTH)
    _check_words(new.text)
    owner = by.id if new.own or not may(by.role, Right.KEEP_TEMPLATES) else None
    locale = new.locale or language_of(new.text) or by.locale
    key = _key(owner, locale, new.name)
    if tx.session.scalar(select(Template.id).where(Template.key == key)) is not None:
        raise Refused("template.exists", name=new.name)
    row = Template(
        name=new.name, key=key, owner_id=owner, locale=locale, category_id=new.category, text=new.text.strip(),
        changed_at=tx.now,
    )  # fmt: skip
    tx.add(row)
    record(tx, "template_made", by.actor, subject=("template", row.id), name=row.name, locale=locale)
    return _shown(tx, row)


def _check_words(text: str) -> None:
    """Insist that words can be those of a template.

    Raises:
        Misused: `template.empty`, `template.too_long`, or `template.unknown_field` with those there are.
    """
    if not text.strip():
        raise Misused("template.empty")
    if len(text) > _TEXT_LENGTH:
        raise Misused("template.too_long", limit=_TEXT_LENGTH, length=len(text))
    if strange := unknown(text):
        raise Misused("template.unknown_field", fields=strange, known=[f"{{{one}}}" for one in Slot])


def _key(owner: int | None, locale: str, name: str) -> str:
    return f"{owner or 0}:{locale}:{folded(name)}"


def change(tx: Tx, new: NewTemplate, by: Representative) -> TemplateView:
    """Give a canned answer other words, and another category where one is named.

    Raises:
        NotFound: `template.unknown`: there is none of that name, in that language, that they may keep; or
            `template.none_yet`.
        Misused: `template.empty`, `template.too_long`, or `template.unknown_field`.
    """
    _check_words(new.text)
    found = _kept(tx, new.name, new.locale, by)
    spoken = language_of(new.text)
    row = next((one for one in found if one.locale == spoken), found[0])
    locked = tx.lock_one(Template, row.id)
    locked.text, locked.changed_at = new.text.strip(), tx.now
    if new.category is not None:
        locked.category_id = new.category
    record(tx, "template_edited", by.actor, subject=("template", row.id), name=row.name)
    tx.session.flush()
    return _shown(tx, locked)


def kept(tx: Tx, name: str, locale: str | None, by: Representative) -> list[TemplateView]:
    """Show the canned answers of a name that somebody may change, one a language.

    Raises:
        NotFound: as `change`.
    """
    return [_shown(tx, row) for row in _kept(tx, name, locale, by)]


def drop(tx: Tx, name: str, locale: str | None, by: Representative) -> list[TemplateView]:
    """Forget a canned answer, in one language or in all.

    Raises:
        NotFound: as `change`.
    """
    gone = []
    for row in _kept(tx, name, locale, by):
        gone.append(_shown(tx, row))
        record(tx, "template_dropped", by.actor, subject=("template", row.id), name=row.name, locale=row.locale)
        tx.session.delete(row)
    tx.session.flush()
    return gone


def _kept(tx: Tx, name: str, locale: str | None, by: Representative) -> list[Template]:
    """Find what somebody may change under a name: their own, else those of the desk."""
    check(by.role, Right.ANSWER)
    seen = [one for one, _ in _seen(tx, by) if folded(one.name) == folded(name) and locale in {None, one.locale}]
    if not seen:
        known = _names(tx, by)
        raise NotFound("template.unknown", word=name, known=known) if known else NotFound("template.none_yet")
    own = [one for one in seen if one.owner_id is not None]
    if not own:
        check(by.role, Right.KEEP_TEMPLATES)
    return own or seen


def _seen(tx: Tx, by: Representative) -> list[tuple[Template, str | None]]:
    """List what somebody may use, with the path of its category, by name."""
    mine = or_(Template.owner_id == by.id, Template.owner_id.is_(None))
    query = select(Template, Category.path).outerjoin(Category, Category.id == Template.category_id).where(mine)
    rows = tx.session.execute(query).all()
    return sorted(((row, path) for row, path in rows), key=lambda one: (folded(one[0].name), one[0].locale, one[0].id))


def _names(tx: Tx, by: Representative) -> list[str]:
    return list(dict.fromkeys(one.name for one, _ in _seen(tx, by)))[:_KNOWN]


def _view(row: Template, category: str | None) -> TemplateView:
    return TemplateView(row.id, row.name, row.owner_id is not None, row.locale, category, row.text)


def _shown(tx: Tx, row: Template) -> TemplateView:
    above = tx.session.get(Category, row.category_id) if row.category_id is not None else None
    return _view(row, above.path if above else None)


def usable(tx: Tx, by: Representative, case: CaseView | None = None) -> list[TemplateView]:
    """List the canned answers that somebody may use, by name.

    Args:
        case: for which they are wanted: one of each name, in the language of its customer where there is one, one's own
            before that of the desk; those of its category come first, then those of none.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.ANSWER)
    found = [_view(row, path) for row, path in _seen(tx, by)]
    if case is None:
        return found
    best: dict[str, TemplateView] = {}
    for one in sorted(found, key=lambda one: (one.locale != case.contact.locale, not one.own)):
        best.setdefault(folded(one.name), one)
    return sorted(best.values(), key=lambda one: (_distance(one.category, case.fields.category), folded(one.name)))


def _distance(category: str | None, wanted: str | None) -> int:
    """Tell how far a category is from that of a case: the nearest one above it comes first, another one last."""
    if category is None:
        return 100
    if wanted is None or not f"{wanted}{BETWEEN}".startswith(f"{category}{BETWEEN}"):
        return 200
    return wanted.count(BETWEEN) - category.count(BETWEEN)


def any_usable(tx: Tx, by: Representative) -> bool:
    """Tell whether there is a canned answer that somebody may use."""
    mine = or_(Template.owner_id == by.id, Template.owner_id.is_(None))
    return tx.session.scalar(select(Template.id).where(mine).limit(1)) is not None


def find(tx: Tx, word: str, case: CaseView, by: Representative) -> TemplateView:
    """Find the canned answer that a name, or the beginning of one, means for a case.

    Raises:
        Refused: `right.missing`; `template.ambiguous`, with those it could be.
        NotFound: `template.unknown`, with those there are; `template.none_yet`.
    """
    known = usable(tx, by, case)
    if not known:
        raise NotFound("template.none_yet")
    found = meant(word, known, lambda one: (one.name,))
    if not found:
        raise NotFound("template.unknown", word=word, known=[one.name for one in known[:_KNOWN]])
    if len(found) > 1:
        raise Refused("template.ambiguous", word=word, known=[one.name for one in found[:_KNOWN]])
    return found[0]


def get(tx: Tx, template: int, by: Representative) -> TemplateView:
    """Show one canned answer that somebody may use.

    Raises:
        Refused: `right.missing`.
        NotFound: `template.gone`.
    """
    check(by.role, Right.ANSWER)
    row = tx.session.get(Template, template)
    if row is None or row.owner_id not in {None, by.id}:
        raise NotFound("template.gone")
    return _shown(tx, row)


def filled(tx: Tx, template: TemplateView, case: CaseView, by: Representative) -> Filled:
    """Fill a canned answer in for a case; of its fields the queue is the public one it is in, or came from."""
    facts = {
        Slot.NAME: case.contact.name,
        Slot.NUMBER: f"№{case.number}",
        Slot.TITLE: case.item.title,
        Slot.ME: by.name,
        Slot.QUEUE: _queue_of(tx, case),
    }
    return Filled(fill(template.text, facts), tuple(empty(template.text, facts)))


def _queue_of(tx: Tx, case: CaseView) -> str:
    if case.item.queue is not None and case.item.queue.name is not None:
        return case.item.queue.name
    work = tx.find(Work, case.number)
    home = tx.find(Queue, work.home_id) if work is not None and work.home_id is not None else None
    return (home.name if home is not None else None) or ""
