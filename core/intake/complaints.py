"""Somebody called a letter of ours spam: nothing automatic is sent to them any more, and the managers are told once."""

from __future__ import annotations

import re

from sqlalchemy import select

from core.cases.locking import lock_case
from core.cases.model import Case
from core.cases.telling import tell_person
from core.customers.actions import get
from core.customers.failing import complains
from core.desk import Tx
from core.history.actions import DESK, record
from core.intake.failures import own_letter, told_by
from core.intake.letter import Letter
from core.outbox.model import OwedKind
from core.people import queries as people
from core.texts.said import notice
from core.work.model import Work
from core.work.rules import WorkState

_TYPE = re.compile(r"^feedback-type[ \t]*:[ \t]*([a-z-]{1,40})", re.IGNORECASE | re.MULTILINE)

#: Reports that somebody wants no such mail; others tell of forged senders, or that it was no spam (RFC 5965, RFC 6591).
_COMPLAINTS = {"abuse", "fraud", "miscategorized", "opt-out", "opt-out-list", "other"}


def complained(tx: Tx, letter: Letter) -> int | None:
    """Note that a customer complained of a letter of ours; only one that carries our signed Message-ID counts.

    Returns:
        The number of the case; None when it is about no letter of ours, or no complaint.
    """
    kinds = {found[1].lower() for one in letter.reports for found in _TYPE.finditer(one.text)}
    if kinds and not _COMPLAINTS & kinds:
        return None
    own = own_letter(tx, letter)
    if own is None or own.work_id is None or own.contact_id is None:
        return None
    whose = told_by(tx, own, letter)
    if whose.kind is OwedKind.COPY:
        record(tx, "copy_complained", DESK, work=own.work_id, address=whose.address)
        complains(tx, whose.address)  # nothing is sent there any more; the customer goes on as before
        return own.work_id
    record(tx, "mail_complained", DESK, work=own.work_id)
    if complains(tx, own.address):
        _hush(tx, own.contact_id)
        told = notice("notice.complaint", number=own.work_id, name=get(tx, own.contact_id).name, address=own.address)
        for one in people.leaders(tx):
            tell_person(tx, one.id, told, work=own.work_id, sound=False)
    return own.work_id


def _hush(tx: Tx, contact: int) -> None:
    """Send nothing automatic in the open cases of a contact any more."""
    theirs = select(Case.work_id).join(Work, Work.id == Case.work_id)
    theirs = theirs.where(Case.contact_id == contact, Work.state == WorkState.OPEN, Case.hushed.is_(False))
    for number in tx.session.scalars(theirs.order_by(Case.work_id)).all():
        case, _ = lock_case(tx, number)
        case.hushed = True
