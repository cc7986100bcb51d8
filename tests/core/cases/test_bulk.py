"""The same with many items: each by itself, in one transaction, and told one by one."""

from __future__ import annotations

from contextlib import suppress

import pytest

from core.cases import actions as cases
from core.cases import bulk
from core.desk import Tx
from core.errors import Misused, Refused
from core.outbox.actions import To, owe_notice
from core.outbox.claims import Hands
from core.outbox.model import Channel
from core.people.views import Representative
from core.texts.said import notice
from core.work.model import Work
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once


def _open(office: Office, count: int) -> list[int]:
    queue = office.queue("VIP").id
    return [office.open_case(queue=queue) for _ in range(count)]


def test_what_can_be_done_is_done_and_the_rest_told(
    office: Office, olena: Representative, taras: Representative
) -> None:
    one, two, three = _open(office, 3)
    office.desk.run(cases.accept, two, taras)
    what = office.desk.run(bulk.accept, [three, two, one, one, 9999], olena)
    assert what.done == (one, three)
    assert [(number, error.key) for number, error in what.failed] == [(two, "item.taken"), (9999, "item.unknown")]
    assert office.place(one) == (QueueKind.IN_PROGRESS, olena.id)
    assert office.place(two) == (QueueKind.IN_PROGRESS, taras.id)


def test_out_of_assigned_nothing_is_ended_without_being_accepted(office: Office, olena: Representative) -> None:
    one, two = (office.open_case() for _ in range(2))
    assert office.place(one) == (QueueKind.ASSIGNED, olena.id)
    assert office.desk.run(bulk.resolve, [one, two], olena, "Repaired", minutes=5).done == (one, two)
    assert office.verbs(one)[-2:] == ["accepted", "resolved"]


def test_items_are_forwarded_and_assigned(office: Office, olena: Representative, taras: Representative) -> None:
    queue, vip = office.queue("Printers").id, office.queue("VIP").id
    one, two = (office.open_case(queue=queue) for _ in range(2))
    office.desk.run(bulk.forward, [one, two], vip, olena)
    assert office.place(one) == (QueueKind.PUBLIC, None)
    again = office.desk.run(bulk.forward, [one, two], vip, olena)
    assert [error.key for _, error in again.failed] == ["item.in_queue", "item.in_queue"]
    office.desk.run(bulk.assign, [one, two], taras, olena)
    assert office.place(two) == (QueueKind.ASSIGNED, taras.id)


def test_more_than_fifty_are_refused_and_none_is_touched(office: Office, olena: Representative) -> None:
    (one,) = _open(office, 1)
    with pytest.raises(Misused, match=r"bulk.too_many"):
        office.desk.run(bulk.accept, [one, *range(1000, 1050)], olena)
    assert office.place(one) == (QueueKind.PUBLIC, None)


def test_who_take_the_same_items_at_once_get_each_of_them_once(office: Office) -> None:
    everybody = [office.join(name) for name in ("Olena", "Taras", "Daryna")]
    numbers = _open(office, 12)
    turns, reports = iter(everybody), []

    def go() -> None:
        me = next(turns)
        mine = numbers if me is everybody[0] else numbers[::-1]
        parts = (mine[start : start + 4] for start in range(0, len(mine), 4))
        reports.extend(office.desk.run(bulk.accept, part, me) for part in parts)

    at_once(go, len(everybody))
    assert sorted(number for one in reports for number in one.done) == numbers
    failed = [error.key for one in reports for _, error in one.failed]
    assert failed == ["item.taken"] * (2 * len(numbers))


def test_what_is_refused_half_way_leaves_nothing_behind(office: Office) -> None:
    one, two = _open(office, 2)

    def change(tx: Tx, number: int) -> None:
        tx.lock_one(Work, number).title = "Changed"
        tx.session.flush()
        tx.memo["seen"] = number
        tx.wake("nobody", number)
        if number == two:
            raise Refused("item.closed")

    def action(tx: Tx) -> None:
        for number in (one, two):
            try:
                with tx.apart():
                    change(tx, number)
            except Refused:
                assert tx.memo["seen"] == one
                assert tx.session.get_one(Work, two).title != "Changed"

    office.woken.clear()
    office.desk.run(action)
    assert office.item(one).title == "Changed"
    assert office.item(two).title != "Changed"
    assert office.woken == [("nobody", one)]


def test_what_was_owed_by_something_that_is_refused_half_way_is_sent_by_nobody(office: Office) -> None:
    hands = Hands(Channel.TELEGRAM, 9)

    def change(tx: Tx, chat: str) -> None:
        owe_notice(tx, To(Channel.TELEGRAM, chat), notice("contact.erased_now"))
        if chat == "2":
            raise Refused("item.closed")

    def action(tx: Tx) -> None:
        hands.wait(tx)
        for chat in ("1", "2", "3"):
            with suppress(Refused), tx.apart():
                change(tx, chat)

    office.desk.run(action)
    assert [one.address for one in hands.parcels] == [one.address for one in office.owed()] == ["1", "3"]
