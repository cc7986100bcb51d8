"""A service level from its making to a case that was resolved in time, over real HTTP, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.client import Seen
from core.desk import Desk, Tx
from core.people.rules import Role
from core.sla.clocks import CLOCK
from core.sla.model import Clock
from core.timers.model import Timer
from tests.flows.house import FlowDesk

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "make": "/level_new Gold first 1h resolve 2h hours mon-sun 0-24",
        "made": "first answer: 1 h",
        "use": "/level_use Gold default",
        "used": "everything else",
        "by": "⏱ Answer by",
        "soon": "The customer is to be answered by",
        "late": "Not answered in time",
        "overdue": "Overdue: the answer was due",
        "resolve": "⏱ Resolve by",
        "history": ["answer: the time ran out", "answered late", "resolved in time"],
    },
    "uk": {
        "make": "/level_new Gold відповідь 1г вирішення 2г години щодня 0-24",
        "made": "перша відповідь: 1 год",
        "use": "/level_use Gold типово",
        "used": "усе інше",
        "by": "⏱ Відповісти до",
        "soon": "Клієнтові треба відповісти до",
        "late": "Відповіді вчасно не було",
        "overdue": "Прострочено: відповідь була потрібна до",
        "resolve": "⏱ Вирішити до",
        "history": ["відповідь: строк минув", "відповідь із запізненням", "вирішено вчасно"],
    },
}


def _let_pass(desk: Desk, span: timedelta) -> None:
    """Let time go by for the clocks that run: they were set going so much earlier, and are looked at now."""

    def earlier(tx: Tx) -> None:
        for clock in tx.session.scalars(select(Clock).where(Clock.since.is_not(None))):
            assert clock.since is not None
            clock.since -= span
        for timer in tx.session.scalars(select(Timer).where(Timer.task == CLOCK, Timer.fired_at.is_(None))):
            timer.due_at = tx.now

    desk.run(earlier)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_level_warns_breaks_waits_goes_on_and_is_met(small_house: FlowDesk, language: str) -> None:
    house, client, words = small_house, small_house.client, WORDS[language]
    boss = await house.join("Boss", Role.ADMINISTRATOR, language=language)
    await client.say(boss, words["make"])
    await client.wait_for(boss, words["made"])
    await client.say(boss, words["use"])
    await client.wait_for(boss, words["used"])

    ivan = await client.person("Ivan", language=language)
    await client.say(ivan, "The printer is silent")
    card = await client.wait_for(boss, words["by"])
    assert "The printer is silent" in card.text

    house.on_desk(lambda desk: _let_pass(desk, timedelta(minutes=50)))
    soon = await client.wait_for(boss, words["soon"], timeout_s=20)
    house.on_desk(lambda desk: _let_pass(desk, timedelta(minutes=15)))
    late = await client.wait_for(boss, words["late"], after=soon.id, timeout_s=20)
    assert words["overdue"] in late.text

    await client.say(boss, "Is it on?", reply_to=late.id)
    await client.wait_for(ivan, "Is it on?", timeout_s=25)
    await client.wait_for(boss, lambda one: _shows_nothing_due(one, late.id, words), timeout_s=20)

    await client.say(ivan, "It is")
    await client.wait_for(boss, lambda one: one.id == late.id and words["resolve"] in one.text, timeout_s=20)
    await client.say(boss, "/resolve 1")
    await client.say(boss, "/history 1")
    history = await client.wait_for(boss, "🕘", after=late.id, timeout_s=20)
    for line in words["history"]:
        assert line in history.text


def _shows_nothing_due(one: Seen, card: int, words: dict[str, Any]) -> bool:
    return one.id == card and words["overdue"] not in one.text and words["resolve"] not in one.text
