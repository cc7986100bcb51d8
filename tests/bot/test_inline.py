"""Cases found from any chat: by who works here, and by nobody else; what is put there tells number and title."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import Update

from bot.app import changes
from bot.chat import Asked, understand
from bot.handlers import inline
from core.cases import incoming
from core.customers.actions import Caller, recognise
from core.desk import Tx
from core.outbox.model import Channel
from tests.bot.live import LiveBot

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def _open(tx: Tx, words: str, count: int) -> None:
    contact = recognise(tx, Caller(Channel.EMAIL, "petro@example.com", "Petro", "en"))
    for _ in range(count):
        incoming.open_case(tx, contact, incoming.Incoming(Channel.EMAIL, "petro@example.com", words))


async def test_staff_find_cases_and_others_nothing(bot: LiveBot) -> None:
    bot.live()
    olena = await bot.join("Olena")
    await asyncio.to_thread(bot.desk.run, _open, "The <scanner> hums & hums", 1)
    ivan = await bot.client.person("Ivan")
    answer = await bot.client.inline(olena, "scanner")
    assert answer is not None
    assert (answer["cache_time"], answer["is_personal"], answer["next_offset"]) == (0, True, "")
    (found,) = answer["results"]
    assert found["input_message_content"]["message_text"] == f"№{found['id']} The <scanner> hums & hums"
    assert "Petro" not in str(found)
    assert found["description"]
    for words in ("scanner", found["id"], ""):
        nothing = await bot.client.inline(ivan, words)
        assert nothing is not None
        assert nothing["results"] == []
    assert not await asyncio.to_thread(bot.desk.look, lambda tx: _known(tx, ivan))
    refused = await bot.client.inline(olena, "in:Nothing scanner")
    assert refused is not None
    assert refused["results"] == []


def _known(tx: Tx, person: int) -> Any:
    from sqlalchemy import select

    from core.customers.model import ContactAddress

    return tx.session.scalar(select(ContactAddress.id).where(ContactAddress.address == str(person)))


async def test_many_cases_come_a_page_at_a_time(bot: LiveBot) -> None:
    bot.live()
    olena = await bot.join("Olena")
    await asyncio.to_thread(bot.desk.run, _open, "The scanner hums", inline.PAGE + 2)
    first = await bot.client.inline(olena, "scanner")
    assert first is not None
    assert len(first["results"]) == inline.PAGE
    second = await bot.client.inline(olena, "scanner", offset=first["next_offset"])
    assert second is not None
    assert len(second["results"]) == 2
    assert second["next_offset"] == ""
    assert not {one["id"] for one in first["results"]} & {one["id"] for one in second["results"]}


@pytest.mark.parametrize(("offset", "read"), [("", 0), ("10", 10), ("-1", 0), ("x", 0), ("9" * 20, 0)])
def test_an_offset_is_not_trusted(offset: str, read: int) -> None:
    sender = {"id": 7, "is_bot": False, "first_name": "Ivan"}
    raw = {"update_id": 1, "inline_query": {"id": "1", "from": sender, "query": "lamp", "offset": offset}}
    event = understand(Update.de_json(raw, None), "cherha_bot")
    assert isinstance(event, Asked)
    assert (event.text, event.offset, event.sender.chat_id) == ("lamp", read, 7)
    assert not changes(event)
