"""What a search shows of each case: where it stands, whose it is, and the words that were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from core.cases import finding, indexing
from core.cases.model import Case, Entry
from core.cases.rules import CaseStatus, EntryKind
from core.customers import accounts
from core.customers.model import Contact
from core.desk import Tx
from core.people.views import Representative
from core.search.asked import Asked, Term, shorter
from core.search.words import Place, places, words
from core.work import queries as work
from core.work import seeing as work_seeing
from core.work.model import Work
from core.work.views import ItemView

#: Characters that are shown before the words that were found, and after them.
BEFORE, AFTER = 30, 60

#: Of the cases on a page so many messages are looked at, and so many characters of each.
_MESSAGES, _CHARACTERS = 300, 8000

#: Something else is proposed for so many words at most.
_PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Snippet:
    """Words that were found, with a little of what stands around them."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """One case, or the task whose number was asked for; `snippet` is of a message, where the title tells not enough."""

    item: ItemView
    status: CaseStatus | None
    customer: str
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Instead:
    """Something else to look for: `why` is filters, word or alike; `typed` finds so many cases."""

    why: str
    typed: str
    count: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of what was found.

    Attributes:
        total: how many there are; more than `finding.MOST` stand for however many.
        complete: False while cases from before the search are still being made findable.
        instead: what finds something, when nothing was found.
    """

    page: tuple[FoundView, ...]
    total: int
    complete: bool
    instead: tuple[Instead, ...] = ()


def search(tx: Tx, asked: Asked, by: Representative, *, offset: int, limit: int) -> FoundPage:
    """Find a page of cases.

    Raises:
        NotFound, Refused: of the queue that is named as `core.work.seeing.find_queue`, of the account as
            `core.customers.accounts.find`.
    """
    queue = work_seeing.find_queue(tx, asked.queue, by).id if asked.queue else None
    account = accounts.find(tx, asked.account, by).id if asked.account else None
    within = finding.narrow(tx, asked, queue, by, account=account)
    numbers = finding.find(tx, asked, within)
    if asked.number is not None:
        numbers = [*_that_one(tx, asked.number, by), *(one for one in numbers if one != asked.number)]
    if not numbers:
        return FoundPage((), 0, indexing.is_complete(tx), tuple(_instead(tx, asked, (queue, account), by)))
    page = tuple(_views(tx, numbers[offset : offset + limit], asked.terms))
    return FoundPage(page, len(numbers), indexing.is_complete(tx))


def _that_one(tx: Tx, number: int, by: Representative) -> list[int]:
    """Give the item with a number, if there is one that may be seen."""
    return list(tx.session.scalars(select(Work.id).where(Work.id == number, work_seeing.visible(tx, by))))


def _views(tx: Tx, numbers: Sequence[int], terms: Sequence[Term]) -> Iterator[FoundView]:
    query = work.items_query().add_columns(Case.status, Contact.name)
    query = query.outerjoin(Case, Case.work_id == Work.id).outerjoin(Contact, Contact.id == Case.contact_id)
    rows = {row[0].id: row for row in tx.session.execute(query.where(Work.id.in_(numbers)))}
    snippets = _snippets(tx, numbers, terms)
    for number in numbers:
        if number in rows:
            *item, status, customer = rows[number]
            yield FoundView(work.item_view(*item), status, customer or "", snippets.get(number))


def _snippets(tx: Tx, numbers: Sequence[int], terms: Sequence[Term]) -> dict[int, Snippet]:
    """Find for each case the latest message that has something of what was looked for."""
    said = [term for term in terms if not term.customer]
    query = select(Entry.work_id, func.substr(Entry.text, 1, _CHARACTERS))
    query = query.where(Entry.work_id.in_(numbers), Entry.kind != EntryKind.WITHDRAWN)
    found: dict[int, Snippet] = {}
    for number, text in tx.session.execute(query.order_by(Entry.id.desc()).limit(_MESSAGES)) if said else ():
        if number not in found and (one := snippet(text, said)) is not None:
            found[number] = one
    return found


def snippet(text: str, terms: Sequence[Term]) -> Snippet | None:
    """Cut the first place out of a text that has the beginning of what was looked for; None where there is none."""
    if not any(_hits(words(text), term) for term in terms):
        return None
    for place in places(text):
        if any(_hits(place.words, term) for term in terms):
            return _cut(text, place)
    return None


def _hits(said: Sequence[str], term: Term) -> bool:
    first = term.words[0]
    open_ended = len(term.words) == 1 and not term.whole
    return any(word.startswith(first) for word in said) if open_ended else first in said


def _cut(text: str, place: Place) -> Snippet:
    before, after = " ".join(text[: place.start].split()), " ".join(text[place.end :].split())
    if len(before) > BEFORE:
        before = "…" + before[-BEFORE:].partition(" ")[2]
    if len(after) > AFTER:
        after = after[:AFTER].rpartition(" ")[0] + "…"
    hit = text[place.start : place.end]
    hit = hit if len(hit) <= AFTER else hit[: AFTER - 1] + "…"
    apart = bool(text[: place.start]) and text[place.start - 1].isspace()
    return Snippet(before + " " * (apart and bool(before)), hit, " " * bool(after) + after)


def _instead(tx: Tx, asked: Asked, named: tuple[int | None, int | None], by: Representative) -> Iterator[Instead]:
    """Propose the first that finds something: without the filters, else with a word less, else with another word."""
    for why, other in _others(tx, asked):
        queue, account = (
            kept if said else None for kept, said in zip(named, (other.queue, other.account), strict=True)
        )
        count = len(finding.find(tx, other, finding.narrow(tx, other, queue, by, account=account)))
        if count:
            yield Instead(why, other.typed, count)
            return


def _others(tx: Tx, asked: Asked) -> Iterator[tuple[str, Asked]]:
    if asked.filters:
        yield "filters", asked.unfiltered()
    if asked.without:
        yield "word", replace(asked, without=())
    some = asked.terms[:_PROPOSED]
    for term in some if len(asked.terms) > 1 else ():
        yield "word", replace(asked, terms=tuple(one for one in asked.terms if one is not term), number=None)
    for term in some:
        for other in (*shorter(term), *finding.alike(tx, term)):
            terms = tuple(other if one is term else one for one in asked.terms)
            yield "alike", replace(asked, terms=terms, number=None)
