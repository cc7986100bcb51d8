"""What a customer's calendar answers to our invitation: noted on the appointment (RFC 5546, section 3.2.3)."""

from __future__ import annotations

import re

from core.activities.model import Activity
from core.customers.views import ContactView
from core.desk import Tx
from core.history.actions import record
from core.work import cards
from core.work.model import Work

_UID = re.compile(r"appointment-(\d{1,12})@.{1,255}")

#: What we note of the answers that calendars give; of others nothing.
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


def answered(tx: Tx, case: int, uid: str, sequence: int, said: str, contact: ContactView) -> str | None:
    """Note what a customer's calendar answered to an appointment of a case, unless it was moved meanwhile.

    Args:
        said: `ACCEPTED`, `DECLINED` or `TENTATIVE`.

    Returns:
        The word that was noted; None where it is no answer to an appointment of this case as it is now.
    """
    named, word = _UID.fullmatch(uid), ANSWERS.get(said)
    if named is None or word is None:
        return None
    number = int(named[1])
    if tx.lock(Work, number) is None:
        return None
    row = tx.lock(Activity, number)
    if row is None or row.uid != uid or row.regarding_id != case or sequence < row.sequence:
        return None
    row.answer, row.answered_at = word, tx.now
    tx.session.flush()
    record(tx, f"invitation_{word}", contact.actor("email"), work=case, task=number)
    cards.changed(tx, number)
    return word
