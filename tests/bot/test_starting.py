"""A start while Telegram is busy or away, over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.store.engine import Engines
from tests.bot.live import LiveBot
from tests.cherha.processes import free_port

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
async def test_a_start_waits_while_telegram_is_busy_or_away(bot: LiveBot, kind: str) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates"):
        await bot.client.fault(kind, method=method, seconds=1)
    bot.live()
    await bot.receipt("Ivan", timeout_s=20)
    assert not bot.ended.done()


async def test_a_webhook_is_set_though_telegram_is_busy_at_first(engines: Engines, tmp_path: Path) -> None:
    async with _by_webhook(engines, tmp_path, "http://127.0.0.1:{port}/") as bot:
        await bot.client.fault("429", method="setWebhook", seconds=1)
        bot.live()
        await bot.receipt("Ivan", timeout_s=20)
        assert not bot.ended.done()


async def test_an_address_that_telegram_refuses_for_a_webhook_ends_the_start_with_its_words(
    engines: Engines, tmp_path: Path
) -> None:
    async with _by_webhook(engines, tmp_path, "http://desk.example/") as bot:
        bot.live()
        await asyncio.wait([bot.ended], timeout=10)
        with pytest.raises(Misconfigured, match=r"CHERHA_WEBHOOK_URL.*an https url must be provided"):
            bot.ended.result()


def _by_webhook(engines: Engines, folder: Path, url: str) -> LiveBot:
    port = free_port()
    return LiveBot(
        engines,
        folder,
        webhook_url=url.format(port=port),
        webhook_listen=f"127.0.0.1:{port}",
        webhook_secret="s3cret",
    )


async def test_the_bots_name_is_known_though_telegram_was_away_when_the_desk_was_opened(bot: LiveBot) -> None:
    assert bot.desk.house.bot_name == ""
    bot.live()
    olena = await bot.join("Olena")
    said = await bot.client.say(olena, "/invite manager")
    invitation = await bot.client.wait_for(olena, "https://t.me/", after=said.id)
    assert "https://t.me/cherha_demo_bot?start=" in invitation.text


async def test_a_menu_that_could_not_be_set_is_set_later(bot: LiveBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.menus.AGAIN_S", 0.2)
    await bot.client.fault("500", method="setMyCommands", times=4)
    bot.live()
    ivan = await bot.receipt("Ivan")
    async with asyncio.timeout(10):
        while not await bot.client.commands(ivan):
            await asyncio.sleep(0.05)
