"""Public queues are made, found and counted; lists page in order."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from time import sleep

import pytest
from sqlalchemy import select

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.people import actions as people
from core.people.model import Person
from core.people.rules import Presence, Role
from core.work import actions as work
from core.work import names, queries, queues, tally
from core.work.model import MailAddress, Work
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once


def test_only_leaders_make_queues(office: Office) -> None:
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.run(queues.new_queue, "VIP", office.join("Olena"))
    assert office.desk.run(queues.new_queue, "VIP", office.join("Maria", Role.MANAGER)).name == "VIP"


@pytest.mark.parametrize("name", ["VIP", " vip ", "Vip"])
def test_a_name_is_taken_whatever_its_case_and_spaces(office: Office, name: str) -> None:
    office.queue("VIP")
    with pytest.raises(Refused, match=r"queue\.exists"):
        office.queue(name)


def test_names_fold_in_every_alphabet(office: Office) -> None:
    office.queue("Їжаки")
    with pytest.raises(Refused, match=r"queue\.exists"):
        office.queue("ЇЖАКИ")


@pytest.mark.parametrize("name", ["", "   ", "12", "x" * (names.NAME_LENGTH + 1)])
def test_a_name_must_be_one(office: Office, name: str) -> None:
    with pytest.raises(Misused, match=r"queue\.name"):
        office.queue(name)


def test_a_queue_is_found_by_its_name_or_the_beginning(office: Office) -> None:
    for name in ("VIP", "VIP Europe", "Billing"):
        office.queue(name)
    assert office.desk.look(queries.find_queue, "vip").name == "VIP"
    assert office.desk.look(queries.find_queue, " vip  EU").name == "VIP Europe"
    assert office.desk.look(queries.find_queue, "b").name == "Billing"
    with pytest.raises(Refused, match=r"queue\.ambiguous") as ambiguous:
        office.desk.look(queries.find_queue, "v")
    assert ambiguous.value.facts["known"] == ["VIP", "VIP Europe"]
    for nonsense in ("", "x"):
        with pytest.raises(NotFound, match=r"queue\.unknown") as unknown:
            office.desk.look(queries.find_queue, nonsense)
        assert unknown.value.facts["known"] == ["Billing", "VIP", "VIP Europe"]


def test_of_those_who_make_somebodys_queue_at_once_nobody_has_to_begin_again(office: Office) -> None:
    olena, begun = office.join("Olena"), count()

    def put(tx: Tx) -> int:
        next(begun)
        made = queues.personal_queue(tx, olena.id, QueueKind.ASSIGNED)
        sleep(0.02)  # as long as a batch of letters takes until it commits
        return made

    assert len(set(at_once(lambda: office.desk.run(put), 8))) == 1
    assert next(begun) == 8


def test_nobodys_own_queue_can_be_watched(office: Office) -> None:
    olena = office.join("Olena")
    with pytest.raises(NotFound, match=r"queue\.gone"):
        office.desk.run(queues.watch, office.personal(olena, QueueKind.ASSIGNED), olena)


# --- nothing waits where nobody looks ----------------------------------------------------------------


def _watchers(office: Office, queue: int) -> list[int]:
    return office.desk.look(queries.watchers, queue)


def test_who_makes_a_queue_watches_it(office: Office) -> None:
    maria = office.join("Maria", Role.MANAGER)
    assert _watchers(office, office.desk.run(queues.new_queue, "VIP", maria).id) == [maria.id]
    assert _watchers(office, office.queue("Billing").id) == []


def test_who_may_keep_queues_watches_those_that_the_desk_makes(office: Office) -> None:
    office.join("Olena")
    keepers = [office.join("Maria", Role.MANAGER).id, office.join("Boss", Role.ADMINISTRATOR).id]
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP", "desk@localhost": None})
    assert _watchers(office, office.desk.run(queues.intake_queue)) == keepers
    assert _watchers(office, office.desk.look(queries.find_queue, "VIP").id) == keepers


def test_who_joins_later_watches_them_too_and_no_others(office: Office) -> None:
    made = office.desk.run(queues.intake_queue)
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    vip, other = office.desk.look(queries.find_queue, "VIP").id, office.queue("Billing").id
    olena, maria = office.join("Olena"), office.join("Maria", Role.MANAGER)
    for person in (olena, maria, maria):
        office.desk.run(queues.watch_by_default, person)
    assert [_watchers(office, queue) for queue in (made, vip, other)] == [[maria.id], [maria.id], []]


def test_the_managers_are_told_once_of_what_nobody_watches(office: Office) -> None:
    olena, maria = office.join("Olena"), office.join("Maria", Role.MANAGER)
    office.join("Boss", Role.ADMINISTRATOR)
    vip, billing = office.queue("VIP"), office.queue("Billing")
    number = office.open_case(queue=vip.id)
    assert office.told(maria) == ["card.why.new_unwatched"]
    office.desk.run(work.forward, number, billing.id, olena)
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.release, number, olena)
    assert office.told(maria) == ["card.why.new_unwatched"]
    assert office.verbs(number).count("unwatched") == 1
    assert office.told(office.join("Taras")) == []


def test_where_somebody_watches_the_managers_are_left_alone(office: Office) -> None:
    olena, maria = office.join("Olena"), office.join("Maria", Role.MANAGER)
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, olena)
    office.open_case(queue=vip.id)
    assert (office.told(olena), office.told(maria)) == (["card.why.new_in_queue"], [])


def test_who_cannot_be_reached_or_works_here_no_more_does_not_watch(office: Office) -> None:
    olena, taras, maria = office.join("Olena"), office.join("Taras"), office.join("Maria", Role.MANAGER)
    vip = office.queue()
    for person in (olena, taras):
        office.desk.run(queues.watch, vip.id, person)

    def dismiss(tx: Tx) -> None:
        tx.session.get_one(Person, taras.id).dismissed_at = tx.now

    office.desk.run(dismiss)
    office.desk.run(people.unreachable, olena.id)
    office.open_case(queue=vip.id)
    assert office.told(maria) == ["card.why.new_unwatched"]
    assert office.told(olena) == office.told(taras) == []


def test_with_everybody_away_the_managers_hear_of_a_new_case(office: Office) -> None:
    maria = office.join("Maria", Role.MANAGER, presence=Presence.AWAY)
    number = office.open_case()
    assert office.place(number) == (QueueKind.PUBLIC, None)
    assert office.told(maria) == ["card.why.new_in_queue"]


def test_who_forwards_into_such_a_queue_is_not_told_of_their_own_deed(office: Office) -> None:
    maria = office.join("Maria", Role.MANAGER)
    number = office.open_case(queue=office.personal(maria, QueueKind.ASSIGNED))
    before = office.told(maria)
    office.desk.run(work.forward, number, office.queue().id, maria)
    assert office.told(maria) == before
    assert "unwatched" not in office.verbs(number)


def test_what_waits_in_intake_is_counted(office: Office) -> None:
    assert office.desk.look(queues.waiting_in_intake) is None
    intake = office.desk.run(queues.intake_queue)
    assert office.desk.look(queues.waiting_in_intake) is None
    for _ in range(2):
        office.open_case()
    assert office.desk.look(queues.waiting_in_intake) == (intake, 2)


def test_a_list_shows_urgent_first_then_where_a_customer_waits_then_the_longest_there(office: Office) -> None:
    vip = office.queue().id
    old, answered, new, urgent = (_later(office, vip) for _ in range(4))

    def sort(tx: Tx) -> None:
        tx.lock_one(Work, answered).answered = True
        tx.lock_one(Work, urgent).priority = 1

    office.desk.run(sort)
    order = [urgent, old, new, answered]
    assert [one.number for one in office.desk.look(queries.items_in, vip)] == order
    paged = [office.desk.look(queries.items_in, vip, offset=at, limit=2) for at in (0, 2, 4)]
    assert [one.number for page in paged for one in page] == order
    assert office.desk.look(tally.items_in, vip) == len(order)


def _later(office: Office, queue: int) -> int:
    office.clock.advance(timedelta(minutes=1))
    return office.open_case(queue=queue)


def test_counts_what_waits_is_in_progress_and_was_done_today(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    vip, billing = office.queue("VIP"), office.queue("Billing")
    office.desk.run(queues.watch, vip.id, olena)
    yesterday = office.open_case(queue=vip.id)
    office.close(yesterday, olena)
    today = office.clock.advance(timedelta(days=1))
    numbers = [office.open_case(queue=vip.id) for _ in range(5)]
    for number in numbers[:3]:
        office.desk.run(work.accept, number, olena)
    office.close(numbers[0], olena)  # out of progress
    office.close(numbers[4], olena, "spam")  # out of the queue itself
    office.desk.run(work.assign, numbers[1], taras, olena)
    counted = {one.queue.name: one for one in office.desk.look(queries.counts, olena.id, today)}
    assert counted.keys() == {"VIP", "Billing"}
    here = counted["VIP"]
    assert (here.waiting, here.in_progress, here.done_today, here.watched) == (1, 1, 2, True)
    there = counted["Billing"]
    assert (there.queue.id, there.waiting, there.in_progress, there.done_today) == (billing.id, 0, 0, 0)
    assert not there.watched
    assert not any(one.watched for one in office.desk.look(queries.counts, taras.id, today))


def test_addresses_of_the_settings_are_kept_and_changed(office: Office) -> None:
    for _ in range(2):
        office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    vip = office.desk.look(queries.find_queue, "VIP")
    assert office.desk.look(queues.queue_of_address, "vip@localhost") == vip.id
    office.desk.run(queues.keep_addresses, {"vip@localhost": None})
    assert office.desk.look(queues.queue_of_address, "vip@localhost") is None


def test_an_address_that_left_the_settings_is_ours_no_more(office: Office) -> None:
    office.desk.run(queues.keep_addresses, {"old@localhost": None, "new@localhost": None})
    office.desk.run(queues.keep_addresses, {"new@localhost": None})
    assert office.desk.look(lambda tx: list(tx.session.scalars(select(MailAddress.address)))) == ["new@localhost"]
