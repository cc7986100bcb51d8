"""Updates that Telegram brings: kept before they are answered with 200, refused without the secret."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web

from core.errors import TryLater

log = structlog.get_logger(__name__)

#: An update is never larger (measured: far below); more is not Telegram.
BODY_BYTES = 1024 * 1024

#: The header with the secret (core.telegram.org/bots/api#setwebhook).
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Keep = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


def webhook(keep: Keep, secret: str) -> web.Application:
    """Make the web application that takes updates in; 503 while the database is away, so that Telegram comes again.

    Raises:
        ValueError: there is no secret, and so anybody could bring updates.
    """
    if not secret:
        raise ValueError("a webhook needs a secret")

    async def take(request: web.Request) -> web.Response:
        # As the bytes that came: a header need not be UTF-8.
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, secret.encode()):
            log.warning("webhook_without_secret")
            return web.Response(status=403)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(raw, dict):
            return web.Response(status=400)
        try:
            await keep([raw])
        except TryLater:
            return web.Response(status=503)
        return web.Response()

    application = web.Application(client_max_size=BODY_BYTES)
    # Any path: what is public is the address in the settings, and a proxy may cut off or add to it.
    application.router.add_post("/{path:.*}", take)
    return application
