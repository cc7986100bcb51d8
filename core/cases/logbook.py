"""What happened outside the desk stands in the conversation of its case, too, with its time; it is no answer."""

from __future__ import annotations

from dataclasses import replace

from core.activities import logged
from core.activities.views import Logged
from core.cases import indexing
from core.cases.elsewhere import FLAGS
from core.cases.erasing import has_words_again
from core.cases.locking import lock_case
from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import cards, queries
from core.work.views import ItemView


def log(tx: Tx, what: Logged, by: Representative) -> ItemView:
    """Log a letter, a chat message or a call of a case, open or closed, or of a customer.

    It is written into the conversation as what stays inside: nobody is answered by it, and no clock ends. A case that
    was merged goes on as another.

    Raises:
        As `core.activities.logged.log`; NotFound: `item.unknown` or `case.is_task`.
    """
    check(by.role, Right.PLAN)
    if what.regarding is None:
        return queries.item(tx, logged.log(tx, what, by))
    row, work = lock_case(tx, what.regarding, by)
    if work.merged_into_id is not None:
        return log(tx, replace(what, regarding=work.merged_into_id), by)
    number = logged.log(tx, what, by, about=work)
    words = "\n".join(one for one in (what.title.strip(), what.outcome.strip()) if one)
    entry = Entry(work_id=work.id, kind=EntryKind.NOTE, at=what.at or tx.now, person_id=by.id, text=words)
    entry.flags = [FLAGS[what.kind, what.direction]]
    tx.session.add(entry)
    row.last_entry_at = tx.now
    has_words_again(tx, row, work)
    tx.session.flush()
    indexing.said(tx, work.id, words)
    cards.changed(tx, work.id)
    return queries.item(tx, number)
