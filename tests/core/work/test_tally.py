"""How many items stand where is known without counting, whoever moves them at the same moment."""

from __future__ import annotations

import contextlib
from itertools import count

import pytest
from sqlalchemy import func, select

from core.cases import actions as cases
from core.cases import incoming
from core.desk import Desk, Tx
from core.errors import DeskError
from core.people.rules import Role
from core.store import migrate
from core.work import actions as work
from core.work import tally
from core.work.model import Tally
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once
from tests.core.work.counting import check_numbers


def _rows(desk: Desk) -> int:
    return desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(Tally)) or 0)


def test_an_accepted_item_is_counted_where_it_stands_and_where_it_came_from(office: Office) -> None:
    olena, vip = office.join("Olena"), office.queue("VIP").id
    number = office.open_case(queue=vip)
    office.open_case(queue=vip)
    office.desk.run(work.accept, number, olena)
    progress = office.personal(olena, QueueKind.IN_PROGRESS)
    assert office.desk.look(tally.items_in, vip) == 1
    assert office.desk.look(tally.items_in, progress) == 1
    assert office.desk.look(lambda tx: tally.numbers(tx, accepted=True)[vip].items) == 1
    office.desk.run(cases.resolve, number, olena)
    assert office.desk.look(tally.items_in, progress) == 0
    assert office.desk.look(lambda tx: tally.numbers(tx, accepted=True)[vip].items) == 0


def test_many_changes_become_one_for_each_number_and_say_the_same(office: Office) -> None:
    olena, vip, desk = office.join("Olena"), office.queue("VIP").id, office.desk
    for _ in range(6):
        desk.run(work.forward, office.open_case(), vip, olena)
    before = desk.look(lambda tx: tally.numbers(tx, accepted=False))
    desk.run(tally.sum_up)
    assert _rows(desk) == len(before)
    assert desk.look(lambda tx: tally.numbers(tx, accepted=False)) == before
    check_numbers(desk)


def test_it_is_time_to_sum_up_when_there_are_many_more_changes_than_queues(office: Office) -> None:
    vip = office.queue("VIP").id
    assert not office.desk.look(tally.is_long)
    rows = [{"queue_id": vip, "accepted": False, "change": change} for change in (1, -1) * 300]
    office.desk.run(lambda tx: tx.session.execute(Tally.__table__.insert(), rows))
    assert office.desk.look(tally.is_long)
    office.desk.run(tally.sum_up)
    assert not office.desk.look(tally.is_long)


def test_what_is_written_together_is_counted_too(office: Office) -> None:
    office.join("Olena")
    said = [(who, office.says(who)) for who in map(office.customer, ("Ivan", "Petro", "Oksana"))]

    def open_all(tx: Tx) -> None:
        with tx.writing_together(len(said)):
            for who, words in said:
                incoming.open_case(tx, who, words)

    office.desk.run(open_all)
    check_numbers(office.desk)


def test_a_desk_that_kept_no_numbers_before_is_counted_when_it_is_migrated(office: Office) -> None:
    olena, vip = office.join("Olena"), office.queue("VIP").id
    for _ in range(3):
        office.desk.run(work.accept, office.open_case(queue=vip), olena)
        office.open_case()
    migrate.downgrade(office.desk.engines, "0003")
    migrate.upgrade(office.desk.engines)
    check_numbers(office.desk)


@pytest.mark.long
def test_the_numbers_stay_right_while_many_move_items_and_sum_up_at_once(office: Office) -> None:
    chief, olena = office.join("Maria", Role.MANAGER), office.join("Olena")
    queues = [office.queue(name).id for name in ("VIP", "Billing")]
    numbers = [office.open_case(queue=queues[0]) for _ in range(3)]
    turns = count()

    def go() -> None:
        mine = next(turns)
        for step in range(8):
            number = numbers[(mine + step) % len(numbers)]
            with contextlib.suppress(DeskError):
                office.desk.run(work.forward, number, queues[(mine + step) % 2], chief)
            with contextlib.suppress(DeskError):
                office.desk.run(cases.accept, number, olena)
            if mine < 2:
                office.desk.run(tally.sum_up)

    at_once(go)
    check_numbers(office.desk)
