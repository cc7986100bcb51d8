"""What stands in a private queue, or was accepted out of one, is there for its members, the managers and its holder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.drawing import draw_card
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import answering
from core.cases import seeing as case_seeing
from core.cases.missed import tell_missed
from core.desk import Tx
from core.errors import DeskError, NotFound
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from core.work import cards, editing, placing, privacy, queries, queues, seeing
from core.work.merging import merge
from core.work.model import Work
from tests.core.office import Office

Verb = Callable[[Tx, int, Representative], object]


@dataclass
class Staff:
    """A private queue with one member, somebody who is none, and a manager."""

    office: Office
    queue: int
    olena: Representative
    taras: Representative
    maria: Representative

    def open(self) -> int:
        return self.office.open_case(text="PINK ELEPHANT", queue=self.queue)


@pytest.fixture
def staff(office: Office) -> Staff:
    maria, olena, taras = office.join("Maria", Role.MANAGER), office.join("Olena"), office.join("Taras")
    queue = office.queue("Staff").id
    office.desk.run(editing.set_members, queue, [olena.id], maria)
    return Staff(office, queue, olena, taras, maria)


LOOKS: dict[str, Verb] = {
    "item": seeing.item,
    "history": seeing.history,
    "case": case_seeing.case,
    "showing": case_seeing.showing,
    "conversation": case_seeing.conversation,
    "whole": lambda tx, number, by: case_seeing.whole(tx, number, 1, by),
    "files": case_seeing.files_of_case,
    "assign menu": lambda tx, number, by: seeing.who_see(tx, number, [], by),
}

CHANGES: dict[str, Verb] = {
    "accept": cases.accept,
    "assign": lambda tx, number, by: activities.assign(tx, number, by, by),
    "release": activities.release,
    "resolve": cases.resolve,
    "spam": cases.mark_spam,
    "answer": lambda tx, number, by: answering.answer(tx, number, "Hello", by),
    "note": lambda tx, number, by: answering.note(tx, number, "Look", by),
    "snooze": lambda tx, number, by: activities.snooze(tx, number, tx.now + timedelta(hours=1), "", by),
    "explain snooze": lambda tx, number, by: activities.explain_snooze(tx, number, "Parts", by),
    "task": lambda tx, number, by: activities.plan_task(tx, "Call", by, regarding=number),
    "reopen": cases.reopen,
    "forward": lambda tx, number, by: activities.forward(tx, number, queues.intake_queue(tx), by),
}


def _waiting(_staff: Staff, _number: int) -> None:
    """Leave it in its queue."""


def _accepted(staff: Staff, number: int) -> None:
    staff.office.desk.run(cases.accept, number, staff.olena)


def _handed_on(staff: Staff, number: int) -> None:
    """Let it pass through the hands of two, so that it came from a personal queue."""
    staff.office.desk.run(cases.accept, number, staff.maria)
    staff.office.desk.run(work.assign, number, staff.olena, staff.maria)
    staff.office.desk.run(cases.accept, number, staff.olena)


def _closed(staff: Staff, number: int) -> None:
    staff.office.desk.run(cases.resolve, number, staff.olena)


STANDS = [_waiting, _accepted, _handed_on, _closed]


@pytest.mark.parametrize("stand", STANDS)
@pytest.mark.parametrize("verb", [*LOOKS, *CHANGES])
def test_for_who_is_no_member_there_is_no_such_item(
    staff: Staff, stand: Callable[[Staff, int], None], verb: str
) -> None:
    number = staff.open()
    stand(staff, number)
    before = staff.office.verbs(number)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        staff.office.desk.run((LOOKS | CHANGES)[verb], number, staff.taras)
    assert staff.office.verbs(number) == before


@pytest.mark.parametrize("stand", STANDS)
def test_members_and_managers_see_it(staff: Staff, stand: Callable[[Staff, int], None]) -> None:
    number = staff.open()
    stand(staff, number)
    for one in (staff.olena, staff.maria):
        assert staff.office.desk.look(case_seeing.case, number, one).item.title == "PINK ELEPHANT"


def test_who_has_it_sees_it_until_they_have_it_no_more(staff: Staff) -> None:
    number = staff.open()
    staff.office.desk.run(work.assign, number, staff.taras, staff.olena)
    assert staff.office.desk.look(seeing.item, number, staff.taras).title == "PINK ELEPHANT"
    staff.office.desk.run(cases.accept, number, staff.taras)
    staff.office.desk.run(answering.answer, number, "Hello", staff.taras)
    staff.office.desk.run(work.assign, number, staff.olena, staff.taras)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        staff.office.desk.look(seeing.item, number, staff.taras)


def test_who_closed_it_sees_it_still(staff: Staff) -> None:
    number = staff.open()
    staff.office.desk.run(work.assign, number, staff.taras, staff.olena)
    staff.office.desk.run(cases.resolve, number, staff.taras)
    assert not staff.office.desk.look(seeing.item, number, staff.taras).open


def test_the_queue_itself_is_nowhere(staff: Staff) -> None:
    look, taras = staff.office.desk.look, staff.taras
    staff.office.queue("Support")
    assert [one.name for one in look(seeing.public_queues, taras)] == ["Support"]
    assert [one.queue.name for one in look(seeing.counts, taras, staff.office.clock())] == ["Support"]
    with pytest.raises(NotFound, match=r"queue\.unknown") as unknown:
        look(seeing.find_queue, "Staff", taras)
    assert unknown.value.facts["known"] == ["Support"]
    for verb in (seeing.public_queue, queues.watch):
        with pytest.raises(NotFound, match=r"queue\.gone"):
            staff.office.desk.run(verb, staff.queue, taras)
    with pytest.raises(NotFound, match=r"queue\.gone"):
        look(seeing.items_in, look(queries.get_queue, staff.queue), taras)
    assert [one.name for one in look(seeing.public_queues, staff.olena)] == ["Staff", "Support"]


def test_nothing_is_forwarded_where_one_does_not_see(staff: Staff) -> None:
    number = staff.office.open_case(queue=staff.office.queue("Support").id)
    with pytest.raises(NotFound, match=r"queue\.gone"):
        staff.office.desk.run(work.forward, number, staff.queue, staff.taras)
    staff.office.desk.run(work.forward, number, staff.queue, staff.olena)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        staff.office.desk.look(seeing.item, number, staff.taras)


def test_what_leaves_for_a_queue_of_everybody_is_private_no_more(staff: Staff) -> None:
    number = staff.open()
    staff.office.desk.run(work.forward, number, staff.office.queue("Support").id, staff.olena)
    assert staff.office.desk.look(seeing.item, number, staff.taras).number == number


def test_a_queue_that_is_opened_shows_what_was_private(staff: Staff) -> None:
    numbers = [staff.open() for _ in STANDS]
    for number, stand in zip(numbers, STANDS, strict=True):
        stand(staff, number)
    staff.office.desk.run(editing.set_members, staff.queue, None, staff.maria)
    for number in numbers:
        assert staff.office.desk.look(seeing.item, number, staff.taras).number == number


def test_watchers_who_are_no_members_any_more_are_told_nothing(staff: Staff) -> None:
    staff.office.desk.run(queues.watch, staff.queue, staff.olena)
    staff.office.desk.run(editing.set_members, staff.queue, [staff.taras.id], staff.maria)
    number = staff.open()
    staff.office.desk.run(placing.snooze, number, staff.office.clock() + timedelta(hours=1), "", staff.maria)
    staff.office.clock.advance(timedelta(days=30))
    staff.office.desk.run(placing.wake_up, number)
    staff.office.desk.run(tell_missed)
    assert staff.office.told(staff.olena) == []
    assert "missed.of_nobody" in staff.office.told(staff.maria)


def test_missed_cases_that_one_does_not_see_are_neither_listed_nor_counted(staff: Staff) -> None:
    hidden, seen, own = staff.open(), staff.office.open_case(queue=staff.office.queue("Support").id), staff.open()
    staff.office.desk.run(work.assign, own, staff.taras, staff.olena)
    staff.office.clock.advance(timedelta(days=30))
    for who, numbers in (
        (staff.taras, {seen, own}),
        (staff.olena, {hidden, seen, own}),
        (staff.maria, {hidden, seen, own}),
    ):
        found, total = staff.office.desk.look(case_seeing.missed, None, who)
        assert ({one.item.number for one in found}, total) == (numbers, len(numbers))


def test_a_card_in_a_chat_does_not_follow_to_where_its_reader_does_not_see(staff: Staff) -> None:
    number = staff.office.open_case(text="PINK ELEPHANT", queue=staff.office.queue("Support").id)
    staff.office.desk.run(cards.posted, number, staff.taras.chat_id or 0, 7, staff.taras.id)
    assert "PINK ELEPHANT" in staff.office.desk.look(draw_card, number, staff.taras)[0]
    staff.office.desk.run(work.forward, number, staff.queue, staff.olena)
    words, rows = staff.office.desk.look(draw_card, number, staff.taras)
    assert ("PINK ELEPHANT" in words, rows) == (False, ())
    assert f"№{number}" in words


def test_cards_are_drawn_anew_when_a_queue_becomes_private(staff: Staff) -> None:
    number = staff.office.open_case(queue=staff.office.queue("Support").id)
    staff.office.desk.run(cards.posted, number, staff.taras.chat_id or 0, 7, staff.taras.id)
    support = staff.office.desk.look(queries.find_queue, "Support").id
    staff.office.desk.run(editing.set_members, support, [staff.olena.id], staff.maria)
    staff.office.clock.advance(timedelta(seconds=1))
    assert [one.work for one in staff.office.desk.look(cards.due)] == [number]


def test_a_task_for_a_private_case_is_as_private(staff: Staff) -> None:
    task = staff.office.desk.run(activities.plan_task, "Call", staff.olena, regarding=staff.open()).number
    with pytest.raises(NotFound, match=r"item\.unknown"):
        staff.office.desk.look(seeing.item, task, staff.taras)


def test_who_has_a_task_for_a_private_case_does_not_read_which(staff: Staff) -> None:
    number = staff.open()
    task = staff.office.desk.run(activities.plan_task, "Call", staff.olena, regarding=number).number
    staff.office.desk.run(work.assign, task, staff.taras, staff.olena)
    assert "PINK ELEPHANT" not in staff.office.desk.look(draw_card, task, staff.taras)[0]
    assert "PINK ELEPHANT" in staff.office.desk.look(draw_card, task, staff.olena)[0]


def test_a_private_task_is_not_told_on_the_card_of_its_case(staff: Staff) -> None:
    number = staff.office.open_case(queue=staff.office.queue("Support").id)
    task = staff.office.desk.run(activities.plan_task, "PINK TASK", staff.olena, regarding=number).number
    staff.office.desk.run(work.forward, task, staff.queue, staff.olena)
    assert "PINK TASK" in staff.office.desk.look(draw_card, number, staff.olena)[0]
    assert "PINK TASK" not in staff.office.desk.look(draw_card, number, staff.taras)[0]


def test_only_who_sees_an_item_is_offered_to_be_given_it(staff: Staff) -> None:
    number = staff.open()
    everybody = [staff.olena, staff.taras, staff.maria]
    assert staff.office.desk.look(seeing.who_see, number, everybody, staff.olena) == [staff.olena, staff.maria]


def test_what_was_merged_into_a_private_queue_is_as_private_closed_or_open(staff: Staff) -> None:
    support = staff.office.queue("Support").id
    numbers = [staff.office.open_case(queue=support) for _ in STANDS]
    for number, stand in zip(numbers, STANDS, strict=True):
        stand(staff, number)
    staff.office.desk.run(merge, support, staff.queue, staff.maria)
    for number in numbers:
        with pytest.raises(NotFound, match=r"item\.unknown"):
            staff.office.desk.look(seeing.item, number, staff.taras)
        assert staff.office.desk.look(seeing.item, number, staff.olena).number == number


@pytest.mark.long
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    moves=st.lists(st.tuples(st.sampled_from(["accept", "assign", "forward", "release", "close"]), st.integers(0, 8)))
)
def test_lists_and_looks_agree_on_who_sees_what(staff: Staff, moves: list[tuple[str, int]]) -> None:
    office, people = staff.office, [staff.olena, staff.taras, staff.maria]
    support = office.desk.look(queries.find_queue, "Support").id if _has_support(office) else office.queue("Support").id
    number = staff.open()
    for verb, pick in moves:
        who, other, queue = people[pick % 3], people[pick // 3], [support, staff.queue][pick % 2]
        acts: dict[str, Verb] = {
            "accept": work.accept,
            "assign": lambda tx, n, _by, to=other: work.assign(tx, n, to, staff.maria),  # type: ignore[misc]
            "forward": lambda tx, n, _by, to=queue: work.forward(tx, n, to, staff.maria),  # type: ignore[misc]
            "release": work.release,
            "close": lambda tx, n, by: placing.close(tx, n, by.actor, "resolved"),
        }
        _try(office, acts[verb], number, who)
        for one in people:
            by_list = office.desk.look(_listed, number, one)
            assert by_list == office.desk.look(
                lambda tx, one=one: privacy.sees(tx, tx.session.get_one(Work, number), one)
            )


def _has_support(office: Office) -> bool:
    return any(one.name == "Support" for one in office.desk.look(queries.public_queues))


def _try(office: Office, act: Verb, number: int, who: Representative) -> None:
    try:
        office.desk.run(act, number, who)
    except DeskError:
        return


def _listed(tx: Tx, number: int, who: Representative) -> bool:
    return tx.session.scalar(select(Work.id).where(Work.id == number, privacy.seen_items(tx, who))) is not None


def test_where_no_queue_is_private_everything_is_seen(office: Office) -> None:
    olena = office.join("Olena")
    office.queue("Support")
    assert office.desk.look(privacy.hidden_queues, olena) == frozenset()
    assert str(office.desk.look(privacy.seen_items, olena)) == "true"
