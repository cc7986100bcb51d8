"""The numbers that are kept, held against the items themselves, counted one by one."""

from __future__ import annotations

from sqlalchemy import func, select

from core.desk import Desk, Tx
from core.work import tally
from core.work.model import Queue, Work
from core.work.rules import QueueKind

Numbers = dict[int, int]


def check_numbers(desk: Desk) -> None:
    """Insist that the numbers that are kept are those of the items."""
    assert desk.look(_kept) == desk.look(_counted)


def _kept(tx: Tx) -> tuple[Numbers, Numbers]:
    here, accepted = (
        {queue: one.items for queue, one in tally.numbers(tx, accepted=which).items() if one.items}
        for which in (False, True)
    )
    return here, accepted


def _counted(tx: Tx) -> tuple[Numbers, Numbers]:
    here = select(Work.queue_id, func.count()).where(Work.queue_id.is_not(None)).group_by(Work.queue_id)
    accepted = select(Work.came_from_id, func.count()).join(Queue, Queue.id == Work.queue_id)
    accepted = accepted.where(Queue.kind == QueueKind.IN_PROGRESS, Work.came_from_id.is_not(None))
    found = tx.session.execute(here).all(), tx.session.execute(accepted.group_by(Work.came_from_id)).all()
    return dict(found[0]), dict(found[1])  # type: ignore[arg-type] # no key is None: the statements leave that out
