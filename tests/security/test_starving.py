"""While one customer floods a live desk another is served within seconds; without the limits they would wait."""

from __future__ import annotations

import asyncio
import smtplib
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.cases.model import Entry
from core.desk import Tx
from tests.bot.live import LiveBot
from tests.flows.house import FlowDesk, letter

pytestmark = pytest.mark.long

#: What is tried here is what waits for Telegram, not the store.
on_one_store = pytest.mark.parametrize("engines", ["sqlite"], indirect=True)

#: So many messages of one customer, as fast as they can be written; and so many of them are told of.
FLOOD, LIMIT = 60, 4

#: Telegram takes one message a second of us in one chat.
SERVED_S = 10.0


async def _told_of_another_after_s(bot: LiveBot, *, limit: int) -> float:
    """Let Ivan flood a representative, and tell after how many seconds she reads of Petro."""
    bot.desk.house = replace(bot.desk.house, chat_per_minute=limit)
    bot.live()
    olena = await bot.join("Olena")
    ivan, petro = await bot.client.person("Ivan"), await bot.client.person("Petro")
    for number in range(FLOOD):
        await bot.client.say(ivan, f"Word {number}")
    async with asyncio.timeout(30):
        while await asyncio.to_thread(bot.desk.look, _kept) < FLOOD:
            await asyncio.sleep(0.05)
    began = time.monotonic()
    await bot.client.say(petro, "Petro needs help")
    await bot.client.wait_for(petro, "№", timeout_s=SERVED_S)  # whoever else floods, a receipt comes at once
    try:
        await bot.client.wait_for(olena, "Petro needs help", timeout_s=SERVED_S)
    except TimeoutError:
        return float("inf")
    return time.monotonic() - began


def _kept(tx: Tx) -> int:
    return tx.session.scalar(select(func.count()).select_from(Entry)) or 0


@on_one_store
async def test_a_flood_in_chat_holds_up_no_other_customer(bot: LiveBot) -> None:
    assert await _told_of_another_after_s(bot, limit=LIMIT) < SERVED_S


@on_one_store
async def test_without_the_limit_the_representative_would_read_of_nobody_else(bot: LiveBot) -> None:
    assert await _told_of_another_after_s(bot, limit=0) == float("inf")


async def test_a_flood_by_mail_holds_up_no_other_sender_and_is_kept_by_whoever_sends_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    limits = {"mail_per_minute": str(LIMIT * 5), "mail_per_hour": str(LIMIT)}
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings=limits) as desk:
        olena = await desk.join("Olena")
        answers = await asyncio.to_thread(_flood, desk.smtp_port)
        began = time.monotonic()
        await desk.post(letter("petro@far.example", "Help", "Petro needs help"))
        await desk.client.wait_for(olena, "Petro needs help", timeout_s=SERVED_S)
        assert time.monotonic() - began < SERVED_S
        letters = (await desk.stats())["letters"]
    assert answers == [250] * LIMIT * 5 + [450] * (
        FLOOD - LIMIT * 5
    )  # 450: the sender's server has it, and comes again
    assert (letters["set_aside"], letters["understood"], letters["kept"]) == (LIMIT * 4, LIMIT + 1, 0)


def _flood(port: int) -> list[int]:
    """Bring letters of one sender as fast as they are taken; tells how each was answered."""
    answers = []
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        for number in range(FLOOD):
            made = letter("ivan@far.example", f"Alarm {number}", "Again", number=number)
            try:
                client.send_message(made)
                answers.append(250)
            except smtplib.SMTPSenderRefused as refused:
                answers.append(refused.smtp_code)
    return answers
