"""Who may do what, and who is working when: one table of rights, read top to bottom."""

from __future__ import annotations

import re
from enum import StrEnum

from core.errors import Refused
from core.people.names import folded


class Role(StrEnum):
    """What a member of staff is."""

    REPRESENTATIVE = "representative"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Presence(StrEnum):
    """Whether somebody works now: by the hours of the week, or as they said themselves."""

    BY_HOURS = "by_hours"
    WORKING = "working"
    AWAY = "away"


class Right(StrEnum):
    """What can be allowed."""

    SEE_WORK = "see_work"
    TAKE = "take"
    MOVE_OWN = "move_own"
    MOVE_ANY = "move_any"
    ANSWER = "answer"
    PLAN = "plan"
    BAN = "ban"
    KEEP_QUEUES = "keep_queues"
    KEEP_LEVELS = "keep_levels"
    KEEP_CONTACTS = "keep_contacts"
    KEEP_ACCOUNTS = "keep_accounts"
    KEEP_TEMPLATES = "keep_templates"
    SEE_DESK = "see_desk"
    SEE_PRIVATE = "see_private"
    RELEASE_LETTERS = "release_letters"
    KEEP_SENDERS = "keep_senders"
    INVITE = "invite"
    DISMISS = "dismiss"


_EVERYBODY = frozenset(Role)
_LEADERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.SEE_WORK: _EVERYBODY,
    Right.TAKE: _EVERYBODY,
    Right.MOVE_OWN: _EVERYBODY,
    Right.MOVE_ANY: _LEADERS,
    Right.ANSWER: _EVERYBODY,
    Right.PLAN: _EVERYBODY,
    Right.BAN: _EVERYBODY,
    Right.KEEP_QUEUES: _LEADERS,
    Right.KEEP_LEVELS: _LEADERS,
    Right.KEEP_CONTACTS: _LEADERS,
    Right.KEEP_ACCOUNTS: _LEADERS,
    Right.KEEP_TEMPLATES: _LEADERS,
    Right.SEE_DESK: _LEADERS,
    Right.SEE_PRIVATE: _LEADERS,
    Right.RELEASE_LETTERS: _EVERYBODY,
    Right.KEEP_SENDERS: _LEADERS,
    Right.INVITE: _ADMINISTRATORS,
    Right.DISMISS: _ADMINISTRATORS,
}


def may(role: Role, right: Right) -> bool:
    """Tell whether a role has a right."""
    return role in RIGHTS[right]


def check(role: Role, right: Right) -> None:
    """Insist on a right.

    Raises:
        Refused: `right.missing`; the sentence says who may.
    """
    if not may(role, right):
        raise Refused("right.missing")


def handle_from(name: str) -> str:
    """Make a short name to type from a person's name: its first word, casefolded, letters and digits only."""
    words = re.findall(r"[^\W_]+", folded(name))
    return words[0] if words else "person"
