"""What a customer may look at: their own cases, and nothing that tells whether another one exists."""

from __future__ import annotations

from collections.abc import Sequence

from core.cases import conversations, queries, rating
from core.cases.views import OwnCaseView
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound
from core.work import queries as work
from core.work.views import ItemView


def item(tx: Tx, number: int, contact: ContactView) -> ItemView:
    """Show where a case of a customer's own stands, open or closed.

    Raises:
        NotFound: `item.unknown`: it is not theirs; said as if it did not exist.
    """
    if not queries.is_on_case(tx, number, contact.id):
        raise NotFound("item.unknown", number=number)
    return work.item(tx, number)


def items(tx: Tx, numbers: Sequence[int], contact: ContactView) -> list[ItemView]:
    """Show where some cases stand, in the order given; those that are not the customer's own are left out."""
    mine = set(queries.which_are_of(tx, numbers, contact.id))
    return work.items(tx, [number for number in numbers if number in mine])


def is_on(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a case is a customer's own."""
    return queries.is_on_case(tx, number, contact.id)


def may_add_to(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a customer's words may join a case: their own, or one that a case of theirs was merged into."""
    return queries.may_add_to(tx, number, contact.id)


def cases(tx: Tx, contact: ContactView) -> list[OwnCaseView]:
    """List the first page of a customer's own cases, open ones first, then the latest."""
    return queries.cases_of(tx, contact.id)


def open_cases(tx: Tx, contact: ContactView) -> list[int]:
    """List the numbers of a customer's own open cases, the one with the latest message first."""
    return queries.open_cases_of(tx, contact.id)


def just_resolved(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a case of a customer's own was resolved so lately that what they write next is about it."""
    return queries.just_resolved(tx, number, contact.id)


def waits_for_rating(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a customer was asked how satisfied they are with a case of their own, and has not answered."""
    return rating.waits(tx, number, contact)


def waits_for_rating_words(tx: Tx, number: int, contact: ContactView, words: str) -> bool:
    """Tell whether a customer has rated a case of their own and said nothing besides, where these words can."""
    return rating.waits_for_words(tx, number, contact, words)


def comments_rating(tx: Tx, number: int, contact: ContactView, words: str) -> bool:
    """Tell whether what a customer writes now is about their rating of a case of theirs."""
    return rating.is_commented(tx, number, contact, words)


def rating_asked_last(tx: Tx, contact: ContactView) -> int | None:
    """Find the case of a customer's own that a bare number from 1 to 5 must be for; None where it may be for more."""
    return rating.asked_last(tx, contact)


def entry_of(tx: Tx, contact: ContactView, chat_id: int, message_id: int) -> int | None:
    """Find the message of a case that a chat message of a customer's own became, or became a part of."""
    entry = conversations.entry_by_chat(tx, chat_id, message_id)
    return entry.id if entry is not None and entry.contact_id == contact.id else None
