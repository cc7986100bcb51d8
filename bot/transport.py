"""How HTTP to Telegram goes out: aiohttp under python-telegram-bot, an eighth of the CPU of its default."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram._utils.defaultvalue import DEFAULT_NONE, DefaultValue
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.warnings import PTBDeprecationWarning

#: Seconds for a connection, waiting for a free one of the pool included; what has none by then was not sent.
CONNECT_TIMEOUT_S = 5.0

#: Seconds within which Telegram is expected to answer; getUpdates adds its long poll to it.
READ_TIMEOUT_S = 10.0

#: Seconds for an upload or a download.
MEDIA_TIMEOUT_S = 45.0

_Timeout = DefaultValue[float] | float | DefaultValue[None] | None


class NotSent(NetworkError):
    """The request certainly did not reach Telegram: no connection could be made."""


@cache
def _proxy_to(scheme: str, host: str) -> str | None:
    """Read `HTTPS_PROXY` and `NO_PROXY` once: the library reads them, and `.netrc` in a thread, for each request."""
    return None if proxy_bypass(host) else getproxies().get(scheme) or None


class AioRequest(BaseRequest):
    """One pool of connections to the Bot API.

    Args:
        connections: how many requests may be under way at once.
    """

    __slots__ = ("_connections", "_session")

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return READ_TIMEOUT_S

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60),
                auto_decompress=True,
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shutdown()

    async def do_request(  # noqa: PLR0913 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Timeout = DEFAULT_NONE,
        write_timeout: _Timeout = DEFAULT_NONE,  # noqa: ARG002 - likewise
        connect_timeout: _Timeout = DEFAULT_NONE,  # noqa: ARG002 - likewise
        pool_timeout: _Timeout = DEFAULT_NONE,  # noqa: ARG002 - likewise
    ) -> tuple[int, bytes]:
        """Send one request.

        Raises:
            NotSent: no connection could be made.
            TimedOut: it went out and no answer came in time.
            NetworkError: it went out and the connection broke.
        """
        assert self._session is not None  # noqa: S101 - python-telegram-bot initializes before it sends
        media = request_data is not None and request_data.contains_files
        wait = MEDIA_TIMEOUT_S if media else READ_TIMEOUT_S
        if isinstance(read_timeout, int | float):
            wait = max(wait, float(read_timeout))
        timeout = aiohttp.ClientTimeout(total=CONNECT_TIMEOUT_S + wait, connect=CONNECT_TIMEOUT_S)
        try:
            body, headers = _body(request_data)
            parts = urlsplit(url)
            proxy = _proxy_to(parts.scheme, parts.hostname or "")
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=proxy
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from error
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
            # Without the text of the error: it may hold the address, and so the token.
            raise NetworkError(type(error).__name__) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer of the Bot API (core.telegram.org/bots/api#making-requests).

        In place of the library's own, which logs what it cannot read, whatever that holds.

        Raises:
            TelegramError: it is no such answer.
        """
        try:
            told = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            raise TelegramError("An answer that is no JSON") from None
        if not isinstance(told, dict) or not ("result" in told or "description" in told):
            raise TelegramError("An answer that is none of the Bot API's")
        return told


@dataclass(frozen=True, slots=True)
class _Document:
    """The parameters of a call as one JSON object, in the place of the library's `RequestData`."""

    body: bytes
    contains_files: bool = False


async def call(bot: Bot, method: str, facts: Mapping[str, Any], *, read_timeout: float | None = None) -> Any:
    """Call a method of the Bot API, and give back its result as it came.

    The library's own methods make objects of what is asked and answered, which takes longer than the call itself.

    Args:
        facts: its parameters; those that are None are left out.

    Raises:
        TelegramError: as the library's own methods do.
    """
    body = json.dumps({name: fact for name, fact in facts.items() if fact is not None}).encode()
    document = cast("RequestData", _Document(body))
    wait = DEFAULT_NONE if read_timeout is None else read_timeout
    return await bot.request.post(f"{bot.base_url}/{method}", document, read_timeout=wait)


_JSON = {"Content-Type": "application/json"}


def _body(
    request_data: RequestData | _Document | None,
) -> tuple[aiohttp.FormData | dict[str, str] | bytes | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if isinstance(request_data, _Document):
        return request_data.body, _JSON
    if not request_data.contains_files:
        return request_data.json_parameters or None, None
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, None


def asked_wait(error: RetryAfter) -> timedelta:
    """Tell how long Telegram asks to wait; the library is about to change the type that it tells it in, and warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def pause_after(error: Exception, pause_s: float) -> float:
    """Tell how many seconds to wait before the next try: as long as Telegram asks for, else `pause_s`."""
    return asked_wait(error).total_seconds() if isinstance(error, RetryAfter) else pause_s
