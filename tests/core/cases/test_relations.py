"""Cases that belong together: links, parents and children, what is split off, and what of it survives a merge."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import (
    answering,
    channels,
    conversations,
    incoming,
    merging,
    queries,
    related,
    relations,
    seeing,
    splitting,
)
from core.cases.model import CaseLink
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.errors import DeskError, NotFound, Refused
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.work import cards, editing
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once
from tests.core.work.counting import check_numbers


@pytest.fixture
def three(office: Office, ivan: ContactView) -> tuple[int, int, int]:
    one, two, three = (office.open_case(ivan, word) for word in ("one", "two", "three"))
    return one, two, three


def _linked(office: Office, number: int) -> list[int]:
    return [one.number for one in office.desk.look(related.linked, number)]


def _children(office: Office, number: int) -> list[int]:
    return [one.number for one in office.desk.look(related.children, number)]


# --- links --------------------------------------------------------------------------------------------


def test_linked_cases_show_each_other_and_both_histories_say_so(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, _ = three
    office.desk.run(relations.link, two, one, olena)
    for number, other in ((one, two), (two, one)):
        view = office.desk.look(queries.case, number)
        assert view.related is not None
        assert view.related.linked == (other,)
        assert office.facts(number, "linked") == {"number": other}
    office.desk.run(relations.unlink, one, two, olena)
    assert office.desk.look(queries.case, one).related is None


def test_refuses_a_link_that_is_there_is_none_or_leads_to_itself(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, _ = three
    with pytest.raises(Refused, match=r"link.itself"):
        office.desk.run(relations.link, one, one, olena)
    with pytest.raises(Refused, match=r"link.none"):
        office.desk.run(relations.unlink, one, two, olena)
    office.desk.run(relations.link, one, two, olena)
    with pytest.raises(Refused, match=r"link.there"):
        office.desk.run(relations.link, two, one, olena)


def test_what_another_works_on_may_be_linked_to_and_not_from(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, _ = three
    taras = office.join("Taras")
    office.desk.run(cases.accept, one, olena)
    vip = office.queue("VIP").id
    office.desk.run(activities.forward, two, vip, olena)
    with pytest.raises(Refused, match=r"item.taken"):
        office.desk.run(relations.link, one, two, taras)
    office.desk.run(relations.link, two, one, taras)
    assert _linked(office, one) == [two]


def test_tasks_and_what_there_is_not_belong_to_nothing(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    task = office.desk.run(activities.plan_task, "call", olena).number
    for verb in (relations.link, relations.set_parent):
        with pytest.raises(NotFound, match=r"case.is_task"):
            office.desk.run(verb, three[0], task, olena)
        with pytest.raises(NotFound, match=r"item.unknown"):
            office.desk.run(verb, three[0], 999_999, olena)


# --- parents ------------------------------------------------------------------------------------------


def test_a_parent_shows_its_children_and_which_are_open(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    office.desk.run(relations.set_parent, two, one, olena)
    office.desk.run(relations.set_parent, three_, one, olena)
    office.desk.run(cases.resolve, two, olena)
    view = office.desk.look(queries.case, one)
    assert view.related is not None
    assert (view.related.children, view.related.open_children) == ((two, three_), (three_,))
    child = office.desk.look(queries.case, two).related
    assert child is not None
    assert child.parent == one
    assert office.desk.look(relations.open_children, one, olena) == [three_]


def test_there_are_no_circles_and_no_grandchildren(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    office.desk.run(relations.set_parent, two, one, olena)
    tries = [(one, one, "parent.itself"), (one, two, "parent.is_child"), (three_, two, "parent.is_child")]
    for child, parent, key in [*tries, (one, three_, "parent.has_children"), (two, one, "parent.there")]:
        with pytest.raises(Refused) as refused:
            office.desk.run(relations.set_parent, child, parent, olena)
        assert refused.value.key == key


def test_a_child_leaves_its_parent(office: Office, three: tuple[int, int, int], olena: Representative) -> None:
    one, two, _ = three
    office.desk.run(relations.set_parent, two, one, olena)
    assert office.desk.run(relations.leave_parent, two, olena) == one
    assert _children(office, one) == []
    with pytest.raises(Refused, match=r"parent.none"):
        office.desk.run(relations.leave_parent, two, olena)


def test_of_those_who_make_a_circle_at_once_somebody_is_refused(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    turns = iter([(one, two), (two, three_), (three_, one)])

    def go() -> bool:
        child, parent = next(turns)
        with contextlib.suppress(DeskError):
            office.desk.run(relations.set_parent, child, parent, olena)
            return True
        return False

    assert at_once(go, 3).count(True) == 1
    assert sum(len(_children(office, number)) for number in three) == 1


# --- merging ------------------------------------------------------------------------------------------


def test_links_and_children_of_those_merged_belong_to_the_one_that_goes_on(
    office: Office, ivan: ContactView, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    four = office.open_case(ivan, "four")
    office.desk.run(relations.link, two, three_, olena)
    office.desk.run(relations.link, two, one, olena)
    office.desk.run(relations.link, one, three_, olena)
    office.desk.run(relations.set_parent, four, two, olena)
    office.desk.run(merging.merge, [two], one, olena)
    assert _linked(office, one) == [three_]
    assert _children(office, one) == [four]
    assert office.desk.look(lambda tx: tx.session.query(CaseLink).count()) == 1


def test_a_child_that_goes_on_for_its_parent_is_nobodys_child(
    office: Office, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    office.desk.run(relations.set_parent, two, one, olena)
    office.desk.run(relations.set_parent, three_, one, olena)
    office.desk.run(merging.merge, [one], two, olena)
    assert _children(office, two) == [three_]
    view = office.desk.look(queries.case, two)
    assert view.related is not None
    assert view.related.parent is None


def test_children_of_one_merged_into_a_child_go_to_its_parent(
    office: Office, ivan: ContactView, three: tuple[int, int, int], olena: Representative
) -> None:
    one, two, three_ = three
    four = office.open_case(ivan, "four")
    office.desk.run(relations.set_parent, two, one, olena)
    office.desk.run(relations.set_parent, four, three_, olena)
    office.desk.run(merging.merge, [three_], two, olena)
    assert _children(office, one) == [two, four]


# --- splitting ----------------------------------------------------------------------------------------


def _talk(office: Office, ivan: ContactView, olena: Representative) -> tuple[int, list[int]]:
    """Open a case of Ivan with five messages; returns its number and their ids."""
    number = office.open_case(ivan, "one")
    office.desk.run(cases.accept, number, olena)
    file = NewFile("document", "two.pdf", "application/pdf", 5, telegram_id="A")
    words = [("two", (file,)), ("three", ())]
    for text, files in words:
        office.clock.advance(timedelta(minutes=1))
        more = office.says(ivan, text, files=files, chat_id=77, chat_message_id=len(text))
        office.desk.run(incoming.add_message, number, ivan, more)
    office.clock.advance(timedelta(minutes=1))
    office.desk.run(answering.answer, number, "four", olena)
    office.desk.run(answering.note, number, "five", olena)
    return number, [one.id for one in office.desk.look(conversations.conversation, number)]


def test_what_is_split_off_is_as_private_and_answered_by_the_same_channel(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    mila, other, board = office.join("Mila", Role.MANAGER), office.join("Taras"), office.queue("Board")
    office.desk.run(editing.set_members, board.id, [olena.id], mila)
    number, ids = _talk(office, ivan, olena)
    office.desk.run(activities.forward, number, board.id, olena)
    office.desk.run(cases.accept, number, olena)
    office.desk.run(channels.choose_channel, number, Channel.TELEGRAM, olena)
    new = office.desk.run(splitting.split, number, ids[1], olena)
    assert office.desk.look(queries.case, new).answer_by is Channel.TELEGRAM
    for one in (number, new):
        with pytest.raises(NotFound):
            office.desk.look(seeing.case, one, other)


def test_a_message_and_what_follows_become_a_linked_case_where_the_old_one_stands(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, ids = _talk(office, ivan, olena)
    new = office.desk.run(splitting.split, number, ids[1], olena)
    assert (office.texts(number), office.texts(new)) == (["one"], ["two", "three", "four", "five"])
    assert office.place(new) == office.place(number) == (QueueKind.IN_PROGRESS, olena.id)
    view = office.desk.look(queries.case, new)
    assert (view.contact.id, view.item.title, view.files) == (ivan.id, "two", 1)
    assert _linked(office, new) == [number]
    assert (office.facts(number, "split"), office.facts(new, "case_split_off")) == ({"number": new}, {"number": number})
    check_numbers(office.desk)


def test_each_waits_for_an_answer_as_its_own_words_tell(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, ids = _talk(office, ivan, olena)
    assert office.item(number).answered
    new = office.desk.run(splitting.split, number, ids[3], olena)
    assert (office.item(number).answered, office.item(new).answered) == (False, True)


def test_chat_messages_that_moved_are_about_the_new_case(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, ids = _talk(office, ivan, olena)
    new = office.desk.run(splitting.split, number, ids[2], olena)
    assert office.desk.look(cards.about, 77, len("three")) == (new, ids[2])
    assert office.desk.look(cards.about, 77, len("two")) == (number, ids[1])


def test_the_customer_hears_nothing_of_it(office: Office, ivan: ContactView, olena: Representative) -> None:
    number, ids = _talk(office, ivan, olena)
    before = office.told_customer(ivan)
    office.desk.run(splitting.split, number, ids[1], olena)
    assert office.told_customer(ivan) == before


def test_refuses_to_leave_nothing_behind_and_messages_of_other_cases(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, ids = _talk(office, ivan, olena)
    other = office.open_case(ivan, "another")
    foreign = office.desk.look(conversations.conversation, other)[0].id
    with pytest.raises(Refused, match=r"split.nothing_left"):
        office.desk.run(splitting.split, number, ids[0], olena)
    for entry in (foreign, 999_999):
        with pytest.raises(NotFound, match=r"message.unknown"):
            office.desk.run(splitting.split, number, entry, olena)


def test_refuses_to_split_what_another_works_on_or_is_closed(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, ids = _talk(office, ivan, olena)
    with pytest.raises(Refused, match=r"item.taken"):
        office.desk.run(splitting.split, number, ids[1], office.join("Taras"))
    office.desk.run(cases.resolve, number, olena)
    with pytest.raises(Refused, match=r"item.closed"):
        office.desk.run(splitting.split, number, ids[1], olena)


def test_what_was_split_off_can_be_merged_back(office: Office, ivan: ContactView, olena: Representative) -> None:
    number, ids = _talk(office, ivan, olena)
    new = office.desk.run(splitting.split, number, ids[2], olena)
    office.desk.run(merging.merge, [new], number, olena)
    assert office.texts(number) == ["one", "two", "three", "four", "five"]
    assert _linked(office, number) == []
