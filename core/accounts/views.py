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
class Joined:
    """Who belongs to an account now, and the name of the one that they belonged to before, if to another."""

    name: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What an account has by another that it is a part of: an owner or a level by its name, and the account's name."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Tree:
    """Where an account stands: what it is a part of, its own parts, and how much is in all of it.

    Attributes:
        parent: its id and name; `parts` likewise, by name.
        contacts, open: how many customers belong to it and its parts, and how many of their cases that somebody sees
            are open.
    """

    parent: tuple[int, str] | None
    parts: tuple[tuple[int, str], ...]
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
        owner_by, level_by: what it has by another, where it has none of its own.
        aliases: other names by which it is found.
        tree: where it stands among others; None where it is by itself.
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
    owner_by: Inherited | None = None
    level_by: Inherited | None = None
    aliases: tuple[str, ...] = ()
    tree: Tree | None = None
