"""Which commands there are, for whom, in the order they are shown."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Misused
from core.people.rules import Right, Role, may

#: How alike two names must be for one to be suggested for the other, as difflib measures it; and how many are at most.
_ALIKE, _SUGGESTED = 0.6, 3


class Group(StrEnum):
    """What belongs together in /help."""

    WORK = "work"
    CUSTOMERS = "customers"
    PLANNING = "planning"
    QUEUES = "queues"
    LEVELS = "levels"
    MYSELF = "myself"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class Entry:
    """One command.

    Attributes:
        right: what it needs.
        listed: whether the menu and /help show it.
        words: words follow it; an example of them is shown.
    """

    name: str
    group: Group = Group.MYSELF
    right: Right = Right.SEE_WORK
    listed: bool = True
    words: bool = False

    def may(self, role: Role) -> bool:
        """Tell whether a role may use it."""
        return may(role, self.right)


STAFF: tuple[Entry, ...] = (
    Entry("assigned", Group.WORK),
    Entry("progress", Group.WORK),
    Entry("case", Group.WORK, words=True),
    Entry("find", Group.WORK, words=True),
    Entry("file", Group.WORK, words=True),
    Entry("edit", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("accept", Group.WORK, Right.TAKE, words=True),
    Entry("steal", Group.WORK, Right.TAKE, words=True),
    Entry("resolve", Group.WORK, Right.TAKE, words=True),
    Entry("release", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("assign", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("reassign", Group.WORK, Right.MOVE_OWN, listed=False, words=True),
    Entry("cancel_case", Group.WORK, Right.TAKE, words=True),
    Entry("merge", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("split", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("link", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("parent", Group.WORK, Right.MOVE_OWN, words=True),
    Entry("reopen", Group.WORK, Right.TAKE, words=True),
    Entry("history", Group.WORK, words=True),
    Entry("people", Group.WORK),
    Entry("reply", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("note", Group.CUSTOMERS, words=True),
    Entry("t", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("templates", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("template_new", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("template_edit", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("template_drop", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("new", Group.CUSTOMERS, Right.TAKE, words=True),
    Entry("email", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("via", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("copy", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("uncopy", Group.CUSTOMERS, Right.ANSWER, words=True),
    Entry("spam", Group.CUSTOMERS, Right.BAN, words=True),
    Entry("ban", Group.CUSTOMERS, Right.BAN, words=True),
    Entry("unban", Group.CUSTOMERS, Right.BAN, words=True),
    Entry("contact_merge", Group.CUSTOMERS, Right.KEEP_CONTACTS, words=True),
    Entry("contact_export", Group.CUSTOMERS, Right.KEEP_CONTACTS, words=True),
    Entry("contact_erase", Group.CUSTOMERS, Right.KEEP_CONTACTS, words=True),
    Entry("accounts", Group.CUSTOMERS, words=True),
    Entry("account", Group.CUSTOMERS, words=True),
    Entry("account_new", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("account_edit", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("account_join", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("account_leave", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("account_merge", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("account_close", Group.CUSTOMERS, Right.KEEP_ACCOUNTS, words=True),
    Entry("task", Group.PLANNING, Right.PLAN, words=True),
    Entry("call", Group.PLANNING, Right.PLAN, words=True),
    Entry("meet", Group.PLANNING, Right.PLAN, words=True),
    Entry("serve", Group.PLANNING, Right.PLAN, words=True),
    Entry("write", Group.PLANNING, Right.PLAN, words=True),
    Entry("chat", Group.PLANNING, Right.PLAN, words=True),
    Entry("log", Group.PLANNING, Right.PLAN, words=True),
    Entry("done", Group.PLANNING, Right.TAKE, words=True),
    Entry("move", Group.PLANNING, Right.PLAN, words=True),
    Entry("calloff", Group.PLANNING, Right.PLAN, words=True),
    Entry("today", Group.PLANNING),
    Entry("week", Group.PLANNING),
    Entry("snooze", Group.PLANNING, Right.PLAN, words=True),
    Entry("missed", Group.PLANNING, words=True),
    Entry("queues", Group.QUEUES),
    Entry("queue", Group.QUEUES, words=True),
    Entry("forward", Group.QUEUES, Right.MOVE_OWN, words=True),
    Entry("watch", Group.QUEUES, words=True),
    Entry("categories", Group.QUEUES, words=True),
    Entry("queue_new", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_edit", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_missed", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_merge", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_unmerge", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_split", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("queue_close", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("bind", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("unbind", Group.QUEUES, Right.KEEP_QUEUES, words=True),
    Entry("levels", Group.LEVELS),
    Entry("level", Group.LEVELS, words=True),
    Entry("level_new", Group.LEVELS, Right.KEEP_LEVELS, words=True),
    Entry("level_use", Group.LEVELS, Right.KEEP_LEVELS, words=True),
    Entry("hours", Group.LEVELS, words=True),
    Entry("closures", Group.LEVELS, words=True),
    Entry("me", words=True),
    Entry("signature", right=Right.ANSWER, words=True),
    Entry("away", words=True),
    Entry("back"),
    Entry("cap", words=True),
    Entry("mailbox", words=True),
    Entry("skills", words=True),
    Entry("digest", words=True),
    Entry("cancel"),
    Entry("help", words=True),
    Entry("letters", Group.ADMINISTRATION, Right.RELEASE_LETTERS),
    Entry("senders", Group.ADMINISTRATION, Right.RELEASE_LETTERS, words=True),
    Entry("invite", Group.ADMINISTRATION, Right.INVITE, words=True),
    Entry("invitations", Group.ADMINISTRATION, Right.INVITE),
    Entry("dismiss", Group.ADMINISTRATION, Right.DISMISS, words=True),
    Entry("start", listed=False),
)

CUSTOMER: tuple[Entry, ...] = (
    Entry("new"),
    Entry("my"),
    Entry("link"),
    Entry("code"),
    Entry("help"),
    Entry("start", listed=False),
)


def nearest(command: str, entries: Sequence[Entry], role: Role | None = None) -> list[str]:
    """Suggest the commands that may have been meant, the most alike first; of staff only those that a role may use."""
    known = [one.name for one in entries if role is None or one.may(role)]
    return [f"/{name}" for name in difflib.get_close_matches(command, known, _SUGGESTED, _ALIKE)]


def unknown(command: str, entries: Sequence[Entry], role: Role | None = None) -> Misused:
    """Say that there is no such command, and which may have been meant."""
    near = nearest(command, entries, role)
    if near:
        return Misused("command.unknown_near", command=command, near=near)
    return Misused("command.unknown", command=command)
