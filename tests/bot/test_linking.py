"""`/link`, `/code`, `/contact_merge` and `/via` in chat, in both languages, through the whole of the bot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.cases import actions as cases
from core.cases import queries
from core.customers.actions import block_address
from core.customers.codes import code_to_send
from core.digests import undelivered
from core.outbox import claims
from core.outbox.model import Channel
from core.people.views import Representative
from core.store.files import FileStore
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.office import Office
from workers.actors.sending import Fate, Result, sender
from workers.mail_out.post import write

ADDRESS = "maria@example.com"


def _code(office: Office) -> str:
    row = max(row.facts["code"] for row in office.owed(channel=Channel.EMAIL) if "code" in row.facts)
    return office.desk.look(code_to_send, row) or ""


def _number(office: Office) -> int:
    return next(row.work_id for row in office.owed() if row.work_id is not None)


async def test_a_customer_links_an_address_by_typing_the_code(office: Office, talk: Talk, mila: Representative) -> None:
    number = office.open_case(office.customer("Maria K.", Channel.EMAIL, ADDRESS), "The lamp is dark")
    asked = await talk.say(77, f"/link {ADDRESS}")
    assert "on its way to maria@example.com" in asked.text
    code = _code(office)
    assert "It can be tried 4 more times" in (await talk.say(77, f"/code {(int(code) + 1) % 10**8:08d}")).text
    assert "is yours" in (await talk.say(77, f"{code[:4]} {code[4:]}")).text
    assert f"№{number}" in (await talk.say(77, "/my")).text
    assert f"№{number}" not in (await talk.say(77, "It still is")).text  # their one case: nothing need be said
    assert office.texts(number) == ["The lamp is dark", "It still is"]


async def test_what_is_no_address_is_said_to_be_none(talk: Talk) -> None:
    told = await talk.say(77, "/link maria(at)example.com")
    assert "maria(at)example.com" in told.text
    assert "/link maria@example.com" in told.text


async def test_other_words_than_a_code_are_a_request(office: Office, talk: Talk, mila: Representative) -> None:
    await talk.say(77, f"/link {ADDRESS}")
    await talk.say(77, "The printer 12345678 is silent")
    assert office.item(_number(office)).title == "The printer 12345678 is silent"
    assert "is yours" in (await talk.say(77, _code(office))).text


async def test_eight_digits_without_a_question_are_a_request(office: Office, talk: Talk, mila: Representative) -> None:
    await talk.say(77, "12345678")
    assert office.item(_number(office)).title == "12345678"


async def test_after_five_wrong_ones_another_must_be_asked_for(office: Office, talk: Talk) -> None:
    await talk.say(77, f"/link {ADDRESS}")
    wrong = f"{(int(_code(office)) + 1) % 10**8:08d}"
    said = [(await talk.say(77, f"/code {wrong}")).text for _ in range(6)]
    assert "1 more time." in said[3]
    assert "cannot be tried any more" in said[4]
    assert "no code to be typed" in said[5]


async def test_how_it_is_written_is_told(talk: Talk) -> None:
    assert "/link maria@example.com" in (await talk.say(77, "/link")).text
    assert "/code 12345678" in (await talk.say(77, "/code 1234")).text


async def test_the_answer_is_the_same_for_known_and_unknown_addresses(office: Office, talk: Talk) -> None:
    office.customer("Maria K.", Channel.EMAIL, ADDRESS)
    known = await talk.say(77, f"/link {ADDRESS}")
    unknown = await talk.say(77, "/link other@example.com")
    assert known.text.replace(ADDRESS, "") == unknown.text.replace("other@example.com", "")


def test_the_letter_tells_the_code_and_names_nobody(office: Office, tmp_path: Path) -> None:
    from core.cases import linking

    maria = office.customer("Buy at evil.example", locale="uk")
    office.desk.run(linking.ask_code, maria, ADDRESS)
    row = office.owed(channel=Channel.EMAIL)[0]
    parcel = office.desk.run(claims.claim_mail, row.id)
    assert parcel is not None
    letter, envelope = write(office.desk, FileStore(tmp_path), parcel)
    assert re.findall(r"\b\d{8}\b", letter.text) == [_code(office)]
    assert "15 хв" in letter.text
    assert "evil" not in letter.text + letter.subject
    assert (envelope, letter.to, letter.reply_to) == ("", ADDRESS, "desk@localhost")
    assert _code(office) not in letter.subject
    office.clock.advance(office.owed(id=row.id)[0].expires_at - office.clock())
    assert not re.findall(r"\b\d{8}\b", write(office.desk, FileStore(tmp_path), parcel)[0].text)


def test_a_letter_that_cannot_be_delivered_is_told_to_who_asked_and_to_nobody_else(
    office: Office, mila: Representative
) -> None:
    from core.cases import linking

    maria = office.customer("Maria")
    office.desk.run(linking.ask_code, maria, ADDRESS)
    row = office.owed(channel=Channel.EMAIL)[0]
    sender(office.desk, lambda _parcel: Result(Fate.REFUSED, "550 no such mailbox"))(row.id)
    for one in office.desk.look(undelivered.untold):
        office.desk.run(undelivered.tell, one)
    assert office.told_customer(maria)[-1] == "code.not_delivered"
    assert office.told(mila) == []


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


def test_two_customers_are_merged_by_a_second_press(office: Office, chat: Chatting) -> None:
    one = office.open_case(office.customer("Maria K.", Channel.EMAIL, ADDRESS), "The lamp")
    two = office.open_case(office.customer("Maria"), "The printer")
    asked = chat.say(f"/contact_merge {ADDRESS} INTO №{two}")
    assert "Maria K." in asked.text
    assert "cannot be undone" in asked.text
    assert office.desk.look(queries.case, one).contact.name == "Maria K."
    assert "belongs to Maria now" in chat.press("contact_merge", *asked.args("contact_merge")).text
    assert office.desk.look(queries.case, one).contact.name == "Maria"
    assert "one with another" in chat.say(f"/history {one}").text
    assert chat.press("contact_merge", *asked.args("contact_merge")).error == "contact.merged"


@pytest.mark.parametrize("words", ["", "Maria", "INTO", "Maria INTO", "INTO Maria", "a INTO b INTO c"])
def test_merging_customers_is_told_by_an_example(chat: Chatting, words: str) -> None:
    assert chat.say(f"/contact_merge {words}").error == "usage.contact_merge"


def test_the_channel_of_answers_is_chosen_by_words_and_by_buttons(
    office: Office, chat: Chatting, mila: Representative
) -> None:
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, mila)
    office.desk.run(cases.add_address, number, ivan.id, "ivan@example.com", mila)
    assert "via_menu" in chat.press("tab", number, "customer", 0).verbs
    assert chat.press("via_menu", number).verbs == ["via", "via"]
    assert "by mail from now on" in chat.press("via", number, "email").text
    assert "Answers go by mail" in chat.card_text(number)
    assert "by mail" in chat.say("We look into it", about=number).text
    assert "where the customer wrote last" in chat.say(f"/via {number} останній").text
    assert "Answers go by" not in chat.card_text(number)
    assert chat.say(f"/via {number} pigeon").error == "usage.via"
    office.desk.run(block_address, Channel.EMAIL, "ivan@example.com")
    assert chat.say(f"/via {number} пошта").error == "via.no_email"
