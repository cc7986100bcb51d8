"""A queue keeps the words of its cases for so many days, and they are erased by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.activities import actions as activities
from core.activities import finishing
from core.cases import actions as cases
from core.cases import answering, conversations, editing, incoming, merging, rating, retention, seeing
from core.cases.fields import Field
from core.cases.model import Case
from core.customers.views import ContactView
from core.errors import Misused
from core.inbox.model import Letter
from core.outbox.model import Channel
from core.people.views import Representative
from core.work import days as days_of
from tests.core.cases.erased.everywhere import SECRET, keep_raw, raw_of, where
from tests.core.office import Office, fire_due, key_of


def test_a_queue_keeps_words_for_so_many_days_after_the_end(desk: Office, mila: Representative) -> None:
    vip, other = desk.queue("VIP").id, desk.queue("Other").id
    desk.desk.run(days_of.set_keep_days, vip, 30, mila)
    old, young, open_one, elsewhere = (
        desk.open_case(text=f"The {SECRET} {one}", queue=queue) for one, queue in enumerate((vip, vip, vip, other))
    )
    for number in (old, elsewhere):
        desk.desk.run(cases.resolve, number, mila, f"{SECRET} done")
    desk.clock.advance(timedelta(days=29))
    desk.desk.run(cases.resolve, young, mila)
    assert desk.desk.run(retention.erase_due) == 0
    desk.clock.advance(timedelta(days=2))
    desk.desk.run(retention.plan)
    desk.desk.run(retention.plan)
    fire_due(desk.desk)
    titles = [desk.item(number).title for number in (old, young, open_one, elsewhere)]
    assert titles == ["(erased)", f"The {SECRET} 1", f"The {SECRET} 2", f"The {SECRET} 3"]
    assert desk.desk.look(seeing.find, SECRET, mila).total == 3
    assert desk.desk.run(retention.erase_due) == 0
    assert desk.verbs(old)[-1] == "words_erased"


def test_more_than_fits_into_one_step_follows_soon(
    desk: Office, mila: Representative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    numbers = [desk.open_case(queue=vip) for _ in range(5)]
    for number in numbers:
        desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    desk.desk.run(retention.plan)
    for _ in range(3):
        fire_due(desk.desk)
        desk.clock.advance(retention.AGAIN_AFTER)
    assert {desk.item(number).title for number in numbers} == {"(erased)"}


@pytest.mark.parametrize("days", [0, -1, 7301])
def test_days_beyond_reason_are_refused(desk: Office, mila: Representative, days: int) -> None:
    with pytest.raises(Misused, match=r"usage\.queue_keep"):
        desk.desk.run(days_of.set_keep_days, desk.queue().id, days, mila)


def test_the_letter_of_a_message_that_was_merged_into_a_case_goes_with_its_words(
    desk: Office, mila: Representative
) -> None:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    petro = desk.customer("Petro", Channel.EMAIL, "petro@example.com")
    into, moved = desk.open_case(petro, queue=vip), desk.open_case(petro, queue=vip, content_hash="7" * 64)
    entry = desk.desk.look(conversations.conversation, moved)[0].id
    letter = desk.desk.run(keep_raw, "desk@localhost", moved, entry)
    desk.desk.run(lambda tx: setattr(tx.lock_one(Letter, letter), "content_hash", "7" * 64))
    desk.desk.run(merging.merge, [moved], into, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert raw_of(desk, letter) is not None
    desk.desk.run(cases.resolve, into, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert desk.item(into).title == "(erased)"
    assert raw_of(desk, letter) is None


def _erased_case(desk: Office, mila: Representative) -> tuple[int, ContactView]:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    ivan = desk.customer()
    number = desk.open_case(ivan, queue=vip)
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    return number, ivan


def test_what_is_said_after_the_words_were_erased_is_erased_in_its_time_too(desk: Office, mila: Representative) -> None:
    number, ivan = _erased_case(desk, mila)
    assert desk.desk.run(incoming.add_message, number, ivan, desk.says(ivan, f"{SECRET} again")) == number
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert where(desk, SECRET) == []


def test_what_is_said_in_a_closed_case_whose_words_were_erased_goes_with_the_next_that_go(
    desk: Office, mila: Representative
) -> None:
    number, ivan = _erased_case(desk, mila)
    desk.desk.run(answering.note, number, f"A note on {SECRET}", mila)
    desk.desk.run(incoming.add_message, number, ivan, desk.says(ivan, f"Thanks, {SECRET}"), reopen=False)
    desk.desk.run(lambda tx: setattr(tx.lock_one(Case, number), "rating_asked_at", tx.now))
    desk.desk.run(rating.rate, number, 5, ivan)
    desk.desk.run(rating.add_words, number, f"Says {SECRET}", ivan)
    assert where(desk, SECRET) != []
    assert desk.desk.run(retention.erase_due) == 1
    assert where(desk, SECRET) == []
    assert desk.desk.run(retention.erase_due) == 0


@pytest.mark.parametrize("what", ["done", "called off", "entitled", "snoozed"])
def test_what_is_said_of_an_activity_for_a_case_whose_words_were_erased_goes_with_the_next_that_go(
    desk: Office, mila: Representative, what: str
) -> None:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    number = desk.open_case(queue=vip)
    task = desk.desk.run(activities.plan_task, "Call them", mila, regarding=number).number
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    desk.clock.advance(timedelta(hours=1))
    if what == "done":
        desk.desk.run(finishing.finish, task, mila, f"They said {SECRET}")
    elif what == "called off":
        desk.desk.run(finishing.call_off, task, mila, f"They said {SECRET}")
    elif what == "entitled":
        desk.desk.run(editing.edit, task, {Field.TITLE: f"Ask about {SECRET}"}, mila)
    else:
        until = desk.clock() + timedelta(days=3)
        desk.desk.run(activities.snooze, task, until, f"They said {SECRET}", mila)
    assert where(desk, SECRET) != []
    assert desk.desk.run(retention.erase_due) == 1
    assert where(desk, SECRET) == []
    assert desk.desk.run(retention.erase_due) == 0


def test_a_customer_who_opens_a_case_again_whose_words_were_erased_is_told_how_it_ends(
    desk: Office, mila: Representative
) -> None:
    number, ivan = _erased_case(desk, mila)
    desk.desk.run(incoming.not_solved, number, ivan)
    desk.desk.run(cases.resolve, number, mila)
    assert key_of(desk.owed(contact_id=ivan.id)[-1]) == "customer.resolved"
