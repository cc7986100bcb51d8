"""What the outside gets to see of customers."""

from __future__ import annotations

from dataclasses import dataclass

from core.customers.rules import Pace
from core.history.actions import Actor


@dataclass(frozen=True, slots=True)
class ContactView:
    """A customer; `banned` ones are heard no more, and who writes too fast by `pace` is heard in silence.

    Attributes:
        complained: they called a letter to the address they wrote from spam, and get nothing automatic there.
    """

    id: int
    name: str
    locale: str
    zone: str | None
    banned: bool
    pace: Pace = Pace.USUAL
    complained: bool = False

    def actor(self, via: str) -> Actor:
        """The same customer as the history knows them."""
        return Actor("contact", self.id, via)
