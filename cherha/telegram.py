"""Ask Telegram who the bot is, before anything is started."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from core.errors import Misconfigured, TryLater
from core.settings import Settings

_PATIENCE_S = 5.0

#: What the Bot API answers to a token it does not know (core.telegram.org/bots/api#making-requests).
_WRONG_TOKEN = {401, 404}


@dataclass(frozen=True, slots=True)
class BotAccount:
    """The bot as Telegram knows it; `at` is Telegram's clock when it answered, to the second, if it told."""

    id: int
    name: str
    at: datetime | None = None


def ask(settings: Settings, method: str) -> dict[str, object]:
    """Call a method of the Bot API that needs no arguments.

    Raises:
        Misconfigured: the token is wrong.
        TryLater: Telegram cannot be reached now.
    """
    return asyncio.run(_ask(settings, method))[0]


def bot_account(settings: Settings) -> BotAccount:
    """Ask who the bot is.

    Raises:
        Misconfigured: the token is wrong.
        TryLater: Telegram cannot be reached now.
    """
    told, at = asyncio.run(_ask(settings, "getMe"))
    return BotAccount(int(str(told["id"])), str(told["username"]), at)


async def _ask(settings: Settings, method: str) -> tuple[dict[str, object], datetime | None]:
    address = f"{settings.telegram_api.rstrip('/')}/bot{settings.telegram_token.get_secret_value()}/{method}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_S)) as session,
            session.get(address) as answer,
        ):
            if answer.status in _WRONG_TOKEN:
                raise Misconfigured([_wrong_token(settings)])
            told = await answer.json(content_type=None)
            date = answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise TryLater("telegram.away", reason=type(error).__name__) from None
    if not isinstance(told, dict) or not isinstance(told.get("result"), dict):
        raise TryLater("telegram.away", reason="an answer that is none")
    result: dict[str, object] = told["result"]
    return result, _instant(date)


def _instant(date: str) -> datetime | None:
    """Read the Date of an answer (RFC 9110, section 6.6.1); None when there is none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None


def _wrong_token(settings: Settings) -> str:
    return (
        f"{settings.telegram_api} does not know the token in CHERHA_TELEGRAM_TOKEN. "
        "Copy it again from @BotFather (/mybots, API Token)."
    )


def needs_token(settings: Settings) -> None:
    """Insist on a token.

    Raises:
        Misconfigured: there is none.
    """
    if not settings.telegram_token.get_secret_value():
        fault = "There is no bot yet. Make one with @BotFather (/newbot) and set CHERHA_TELEGRAM_TOKEN to its token."
        raise Misconfigured([fault])
