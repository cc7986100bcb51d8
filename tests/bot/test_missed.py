"""Missed cases in chat: pages that leave none out, days that mean what they say, days of one queue."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.history.model import Happened
from core.people.rules import Role
from core.people.views import Representative
from tests.bot.chatting import Chatting
from tests.core.office import Office

DAY = timedelta(days=1)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"№(\d+)", text)]


def test_every_missed_case_is_on_a_page(office: Office, chat: Chatting, olena: Representative) -> None:
    numbers = []
    for _ in range(13):
        numbers.append(office.open_case())
        office.clock.advance(timedelta(minutes=1))
    office.clock.advance(3 * DAY)
    told = chat.say("/missed")
    found = _numbers(told.text)
    for offset in (5, 10):
        args = [one for row in told.buttons for verb, one in row if verb == "missed" and one[1] == offset]
        assert args == [(-1, offset)], "the days of the desk and its queues are kept"
        told = chat.press("missed", *args[0])
        found += _numbers(told.text)
    assert found == numbers


def test_the_second_page_keeps_the_days_of_a_queue(office: Office, chat: Chatting) -> None:
    boss = Chatting(office, office.join("Boss", Role.MANAGER))
    vip = office.queue()
    assert "after 1 quiet day" in boss.say("/queue_missed VIP 1").text
    for _ in range(7):
        office.open_case(queue=vip.id)
    office.clock.advance(DAY)
    told = chat.say("/missed")
    assert len(_numbers(told.text)) == 5
    assert len(_numbers(chat.press("missed", *told.args("missed")).text)) == 2


@pytest.mark.parametrize("days", ["0", "366", "-1", "some"])
def test_days_are_from_one_to_a_year(chat: Chatting, days: str) -> None:
    assert "From 1 to 365" in chat.say(f"/missed {days}").text


def test_forged_days_are_those_of_the_desk(office: Office, chat: Chatting) -> None:
    number = office.open_case()
    office.clock.advance(3 * DAY)
    assert _numbers(chat.press("missed", 0, 0).text) == [number]


def test_nothing_missed_is_said_with_and_without_days(chat: Chatting) -> None:
    assert chat.say("/missed").text == "No case is missed. 👏"
    assert chat.say("/missed 5").text == "No case was quiet for 5 days. 👏"


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en", ["№{n}</b> The printer is silent: quiet for 3 days", "· Assigned of Olena", "· last message: 2 Mar"]),
        ("uk", ["№{n}</b> The printer is silent: без змін 3 дні", "· Призначені: Olena", "· останнє повідомлення: 2"]),
    ],
)
def test_each_detail_stands_on_a_line_of_its_own(
    office: Office, olena: Representative, locale: str, lines: list[str]
) -> None:
    number = office.open_case()
    office.clock.advance(3 * DAY)
    shown = Chatting(office, olena, locale).say("/missed").text.split("\n")
    for line in lines:
        assert any(line.format(n=number) in one for one in shown), shown
    assert not any(" · " in one for one in shown)


def test_only_managers_give_a_queue_its_own_days(office: Office, chat: Chatting) -> None:
    office.queue()
    assert chat.say("/queue_missed VIP 2").error == "right.missing"


def test_the_days_of_a_queue_are_set_shown_and_taken_away(office: Office) -> None:
    boss = Chatting(office, office.join("Boss", Role.MANAGER))
    office.queue("Very important people")
    assert "after 2 quiet days" in boss.say("/queue_missed very important people 2").text
    assert "missed after 2 quiet days" in boss.say("/queue very").text
    assert "3 days again" in boss.say("/queue_missed very off").text
    assert "missed after" not in boss.say("/queue very").text
    facts = office.desk.look(
        lambda tx: [
            one.facts for one in tx.session.query(Happened).filter_by(verb="queue_missed_set").order_by(Happened.id)
        ]
    )
    assert facts == [{"before": None, "days": 2}, {"before": 2, "days": None}]


@pytest.mark.parametrize("words", ["", "VIP", "VIP 0", "VIP 366", "VIP soon", "VIP -1"])
def test_days_that_are_none_are_refused(office: Office, words: str) -> None:
    office.queue()
    boss = Chatting(office, office.join("Boss", Role.MANAGER))
    assert "Which queue, and after how many quiet days" in boss.say(f"/queue_missed {words}").text


def test_a_queue_that_there_is_not_is_named(office: Office) -> None:
    boss = Chatting(office, office.join("Boss", Role.MANAGER))
    assert "There is no queue “Moon”" in boss.say("/queue_missed Moon 2").text
