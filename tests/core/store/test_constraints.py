"""The database itself refuses what must not be."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from core.desk import Tx
from core.work.model import Queue, Work
from core.work.rules import QueueKind, WorkKind, WorkState
from tests.core.office import Office


def _work(tx: Tx, /, **values: Any) -> None:
    given: dict[str, Any] = {
        "kind": WorkKind.CASE,
        "title": "-",
        "entered_at": tx.now,
        "created_at": tx.now,
        "touched_at": tx.now,
    }
    tx.session.add(Work(**(given | values)))


def test_an_open_case_stands_in_a_queue(office: Office) -> None:
    queue = office.queue()
    office.desk.run(_work, queue_id=queue.id)
    with pytest.raises(IntegrityError, match="one_place"):
        office.desk.run(_work, queue_id=None)


def test_an_open_queued_task_stands_in_a_queue(office: Office) -> None:
    with pytest.raises(IntegrityError, match="one_place"):
        office.desk.run(_work, kind=WorkKind.TASK, queue_id=None)


def test_a_closed_item_stands_in_none(office: Office) -> None:
    queue, now = office.queue(), office.clock()
    office.desk.run(_work, state=WorkState.CLOSED, closed_at=now, queue_id=None)
    with pytest.raises(IntegrityError, match="one_place"):
        office.desk.run(_work, state=WorkState.CLOSED, closed_at=now, queue_id=queue.id)


def test_an_activity_may_stand_in_no_queue_but_a_case_may_not(office: Office) -> None:
    office.desk.run(_work, kind=WorkKind.TASK, queued=False, queue_id=None)
    with pytest.raises(IntegrityError, match="case_queued"):
        office.desk.run(_work, queued=False, queue_id=None)


def test_closed_and_closed_at_go_together(office: Office) -> None:
    queue, now = office.queue(), office.clock()
    with pytest.raises(IntegrityError, match="closed"):
        office.desk.run(_work, state=WorkState.CLOSED, queue_id=None)
    with pytest.raises(IntegrityError, match="closed"):
        office.desk.run(_work, queue_id=queue.id, closed_at=now)


def test_an_item_cannot_stand_in_a_queue_that_does_not_exist(office: Office) -> None:
    with pytest.raises(IntegrityError):
        office.desk.run(_work, queue_id=123_456_789)


def test_a_person_has_each_personal_queue_once(office: Office) -> None:
    olena = office.join("Olena")

    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.session.add(Queue(kind=QueueKind.ASSIGNED, owner_id=olena.id, created_at=tx.now))

    with pytest.raises(IntegrityError):
        office.desk.run(twice)


@pytest.mark.parametrize(
    ("kind", "owned", "named"),
    [
        (QueueKind.PUBLIC, True, True),
        (QueueKind.PUBLIC, False, False),
        (QueueKind.ASSIGNED, False, False),
        (QueueKind.IN_PROGRESS, True, True),
    ],
)
def test_a_queue_is_either_public_and_named_or_somebodys(
    office: Office, kind: QueueKind, owned: bool, named: bool
) -> None:
    owner = office.join("Olena").id if owned else None
    name = "VIP" if named else None
    with pytest.raises(IntegrityError, match=r"ck_queue|CHECK"):
        office.desk.run(
            lambda tx: tx.session.add(Queue(kind=kind, owner_id=owner, name=name, name_key=name, created_at=tx.now))
        )
