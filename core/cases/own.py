"""What a customer may look at: their own cases, and nothing that tells whether another one exists."""

from __future__ import annotations

from core.cases import queries
from core.cases.views import CaseView
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound


def case(tx: Tx, number: int, contact: ContactView) -> CaseView:
    """Show a case of a customer's own, open or closed.

    Raises:
        NotFound: `item.unknown`: it is not theirs; said as if it did not exist.
    """
    if not queries.is_on_case(tx, number, contact.id):
        raise NotFound("item.unknown", number=number)
    return queries.case(tx, number)


def is_on(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a case is a customer's own."""
    return queries.is_on_case(tx, number, contact.id)


def cases(tx: Tx, contact: ContactView) -> list[CaseView]:
    """List the first page of a customer's own cases, open ones first, then the latest."""
    return queries.cases_of(tx, contact.id)


def open_cases(tx: Tx, contact: ContactView) -> list[int]:
    """List the numbers of a customer's own open cases, the one with the latest message first."""
    return queries.open_cases_of(tx, contact.id)


def just_resolved(tx: Tx, number: int, contact: ContactView) -> bool:
    """Tell whether a case of a customer's own was resolved so lately that what they write next is about it."""
    return queries.just_resolved(tx, number, contact.id)


def entry_of(tx: Tx, contact: ContactView, chat_id: int, message_id: int) -> int | None:
    """Find the message of a case that a chat message of a customer's own became, or became a part of."""
    entry = queries.entry_by_chat(tx, chat_id, message_id)
    return entry.id if entry is not None and entry.contact_id == contact.id else None
