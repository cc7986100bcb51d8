from __future__ import annotations

import asyncio
import json
import threading
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Bot

from bot.chat import Event, Heard
from bot.inbox import Keeper
from bot.lanes import PARTS, Lanes
from core.errors import TryLater
from core.inbox import updates as inbox
from core.inbox.model import InboxState, Update
from tests.core.office import Office

BOT = 4242


class Reader:
    """Enough of a bot to read updates with."""

    username = "cherha_bot"
    defaults = None


class Desk:
    """Keeps, hands on and handles as the bot does; handling takes a moment and is written down."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.handled: list[tuple[int, str]] = []
        self.at_once = self.most_at_once = 0
        self.lanes = Lanes(office.desk, cast("Bot", Reader()), self._handle)
        self.told: list[tuple[int, str]] = []
        self.keeper = Keeper(office.desk, BOT, self.lanes, self._tell_away)

    async def _handle(self, rows: list[int], event: Event) -> None:
        assert isinstance(event, Heard)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        self.handled.append((event.sender.chat_id, event.text))
        await asyncio.to_thread(self.office.desk.run, inbox.settle_updates, rows)

    def _tell_away(self, event: Event) -> None:
        assert isinstance(event, Heard)
        self.told.append((event.sender.chat_id, event.text))

    def states(self) -> list[InboxState]:
        return self.office.desk.look(
            lambda tx: [one.state for one in tx.session.query(Update).order_by(Update.id).all()]
        )


def _update(number: int, chat: int, text: str, **more: Any) -> dict[str, Any]:
    user = {"id": chat, "is_bot": False, "first_name": f"Person {chat}"}
    message = {
        "message_id": number, "date": 1_700_000_000 + number, "chat": {"id": chat, "type": "private"},
        "from": user, "text": text,
    }  # fmt: skip
    return {"update_id": number, "message": message | more}


@pytest.fixture
def bot_desk(office: Office) -> Desk:
    return Desk(office)


async def test_a_chat_is_handled_in_order_and_chats_at_the_same_time(bot_desk: Desk) -> None:
    await bot_desk.keeper.keep([_update(number, 1 + number % 5, str(number)) for number in range(1, 61)])
    await bot_desk.lanes.drain(10)
    for chat in range(1, 6):
        texts = [int(text) for who, text in bot_desk.handled if who == chat]
        assert texts == sorted(texts)
        assert len(texts) == 12
    assert bot_desk.most_at_once > 1
    assert set(bot_desk.states()) == {InboxState.DONE}


async def test_what_is_kept_twice_is_handled_once(bot_desk: Desk) -> None:
    for _ in range(2):
        await bot_desk.keeper.keep([_update(1, 1, "once"), _update(2, 1, "and this")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["once", "and this"]


async def test_one_that_cannot_be_read_is_set_aside_and_stops_nobody(bot_desk: Desk) -> None:
    broken = {"update_id": 2, "message": {"message_id": "broken", "chat": 7}}
    await bot_desk.keeper.keep([_update(1, 1, "before"), broken, _update(3, 1, "after")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["before", "after"]
    assert bot_desk.states() == [InboxState.DONE, InboxState.SET_ASIDE, InboxState.DONE]


async def test_a_start_takes_up_whatever_was_left_however_much(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.desk.run_many(inbox.keep_update, [(BOT, number, _raw(number)) for number in range(1, 26)])

    def few(tx: Any, bot: int, after: int = 0) -> list[tuple[int, str]]:
        return waiting(tx, bot, after, limit=10)

    waiting = inbox.waiting_updates
    monkeypatch.setattr(inbox, "waiting_updates", few)
    again = Desk(office)
    await again.keeper.resume()
    await again.lanes.drain(10)
    assert len(again.handled) == 25


def _raw(number: int) -> str:
    return json.dumps(_update(number, number, "left"))


async def test_an_album_is_one_message_and_waits_for_its_parts(bot_desk: Desk) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 10}]
    parts = [_update(number, 1, "", photo=photo, media_group_id="77", caption=f"part {number}") for number in (1, 2, 3)]
    await bot_desk.keeper.keep(parts[:2])
    await bot_desk.keeper.keep([parts[2], _update(4, 1, "then this")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["part 1\npart 2\npart 3", "then this"]
    assert set(bot_desk.states()) == {InboxState.DONE}


async def test_who_forwards_without_end_is_heard_meanwhile(bot_desk: Desk) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Petro", "date": 1_600_000_000}
    parts = [_update(number, 1, f"part {number}", forward_origin=origin) for number in range(1, 2 * PARTS + 2)]
    await bot_desk.keeper.keep(parts)
    await bot_desk.lanes.drain(10)
    assert [text.count("\n") + 1 for _, text in bot_desk.handled] == [PARTS, PARTS, 1]
    assert set(bot_desk.states()) == {InboxState.DONE}


@pytest.mark.parametrize("number", [None, "7", 1e999, -1, 2**63, 2**70])
async def test_one_without_a_number_that_can_be_kept_is_set_aside_once_and_stops_nobody(
    bot_desk: Desk, number: Any
) -> None:
    odd = _update(2, 1, "odd") | {"update_id": number}
    if number is None:
        del odd["update_id"]
    for _ in range(2):
        await bot_desk.keeper.keep([_update(1, 1, "before"), odd, _update(3, 1, "after")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["before", "after"]
    assert sorted(bot_desk.states()) == [InboxState.DONE, InboxState.DONE, InboxState.SET_ASIDE]


async def test_what_the_database_refuses_is_set_aside_and_the_others_are_kept(
    bot_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = inbox.keep_updates

    def refusing(tx: Any, those: list[tuple[int, int, str]]) -> list[int | None]:
        if any(number == 2 for _, number, _ in those):
            raise ValueError("not this one")
        return keep(tx, those)

    monkeypatch.setattr("bot.inbox.inbox.keep_updates", refusing)
    await bot_desk.keeper.keep([_update(1, 1, "before"), _update(2, 1, "odd"), _update(3, 1, "after")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["before", "after"]
    assert sorted(bot_desk.states()) == [InboxState.DONE, InboxState.DONE, InboxState.SET_ASIDE]


async def test_half_a_character_and_a_zero_are_shown_as_unreadable_and_handled(bot_desk: Desk) -> None:
    await bot_desk.keeper.keep([_update(1, 1, "half \ud83d, whole \U0001f642, zero \0")])
    await bot_desk.lanes.drain(10)
    mark = "\N{REPLACEMENT CHARACTER}"
    assert [text for _, text in bot_desk.handled] == [f"half {mark}, whole \U0001f642, zero {mark}"]


async def test_one_that_is_nested_too_deep_is_set_aside(bot_desk: Desk) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    await bot_desk.keeper.keep([{"update_id": 1, "message": deep}, _update(2, 1, "after")])
    await bot_desk.lanes.drain(10)
    assert [text for _, text in bot_desk.handled] == ["after"]
    assert bot_desk.states() == [InboxState.SET_ASIDE, InboxState.DONE]


def _away(monkeypatch: pytest.MonkeyPatch, keep: Any) -> None:
    monkeypatch.setattr("bot.inbox.inbox.keep_updates", keep)


async def test_who_sent_what_cannot_be_kept_is_told_and_nothing_of_it_is_handled(
    bot_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_tx: Any, _new: Any) -> list[int]:
        raise OperationalError("INSERT", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as while_away:
        _away(while_away, away)
        with pytest.raises(TryLater):
            await bot_desk.keeper.keep([_update(1, 1, "one"), {"update_id": 2, "message": 7}, _update(3, 2, "two")])
    assert bot_desk.told == [(1, "one"), (2, "two")]
    assert bot_desk.handled == []
    await bot_desk.keeper.keep([_update(1, 1, "one"), _update(3, 2, "two")])
    await bot_desk.lanes.drain(10)
    assert len(bot_desk.told) == len(bot_desk.handled) == 2


async def test_what_is_not_kept_for_long_is_not_confirmed_its_senders_are_told_and_it_counts_once(
    bot_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, back = inbox.keep_updates, threading.Event()

    def slow(tx: Any, new: list[tuple[int, int, str]]) -> list[int | None]:
        assert back.wait(10)
        return keep(tx, new)

    with monkeypatch.context() as while_slow:
        while_slow.setattr("bot.inbox.PATIENCE_S", 0.05)
        _away(while_slow, slow)
        for raws in ([_update(1, 1, "one")], [_update(1, 1, "one"), _update(2, 2, "two")]):
            with pytest.raises(TryLater):
                await bot_desk.keeper.keep(raws)
        back.set()
    assert bot_desk.told == [(1, "one"), (1, "one"), (2, "two")]
    await bot_desk.keeper.keep([_update(1, 1, "one"), _update(2, 2, "two")])
    await bot_desk.lanes.drain(10)
    assert bot_desk.handled == [(1, "one"), (2, "two")]
