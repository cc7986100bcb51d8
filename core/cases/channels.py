"""By which channel the answers of a case go: the one that its customer used last, or one that was chosen."""

from __future__ import annotations

from core.cases.editing import lock_editable
from core.customers import actions as customers
from core.desk import Tx
from core.errors import Refused
from core.history.actions import record
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import cards


def choose_channel(tx: Tx, number: int, channel: Channel | None, by: Representative) -> None:
    """Let the answers of an open case go by a channel from now on; None: by the one that its customer used last.

    While nothing can be delivered by it, they go as if none had been chosen.

    Raises:
        As `core.cases.editing.lock_editable`.
        Refused: `right.missing`; `via.no_way`: there is no address of theirs to write to by it.
    """
    check(by.role, Right.ANSWER)
    row, _ = lock_editable(tx, number, by)
    if channel is not None and customers.way_by(tx, row.contact_id, channel) is None:
        raise Refused(f"via.no_{channel}", number=number)
    if row.answer_by == channel:
        return
    row.answer_by = channel
    record(tx, "channel_chosen" if channel else "channel_left", by.actor, work=number, channel=channel and str(channel))
    tx.session.flush()
    cards.changed(tx, number)
