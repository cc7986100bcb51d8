"""What the outside gets to see of those who work here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from core.calendars.week import Week
from core.history.actions import Actor
from core.outbox.actions import To
from core.outbox.model import Channel
from core.people.quiet import Loudness, News, Quiet, loudness
from core.people.rules import Presence, Role


@dataclass(frozen=True, slots=True)
class Representative:
    """A member of staff, of whatever role.

    Attributes:
        away_until: None unless that is still to come; `substitute_id` is who stands in meanwhile.
        cap: so many items in progress at most before new work goes to others.
        signatures: what stands below their letters, by language; for every language under the empty word.
        quiet: the hours in which little is told; `news` is how they want to be told of what, where they chose.
    """

    id: int
    name: str
    handle: str
    role: Role
    chat_id: int | None
    locale: str
    zone: str
    presence: Presence
    week: Week
    working: bool
    digest_at: time | None
    away_until: datetime | None = None
    substitute_id: int | None = None
    cap: int | None = None
    skills: tuple[str, ...] = ()
    quiet: Quiet | None = None
    news: tuple[tuple[str, str], ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()

    @property
    def actor(self) -> Actor:
        """The same person as the history knows them."""
        return Actor("person", self.id, "telegram")

    def hears(self, news: News) -> Loudness:
        """Tell how they want to be told of something."""
        return loudness(dict(self.news), news)

    @property
    def to(self) -> To | None:
        """How to reach them; None before they have opened the bot."""
        return To(Channel.TELEGRAM, str(self.chat_id), person=self.id) if self.chat_id else None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be used; `by` is None when it was made on the command line of the machine."""

    id: int
    role: Role
    by: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation just made; the token is told once and kept only as its hash."""

    id: int
    token: str
    role: Role
    expires_at: datetime
