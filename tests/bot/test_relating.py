"""`/link`, `/parent` and `/split` in chat, and what cards say of cases that belong together."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.cases import conversations, incoming
from core.customers.views import ContactView
from core.people.views import Representative
from core.work import cards
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def pair(office: Office, ivan: ContactView) -> tuple[int, int]:
    return office.open_case(ivan, "one"), office.open_case(ivan, "two")


def test_a_link_stands_on_both_cards_until_it_is_taken_away(chat: Chatting, pair: tuple[int, int]) -> None:
    one, two = pair
    chat.say(f"/link {one} №{two}")
    assert f"See also №{two}" in chat.card_text(one)
    assert f"See also №{one}" in chat.card_text(two)
    assert "no longer linked" in chat.say(f"/link {one} {two} off").text
    assert "See also" not in chat.card_text(one)


def test_closing_a_parent_says_which_parts_are_open(office: Office, chat: Chatting, pair: tuple[int, int]) -> None:
    one, two = pair
    chat.say(f"/parent {two} {one}")
    assert f"Part of №{one}" in chat.card_text(two)
    assert f"Its parts: №{two} (1 open)" in chat.card_text(one)
    assert f"its parts are still open: №{two}" in chat.press("resolve", one).text
    chat.say(f"/reopen {one}")
    assert f"its parts are still open: №{two}" in chat.say(f"/resolve {one} done").text


def test_a_part_leaves_its_parent_by_a_word(chat: Chatting, pair: tuple[int, int]) -> None:
    one, two = pair
    chat.say(f"/parent {two} {one}")
    assert "no longer a part" in chat.say(f"/parent {two} off").text
    assert "still open" not in chat.say(f"/resolve {one} done").text


@pytest.mark.parametrize("words", ["/link", "/link 5", "/link 5 six", "/link 5 6 on", "/parent 5", "/parent 5 6 7"])
def test_what_cannot_be_read_is_refused_with_an_example(chat: Chatting, words: str) -> None:
    assert chat.say(words).error == f"usage.{words[1:].split(maxsplit=1)[0]}"


def test_a_reply_to_a_message_splits_from_there(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView
) -> None:
    number = office.open_case(ivan, "one")
    office.desk.run(cases.accept, number, olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "two"))
    entry = office.desk.look(conversations.conversation, number)[-1].id
    office.desk.run(cards.link, number, olena.chat_id or 0, 55, entry)
    told = chat.say("/split", reply_to=55)
    assert "is split off" in told.text
    assert office.texts(number) == ["one"]


def test_without_a_message_it_is_asked_from_which_on(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView
) -> None:
    number = office.open_case(ivan, "one")
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "two"))
    asked = chat.say(f"/split {number}")
    offered = [args for row in asked.buttons for verb, args in row if verb == "split"]
    assert len(offered) == 2
    assert chat.press("split", *offered[0]).error == "split.nothing_left"
    chat.press("split", *offered[1])
    assert office.texts(number) == ["one"]


def test_billable_time_stands_on_the_card_and_not_in_what_the_customer_reads(
    office: Office, chat: Chatting, ivan: ContactView, pair: tuple[int, int]
) -> None:
    told = chat.say(f"/resolve {pair[0]} 1h30m replaced")
    assert "Billable: 1:30 h" in told.text
    assert "resolved: replaced (billable: 1:30 h)" in chat.say(f"/history {pair[0]}").text
    assert office.owed(contact_id=ivan.id)[-1].facts["lines"][0]["facts"]["resolution"] == "replaced"


def test_a_cancelled_case_says_so_and_why(chat: Chatting, pair: tuple[int, int]) -> None:
    assert chat.say(f"/cancel_case {pair[0]} a double").error == "cancel.accept_first"
    chat.say(f"/accept {pair[0]}")
    assert chat.say(f"/cancel_case {pair[0]}").error == "cancel.no_reason"
    told = chat.say(f"/cancel_case {pair[0]} a double").text
    assert "Cancelled" in told
    assert "a double" in told
