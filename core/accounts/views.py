"""What the outside gets to see of accounts."""

from __future__ import annotations

from dataclasses import dataclass

from core.customers.finding import FoundContact
from core.work.views import ItemView


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as a list shows it, with how many customers belong to it and how many of their cases are open."""

    id: int
    name: str
    contacts: int
    open: int


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account with all that is known of it.

    Attributes:
        owner: who of the staff it is in the care of.
        level: the name of its service level, if it has one of its own.
        contacts: some of its customers, by name; `contact_count` is how many there are.
        open: a page of their open cases; `open_count` is how many there are that the reader sees.
        resolved: those that were resolved last.
    """

    id: int
    name: str
    owner: str | None
    level: str | None
    domains: tuple[str, ...]
    note: str | None
    contacts: tuple[FoundContact, ...]
    contact_count: int
    open: tuple[ItemView, ...]
    open_count: int
    resolved: tuple[ItemView, ...]
