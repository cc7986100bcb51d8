"""What can be said of an account, one row a field: its words, what changes it, and how its value is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.calls import StaffCall
from bot.handlers.queue_fields import OFF
from core.accounts import actions, aliases, parents
from core.accounts.views import AccountCard, Inherited
from core.customers import accounts as known
from core.errors import Misused
from core.people import seeing as people
from core.sla import actions as sla
from core.sla import seeing as levels
from core.sla.model import Scope
from core.texts.said import Said, said

_SIGNED = re.compile(r"([+\-–−])\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        words: that name it in commands, its name in keys of sentences first.
        change: reads the words of a new value, and changes the account.
        value: what is shown of it; None where there is nothing.
        inherited: what holds then, by another that the account is a part of.
        usual: it is shown of every account, and not only where it has a value.
    """

    words: tuple[str, ...]
    change: Callable[[StaffCall, int, str], None]
    value: Callable[[AccountCard], str | tuple[str, ...] | None]
    inherited: Callable[[AccountCard], Inherited | None] = lambda _: None
    usual: bool = True

    def line(self, card: AccountCard) -> Said:
        """Show it."""
        value = self.value(card)
        name, other = self.words[0], self.inherited(card)
        none = said("account.inherited", value=other.name, name=other.account) if other else said(f"account.no_{name}")
        return said(f"account.shows_{name}", value=value or none)


def _rename(call: StaffCall, account: int, words: str) -> None:
    actions.rename(call.tx, account, words, call.by)


def _set_owner(call: StaffCall, account: int, words: str) -> None:
    person = None if words.casefold() in OFF else people.find(call.tx, words, call.by).id
    actions.set_owner(call.tx, account, person, call.by)


def _change_domain(call: StaffCall, account: int, words: str) -> None:
    """Add a domain, as words with or without a plus before them, or remove it, with a minus."""
    signed = _SIGNED.fullmatch(words)
    change = actions.add_domain if signed is None or signed[1] == "+" else actions.remove_domain
    change(call.tx, account, signed[2] if signed else words, call.by)


def _set_parent(call: StaffCall, account: int, words: str) -> None:
    parent = None if words.casefold() in OFF else known.find(call.tx, words, call.by).id
    parents.set_parent(call.tx, account, parent, call.by)


def _change_alias(call: StaffCall, account: int, words: str) -> None:
    """Add another name, as words with or without a plus before them, or remove it, with a minus."""
    signed = _SIGNED.fullmatch(words)
    change = aliases.add_alias if signed is None or signed[1] == "+" else aliases.remove_alias
    change(call.tx, account, signed[2] if signed else words, call.by)


def _set_level(call: StaffCall, account: int, words: str) -> None:
    level = None
    if words.casefold() not in OFF:
        found, rest = levels.find(call.tx, words, call.by)
        if rest:
            raise Misused("usage.account_edit")
        level = found.id
    actions.lock_kept(call.tx, account, call.by)
    sla.use_level(call.tx, level, Scope.ACCOUNT, account, call.by)


def _set_note(call: StaffCall, account: int, words: str) -> None:
    actions.set_note(call.tx, account, "" if words.casefold() in OFF else words, call.by)


FIELDS: tuple[Field, ...] = (
    Field(("name", "назва"), _rename, lambda one: one.name),
    Field(
        ("owner", "відповідальний", "відповідальна", "власник"),
        _set_owner,
        lambda one: one.owner,
        lambda one: one.owner_by,
    ),
    Field(("level", "рівень"), _set_level, lambda one: one.level, lambda one: one.level_by),
    Field(
        ("parent", "головна"),
        _set_parent,
        lambda one: one.tree.parent[1] if one.tree and one.tree.parent else None,
        usual=False,
    ),
    Field(("alias", "aliases", "псевдонім", "псевдоніми"), _change_alias, lambda one: one.aliases, usual=False),
    Field(("domain", "domains", "домен", "домени"), _change_domain, lambda one: one.domains),
    Field(("note", "нотатка", "примітка"), _set_note, lambda one: one.note),
)

_BY_WORD = {word: field for field in FIELDS for word in field.words}

#: All words that name a field.
FIELD_WORDS = frozenset(_BY_WORD)


def change(call: StaffCall, account: int, words: str) -> None:
    """Change a field of an account by words such as `owner olena`.

    Raises:
        Misused: `usage.account_edit`, and what the field says of its value.
    """
    word, _, value = words.strip().partition(" ")
    field = _BY_WORD.get(word.casefold().rstrip(":"))
    if field is None or not value.strip():
        raise Misused("usage.account_edit")
    field.change(call, account, value.strip())


def told(card: AccountCard) -> list[Said]:
    """Show what is said of an account besides its name: what few have only where it is so."""
    return [field.line(card) for field in FIELDS[1:] if field.usual or field.value(card)]
