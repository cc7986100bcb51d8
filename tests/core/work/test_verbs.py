"""Accept, assign, forward, release: what each does, whom it tells, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.model import Person
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from core.work import placing, queries, queues
from core.work.model import Work
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once


@pytest.fixture
def chief(office: Office, taras: Representative) -> Representative:
    return office.join("Maria", Role.MANAGER)


def _refused(key: str, call: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.key == key
    return caught.value


def _assigned(office: Office, to: Representative) -> int:
    return office.open_case(queue=office.personal(to, QueueKind.ASSIGNED))


def _accepted(office: Office, by: Representative) -> int:
    number = _assigned(office, by)
    office.desk.run(work.accept, number, by)
    return number


# --- accept ---------------------------------------------------------------------------------------


def test_accepting_out_of_your_assigned_brings_it_into_your_progress(office: Office, olena: Representative) -> None:
    number = _assigned(office, olena)
    office.clock.advance(timedelta(minutes=5))
    item = office.desk.run(work.accept, number, olena)
    assert item.place is not None
    assert (item.place.kind, item.holder_id, item.since) == (QueueKind.IN_PROGRESS, olena.id, office.clock())
    assert office.verbs(number)[-1] == "accepted"


def test_anybody_accepts_out_of_a_public_queue(office: Office, taras: Representative) -> None:
    number = office.open_case(queue=office.queue().id)
    assert office.desk.run(work.accept, number, taras).holder_id == taras.id


def test_an_accepted_item_is_in_no_other_list(office: Office, olena: Representative) -> None:
    vip = office.queue().id
    number = office.open_case(queue=vip)
    office.desk.run(work.accept, number, olena)
    assert office.desk.look(queries.items_in, vip) == []
    mine = office.desk.look(queries.items_in, office.personal(olena, QueueKind.IN_PROGRESS))
    assert [one.number for one in mine] == [number]


def test_who_comes_too_late_is_told_who_has_it_and_since_when(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = office.open_case(queue=office.queue().id)
    since = office.clock()
    office.desk.run(work.accept, number, olena)
    office.clock.advance(timedelta(seconds=4))
    refusal = _refused("item.taken", lambda: office.desk.run(work.accept, number, taras))
    assert refusal.facts == {"number": number, "name": "Olena", "since": since}


def test_what_is_assigned_to_another_cannot_be_accepted(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = _assigned(office, olena)
    refusal = _refused("item.assigned_to_other", lambda: office.desk.run(work.accept, number, taras))
    assert refusal.facts["name"] == "Olena"


def test_what_is_yours_is_said_to_be(office: Office, olena: Representative) -> None:
    number = _accepted(office, olena)
    _refused("item.yours", lambda: office.desk.run(work.accept, number, olena))


def test_even_a_manager_accepts_nothing_out_of_other_hands(
    office: Office, olena: Representative, chief: Representative
) -> None:
    _refused("item.taken", lambda: office.desk.run(work.accept, _accepted(office, olena), chief))


Verb = Callable[[Office, int, Representative], object]
VERBS: dict[str, Verb] = {
    "accept": lambda office, number, by: office.desk.run(work.accept, number, by),
    "assign": lambda office, number, by: office.desk.run(work.assign, number, by, by),
    "forward": lambda office, number, by: office.desk.run(work.forward, number, office.queue("New").id, by),
    "release": lambda office, number, by: office.desk.run(work.release, number, by),
    "snooze": lambda office, number, by: office.desk.run(
        placing.snooze, number, office.clock() + timedelta(days=1), "waiting", by
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_works_on_what_does_not_exist(office: Office, olena: Representative, verb: str) -> None:
    with pytest.raises(NotFound, match=r"item\.unknown"):
        VERBS[verb](office, 10**9, olena)


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_works_on_what_is_closed(office: Office, olena: Representative, verb: str) -> None:
    number = _accepted(office, olena)
    office.close(number, olena)
    refusal = _refused("item.closed", lambda: VERBS[verb](office, number, olena))
    assert refusal.facts == {"number": number, "at": office.clock()}


@pytest.mark.parametrize("verb", [name for name in VERBS if name != "accept"])
def test_no_verb_moves_what_another_works_on(
    office: Office, olena: Representative, taras: Representative, verb: str
) -> None:
    number = _accepted(office, olena)
    refusal = _refused("item.taken", lambda: VERBS[verb](office, number, taras))
    assert refusal.facts["name"] == "Olena"
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)


@pytest.mark.parametrize("verb", ["assign", "forward", "snooze"])
def test_no_verb_moves_what_is_assigned_to_another(
    office: Office, olena: Representative, taras: Representative, verb: str
) -> None:
    number = _assigned(office, olena)
    _refused("item.assigned_to_other", lambda: VERBS[verb](office, number, taras))


def test_a_refused_verb_leaves_no_trace(office: Office, olena: Representative, taras: Representative) -> None:
    number = _accepted(office, olena)
    before = office.verbs(number), len(office.owed())
    _refused("item.taken", lambda: office.desk.run(work.assign, number, taras, taras))
    assert (office.verbs(number), len(office.owed())) == before


# --- assign ---------------------------------------------------------------------------------------


def test_assigning_puts_it_into_the_others_assigned_and_tells_them(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = _accepted(office, olena)
    office.desk.run(work.assign, number, taras, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    assert office.told(taras)[-1] == "card.why.assigned_by"
    assert office.verbs(number)[-1] == "assigned"
    assert office.facts(number, "assigned")["to"] == taras.id


def test_who_assigns_to_themselves_is_not_told(office: Office, taras: Representative) -> None:
    number = office.open_case(queue=office.queue().id)
    office.desk.run(work.assign, number, taras, taras)
    assert office.told(taras) == []


def test_a_manager_reassigns_and_whoever_had_it_is_told_without_a_sound(
    office: Office, olena: Representative, taras: Representative, chief: Representative
) -> None:
    number = _accepted(office, olena)
    office.desk.run(work.assign, number, taras, chief)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    assert office.told(olena)[-1] == "card.why.moved_away"
    assert [row.sound for row in office.owed(person_id=olena.id, work_id=number)][-1] is False
    assert office.told(taras) == ["card.why.assigned_by"]


def test_assigning_where_it_stands_already_is_refused(office: Office, olena: Representative) -> None:
    number = _assigned(office, olena)
    refusal = _refused("item.already_there", lambda: office.desk.run(work.assign, number, olena, olena))
    assert refusal.facts["name"] == "Olena"


# --- forward --------------------------------------------------------------------------------------


def test_forwarding_puts_it_into_a_public_queue(office: Office, olena: Representative) -> None:
    number, vip = _accepted(office, olena), office.queue()
    item = office.desk.run(work.forward, number, vip.id, olena)
    assert item.queue is not None
    assert (item.queue.name, item.holder_id) == ("VIP", None)
    assert office.facts(number, "forwarded")["queue"] == "VIP"


def test_who_watches_a_queue_is_told_but_not_who_forwards(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number, vip = _accepted(office, olena), office.queue()
    for person in (olena, taras):
        assert office.desk.run(queues.watch, vip.id, person)
    before = office.told(olena)
    office.desk.run(work.forward, number, vip.id, olena)
    assert office.told(taras) == ["card.why.new_in_queue"]
    assert office.told(olena) == before


def test_who_watches_no_more_is_not_told(office: Office, olena: Representative, taras: Representative) -> None:
    number, vip = _accepted(office, olena), office.queue()
    assert office.desk.run(queues.watch, vip.id, taras)
    assert not office.desk.run(queues.watch, vip.id, taras)
    office.desk.run(work.forward, number, vip.id, olena)
    assert office.told(taras) == []


def test_forwarding_to_where_it_stands_is_refused(office: Office, olena: Representative) -> None:
    vip = office.queue()
    number = office.open_case(queue=vip.id)
    refusal = _refused("item.in_queue", lambda: office.desk.run(work.forward, number, vip.id, olena))
    assert refusal.facts["queue"] == "VIP"


def test_items_are_not_forwarded_into_anybodys_own_queue(office: Office, olena: Representative) -> None:
    number = office.open_case(queue=office.queue().id)
    for queue in (office.personal(olena, QueueKind.ASSIGNED), 10**9):
        with pytest.raises(NotFound, match=r"queue\.gone"):
            office.desk.run(work.forward, number, queue, olena)


# --- release --------------------------------------------------------------------------------------


def test_releasing_gives_it_back_to_the_public_queue_it_came_from(
    office: Office, olena: Representative, taras: Representative
) -> None:
    vip = office.queue()
    number = office.open_case(queue=vip.id)
    office.desk.run(queues.watch, vip.id, taras)
    office.desk.run(work.accept, number, olena)
    item = office.desk.run(work.release, number, olena)
    assert item.queue is not None
    assert item.queue.id == vip.id
    assert office.told(taras)[-1] == "card.why.new_in_queue"
    assert office.verbs(number)[-1] == "released"


def test_releasing_gives_it_back_to_your_assigned(office: Office, olena: Representative) -> None:
    number = _accepted(office, olena)
    office.desk.run(work.release, number, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_an_item_that_went_round_goes_back_to_where_it_was_last_accepted_from(
    office: Office, olena: Representative, taras: Representative
) -> None:
    vip = office.queue()
    number = office.open_case(queue=vip.id)
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.assign, number, taras, olena)
    office.desk.run(work.accept, number, taras)
    office.desk.run(work.release, number, taras)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)
    office.desk.run(work.forward, number, vip.id, taras)
    office.desk.run(work.accept, number, olena)
    assert office.desk.run(work.release, number, olena).queue == vip


def test_what_nobody_accepted_cannot_be_released(office: Office, olena: Representative) -> None:
    for number in (_assigned(office, olena), office.open_case(queue=office.queue().id)):
        _refused("item.not_accepted", lambda number=number: office.desk.run(work.release, number, olena))  # type: ignore[misc] # bound for the loop


def test_a_manager_releases_what_another_has_and_they_are_told(
    office: Office, olena: Representative, chief: Representative
) -> None:
    number = office.open_case(queue=office.queue().id)
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.release, number, chief)
    assert office.place(number) == (QueueKind.PUBLIC, None)
    assert office.told(olena)[-1] == "card.why.moved_away"


def test_nothing_goes_back_to_who_has_left(office: Office, olena: Representative, taras: Representative) -> None:
    number = _assigned(office, olena)
    office.desk.run(work.assign, number, taras, olena)
    office.desk.run(work.forward, number, office.queue().id, taras)
    office.desk.run(work.assign, number, taras, taras)
    office.desk.run(work.accept, number, taras)

    def leave(tx: Tx) -> None:
        tx.lock_one(Work, number).came_from_id = queues.personal_queue(tx, olena.id, QueueKind.ASSIGNED)
        tx.session.get_one(Person, olena.id).dismissed_at = tx.now

    office.desk.run(leave)
    office.desk.run(work.release, number, taras)
    assert office.place(number) == (QueueKind.ASSIGNED, taras.id)


# --- races ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("crowd", [2, 8])
def test_of_those_who_accept_at_once_one_gets_it_and_the_others_read_who(office: Office, crowd: int) -> None:
    people = [office.join(f"Person{number}") for number in range(crowd)]
    number = office.open_case(queue=office.queue().id)
    turns = iter(people)

    def go() -> Representative | Refused:
        me = next(turns)
        try:
            office.desk.run(work.accept, number, me)
        except Refused as refusal:
            return refusal
        return me

    outcomes = at_once(go, crowd)
    (winner,) = [one for one in outcomes if isinstance(one, Representative)]
    losers = [one for one in outcomes if isinstance(one, Refused)]
    assert len(losers) == crowd - 1
    assert {one.key for one in losers} == {"item.taken"}
    assert {one.facts["name"] for one in losers} == {winner.name}
    assert {one.facts["since"] for one in losers} == {office.clock()}
    assert office.place(number) == (QueueKind.IN_PROGRESS, winner.id)
    assert office.verbs(number).count("accepted") == 1


def test_who_keeps_an_item_is_not_told_that_they_lost_it(
    office: Office, olena: Representative, chief: Representative
) -> None:
    number = _accepted(office, olena)
    before = len(office.told(olena))
    office.desk.run(work.release, number, chief)
    assert office.told(olena)[before:] == ["card.why.released_by"]
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.assign, number, olena, chief)
    assert office.told(olena)[before + 1 :] == ["card.why.assigned_by"]
