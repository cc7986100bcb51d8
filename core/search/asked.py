"""What somebody looks for, read from what they typed: words, phrases, what is left out, and filters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from core.errors import Misused
from core.search.words import CUSTOMER, HEAD, words

#: Characters that a search may have, and words: nobody types more, and each costs the database something.
MOST_CHARACTERS, MOST_TERMS = 200, 10


class Is(StrEnum):
    """What a case can be asked to be."""

    OPEN = "open"
    CLOSED = "closed"
    MINE = "mine"
    MISSED = "missed"


_FROM, _ACCOUNT, _IN, _IS, _BEFORE, _AFTER = "from", "account", "in", "is", "before", "after"

#: How filters and their values are written, in both languages.
_FILTERS = {
    **{name: name for name in (_FROM, _ACCOUNT, _IN, _IS, _BEFORE, _AFTER)},
    "від": _FROM, "організація": _ACCOUNT, "у": _IN, "в": _IN, "черга": _IN, "стан": _IS, "до": _BEFORE,
    "після": _AFTER, "з": _AFTER,
}  # fmt: skip
_STATES = {
    **{one.value: one for one in Is},
    "відкрите": Is.OPEN, "відкриті": Is.OPEN, "закрите": Is.CLOSED, "закриті": Is.CLOSED, "моє": Is.MINE,
    "мої": Is.MINE, "забуте": Is.MISSED, "забуті": Is.MISSED,
}  # fmt: skip

_PIECE = re.compile(r'(?P<minus>-)?(?:(?P<name>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("«»„“”", '"'))
_NUMBER = re.compile(r"[№#]?\s*(\d{1,12})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_OURS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other; what comes after the last is open, unless they were quoted.

    Attributes:
        typed: as they were written.
        customer: they are to stand in the customer's name or address.
    """

    words: tuple[str, ...]
    whole: bool = False
    customer: bool = False
    typed: str = ""

    @property
    def needle(self) -> str:
        """What a document holds that has them."""
        return self._needle(CUSTOMER if self.customer else "")

    @property
    def head_needle(self) -> str:
        """What a document holds that has them in its title, or in its customer's name or address."""
        return self._needle(CUSTOMER if self.customer else HEAD)

    def keys(self, *, head: bool) -> list[tuple[str, bool]]:
        """List its words as the index has them, each with whether more may follow."""
        tag = CUSTOMER if self.customer else HEAD if head else ""
        last = len(self.words) - 1
        return [(tag + word, place == last and not self.whole) for place, word in enumerate(self.words)]

    def ending(self, word: str) -> Term:
        """The same with another last word, and what comes after it open."""
        kept = (*self.words[:-1], word)
        said = " ".join(kept) if len(kept) == 1 else f'"{" ".join(kept)}"'
        return Term(kept, len(kept) > 1, self.customer, f"{_FROM}:{said}" if self.customer else said)

    def _needle(self, tag: str) -> str:
        return f" {' '.join(tag + word for word in self.words)}{' ' if self.whole else ''}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for.

    Attributes:
        number: the one thing that was typed is the number of a case.
        before, after: days in the zone of whoever asks; a case was opened before the first, not before the second.
        filters: those that narrow it, as they were written.
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    number: int | None = None
    states: frozenset[Is] = frozenset()
    queue: str | None = None
    before: date | None = None
    after: date | None = None
    filters: tuple[str, ...] = field(default=())
    account: str | None = None

    @property
    def typed(self) -> str:
        """The same as it can be typed again."""
        return " ".join((*(one.typed for one in (*self.terms, *self.without)), *self.filters))

    def unfiltered(self) -> Asked:
        """The same without what narrows it."""
        return Asked(self.terms, self.without)


def read(text: str) -> Asked:
    """Read what somebody looks for.

    Raises:
        Misused: `find.too_long`, `find.too_many`; `find.nothing`, or `find.only_account`: there is no word to look for;
            `find.which_state`, `find.which_day`, `find.empty_filter` and `find.no_minus` of a filter.
    """
    if len(text) > MOST_CHARACTERS:
        raise Misused("find.too_long", limit=MOST_CHARACTERS)
    asked = Asked()
    for piece in _PIECE.finditer(text.translate(_QUOTES)):
        asked = _with(asked, piece)
    if len(asked.terms) + len(asked.without) > MOST_TERMS:
        raise Misused("find.too_many", limit=MOST_TERMS)
    if not asked.terms and asked.account:
        raise Misused("find.only_account", words=asked.account)
    if not asked.terms:
        raise Misused("find.nothing")
    found = _NUMBER.fullmatch(text.strip())
    return replace(asked, number=int(found[1])) if found else asked


def _with(asked: Asked, piece: re.Match[str]) -> Asked:
    name = _FILTERS.get((piece["name"] or "").casefold())
    if name is None and (piece["bare"] or "").casefold().removesuffix(":") in _FILTERS and piece["bare"][-1] == ":":
        raise Misused("find.empty_filter", words=piece[0])
    if name is None or name == _FROM:
        return _with_term(asked, piece, customer=name == _FROM)
    value = (piece["quoted"] or piece["bare"] or "").strip()
    if not value:
        raise Misused("find.empty_filter", words=piece[0])
    if piece["minus"]:
        raise Misused("find.no_minus", words=piece[0])
    asked = replace(asked, filters=(*asked.filters, piece[0]))
    if name in {_IN, _ACCOUNT}:
        return replace(asked, queue=value) if name == _IN else replace(asked, account=value)
    if name == _IS:
        return replace(asked, states=asked.states | {_state(value)})
    return replace(asked, before=_day(value)) if name == _BEFORE else replace(asked, after=_day(value))


def _with_term(asked: Asked, piece: re.Match[str], *, customer: bool) -> Asked:
    quoted = piece["quoted"] is not None
    said = piece["quoted"] if quoted else piece["bare"]
    if not customer and piece["name"]:
        said = f"{piece['name']} {said}"
    found = tuple(words(said))
    if not found:
        if customer:
            raise Misused("find.empty_filter", words=piece[0])
        return asked  # a dash, a smile
    term = Term(found, whole=quoted, customer=customer, typed=piece[0])
    if piece["minus"]:
        return replace(asked, without=(*asked.without, term))
    return replace(asked, terms=(*asked.terms, term))


def _state(value: str) -> Is:
    state = _STATES.get(value.casefold())
    if state is None:
        raise Misused("find.which_state", word=value)
    return state


def _day(value: str) -> date:
    iso, ours = _ISO.fullmatch(value), _OURS.fullmatch(value)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if ours:
            return date(int(ours[3]), int(ours[2]), int(ours[1]))
    except ValueError:
        pass
    raise Misused("find.which_day", words=value)


def shorter(term: Term) -> Iterator[Term]:
    """Give a term with one, two and three letters less at its end, as long as it has three: endings change."""
    last = term.words[-1]
    for length in range(len(last) - 1, max(2, len(last) - 4), -1):
        yield term.ending(last[:length])
