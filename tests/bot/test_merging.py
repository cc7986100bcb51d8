"""`/merge` in chat: how it is written, what is asked, and where old numbers, buttons and replies lead."""

from __future__ import annotations

import pytest

from core.cases import conversations, merging
from core.customers.views import ContactView
from core.people.views import Representative
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.office import Office


@pytest.mark.parametrize("words", ["{} {} INTO {}", "№{}, #{} → №{}", "{},{} до {}", "{} {} to n{}"])
def test_several_are_merged_in_one_line(office: Office, chat: Chatting, ivan: ContactView, words: str) -> None:
    one, two, three = (office.open_case(ivan, str(place)) for place in range(3))
    told = chat.say("/merge " + words.format(one, two, three))
    assert told.error == ""
    assert f"№{one}, {two} → №{three}" in told.text
    assert not office.item(one).open


def test_in_a_reply_the_case_that_is_replied_to_is_merged(office: Office, chat: Chatting, ivan: ContactView) -> None:
    one, two = office.open_case(ivan, "one"), office.open_case(ivan, "two")
    chat.say(f"/merge into {two}", about=one)
    assert office.item(one).merged_into == two


@pytest.mark.parametrize("words", ["", "5", "5 6", "INTO 6", "5 INTO", "five INTO 6", "5 INTO six", "1" * 60 + " x"])
def test_what_cannot_be_read_is_refused_with_an_example(chat: Chatting, words: str) -> None:
    assert chat.say(f"/merge {words}").error == "usage.merge"


def test_of_different_customers_it_is_asked_first(office: Office, chat: Chatting, ivan: ContactView) -> None:
    one, two = office.open_case(ivan, "one"), office.open_case(office.customer("Petro"), "two")
    asked = chat.say(f"/merge {two} INTO {one}")
    assert "another customer: Petro" in asked.text
    assert office.item(two).open
    chat.press("merge_yes", one)
    assert office.item(two).merged_into == one
    assert "no longer kept" in chat.press("merge_yes", one).toast


def test_a_button_for_another_merge_than_was_asked_does_nothing(
    office: Office, chat: Chatting, ivan: ContactView
) -> None:
    one, two = office.open_case(ivan, "one"), office.open_case(office.customer("Petro"), "two")
    chat.say(f"/merge {two} INTO {one}")
    chat.press("merge_yes", two)
    assert office.item(two).open


def test_an_old_number_opens_the_case_that_goes_on_and_says_so(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView
) -> None:
    one, two = office.open_case(ivan, "the first words"), office.open_case(ivan, "the second words")
    office.desk.run(merging.merge, [two], one, olena)
    for told in (chat.say(f"/case {two}"), chat.press("case", two), chat.press("tab", two, "files")):
        assert f"№{two} was merged into №{one}" in told.text
        assert "the first words" in told.text
    assert f"merged into №{one}" in chat.say(f"/history {two}").text
    assert f"Merged into №{one}" in chat.card_text(two)
    assert chat.say(f"/accept {two}").error == "item.merged"


def test_a_reply_to_an_old_card_answers_the_case_that_goes_on(
    office: Office, chat: Chatting, olena: Representative, ivan: ContactView
) -> None:
    one, two = office.open_case(ivan, "one"), office.open_case(ivan, "two")
    office.desk.run(merging.merge, [two], one, olena)
    assert chat.say("We look into it", about=two).error == ""
    assert office.desk.look(conversations.conversation, one)[-1].text == "We look into it"


async def test_a_customers_reply_to_a_merged_case_joins_the_other(office: Office, olena: Representative) -> None:
    talk = Talk(office)
    await talk.say(77, "The printer is silent")
    await talk.say(77, "/new The lamp is dark")
    one, two = sorted({row.work_id or 0 for row in office.owed(person_id=olena.id)})
    office.desk.run(merging.merge, [two], one, olena)
    heard = await talk.say(77, "And it hums")
    assert [entry.text for entry in office.desk.look(conversations.conversation, one)][-1] == "And it hums"
    assert "№" not in heard.text
