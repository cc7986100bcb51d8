"""What cannot be put into words is told to a person and keeps nobody waiting; what is known is never repeated."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from telegram import Bot

from bot.courier import Courier
from bot.drawing import draw_if_possible
from bot.limits import Limits
from core.cases import actions as cases
from core.cases import answering
from core.desk import Tx
from core.digests import undelivered
from core.errors import TryLater
from core.outbox.actions import TRIES_TO_DRAW, To, owe, owe_notice
from core.outbox.actions import Message as Owes
from core.outbox.claims import Hands
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.people.views import Representative
from core.store.files import FileStore
from core.texts.said import notice
from core.work import cards
from tests.core.office import Office


class _Telegram:
    """A bot that notes what it would send."""

    base_url = "http://nowhere.example"

    def __init__(self) -> None:
        self.sent: list[str] = []

    @property
    def request(self) -> _Telegram:
        return self

    async def post(self, url: str, document: Any, **_how: Any) -> dict[str, Any]:
        assert url.endswith("/sendMessage")
        self.sent.append(json.loads(document.body)["text"])
        return {"message_id": len(self.sent), "date": 0, "chat": {"id": 1, "type": "private"}}


class _Courier:
    """The courier of a desk, a round at a time."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.telegram = _Telegram()
        self._courier = Courier(office.desk, cast("Bot", self.telegram), FileStore(folder), Limits(on=False))

    async def rounds(self, number: int) -> None:
        """Look so often what is due, and let each round be finished before the next."""
        for _ in range(number):
            await self._courier._round()
            await self._courier.drain(5)
            self.office.clock.advance(timedelta(seconds=20))


@pytest.fixture
def courier(office: Office, tmp_path: Path) -> _Courier:
    return _Courier(office, tmp_path)


def _owe_nonsense(tx: Tx, to: To, work: int | None = None) -> int:
    """Owe a file that is not there."""
    return owe(tx, to, Owes(OwedKind.FILE, {"file": 10**9}, work)).id


async def test_what_cannot_be_drawn_is_dead_after_a_few_tries_and_what_is_behind_it_goes_out(
    office: Office, olena: Representative, courier: _Courier
) -> None:
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    row = office.desk.run(_owe_nonsense, to)
    office.desk.run(owe_notice, to, notice("item.open", number=77))
    await courier.rounds(TRIES_TO_DRAW - 1)
    assert courier.telegram.sent == []
    await courier.rounds(3)
    (dead,) = office.owed(id=row)
    assert (dead.state, dead.tries) == (OwedState.DEAD, TRIES_TO_DRAW)
    waiting, told = courier.telegram.sent
    assert "77" in waiting
    assert "could not be put into words" in told
    assert (dead.error or "").partition("(")[2].rstrip(")") in told


async def test_what_met_other_obstacles_before_is_still_drawn_a_few_times(
    office: Office, olena: Representative, courier: _Courier
) -> None:
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    row = office.desk.run(_owe_nonsense, to)
    office.desk.run(_tried_before, row)
    seen = []
    for _ in range(TRIES_TO_DRAW):
        await courier.rounds(1)
        seen.append(office.owed(id=row)[0].state)
        office.clock.advance(timedelta(minutes=10))
    assert seen == [OwedState.OWED] * (TRIES_TO_DRAW - 1) + [OwedState.DEAD]


def _tried_before(tx: Tx, row: int) -> None:
    tx.session.get_one(Owed, row).tries = TRIES_TO_DRAW


async def test_a_message_of_which_too_much_follows_does_not_go_out_again(
    office: Office, olena: Representative, courier: _Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_facts: object) -> None:
        raise ValueError

    monkeypatch.setattr("bot.courier.settle", fails)
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    row = office.desk.run(owe_notice, to, notice("item.open", number=77)).id
    await courier.rounds(3)
    assert office.owed(id=row)[0].state is OwedState.SENT
    assert len(courier.telegram.sent) == 1


async def test_who_has_the_case_is_told_of_an_answer_that_cannot_be_drawn(
    office: Office, olena: Representative, courier: _Courier
) -> None:
    ivan = office.customer(locale="en")
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, olena)
    made = office.desk.run(answering.answer, number, "Switch it off", olena)
    office.desk.run(_lose_its_number, made.entry_id)
    await courier.rounds(TRIES_TO_DRAW + 2)
    (row,) = office.desk.look(undelivered.untold)
    office.desk.run(undelivered.tell, row)
    await courier.rounds(2)
    assert "did not arrive" in courier.telegram.sent[-1]


def _lose_its_number(tx: Tx, entry: int) -> None:
    row = tx.session.query(Owed).filter_by(entry_id=entry, kind=OwedKind.ANSWER).one()
    row.facts = {"file": 10**9}


async def test_a_card_that_cannot_be_drawn_is_tried_again_a_minute_later_and_not_at_once(
    office: Office, olena: Representative, courier: _Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.open_case()
    await courier.rounds(3)
    tried = []

    def fails(_tx: Tx, card: cards.DueCard) -> None:
        tried.append(card.id)
        raise ValueError

    monkeypatch.setattr("bot.courier.redraw", fails)
    office.desk.run(cases.accept, number, olena)
    await courier.rounds(1)  # debounced
    await courier.rounds(2)
    assert len(tried) == 1
    await courier.rounds(2)
    assert len(tried) == 2


async def test_what_became_of_a_message_is_written_down_when_the_database_is_back_and_nothing_repeats(
    office: Office, olena: Representative, courier: _Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    office.desk.run(owe_notice, to, notice("item.open", number=77))
    back = asyncio.Event()
    loop = asyncio.get_running_loop()
    run_many = office.desk.run_many

    def away(action: Any, facts: Any) -> Any:
        if not back.is_set():
            loop.call_soon_threadsafe(office.clock.advance, timedelta(minutes=5))
            loop.call_soon_threadsafe(back.set)
            return [TryLater("error.database_away") for _ in facts]
        return run_many(action, facts)

    monkeypatch.setattr(office.desk, "run_many", away)
    await courier._courier._round()
    await back.wait()
    await courier.rounds(2)
    (row,) = office.owed(person_id=olena.id)
    assert (row.state, row.tries, row.repeats) == (OwedState.SENT, 1, 0)
    assert len(courier.telegram.sent) == 1


async def test_what_waits_for_its_turn_while_the_database_is_away_is_no_repeat(
    office: Office, olena: Representative, courier: _Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    office.desk.run(owe_notice, to, notice("item.open", number=77))
    look, outages = office.desk.look, iter([True])

    def away(query: Any, *facts: Any, **more: Any) -> Any:
        if query.__name__ == "draw" and next(outages, False):
            raise TryLater("error.database_away")
        return look(query, *facts, **more)

    monkeypatch.setattr(office.desk, "look", away)
    await courier.rounds(3)
    (row,) = office.owed(person_id=olena.id)
    assert (row.state, row.tries, row.repeats) == (OwedState.SENT, 2, 0)


@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
async def test_a_statement_that_fails_while_drawing_undoes_all_and_says_so(
    office: Office, olena: Representative, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw_badly(tx: Tx, _parcel: object) -> None:
        tx.session.execute(text("SELECT 1 / 0"))

    monkeypatch.setattr("bot.drawing.draw", draw_badly)

    def owe_and_draw(tx: Tx) -> None:
        hands = Hands(Channel.TELEGRAM, 1)
        hands.wait(tx)
        owe_notice(tx, To(Channel.TELEGRAM, str(olena.chat_id), olena.id), notice("item.open", number=77))
        draw_if_possible(tx, hands.parcels[0])

    with pytest.raises(DBAPIError):
        office.desk.run(owe_and_draw)
    assert office.owed(person_id=olena.id) == []
