"""What people said of senders: whose letters are always accepted, and whose are heard no more; by address or domain."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from core.customers.model import SenderRule
from core.desk import Tx
from core.errors import Misused, NotFound
from core.history.actions import record
from core.people.rules import Right, check
from core.people.views import Representative

_DOMAIN = re.compile(r"(?=.{3,253}$)(?:[\w-]{1,63}\.){1,20}[\w-]{2,63}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,250}")


class Verdict(StrEnum):
    """What is done with the letters of a sender: accepted whatever rules say, or kept and shown to nobody."""

    ACCEPT = "accept"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class SenderView:
    """A rule on a sender: an address, or a domain with all of its addresses."""

    id: int
    pattern: str
    verdict: Verdict
    since: datetime


def read_pattern(words: str) -> str:
    """Read an address or a domain, which may be written as `@example.com`; casefolded.

    Raises:
        Misused: `senders.pattern`.
    """
    clean = words.strip().strip("<>").casefold()
    if _ADDRESS.fullmatch(clean):
        return clean
    domain = clean.removeprefix("@")
    if not _DOMAIN.fullmatch(domain):
        raise Misused("senders.pattern")
    return domain


def say_of_sender(tx: Tx, words: str, verdict: Verdict, by: Representative) -> SenderView:
    """Keep what is done with the letters of a sender; what was said of it before is replaced.

    Raises:
        Refused: `right.missing`.
        Misused: `senders.pattern`.
    """
    check(by.role, Right.KEEP_SENDERS)
    pattern = read_pattern(words)
    row = tx.session.scalar(select(SenderRule).where(SenderRule.pattern == pattern).with_for_update())
    if row is None:
        row = SenderRule(pattern=pattern, verdict=verdict, created_at=tx.now, created_by_id=by.id)
        tx.session.add(row)
    row.verdict, row.created_at, row.created_by_id = verdict, tx.now, by.id
    tx.session.flush()
    record(tx, "sender_rule", by.actor, subject=("sender", row.id), verdict=str(verdict))
    return _view(row)


def take_back(tx: Tx, rule: int, by: Representative) -> SenderView:
    """Forget what was said of a sender.

    Raises:
        Refused: `right.missing`.
        NotFound: `senders.unknown`.
    """
    check(by.role, Right.KEEP_SENDERS)
    row = tx.session.scalar(select(SenderRule).where(SenderRule.id == rule).with_for_update())
    if row is None:
        raise NotFound("senders.unknown")
    shown = _view(row)
    tx.session.delete(row)
    tx.session.flush()
    record(tx, "sender_rule_dropped", by.actor, subject=("sender", rule))
    return shown


def rules_on_senders(tx: Tx, by: Representative, *, offset: int = 0, limit: int = 8) -> tuple[list[SenderView], int]:
    """List a page of what was said of senders, by address, and count all.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.RELEASE_LETTERS)
    total = tx.session.scalar(select(func.count()).select_from(SenderRule)) or 0
    rows = tx.session.scalars(select(SenderRule).order_by(SenderRule.pattern).offset(offset).limit(limit))
    return [_view(row) for row in rows], total


def verdict_on(tx: Tx, address: str) -> Verdict | None:
    """Tell what was said of a sender: of the address itself, else of its domain or one above it."""
    if ("verdict", address) not in tx.memo:
        look_for_verdicts(tx, [address])
    found: Verdict | None = tx.memo["verdict", address]
    return found


def look_for_verdicts(tx: Tx, addresses: Collection[str]) -> None:
    """Ask what was said of many senders at once."""
    patterns = {one for address in addresses for one in _patterns(address)}
    query = select(SenderRule.pattern, SenderRule.verdict).where(SenderRule.pattern.in_(patterns))
    known = {pattern: Verdict(verdict) for pattern, verdict in tx.session.execute(query)}
    for address in addresses:
        tx.memo["verdict", address] = next((known[one] for one in _patterns(address) if one in known), None)


def _patterns(address: str) -> list[str]:
    """List the patterns that mean an address, the narrowest first."""
    folded = address.casefold()
    labels = folded.rpartition("@")[2].split(".")[-6:]
    return [folded, *(".".join(labels[start:]) for start in range(len(labels) - 1))]


def _view(row: SenderRule) -> SenderView:
    return SenderView(row.id, row.pattern, Verdict(row.verdict), row.created_at)
