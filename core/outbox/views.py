"""What the couriers get to see of what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.outbox.model import Channel, OwedKind


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed row of the outbox: what is to be sent, and the lease (`id`, `version`) to settle it with."""

    id: int
    version: int
    channel: Channel
    address: str
    lane: str
    kind: OwedKind
    facts: dict[str, Any]
    person_id: int | None
    contact_id: int | None
    work_id: int | None
    entry_id: int | None
    sound: bool
    tries: int
    undrawn: int
    repeat: bool
    created_at: datetime
    expires_at: datetime
    #: It goes to a domain that did not take letters, to try whether it does.
    tries_domain: bool = False
