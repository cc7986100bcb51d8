"""Queues bound to groups of the staff, without Telegram: who may, what is owed, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.drawing import draw, draw_for_group
from core.cases import actions as cases
from core.cases import answering, incoming
from core.errors import Refused
from core.outbox.claims import claim_due
from core.outbox.model import Channel, OwedKind
from core.people.views import Representative
from core.work import actions as work
from core.work import binding, cards, editing, groups, merging, unmerging
from core.work.groups import Place
from core.work.model import Queue
from core.work.views import QueueView
from tests.core.office import Office

GROUP = -1001


@pytest.fixture
def vip(office: Office, maria: Representative) -> QueueView:
    queue = office.queue()
    office.desk.run(binding.bind, queue.id, Place(GROUP, 7), maria)
    return queue


def _shown(office: Office, chat: int = GROUP) -> list[int | None]:
    return [row.work_id for row in office.owed(address=str(chat), kind=OwedKind.CARD)]


def _names(office: Office, chat: int) -> list[str]:
    return [one.name for one in office.desk.look(groups.shown_in, chat)]


def _text(office: Office, number: int, chat: int = GROUP) -> str:
    return office.desk.look(draw_for_group, number, chat)[0]


def test_only_who_keeps_queues_binds_and_unbinds(office: Office, vip: QueueView) -> None:
    olena = office.join("Olena")
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.run(binding.bind, vip.id, Place(-5), olena)
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.run(binding.unbind, vip.id, Place(GROUP), olena)
    assert _names(office, GROUP) == ["VIP"]


def test_whatever_enters_a_bound_queue_is_owed_a_card_and_the_managers_are_not_told_that_nobody_watches(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    number = office.open_case(queue=vip.id)
    assert _shown(office) == [number]
    assert office.told(maria) == []
    office.desk.run(cases.accept, number, maria)
    office.desk.run(work.release, number, maria)
    assert _shown(office) == [number, number]


def test_a_group_sees_no_note_and_no_later_words(office: Office, maria: Representative, vip: QueueView) -> None:
    ivan = office.customer("Ivan")
    number = office.open_case(ivan, "The lamp\nIt is dark", queue=vip.id)
    assert "It is dark" in _text(office, number)
    office.desk.run(answering.note, number, "They never pay", maria)
    assert "never pay" not in _text(office, number)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "My number is 12"))
    assert "12" not in _text(office, number).replace(f"№{number}", "").partition("\n")[0]
    assert "My number" not in _text(office, number)
    office.desk.run(cases.accept, number, maria)
    office.desk.run(cases.resolve, number, maria, "The secret of it")
    assert "secret" not in _text(office, number)


def test_what_goes_into_a_private_queue_is_a_number_to_the_group(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    secret = office.queue("Secret")
    office.desk.run(editing.set_members, secret.id, [], maria)
    number = office.open_case(text="Pink elephant", queue=vip.id)
    office.desk.run(work.forward, number, secret.id, maria)
    text = _text(office, number)
    assert "elephant" not in text
    assert "Secret" not in text
    assert f"№{number}" in text


def test_a_queue_is_bound_to_one_group_and_what_stands_in_it_is_shown(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    numbers = [office.open_case(queue=vip.id) for _ in range(groups.AT_FIRST + 3)]
    bound = office.desk.run(binding.bind, vip.id, Place(-5), maria)
    assert (bound.waiting, bound.shown) == (len(numbers), groups.AT_FIRST)
    assert _shown(office, -5) == numbers[: groups.AT_FIRST]
    assert (_names(office, GROUP), _names(office, -5)) == ([], ["VIP"])


def test_the_group_of_a_merged_queue_goes_over_and_comes_back(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    other = office.queue("Other")
    number = office.open_case(queue=vip.id)
    merged = office.desk.run(merging.merge, vip.id, other.id, maria)
    assert _names(office, GROUP) == ["Other"]
    assert office.desk.look(groups.stands, number, GROUP) == Place(GROUP, 7)
    office.desk.run(unmerging.unmerge, merged.id, maria)
    assert _names(office, GROUP) == ["VIP"]


def test_a_group_is_not_let_into_a_private_queue_by_a_merge(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    secret = office.queue("Secret")
    office.desk.run(editing.set_members, secret.id, [], maria)
    office.desk.run(merging.merge, vip.id, secret.id, maria)
    new = office.open_case(text="Pink elephant", queue=secret.id)
    assert _shown(office) == []
    assert "elephant" not in _text(office, new)


def test_a_queue_that_a_group_is_shown_does_not_become_private_unnoticed(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    with pytest.raises(Refused, match=r"queue\.in_group"):
        office.desk.run(editing.set_members, vip.id, [], maria)
    office.desk.run(binding.unbind, vip.id, Place(GROUP), maria)
    office.desk.run(editing.set_members, vip.id, [], maria)
    assert office.desk.run(binding.bind, vip.id, Place(GROUP), maria).private
    number = office.open_case(text="Pink elephant", queue=vip.id)
    assert "elephant" in _text(office, number)


def test_a_card_that_is_owed_to_the_old_id_of_a_group_goes_to_the_new_one(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    number = office.open_case(queue=vip.id)
    (parcel,) = office.desk.run(claim_due, Channel.TELEGRAM, 1)
    office.desk.run(groups.follow, GROUP, -5)  # whoever opened the case had not committed when this began
    drawn = office.desk.look(draw, parcel)
    assert drawn is not None
    assert (parcel.address, drawn.chat_id) == (str(GROUP), -5)
    office.desk.run(cards.posted, number, -5, 10, maria.id)
    assert office.desk.look(draw, parcel) is None


def test_a_group_that_is_lost_shows_nothing_and_whoever_keeps_queues_knows(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    office.desk.run(groups.lost, GROUP)
    assert _names(office, GROUP) == []
    assert office.told(maria) == ["group.lost"]


def test_a_closed_queue_is_shown_nowhere(office: Office, maria: Representative, vip: QueueView) -> None:
    from core.work import closing

    office.desk.run(closing.close_queue, vip.id, maria)
    assert _names(office, GROUP) == []


def test_a_storm_in_a_group_counts_for_nobody(office: Office, maria: Representative, vip: QueueView) -> None:
    office.desk.house = replace(office.desk.house, news_per_minute=2)
    numbers = [office.open_case(queue=vip.id) for _ in range(5)]
    assert _shown(office) == numbers

    def chats(tx: Any) -> list[int | None]:
        return list(tx.session.scalars(select(Queue.group_chat_id).where(Queue.id == vip.id)))

    assert office.desk.look(chats) == [GROUP]


def test_what_was_done_in_a_queue_is_hidden_once_it_is_merged_into_a_private_one(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    number = office.open_case(text="The lamp is dark", queue=vip.id)
    office.desk.run(cases.resolve, number, maria)
    assert "The lamp is dark" in _text(office, number)
    board = office.queue("Board")
    office.desk.run(editing.set_members, board.id, [maria.id], maria)
    office.desk.run(merging.merge, vip.id, board.id, maria)
    assert "The lamp is dark" not in _text(office, number)


def test_a_card_that_has_gone_on_to_the_queue_of_another_group_is_sent_there_once(
    office: Office, maria: Representative, vip: QueueView
) -> None:
    other = office.queue("Other")
    office.desk.run(binding.bind, other.id, Place(-2002), maria)
    number = office.open_case(queue=vip.id)
    office.desk.run(work.forward, number, other.id, maria)
    parcels = [one for one in office.desk.run(claim_due, Channel.TELEGRAM, 9) if "group" in one.facts]
    drawn = [office.desk.look(draw, one) for one in parcels]
    assert [one.address for one in parcels] == [str(GROUP), "-2002"]
    assert [one.chat_id if one else None for one in drawn] == [None, -2002]
