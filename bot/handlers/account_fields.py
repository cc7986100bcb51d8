"""What can be said of an account, one row a field: its words, what changes it, and how its value is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.calls import StaffCall
from bot.handlers.queue_fields import OFF
from core.accounts import actions
from core.accounts.views import AccountCard
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
    """

    words: tuple[str, ...]
    change: Callable[[StaffCall, int, str], None]
    value: Callable[[AccountCard], str | tuple[str, ...] | None]

    def line(self, card: AccountCard) -> Said:
        """Show it."""
        value = self.value(card)
        name = self.words[0]
        return said(f"account.shows_{name}", value=value or said(f"account.no_{name}"))


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
    Field(("owner", "відповідальний", "відповідальна", "власник"), _set_owner, lambda one: one.owner),
    Field(("level", "рівень"), _set_level, lambda one: one.level),
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
