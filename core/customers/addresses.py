"""Whose an address is."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from core.customers.model import ContactAddress
from core.desk import Tx
from core.outbox.model import Channel

_BEHIND = select(ContactAddress.contact_id).where(
    ContactAddress.channel == bindparam("channel"), ContactAddress.address == bindparam("address")
)


def contact_behind(tx: Tx, channel: Channel, address: str) -> int | None:
    """Find the contact behind an address, casefolded; None where nobody is known there."""
    return tx.session.scalar(_BEHIND, {"channel": channel, "address": address})
