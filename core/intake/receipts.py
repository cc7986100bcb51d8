"""A machine says that a letter of ours arrived, or was shown to its reader: noted at the message that it was."""

from __future__ import annotations

import re

from core.cases.model import Entry
from core.desk import Tx
from core.history.actions import DESK, record
from core.intake.failures import own_letter, told_by
from core.intake.letter import Letter
from core.outbox.model import OwedKind
from core.work import cards

#: Deleted without having been shown is not read (RFC 8098, section 3.2.6.2).
_READ = re.compile(r"^disposition[ \t]*:[^;\n]{0,200};[ \t]*displayed\b", re.IGNORECASE | re.MULTILINE)

#: Handed on to where no more is told is not arrived (RFC 3464, section 2.3.3).
_ARRIVED = re.compile(r"^action[ \t]*:[ \t]*delivered\b", re.IGNORECASE | re.MULTILINE)


def noted(tx: Tx, letter: Letter) -> int | None:
    """Note what a receipt tells; only one that carries our signed Message-ID is of any letter of ours.

    Returns:
        The number of the case; None when it is about no letter of ours.
    """
    own = own_letter(tx, letter)
    if own is None or own.work_id is None:
        return None
    if told_by(tx, own, letter).kind is OwedKind.COPY:
        return own.work_id  # of somebody in copy; what stands at the message is of its customer
    text = "\n".join(one.text for one in letter.reports)
    read, arrived = _READ.search(text) is not None, _ARRIVED.search(text) is not None
    entry = tx.lock(Entry, own.entry_id) if own.entry_id is not None else None
    if entry is None or not (read or arrived):
        return own.work_id
    if read and entry.read_at is None:
        entry.read_at = tx.now
        record(tx, "mail_read", DESK, work=entry.work_id, entry=entry.id)
    if arrived and entry.arrived_at is None:
        entry.arrived_at = tx.now
        record(tx, "mail_arrived", DESK, work=entry.work_id, entry=entry.id)
    tx.session.flush()
    cards.changed(tx, entry.work_id)
    return entry.work_id
