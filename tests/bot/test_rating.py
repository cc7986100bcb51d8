"""The question how satisfied a customer is, in chat and by mail, through the whole of the bot and of the intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import queries, rating
from core.cases.views import CaseView
from core.customers.model import ContactAddress
from core.customers.views import ContactView
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel
from core.people.views import Representative
from core.store.files import FileStore
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.office import Office
from workers.mail_out.post import write


@pytest.fixture
def olena(office: Office) -> Representative:
    office.desk.house = replace(office.desk.house, rating_after=timedelta(hours=1))
    return office.join("Olena")


async def _asked(office: Office, talk: Talk, olena: Representative, who: int = 77) -> int:
    """Let somebody in chat be asked of a case; returns its number."""
    await talk.say(who, "The printer is silent")
    contact = office.desk.look(
        lambda tx: tx.session.scalar(select(ContactAddress.contact_id).where(ContactAddress.address == str(who + 1000)))
    )
    (number,) = office.desk.look(queries.open_cases_of, contact or 0)
    office.desk.run(cases.resolve, number, olena)
    office.clock.advance(timedelta(hours=1))
    assert office.desk.run(rating.ask, number)
    return number


def _case(office: Office, number: int) -> CaseView:
    return office.desk.look(queries.case, number)


async def test_five_buttons_are_pressed_and_a_few_words_are_said(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    ivan = office.again(olena)
    customer = replace(ivan, chat_id=1077)
    thanks = await talk.press(customer, "rate", number, 4)
    assert f"Your rating of №{number}: 4 of 5" in thanks.text
    assert any("rate_words" in one for one in thanks.buttons)
    assert "rated already" in (await talk.press(customer, "rate", number, 1)).text
    assert "your next message goes with the rating" in (await talk.press(customer, "rate_words", number)).text
    assert "that is noted" in (await talk.say(77, "It was quick")).text
    assert (_case(office, number).satisfaction, _case(office, number).satisfaction_words) == (4, "It was quick")
    chat = Chatting(office, olena)
    assert "4 of 5 – “It was quick”" in chat.card_text(number)
    assert "4 of 5" in chat.press("tab", number, "customer", 0).text
    assert "rated by the customer: 4 of 5" in chat.say(f"/history {number}").text


async def test_words_that_were_said_by_another_way_meanwhile_leave_the_next_ones_to_the_case(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    customer = replace(office.again(olena), chat_id=1077)
    await talk.press(customer, "rate", number, 4)
    await talk.press(customer, "rate_words", number)
    contact = office.desk.look(queries.case, number).contact
    office.desk.run(rating.add_words, number, "It was quick", contact, via="email")
    office.clock.advance(rating.STILL_ABOUT_RATING)
    await talk.say(77, "The printer is silent again")
    assert office.texts(number)[-1] == "The printer is silent again"


async def test_a_bare_number_is_the_answer_where_it_can_be_nothing_else(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    assert "5 of 5" in (await talk.say(77, "5")).text
    assert _case(office, number).satisfaction == 5
    assert not office.item(number).open


async def test_with_another_case_open_a_bare_number_is_a_message(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    await talk.say(77, "/new How many lamps? I tell you in a moment")
    await talk.say(77, "5")
    assert _case(office, number).satisfaction is None


@pytest.mark.parametrize("given", [1, 5])
async def test_words_soon_after_a_rating_are_about_it_and_open_nothing(
    office: Office, talk: Talk, olena: Representative, given: int
) -> None:
    number = await _asked(office, talk, olena)
    customer = replace(office.again(olena), chat_id=1077)
    await talk.press(customer, "rate", number, given)
    kept = await talk.say(77, "It took three weeks")
    assert "stays closed" in kept.text
    assert any("not_solved" in one for one in kept.buttons)
    await talk.say(77, "And nobody called")
    assert _case(office, number).satisfaction_words == "It took three weeks\nAnd nobody called"
    assert not office.item(number).open
    assert "notice.rating_words" in office.told(olena)
    await talk.say(77, "Thanks!")
    assert _case(office, number).satisfaction_words == "It took three weeks\nAnd nobody called", "thanks are thanks"
    await talk.press(customer, "not_solved", number)
    assert office.item(number).open, "a press opens it again"
    await talk.say(77, "The lamp is dark")
    assert office.texts(number)[-1] == "The lamp is dark"


async def test_words_too_long_for_a_rating_are_a_message_and_none_is_lost(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    customer = replace(office.again(olena), chat_id=1077)
    await talk.press(customer, "rate", number, 2)
    await talk.say(77, "a" * (rating.WORDS_LENGTH - 1))
    await talk.say(77, "It is silent again")
    assert _case(office, number).satisfaction_words == "a" * (rating.WORDS_LENGTH - 1)
    assert office.texts(number)[-1] == "It is silent again"


async def test_asked_for_a_few_words_many_are_a_message_and_none_is_lost(
    office: Office, talk: Talk, olena: Representative
) -> None:
    number = await _asked(office, talk, olena)
    customer = replace(office.again(olena), chat_id=1077)
    await talk.press(customer, "rate", number, 2)
    await talk.press(customer, "rate_words", number)
    await talk.say(77, "word " * 300 + "end")
    assert office.texts(number)[-1].endswith("end")


async def test_some_time_after_a_rating_words_reopen_as_ever(office: Office, talk: Talk, olena: Representative) -> None:
    number = await _asked(office, talk, olena)
    await talk.press(replace(office.again(olena), chat_id=1077), "rate", number, 1)
    await talk.say(77, "It took three weeks")
    office.clock.advance(rating.STILL_ABOUT_RATING)
    await talk.say(77, "It is silent again")
    assert office.item(number).open


async def test_other_words_reopen_as_ever(office: Office, talk: Talk, olena: Representative) -> None:
    number = await _asked(office, talk, olena)
    await talk.say(77, "It is silent again")
    assert office.item(number).open


async def test_who_was_not_asked_writes_a_five_as_a_message(office: Office, talk: Talk, olena: Representative) -> None:
    await talk.say(77, "5")
    assert [row.title for row in (office.item(row.work_id or 0) for row in office.owed(person_id=olena.id))] == ["5"]


def _mailed(office: Office, olena: Representative) -> tuple[int, ContactView]:
    maria = office.customer("Maria", Channel.EMAIL, locale="uk")
    number = office.open_case(maria)
    office.desk.run(cases.resolve, number, olena)
    for row in office.owed(channel=Channel.EMAIL):
        office.desk.run(outbox.withdraw, row.id)
    office.clock.advance(timedelta(hours=1))
    assert office.desk.run(rating.ask, number)
    return number, maria


def test_the_letter_has_a_link_for_each_number_and_tells_how_to_answer(
    office: Office, olena: Representative, tmp_path: Path
) -> None:
    number, _ = _mailed(office, olena)
    row = next(row for row in office.owed(channel=Channel.EMAIL) if "rate" in row.facts)
    parcel = office.desk.run(claims.claim_mail, row.id)
    assert parcel is not None
    letter, _ = write(office.desk, FileStore(tmp_path), parcel)
    links = [line.rpartition(": ")[2] for line in letter.text.splitlines() if "mailto:" in line]
    assert links == [f"mailto:{letter.reply_to}?subject={one}" for one in (5, 4, 3, 2, 1)]
    assert "одним числом" in letter.text
    assert f"c{number}." in letter.reply_to
