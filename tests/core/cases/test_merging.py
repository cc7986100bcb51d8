"""Cases that are about the same become one: what moves, what leads there, what is refused."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.activities import actions as activities
from core.activities import queries as planned
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import answering, files, incoming, merging, queries, related
from core.cases.rules import CaseStatus
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.errors import DeskError, Misused, NotFound, Refused
from core.intake.tags import subject_tag, tagged_address
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.work import cards
from core.work.model import Work
from core.work.rules import QueueKind, WorkKind
from tests.core.office import Office
from tests.core.races import at_once
from tests.core.work.counting import check_numbers
from tests.workers.letters import Post, letter


@pytest.fixture
def pair(office: Office, ivan: ContactView, olena: Representative) -> tuple[int, int]:
    """Two cases of Ivan, in whose talk each of the two takes turns."""
    first, second = office.open_case(ivan, "one"), office.open_case(ivan, "two")
    for number, words in ((first, "three"), (second, "four"), (first, "five")):
        office.clock.advance(timedelta(minutes=1))
        office.desk.run(incoming.add_message, number, ivan, office.says(ivan, words))
    return first, second


# --- what moves ---------------------------------------------------------------------------------------


def test_what_was_said_stands_in_true_order_in_the_one_that_goes_on(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    assert office.desk.run(merging.merge, [second], first, olena) == first
    assert office.texts(first) == ["one", "two", "three", "four", "five"]
    assert office.texts(second) == []


def test_the_merged_one_is_closed_and_not_counted_as_done(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    office.desk.run(merging.merge, [second], first, olena)
    view = office.desk.look(queries.case, second)
    assert (view.status, view.item.open, view.item.merged_into) == (CaseStatus.MERGED, False, first)
    assert office.desk.look(lambda tx: tx.session.get_one(Work, second).done_in_id) is None
    assert office.place(first) is not None
    check_numbers(office.desk)
    assert office.verbs(second)[-1] == "case_merged"
    assert office.facts(second, "case_merged")["into"] == first
    assert office.facts(first, "merged_here") == {"numbers": [second]}


def test_files_and_activities_come_along_and_it_is_planned_by_them(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    first = office.open_case(ivan)
    file = NewFile("document", "one.pdf", "application/pdf", 5, telegram_id="A")
    second = office.open_case(ivan, files=(file,))
    at = office.clock() + timedelta(hours=2)
    task = office.desk.run(activities.plan_task, "call", olena, due_at=at, regarding=second).number
    others = [
        office.desk.run(activities.plan, Plan(kind, "show", at + timedelta(days=1), regarding=second), olena).number
        for kind in (WorkKind.CALL, WorkKind.APPOINTMENT)
    ]
    office.desk.run(merging.merge, [second], first, olena)
    assert [one.file.name for one in office.desk.look(files.numbered, first)] == ["one.pdf"]
    assert office.desk.look(planned.regarding, task) == first
    assert [one.number for one in office.desk.look(queries.case, first).planned] == [task, *others]
    assert office.item(first).planned_at == at
    office.desk.run(cases.resolve, task, olena)
    assert office.item(first).planned_at == at + timedelta(days=1)
    for one in others:
        office.desk.run(cases.resolve, one, olena)
    assert office.item(first).planned_at is None


def test_it_waits_for_an_answer_when_the_last_words_of_either_are_the_customers(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    office.desk.run(answering.answer, first, "Yes", olena)
    assert office.item(first).answered
    office.desk.run(merging.merge, [second], first, olena)
    assert office.item(first).answered
    third = office.open_case(office.customer("Petro"))
    office.desk.run(merging.merge, [third], first, olena, confirmed=True)
    assert not office.item(first).answered


def test_ten_are_merged_at_once_and_no_more(office: Office, ivan: ContactView, olena: Representative) -> None:
    first, *others = (office.open_case(ivan, str(one)) for one in range(12))
    with pytest.raises(Misused, match=r"merge.too_many"):
        office.desk.run(merging.merge, others, first, olena)
    office.desk.run(merging.merge, others[:10], first, olena)
    assert office.texts(first) == [str(one) for one in range(11)]
    check_numbers(office.desk)


def test_whoever_had_any_of_them_is_told_and_who_merged_them_is_not(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    taras, maria = office.join("Taras"), office.join("Maria", Role.MANAGER)
    office.desk.run(cases.accept, first, olena)
    office.desk.run(activities.assign, second, taras, maria)
    office.desk.run(merging.merge, [second], first, maria)
    assert office.told(olena)[-1] == office.told(taras)[-1] == "card.why.merged"
    assert "card.why.merged" not in office.told(maria)


# --- what leads there ---------------------------------------------------------------------------------


def test_numbers_lead_to_the_last_of_a_chain(office: Office, ivan: ContactView, olena: Representative) -> None:
    one, two, three = (office.open_case(ivan, word) for word in ("one", "two", "three"))
    office.desk.run(merging.merge, [one], two, olena)
    office.desk.run(merging.merge, [two], three, olena)
    assert [office.desk.look(related.survivor, number) for number in (one, two, three)] == [three] * 3
    four = office.open_case(ivan, "four")
    assert office.desk.run(merging.merge, [four], one, olena) == three


def test_words_for_the_merged_one_join_the_other(
    office: Office, pair: tuple[int, int], ivan: ContactView, olena: Representative
) -> None:
    first, second = pair
    office.desk.run(merging.merge, [second], first, olena)
    assert office.desk.run(incoming.add_message, second, ivan, office.says(ivan, "six")) == first
    assert office.texts(first)[-1] == "six"


def test_messages_in_chats_are_about_the_one_that_goes_on(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    office.desk.run(cards.link, second, 77, 5)
    office.desk.run(merging.merge, [second], first, olena)
    assert office.desk.look(cards.about, 77, 5) == (first, None)


@pytest.mark.parametrize("where", ["address", "subject", "reference"])
def test_letters_with_a_mark_of_the_merged_one_join_the_other(office: Office, tmp_path: Path, where: str) -> None:
    olena, post = office.join("Olena"), Post(office, tmp_path)
    first = post.bring(letter("one", message_id="one@example.com")).work_id or 0
    second = post.bring(letter("two", message_id="two@example.com")).work_id or 0
    office.desk.run(merging.merge, [second], first, olena)
    secret = office.desk.house.secret
    to = tagged_address(secret, "desk@localhost", second) if where == "address" else "desk@localhost"
    subject = f"Re: {subject_tag(secret, second)}" if where == "subject" else "Re: it"
    headers = ("In-Reply-To: <two@example.com>",) if where == "reference" else ()
    came = post.bring(letter("three", subject=subject, message_id="three@example.com", headers=headers), to)
    assert came.work_id == first
    assert office.texts(first) == ["one", "two", "three"]


def test_whoever_is_on_none_of_them_does_not_get_in_by_the_mark_of_a_merged_one(office: Office, tmp_path: Path) -> None:
    olena, post = office.join("Olena"), Post(office, tmp_path)
    first, second = (post.bring(letter(word, message_id=f"{word}@example.com")).work_id or 0 for word in ("a", "b"))
    office.desk.run(merging.merge, [second], first, olena)
    to = tagged_address(office.desk.house.secret, "desk@localhost", second)
    came = post.bring(letter("c", sender="Eve <eve@example.com>", message_id="c@example.com"), to, "eve@example.com")
    assert came.work_id not in {first, second}


# --- whom it concerns ---------------------------------------------------------------------------------


def test_the_customer_is_told_once_whatever_number_is_merged(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    first, *others = (office.open_case(ivan, word) for word in ("one", "two", "three"))
    office.desk.run(merging.merge, others, first, olena)
    assert office.told_customer(ivan).count("customer.merged") == 1
    told = office.owed(contact_id=ivan.id)[-1].facts["lines"][0]["facts"]
    assert (told["number"], told["numbers"]) == (first, others)


def test_by_mail_nobody_is_told_of_that_alone(office: Office, olena: Representative) -> None:
    maria = office.customer("Maria", Channel.EMAIL)
    first, second = office.open_case(maria, "one"), office.open_case(maria, "two")
    office.desk.run(merging.merge, [second], first, olena)
    assert "customer.merged" not in office.told_customer(maria)


def test_cases_of_different_customers_are_merged_only_when_that_is_confirmed(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    petro = office.customer("Petro")
    first, second = office.open_case(ivan, "one"), office.open_case(petro, "two")
    assert office.desk.run(merging.strangers, [second], first, olena) == [(second, "Petro")]
    with pytest.raises(Refused, match=r"merge.other_customers"):
        office.desk.run(merging.merge, [second], first, olena)
    office.desk.run(merging.merge, [second], first, olena, confirmed=True)
    assert office.texts(first) == ["one", "two"]
    assert "customer.merged" not in office.told_customer(petro)


def test_what_another_customer_writes_joins_it_and_answers_do_not_go_to_them(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    petro = office.customer("Petro")
    first, second = office.open_case(ivan, "one"), office.open_case(petro, "two")
    office.desk.run(merging.merge, [second], first, olena, confirmed=True)
    assert office.desk.run(incoming.add_message, second, petro, office.says(petro, "three")) == first
    office.desk.run(answering.answer, first, "For Ivan", olena)
    assert office.told_customer(ivan)[-1] == "answer"
    assert "answer" not in office.told_customer(petro)


def test_another_customer_cannot_close_what_their_case_was_merged_into(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    petro = office.customer("Petro")
    first, second = office.open_case(ivan, "one"), office.open_case(petro, "two")
    office.desk.run(merging.merge, [second], first, olena, confirmed=True)
    with pytest.raises(NotFound, match=r"item.unknown"):
        office.desk.run(incoming.close_own, first, petro)
    for verb in (incoming.close_own, incoming.not_solved):
        with pytest.raises(Refused, match=r"item.merged"):
            office.desk.run(verb, second, petro)


# --- what is refused ----------------------------------------------------------------------------------


def test_refuses_itself_also_by_an_alias(office: Office, pair: tuple[int, int], olena: Representative) -> None:
    first, second = pair
    with pytest.raises(Refused, match=r"merge.itself"):
        office.desk.run(merging.merge, [first], first, olena)
    office.desk.run(merging.merge, [second], first, olena)
    with pytest.raises(Refused, match=r"merge.itself"):
        office.desk.run(merging.merge, [first], second, olena)
    with pytest.raises(Refused, match=r"item.merged"):
        office.desk.run(merging.merge, [second], first, olena)


def test_refuses_what_is_closed_on_either_side(office: Office, pair: tuple[int, int], olena: Representative) -> None:
    first, second = pair
    office.desk.run(cases.resolve, second, olena)
    for numbers in ([second], first), ([first], second):
        with pytest.raises(Refused, match=r"item.closed"):
            office.desk.run(merging.merge, *numbers, olena)


def test_refuses_what_another_works_on_on_either_side(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    taras = office.join("Taras")
    office.desk.run(cases.accept, first, olena)
    for numbers in ([second], first), ([first], second):
        with pytest.raises(Refused):
            office.desk.run(merging.merge, *numbers, taras)
    assert office.texts(second) == ["two", "four"]


def test_refuses_a_task_and_what_there_is_not(office: Office, pair: tuple[int, int], olena: Representative) -> None:
    task = office.desk.run(activities.plan_task, "call", olena).number
    with pytest.raises(NotFound, match=r"case.is_task"):
        office.desk.run(merging.merge, [task], pair[0], olena)
    with pytest.raises(NotFound, match=r"item.unknown"):
        office.desk.run(merging.merge, [999_999], pair[0], olena)


def test_nothing_is_done_with_the_merged_one_any_more(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    office.desk.run(merging.merge, [second], first, olena)
    for verb in (cases.accept, cases.resolve, cases.reopen):
        with pytest.raises(Refused, match=r"item.merged") as refused:
            office.desk.run(verb, second, olena)
        assert refused.value.facts["into"] == first


# --- at once ------------------------------------------------------------------------------------------


def test_merges_that_cross_leave_one_case_with_all_that_was_said(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    numbers = [office.open_case(ivan, str(one)) for one in range(6)]
    orders = [random.Random(seed).sample(numbers, 6) for seed in range(4)]
    turns = iter(range(4))

    def go() -> None:
        mine = orders[next(turns)]
        for one, other in pairwise(mine):
            with contextlib.suppress(DeskError):
                office.desk.run(merging.merge, [one], other, olena)
            with contextlib.suppress(DeskError):
                office.desk.run(incoming.add_message, one, ivan, office.says(ivan, f"more for {one}"))

    at_once(go, 4)
    open_ones = [number for number in numbers if office.item(number).open]
    said = [words for number in open_ones for words in office.texts(number)]
    assert len([words for words in said if len(words) == 1]) == 6
    assert len(said) == 6 + 20
    leads = {office.desk.look(related.survivor, number) for number in numbers}
    assert leads == set(open_ones)
    check_numbers(office.desk)


def test_two_that_are_merged_into_each_other_at_once_end_with_one(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    ways = iter([([first], second), ([second], first)])

    def go() -> str:
        losers, into = next(ways)
        try:
            office.desk.run(merging.merge, losers, into, olena)
        except Refused as refused:
            return refused.key
        return "merged"

    came = sorted(at_once(go, 2))
    assert came in (["item.merged", "merged"], ["merge.itself", "merged"])
    assert [office.item(number).open for number in pair].count(True) == 1
    check_numbers(office.desk)


def test_what_comes_in_while_two_are_merged_is_in_the_one_that_goes_on(
    office: Office, pair: tuple[int, int], ivan: ContactView, olena: Representative
) -> None:
    first, second = pair
    turns = iter(range(3))

    def go() -> None:
        turn = next(turns)
        for one in range(4):
            if turn:
                office.desk.run(incoming.add_message, second, ivan, office.says(ivan, f"{turn}-{one}"))
            elif one == 1:
                office.desk.run(merging.merge, [second], first, olena)

    at_once(go, 3)
    assert len(office.texts(first)) == 5 + 8
    assert office.texts(second) == []


def test_the_place_of_the_one_that_goes_on_is_as_it_was(
    office: Office, pair: tuple[int, int], olena: Representative
) -> None:
    first, second = pair
    office.desk.run(cases.accept, first, olena)
    office.desk.run(merging.merge, [second], first, olena)
    assert office.place(first) == (QueueKind.IN_PROGRESS, olena.id)
