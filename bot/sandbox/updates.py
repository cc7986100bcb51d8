"""How a bot gets its updates: by getUpdates, or by a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.model import BotAccount

#: "Ports currently supported for webhooks" (bots/api#setwebhook).
_PORTS = {80, 88, 443, 8443}

#: Any port and plain HTTP are taken on the loopback address, where Telegram itself could call nothing.
_LOCAL = {"127.0.0.1", "localhost", "::1"}

#: bots/api#setwebhook, secret_token.
_SECRET_LENGTH = 256


class Updates:
    """Delivers updates, in order, until they are confirmed."""

    def __init__(self) -> None:
        self._news: dict[str, asyncio.Event] = {}
        self._polling: dict[str, asyncio.Event] = {}
        self._deliveries: dict[str, asyncio.Task[None]] = {}

    def wake(self, bot: BotAccount) -> None:
        """Say that there is something new for a bot."""
        self._event(bot).set()

    def _event(self, bot: BotAccount) -> asyncio.Event:
        return self._news.setdefault(bot.token, asyncio.Event())

    async def get(self, call: Call) -> list[dict[str, Any]]:
        """Give updates to a poller (bots/api#getupdates); a newer poller takes the place of an older one: 409."""
        bot = call.bot
        if bot.webhook.get("url"):
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        if bot.token in self._polling:
            self._polling[bot.token].set()
        superseded = self._polling[bot.token] = asyncio.Event()
        try:
            return await self._wait(call, bot, superseded)
        finally:
            if self._polling.get(bot.token) is superseded:
                del self._polling[bot.token]

    async def _wait(self, call: Call, bot: BotAccount, superseded: asyncio.Event) -> list[dict[str, Any]]:
        offset, limit = call.number("offset", 0), min(100, max(1, call.number("limit", 100)))
        if offset > 0:
            bot.updates = [one for one in bot.updates if one["update_id"] >= offset]
        elif offset < 0:
            bot.updates = bot.updates[offset:]
        allowed = call.json("allowed_updates") or None
        end = asyncio.get_running_loop().time() + min(50, call.number("timeout", 0))
        while True:
            fitting = [one for one in bot.updates if allowed is None or any(kind in one for kind in allowed)]
            left = end - asyncio.get_running_loop().time()
            if fitting or left <= 0:
                return fitting[:limit]
            self._event(bot).clear()
            await _either(self._event(bot), superseded, left)
            if superseded.is_set():
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )

    def set_webhook(self, call: Call) -> bool:
        """Bring updates to an address from now on (bots/api#setwebhook)."""
        url, secret = call.text("url"), call.text("secret_token")
        _check_address(url)
        _check_secret(secret)
        self.stop(call.bot)
        if call.flag("drop_pending_updates"):
            call.bot.updates.clear()
        call.bot.webhook = {"url": url, "secret": secret, "allowed": call.json("allowed_updates")}
        if url:
            self._deliveries[call.bot.token] = asyncio.create_task(self._deliver(call.bot))
        return True

    def delete_webhook(self, call: Call) -> bool:
        """Bring updates no more (bots/api#deletewebhook)."""
        self.stop(call.bot)
        call.bot.webhook = {}
        if call.flag("drop_pending_updates"):
            call.bot.updates.clear()
        return True

    @staticmethod
    def webhook_info(call: Call) -> dict[str, Any]:
        """Tell how the webhook does (bots/api#getwebhookinfo)."""
        info = call.bot.webhook
        shown = {
            "url": info.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(call.bot.updates),
        }
        return shown | ({"last_error_message": info["error"]} if info.get("error") else {})

    def stop(self, bot: BotAccount) -> None:
        """Stop bringing updates to a bot."""
        task = self._deliveries.pop(bot.token, None)
        if task:
            task.cancel()

    def stop_all(self) -> None:
        """Stop bringing updates to anybody."""
        for task in self._deliveries.values():
            task.cancel()

    async def _deliver(self, bot: BotAccount) -> None:
        """Bring one update after the other; one that is not answered with 2xx is brought again, later and later.

        "In case of an unsuccessful request […], we will repeat the request and give up after a reasonable amount of
        attempts" (bots/api#setwebhook); here it is never given up, and the waiting is shorter.
        """
        pause_s = 0.2
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
            while True:
                if not bot.updates:
                    self._event(bot).clear()
                    await self._event(bot).wait()
                    continue
                update = bot.updates[0]
                allowed = bot.webhook.get("allowed")
                if not allowed or any(kind in update for kind in allowed):
                    error = await _post(session, bot, update)
                    bot.webhook["error"] = error
                    if error:
                        await asyncio.sleep(pause_s)
                        pause_s = min(5.0, pause_s * 2)
                        continue
                pause_s = 0.2
                if bot.updates and bot.updates[0] is update:
                    bot.updates.pop(0)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if not url or parts.hostname in _LOCAL:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _check_secret(secret: str) -> None:
    if len(secret) > _SECRET_LENGTH:
        raise bad_request("secret token is too long")
    if not re.fullmatch("[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")


async def _post(session: aiohttp.ClientSession, bot: BotAccount, update: dict[str, Any]) -> str:
    headers = {"X-Telegram-Bot-Api-Secret-Token": bot.webhook["secret"]} if bot.webhook.get("secret") else {}
    try:
        async with session.post(bot.webhook["url"], json=update, headers=headers) as response:
            return "" if response.ok else f"Wrong response from the webhook: {response.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return type(error).__name__


async def _either(one: asyncio.Event, other: asyncio.Event, within_s: float) -> None:
    tasks = [asyncio.ensure_future(one.wait()), asyncio.ensure_future(other.wait())]
    try:
        await asyncio.wait(tasks, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
