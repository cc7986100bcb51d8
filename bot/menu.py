"""Which commands there are, for whom, in the order they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.people.rules import Right, Role, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, the right it needs, and whether the menu and /help show it."""

    name: str
    right: Right = Right.SEE_WORK
    listed: bool = True

    def may(self, role: Role) -> bool:
        """Tell whether a role may use it."""
        return may(role, self.right)


STAFF: tuple[Entry, ...] = (
    Entry("assigned"),
    Entry("progress"),
    Entry("queues"),
    Entry("queue"),
    Entry("case"),
    Entry("accept", Right.TAKE),
    Entry("reply", Right.ANSWER),
    Entry("note"),
    Entry("forward", Right.MOVE_OWN),
    Entry("assign", Right.MOVE_OWN),
    Entry("reassign", Right.MOVE_OWN, listed=False),
    Entry("release", Right.MOVE_OWN),
    Entry("resolve", Right.TAKE),
    Entry("reopen", Right.TAKE),
    Entry("task", Right.PLAN),
    Entry("snooze", Right.PLAN),
    Entry("missed"),
    Entry("digest"),
    Entry("watch"),
    Entry("history"),
    Entry("people"),
    Entry("email", Right.ANSWER),
    Entry("spam", Right.BAN),
    Entry("ban", Right.BAN),
    Entry("unban", Right.BAN),
    Entry("letters", Right.RELEASE_LETTERS),
    Entry("queue_new", Right.KEEP_QUEUES),
    Entry("invite", Right.INVITE),
    Entry("invitations", Right.INVITE),
    Entry("me"),
    Entry("cancel"),
    Entry("help"),
    Entry("start", listed=False),
)

CUSTOMER: tuple[Entry, ...] = (
    Entry("new"),
    Entry("my"),
    Entry("help"),
    Entry("start", listed=False),
)
