"""How satisfied a customer is: asked once a case, some time after it was resolved, answered in a press or a line."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core.activities.following import follow_up
from core.calendars.queries import house_calendar
from core.calendars.reckoning import is_open, next_opening
from core.cases import queries
from core.cases.erasing import has_words_again
from core.cases.locking import lock_case
from core.cases.model import Case
from core.cases.rules import TITLE_LENGTH, CaseStatus
from core.cases.telling import customer_of, quote, tell_person
from core.customers import actions as customers
from core.customers.model import Contact
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import Actor, record
from core.outbox.actions import Message, owe
from core.outbox.model import OwedKind
from core.people import queries as people
from core.people.views import Representative
from core.sla import queries as levels
from core.texts.said import Button, Notice, Rows, notice, said
from core.texts.say import Reader, say_plain
from core.timers.actions import set_anew
from core.work import cards, placing
from core.work.model import Work
from core.work.rules import WorkState

#: The timer that says that it is time to ask.
ASK = "ask_rating"

#: Ratings, the best last; what is no better than this is followed up, within so long.
RATINGS, LOW, FOLLOWED_UP_WITHIN = range(1, 6), 2, timedelta(days=1)

#: For so long after the question a bare number is taken for its answer.
STILL_ASKED = timedelta(days=7)

#: For so long after a rating what its customer writes is about it, and opens nothing again.
STILL_ABOUT_RATING = timedelta(minutes=15)

#: Characters of what a customer says besides.
WORDS_LENGTH = 1000


def ask_later(tx: Tx, row: Case) -> None:
    """Plan to ask the customer of a case that was just resolved; whether they are asked is decided then."""
    if tx.house.rating_after and row.rating_asked_at is None and not row.hushed:
        set_anew(tx, ASK, row.work_id, tx.now + tx.house.rating_after)


def ask(tx: Tx, number: int) -> bool:
    """Ask the customer of a case, if it is still resolved, they were told so, and they were not asked lately.

    Returns:
        Whether they are asked.
    """
    row, work = lock_case(tx, number)
    ended = row.status is CaseStatus.RESOLVED and work.state is WorkState.CLOSED and row.resolved_at is not None
    # Two cases of one customer may be asked about at the same moment: the second waits here, and finds the first.
    contact = tx.lock_one(Contact, row.contact_id)
    if not ended or row.hushed or row.rating_asked_at is not None or contact.banned_at is not None:
        return False
    if _asked_lately(tx, row.contact_id):
        return False
    to = customer_of(tx, row)
    if to is None:
        return False
    row.rating_asked_at = tx.now
    buttons: Rows = (tuple(Button(said(f"button.rate_{one}"), "rate", (number, one)) for one in RATINGS),)
    what = notice("customer.rate", number=number, title=work.title, buttons=buttons)
    owe(tx, to, Message(OwedKind.NOTICE, what.to_json() | {"rate": number}, work=number))
    return True


def _asked_lately(tx: Tx, contact: int) -> bool:
    lately = Case.rating_asked_at > tx.now - tx.house.rating_every
    return tx.session.scalar(select(Case.work_id).where(Case.contact_id == contact, lately).limit(1)) is not None


def rate(tx: Tx, number: int, rating: int, contact: ContactView, *, via: str = "telegram") -> None:
    """Keep how satisfied a customer is with a case of theirs, once; a low one is followed up.

    Raises:
        NotFound: `item.unknown`: it is not theirs; said as if it did not exist.
        Refused: `rating.given`; `rating.not_asked`.
        Misused: `button.outdated`: it is none of `RATINGS`.
    """
    row, work = _asked(tx, number, contact)
    if rating not in RATINGS:
        raise Misused("button.outdated")
    if row.satisfaction is not None:
        raise Refused("rating.given", number=number, rating=row.satisfaction)
    row.satisfaction, row.satisfaction_at = rating, tx.now
    tx.session.flush()
    record(tx, "rated", contact.actor(via), work=number, rating=rating)
    if rating <= LOW:
        _follow_up(tx, row, work)
    cards.changed(tx, number)


def add_words(tx: Tx, number: int, words: str, contact: ContactView, *, via: str = "telegram") -> None:
    """Keep what a customer says besides their rating, once; whoever had the case reads it.

    Raises:
        As `check_words`; Misused: `rating.no_words`.
    """
    row, work = check_words(tx, number, contact)
    _keep_words(tx, row, work, words, contact.actor(via))


def comment(tx: Tx, number: int, words: str, contact: ContactView) -> None:
    """Keep what a customer writes soon after their rating, once or more: it is about that, and opens nothing again.

    Raises:
        NotFound: `item.unknown`. Refused: `rating.not_given`: it is too late for that. Misused: `rating.no_words`.
    """
    row, work = _asked(tx, number, contact)
    if not is_commented(tx, number, contact, words):
        raise Refused("rating.not_given", number=number)
    _keep_words(tx, row, work, words, contact.actor("telegram"))


def is_commented(tx: Tx, number: int, contact: ContactView, words: str = "") -> bool:
    """Tell whether a customer rated a case of theirs a while ago that is closed, so that they write about that now.

    Words that are too many to stand beside a rating are a message, lest any be lost.
    """
    lately = Case.satisfaction_at > tx.now - STILL_ABOUT_RATING, Work.state == WorkState.CLOSED
    found = select(func.coalesce(Case.satisfaction_words, "")).join(Work, Work.id == Case.work_id)
    said_before = tx.session.scalar(found.where(Case.work_id == number, Case.contact_id == contact.id, *lately))
    return said_before is not None and len(_added(said_before, words)) <= WORDS_LENGTH


def _added(before: str | None, words: str) -> str:
    return "\n".join(filter(None, (before, words.strip())))


def _keep_words(tx: Tx, row: Case, work: Work, words: str, by: Actor) -> None:
    number, said_now = work.id, words.strip()[:WORDS_LENGTH]
    if not said_now:
        raise Misused("rating.no_words")
    row.satisfaction_words = _added(row.satisfaction_words, said_now)[:WORDS_LENGTH]
    has_words_again(tx, row, work)
    tx.session.flush()
    record(tx, "rating_words", by, work=number)
    name = customers.get(tx, row.contact_id).name
    head = said("notice.rating_words", number=number, name=name, rating=row.satisfaction)
    buttons: Rows = ((Button(said("button.case"), "case", (number,)),),)
    for one in _who_sees_to(tx, work):
        tell_person(tx, one.id, Notice((head, quote(said_now, WORDS_LENGTH)), buttons), work=number, sound=False)
    cards.changed(tx, number)


def check_words(tx: Tx, number: int, contact: ContactView) -> tuple[Case, Work]:
    """Insist that a customer has rated a case of theirs and said nothing besides, and lock it.

    Raises:
        NotFound: `item.unknown`.
        Refused: `rating.not_asked`, `rating.not_given` or `rating.said`.
    """
    row, work = _asked(tx, number, contact)
    if row.satisfaction is None:
        raise Refused("rating.not_given", number=number)
    if row.satisfaction_words is not None:
        raise Refused("rating.said", number=number)
    return row, work


def take_letter(tx: Tx, number: int, contact: ContactView, rating: int, words: str) -> bool:
    """Take a letter that is a rating for one, where the case waits for it; what is said besides goes with it.

    Returns:
        Whether it was taken; otherwise it is a message like any other.
    """
    if not waits(tx, number, contact) or len(words.strip()) > WORDS_LENGTH:
        return False
    rate(tx, number, rating, contact, via="email")
    if words:
        add_words(tx, number, words, contact, via="email")
    return True


def waits(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a customer was asked of a case of theirs that is still closed, and has not answered."""
    found = select(Case.work_id).where(Case.work_id == number, *_waiting(contact))
    return tx.session.scalar(found.join(Work, Work.id == Case.work_id)) is not None


def waits_for_words(tx: Tx, number: int, contact: ContactView, words: str = "") -> bool:
    """Tell whether a customer has rated a case of theirs and said nothing besides; too many words are a message."""
    if len(words.strip()) > WORDS_LENGTH:
        return False
    rated = Case.satisfaction.is_not(None), Case.satisfaction_words.is_(None)
    found = select(Case.work_id).where(Case.work_id == number, Case.contact_id == contact.id, *rated)
    return tx.session.scalar(found) is not None


def asked_last(tx: Tx, contact: ContactView) -> int | None:
    """Find the case of which a customer was asked lately, should they have no open one that a number could be for."""
    if queries.open_cases_of(tx, contact.id):
        return None
    found = select(Case.work_id).join(Work, Work.id == Case.work_id)
    found = found.where(*_waiting(contact), Case.rating_asked_at > tx.now - STILL_ASKED)
    return tx.session.scalar(found.order_by(Case.rating_asked_at.desc()).limit(1))


def _waiting(contact: ContactView) -> tuple[ColumnElement[bool], ...]:
    asked = Case.rating_asked_at.is_not(None), Case.satisfaction.is_(None)
    return Case.contact_id == contact.id, *asked, Work.state == WorkState.CLOSED


def _asked(tx: Tx, number: int, contact: ContactView) -> tuple[Case, Work]:
    if not queries.is_on_case(tx, number, contact.id):
        raise NotFound("item.unknown", number=number)
    row, work = lock_case(tx, number)
    if row.rating_asked_at is None:
        raise Refused("rating.not_asked", number=number)
    return row, work


def _who_sees_to(tx: Tx, work: Work) -> list[Representative]:
    """Tell who has a case or had it last, or else the managers."""
    holder = placing.holder_of(tx, work) or placing.last_holder(tx, work)
    left = holder is None or not people.works_here(tx, holder.id)
    return people.leaders(tx) if left or holder is None else [holder]


def _follow_up(tx: Tx, row: Case, work: Work) -> None:
    """Plan a task for whoever had the case, or the first of the managers."""
    to = next(iter(_who_sees_to(tx, work)), None)
    if to is None:
        return
    reader = Reader(to.locale, to.zone, tx.now)
    title = say_plain(said("rating.task", number=work.id, rating=row.satisfaction, title=work.title), reader)
    why = said("card.why.rated_low", number=work.id, rating=row.satisfaction)
    follow_up(tx, work, title[:TITLE_LENGTH], to, due_at=_due(tx, work), why=why)


def _due(tx: Tx, work: Work) -> datetime:
    """Tell when a low rating is to be followed up: a day later, or when the desk opens next after that.

    The desk is open in the hours of the service level that the case is held to, else in those of the house.
    """
    terms = levels.terms(tx, work.level_id) if work.level_id is not None else None
    hours = levels.calendar(tx, terms) if terms is not None else house_calendar(tx)
    at = tx.now + FOLLOWED_UP_WITHIN
    return at if is_open(hours, at) else next_opening(hours, at) or at
