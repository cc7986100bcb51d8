"""Two who make the same thing at the same moment make it once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.customers.actions import Caller, recognise
from core.customers.model import Contact, ContactAddress
from core.desk import Tx
from core.outbox.model import Channel
from core.work.model import Queue
from core.work.queues import INTAKE, add_public, intake_queue, personal_queue
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import CROWD, T, at_once


def _meeting(office: Office, action: Callable[..., T], *args: object) -> list[T]:
    """Run an action in a crowd whose transactions have all begun before the first goes on, where several can."""
    together, met = threading.Barrier(CROWD), set[int]()

    def meet(tx: Tx) -> T:
        tx.session.scalar(select(func.count()).select_from(Queue))
        if not office.desk.engines.is_sqlite and threading.get_ident() not in met:
            met.add(threading.get_ident())
            together.wait(10)
        return action(tx, *args)

    return at_once(lambda: office.desk.run(meet))


def test_one_contact_however_many_messages_arrive_at_once(office: Office) -> None:
    caller = Caller(Channel.EMAIL, "ivan@example.com", "Ivan")
    ids = {contact.id for contact in _meeting(office, recognise, caller)}
    assert len(ids) == 1
    assert office.desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(Contact))) == 1
    assert office.desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(ContactAddress))) == 1


def test_one_personal_queue_of_each_kind(office: Office) -> None:
    olena = office.join("Olena")
    assert len(set(_meeting(office, personal_queue, olena.id, QueueKind.ASSIGNED))) == 1


def test_a_name_that_somebody_took_at_this_moment_is_a_lost_race_and_no_refusal(office: Office) -> None:
    office.desk.run(intake_queue)
    with pytest.raises(IntegrityError):  # after the other tries, each of which finds the same here
        office.desk.run(add_public, INTAKE, [])


def test_one_public_queue_for_new_work(office: Office) -> None:
    assert len(set(_meeting(office, intake_queue))) == 1
