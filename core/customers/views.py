"""What the outside gets to see of customers."""

from __future__ import annotations

from dataclasses import dataclass

from core.history.actions import Actor


@dataclass(frozen=True, slots=True)
class ContactView:
    """A customer; `banned` ones are heard no more."""

    id: int
    name: str
    locale: str
    zone: str | None
    banned: bool

    def actor(self, via: str) -> Actor:
        """The same customer as the history knows them."""
        return Actor("contact", self.id, via)
