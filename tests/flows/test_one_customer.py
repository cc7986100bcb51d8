"""One customer by mail and in chat: an address shown to be theirs, and how satisfied they are."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from cherha.demo.mailbox import text_of
from core.desk import Tx
from core.people.rules import Role
from core.timers.model import Timer
from tests.flows.house import FlowDesk, data, letter

MARIA = "maria@customer.example"

WORDS = {
    "en": {
        "sent": "letter with a code", "wrong": "not the code", "yours": "one conversation now", "ask": "How satisfied",
        "code": "Your code", "thanks": "Thank you",
    },
    "uk": {
        "sent": "лист із кодом", "wrong": "не той код", "yours": "одна розмова", "ask": "Як ви оцінюєте",
        "code": "Ваш код", "thanks": "Дякуємо",
    },
}  # fmt: skip


def _the_hour_is_over(tx: Tx) -> None:
    """Let what waits for its time have come to it."""
    tx.session.execute(update(Timer).where(Timer.fired_at.is_(None)).values(due_at=tx.now))


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.long)])
async def test_a_customer_who_shows_that_an_address_is_theirs_has_one_conversation(
    small_house: FlowDesk, language: str
) -> None:
    house, client, mailbox, words = small_house, small_house.client, small_house.mailbox, WORDS[language]
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    await house.post(letter(MARIA, "Printer", "The printer on the third floor is silent."))
    await mailbox.wait_for(MARIA, "№1")
    maria = await client.person("Maria", language=language)
    await client.say(maria, f"/link {MARIA}")
    await client.wait_for(maria, words["sent"])
    told = await mailbox.wait_for(MARIA, words["code"])
    code = re.search(r"\b\d{8}\b", text_of(told))
    assert code is not None
    await client.say(maria, str((int(code[0]) + 1) % 10**8).zfill(8))
    await client.wait_for(maria, words["wrong"])
    await client.say(maria, code[0])
    await client.wait_for(maria, words["yours"])
    said = await client.say(maria, "/my")
    await client.wait_for(maria, "№1", after=said.id)

    await client.say(maria, "Is there any news?")
    await client.wait_for(olena, "Is there any news?")
    said = await client.say(olena, "/resolve 1 a new cable")
    await client.wait_for(olena, "№1", after=said.id)
    await client.wait_for(maria, "a new cable", timeout_s=30)
    house.on_desk(lambda desk: desk.run(_the_hour_is_over))
    asked = await client.wait_for(maria, words["ask"], timeout_s=30)
    await client.press_data(maria, asked.id, data(asked, "rate"))
    await client.wait_for(maria, words["thanks"])
    await client.wait_for(olena, "№1 was rated 1 of 5: Printer")
