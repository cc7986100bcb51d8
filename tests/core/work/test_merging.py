"""Two queues become one, and two again: everything that stands in one or leads to it goes over, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import answering, incoming
from core.errors import DeskError, NotFound, Refused
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from core.work import editing, names, placing, queries, queues
from core.work.merging import MergeView, merge, merge_named
from core.work.model import Work
from core.work.rules import QueueKind
from core.work.unmerging import latest_merge_of, unmerge
from tests.core.office import Office
from tests.core.races import at_once
from tests.core.work.counting import check_numbers


class Two:
    """A desk with the queues Print and Support, a manager and a representative."""

    def __init__(self, office: Office) -> None:
        self.office, self.desk = office, office.desk
        self.maria, self.olena = office.join("Maria", Role.MANAGER), office.join("Olena")
        self.left, self.into = office.queue("Print").id, office.queue("Support").id

    def merge(self) -> MergeView:
        return self.desk.run(merge, self.left, self.into, self.maria)

    def queue_of(self, number: int) -> str | None:
        queue = self.office.item(number).queue
        return queue.name if queue else None

    def came_from(self, number: int) -> int | None:
        return self.desk.look(lambda tx: tx.session.get_one(Work, number).came_from_id)

    def fill(self) -> tuple[list[int], int]:
        """Open three cases in Print, and let Olena have accepted a fourth."""
        waiting = [self.office.open_case(queue=self.left) for _ in range(3)]
        accepted = self.office.open_case(queue=self.left)
        self.desk.run(cases.accept, accepted, self.olena)
        return waiting, accepted


@pytest.fixture
def two(office: Office) -> Two:
    return Two(office)


def test_open_items_go_over_with_their_history_and_wait_no_longer_for_it(two: Two) -> None:
    waiting, accepted = two.fill()
    before = [two.office.item(number) for number in waiting]
    two.office.clock.advance(timedelta(hours=1))
    made = two.merge()
    assert (made.left, made.into, made.moved, made.followed) == ("Print", "Support", 3, 1)
    for item in before:
        now = two.office.item(item.number)
        assert (two.queue_of(item.number), now.since, now.touched_at) == ("Support", item.since, item.touched_at)
        assert two.office.facts(item.number, "merged") == {"origin": two.left, "target": two.into}
    assert two.office.place(accepted) == (QueueKind.IN_PROGRESS, two.olena.id)
    assert two.came_from(accepted) == two.into
    assert "origin_merged" in two.office.verbs(accepted)
    check_numbers(two.desk)


def test_what_was_accepted_goes_back_to_where_its_queue_went(two: Two) -> None:
    _, accepted = two.fill()
    two.merge()
    two.desk.run(work.release, accepted, two.olena)
    assert two.queue_of(accepted) == "Support"
    check_numbers(two.desk)


def test_a_closed_item_is_reopened_where_its_queue_went(two: Two) -> None:
    number = two.office.open_case(queue=two.left)
    two.office.close(number, two.maria)
    two.merge()
    two.desk.run(placing.reopen, number, two.maria.actor)
    assert two.queue_of(number) == "Support"
    check_numbers(two.desk)


def test_every_name_of_it_finds_the_other(two: Two) -> None:
    two.desk.run(editing.add_alias, two.left, "Druk", two.maria)
    two.merge()
    for name in ("Print", "druk", "pri"):
        assert two.desk.look(queries.find_queue, name).name == "Support"
    assert two.desk.look(names.aliases, two.into) == ["Druk", "Print"]
    assert two.desk.look(queries.get_queue, two.left).id == two.into  # an old button
    assert [one.name for one in two.desk.look(queries.public_queues)] == ["Support"]


def test_letters_to_its_address_start_in_the_other_after_a_restart_as_well(two: Two) -> None:
    settings = {"print@localhost": "Print"}
    two.desk.run(queues.keep_addresses, settings)
    two.merge()
    for _ in range(2):
        assert two.desk.look(queues.queue_of_address, "print@localhost") == two.into
        two.desk.run(queues.keep_addresses, settings)


def test_a_letter_understood_for_a_queue_that_was_merged_meanwhile_stands_in_the_other(two: Two) -> None:
    two.merge()
    assert two.queue_of(two.office.open_case(queue=two.left)) == "Support"
    check_numbers(two.desk)


def test_watchers_go_over_and_read_one_line_however_many_items_moved(two: Two) -> None:
    two.fill()
    taras = two.office.join("Taras")
    for queue, person in ((two.left, two.olena), (two.into, taras), (two.left, two.maria)):
        two.desk.run(queues.watch, queue, person)
    two.merge()
    assert two.desk.look(queries.watchers, two.into) == sorted([two.maria.id, two.olena.id, taras.id])
    assert two.office.told(two.olena).count("queue.merge_news") == 1
    assert two.office.told(taras) == ["queue.merge_news"]
    assert "queue.merge_news" not in two.office.told(two.maria)


def test_members_go_over_where_both_are_private(two: Two) -> None:
    taras = two.office.join("Taras")
    two.desk.run(editing.set_members, two.left, [two.olena.id], two.maria)
    two.desk.run(editing.set_members, two.into, [taras.id], two.maria)
    number = two.office.open_case(queue=two.left)
    two.merge()
    assert two.desk.look(editing.settings_of, two.into, two.maria).members == ("olena", "taras")
    two.desk.run(work.accept, number, taras)


def test_a_private_queue_is_not_merged_into_one_of_everybody(two: Two) -> None:
    two.desk.run(editing.set_members, two.left, [two.olena.id], two.maria)
    with pytest.raises(Refused, match=r"queue\.merge_private"):
        two.merge()


def test_a_representative_merges_nothing(two: Two) -> None:
    with pytest.raises(Refused, match=r"right\.missing"):
        two.desk.run(merge, two.left, two.into, two.olena)
    with pytest.raises(Refused, match=r"right\.missing"):
        two.desk.run(merge_named, "Print", "Support", two.olena)
    made = two.merge()
    with pytest.raises(Refused, match=r"right\.missing"):
        two.desk.run(unmerge, made.id, two.olena)


@pytest.mark.parametrize(
    ("left", "into", "key"),
    [
        ("Print", "print", r"queue\.merge_itself"),
        ("Print", "Druk", r"queue\.merge_alias"),
        ("Druk", "Print", r"queue\.merge_alias"),
        ("Assigned", "Print", r"queue\.personal"),
        ("Print", "У роботі", r"queue\.personal"),
        ("Print", "Nothing", r"queue\.unknown"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(two: Two, left: str, into: str, key: str) -> None:
    two.desk.run(editing.add_alias, two.left, "Druk", two.maria)
    with pytest.raises(DeskError, match=key):
        two.desk.run(merge_named, left, into, two.maria)


def test_nobodys_own_queue_is_merged_by_its_id(two: Two) -> None:
    own = two.office.personal(two.olena, QueueKind.ASSIGNED)
    for left, into in ((own, two.into), (two.into, own)):
        with pytest.raises(NotFound, match=r"queue\.gone"):
            two.desk.run(merge, left, into, two.maria)


def test_of_two_merges_that_cross_one_wins(two: Two) -> None:
    waiting, _ = two.fill()
    ways = [(two.left, two.into), (two.into, two.left)]

    def go() -> str:
        try:
            two.desk.run(merge, *ways.pop(), two.maria)
        except Refused as refused:
            return refused.key
        return "done"

    assert sorted(at_once(go, 2)) == ["done", "queue.merge_crossed"]
    left = [one.name for one in two.desk.look(queries.public_queues)]
    assert len(left) == 1
    assert {two.queue_of(number) for number in waiting} == set(left)
    check_numbers(two.desk)


def test_nothing_is_put_into_a_queue_while_it_is_merged(two: Two) -> None:
    numbers = [two.office.open_case(queue=two.into) for _ in range(3)]
    what: list[Callable[[], object]] = [two.merge]
    what += [lambda number=number: two.desk.run(work.forward, number, two.left, two.maria) for number in numbers]
    what += [lambda: two.office.open_case(queue=two.left) for _ in range(2)]

    def go() -> str:
        try:
            what.pop()()
        except Refused as refused:
            return refused.key
        return ""

    assert set(at_once(go, len(what))) <= {"", "item.in_queue"}  # it stands where it was to go by now
    standing = two.desk.look(lambda tx: set(tx.session.scalars(select(Work.queue_id)).all()))
    assert standing == {two.into}
    check_numbers(two.desk)


# --- undone ------------------------------------------------------------------------------------------


def test_an_undone_merge_leaves_everything_as_it_was(two: Two) -> None:
    two.desk.run(queues.keep_addresses, {"print@localhost": "Print"})
    two.desk.run(editing.add_alias, two.left, "Druk", two.maria)
    two.desk.run(queues.watch, two.left, two.olena)
    waiting, accepted = two.fill()
    made = two.merge()
    two.office.clock.advance(timedelta(hours=23))
    undone = two.desk.run(unmerge, made.id, two.maria)
    assert (undone.left, undone.into, undone.back, undone.stayed) == ("Print", "Support", 3, ())
    assert [two.queue_of(number) for number in waiting] == ["Print"] * 3
    assert two.came_from(accepted) == two.left
    assert two.desk.look(queries.find_queue, "druk").id == two.left
    assert two.desk.look(queues.queue_of_address, "print@localhost") == two.left
    assert two.desk.look(queries.watchers, two.into) == []
    assert two.desk.look(queries.watchers, two.left) == [two.olena.id]
    assert "unmerged" in two.office.verbs(waiting[0])
    check_numbers(two.desk)


def test_what_was_touched_since_stays(two: Two) -> None:
    waiting, accepted = two.fill()
    made = two.merge()
    two.office.clock.advance(timedelta(minutes=5))
    two.desk.run(answering.note, waiting[0], "Look", two.olena)
    two.desk.run(cases.accept, waiting[1], two.olena)
    two.desk.run(work.release, accepted, two.olena)
    late = two.office.open_case(queue=two.into)
    undone = two.desk.run(unmerge, made.id, two.maria)
    assert (undone.back, undone.stayed) == (1, tuple(waiting[:2]))
    assert [two.queue_of(one) for one in (waiting[0], waiting[2], accepted, late)] == [
        "Support", "Print", "Support", "Support",
    ]  # fmt: skip
    check_numbers(two.desk)


def test_work_that_went_on_comes_from_the_queue_again_that_is_back(two: Two) -> None:
    _, accepted = two.fill()
    made = two.merge()
    two.office.clock.advance(timedelta(minutes=5))
    two.desk.run(answering.answer, accepted, "Hello", two.olena)
    two.desk.run(unmerge, made.id, two.maria)
    two.desk.run(work.release, accepted, two.olena)
    assert two.queue_of(accepted) == "Print"


def test_a_merge_is_found_by_the_name_that_went(two: Two) -> None:
    made = two.merge()
    assert two.desk.look(latest_merge_of, " PRINT ", two.maria) == made.id
    two.desk.run(unmerge, made.id, two.maria)
    with pytest.raises(NotFound, match=r"queue\.not_merged"):
        two.desk.look(latest_merge_of, "Print", two.maria)


def test_a_merge_is_undone_once_and_within_a_day(two: Two) -> None:
    made = two.merge()
    two.desk.run(unmerge, made.id, two.maria)
    with pytest.raises(Refused, match=r"queue\.unmerged"):
        two.desk.run(unmerge, made.id, two.maria)
    again = two.merge()
    two.office.clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(Refused, match=r"queue\.unmerge_late"):
        two.desk.run(unmerge, again.id, two.maria)


def test_of_two_who_undo_at_once_one_does(two: Two) -> None:
    waiting, _ = two.fill()
    made = two.merge()

    def go() -> str:
        try:
            two.desk.run(unmerge, made.id, two.maria)
        except Refused as refused:
            return refused.key
        return "done"

    assert sorted(at_once(go, 2)) == ["done", "queue.unmerged"]
    assert [two.queue_of(number) for number in waiting] == ["Print"] * 3
    check_numbers(two.desk)


def test_merges_are_undone_the_last_first(two: Two) -> None:
    third = two.office.queue("Desk").id
    waiting, _ = two.fill()
    first = two.merge()
    second = two.desk.run(merge, two.into, third, two.maria)
    assert two.desk.look(queries.find_queue, "Print").id == third
    with pytest.raises(Refused, match=r"queue\.unmerge_first"):
        two.desk.run(unmerge, first.id, two.maria)
    for made in (second, first):
        two.desk.run(unmerge, made.id, two.maria)
    assert [two.queue_of(number) for number in waiting] == ["Print"] * 3
    check_numbers(two.desk)


def test_a_name_that_another_queue_got_since_keeps_the_merge(two: Two) -> None:
    made = two.merge()
    two.desk.run(editing.remove_alias, two.into, "Print", two.maria)
    two.office.queue("Print")
    with pytest.raises(Refused, match=r"queue\.exists"):
        two.desk.run(unmerge, made.id, two.maria)


def test_a_name_that_the_other_queue_took_for_itself_keeps_the_merge(two: Two) -> None:
    made = two.merge()
    two.desk.run(editing.rename, two.into, "Print", two.maria)
    with pytest.raises(Refused, match=r"queue\.exists"):
        two.desk.run(unmerge, made.id, two.maria)


def test_a_name_that_was_taken_away_since_is_there_again(two: Two) -> None:
    made = two.merge()
    two.desk.run(editing.remove_alias, two.into, "Print", two.maria)
    two.desk.run(unmerge, made.id, two.maria)
    assert two.desk.look(queries.find_queue, "Print").id == two.left


def test_new_work_for_nobody_follows_the_intake_queue(office: Office) -> None:
    maria: Representative = office.join("Maria", Role.MANAGER)
    support = office.queue("Support").id
    intake = office.desk.run(queues.intake_queue)
    office.desk.run(merge, intake, support, maria)
    assert office.desk.run(queues.intake_queue) == support


def test_a_customers_words_reach_a_case_while_its_queue_is_merged(two: Two) -> None:
    ivan = two.office.customer()
    number = two.office.open_case(ivan, queue=two.left)
    words = two.office.says(ivan, "Still silent")
    what: list[Callable[[], object]] = [two.merge, lambda: two.desk.run(incoming.add_message, number, ivan, words)]
    at_once(lambda: what.pop()(), 2)  # noqa: PLW0108 - each thread takes its own
    assert two.queue_of(number) == "Support"
