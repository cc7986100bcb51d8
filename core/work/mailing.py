"""What a public queue says of the letters of its cases: what stands below them, and who else takes part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.desk import Tx
from core.history.actions import record
from core.people.signatures import signature_in, with_signature
from core.people.views import Representative
from core.work.model import Queue, Work
from core.work.names import queue_named
from core.work.queues import INTAKE
from core.work.rules import Copied
from core.work.shifting import lock_kept


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below a letter of an item, besides what whoever wrote says."""

    signature: str = ""
    quotes: bool = False


def set_signature(tx: Tx, queue: int, words: str | None, language: str | None, by: Representative) -> None:
    """Say what stands below the letters of a queue's cases; None takes it away.

    Raises:
        Refused: `right.missing`.
        Misused: as `core.people.signatures.with_signature`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    before, row.signatures = row.signatures, with_signature(row.signatures, words, language)
    _edited(tx, row, by, "signature", before=before, after=row.signatures)


def set_quotes(tx: Tx, queue: int, by: Representative, *, quotes: bool) -> None:
    """Say whether answers by mail quote what was said before.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    before, row.quotes = row.quotes, quotes
    _edited(tx, row, by, "quote", before=before, after=quotes)


def set_copied(tx: Tx, queue: int, copied: Copied, by: Representative) -> None:
    """Say who of those that a customer's letter also went to takes part in its case.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    before, row.copied = row.copied, copied
    _edited(tx, row, by, "copied", before=str(before), after=str(copied))


def copied_in(tx: Tx, number: int) -> Copied:
    """Tell what the queue that an item belongs to says of those that a letter also went to.

    Of one that was given out as it came, and belongs to none, Intake says it.
    """
    work = tx.find(Work, number)
    home = work.home_id if work is not None and work.home_id is not None else queue_named(tx, INTAKE)
    queue = tx.find(Queue, home) if home is not None else None
    return Copied(queue.copied) if queue is not None else Copied.IGNORE


def _edited(tx: Tx, row: Queue, by: Representative, field: str, **facts: Any) -> None:
    tx.session.flush()
    record(tx, "queue_edited", by.actor, subject=("queue", row.id), field=field, **facts)


def below(tx: Tx, number: int, locale: str) -> Below:
    """Tell what the queue that an item belongs to says of its letters, to who reads a language."""
    work = tx.find(Work, number)
    queue = tx.find(Queue, work.home_id) if work is not None and work.home_id is not None else None
    return Below(signature_in(queue.signatures, locale), queue.quotes) if queue is not None else Below()
