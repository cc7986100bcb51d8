"""The server: the Bot API for bots, the control API and the page for people."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.call import Call, read_call
from bot.sandbox.control import Control
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.limits import Fault, Faults, Flood
from bot.sandbox.methods import METHODS
from bot.sandbox.model import World
from bot.sandbox.updates import Updates
from bot.sandbox.watching import Watching

PAGE = Path(__file__).parent / "page"

#: bots/api#sending-files: the largest upload, with room for the rest of the form.
BODY_BYTES = 52 * 1024 * 1024


class Sandbox:
    """A Bot API of our own, on one port."""

    def __init__(self, *, limits: bool = True, zone: str = "") -> None:
        self.world = World(zone=zone)
        self.faults = Faults()
        self._flood = Flood(on=limits)
        self._updates = Updates()
        self.world.wake = self._updates.wake

    def application(self) -> web.Application:
        """Make the web application."""
        application = web.Application(client_max_size=BODY_BYTES)
        application.add_routes(
            [
                *Control(self.world, self.faults).routes(),
                *Watching(self.world).routes(),
                web.get("/file/bot{token}/documents/{file}", self._download),
                web.route("*", "/bot{token}/{method}", self._call),
                web.get("/sandbox/files/{file}", self._download),
                web.get("/", self._index),
                web.static("/page", PAGE),
            ]
        )
        application.on_cleanup.append(self._cleanup)
        return application

    async def _cleanup(self, _application: web.Application) -> None:
        self._updates.stop_all()

    async def _index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    async def _download(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["file"])
        if file is None:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        headers = {"Content-Type": file.content_type, "X-Content-Type-Options": "nosniff"}
        if not file.content_type.startswith("image/") or "svg" in file.content_type:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=file.content, headers=headers)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self.world.bot(request.match_info["token"])
            call = await read_call(request, self.world, bot, _canonical(request.match_info["method"]))
            return await self._answered(request, call)
        except ApiError as error:
            refused = error
        except web.HTTPRequestEntityTooLarge:  # bots/api#sending-files
            refused = ApiError(413, "Request Entity Too Large")
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            # What is missing or of another type than the page asks for (bots/api#making-requests).
            refused = bad_request(f"wrong parameters ({type(error).__name__}: {error})")
        return web.json_response(refused.body(), status=refused.code)

    async def _answered(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self.faults.strike(call.method, call.chat_id)
        if fault is not None:
            text = call.given.get("text")
            self.faults.struck.append(
                {"kind": fault.kind, "method": call.method, "chat_id": call.chat_id, "text": text}
            )
            await _before(request, fault)
        result = await self._execute(call)
        self._note(call, result)
        if fault is not None:
            await _after(request, fault)
        return web.json_response({"ok": True, "result": result})

    async def _execute(self, call: Call) -> Any:
        match call.method:
            case "getUpdates":
                return await self._updates.get(call)
            case "setWebhook":
                return self._updates.set_webhook(call)
            case "deleteWebhook":
                return self._updates.delete_webhook(call)
            case "getWebhookInfo":
                return self._updates.webhook_info(call)
            case method if method in METHODS:
                self._flood.check(method, call.chat_id)
                return METHODS[method](call)
            case _:
                raise ApiError(404, "Not Found: method not found")  # as Client.cpp of tdlib/telegram-bot-api says it

    def _note(self, call: Call, result: Any) -> None:
        """Write down what was executed: what tests compare the desk's own books with."""
        if call.method in {"getUpdates", "getMe"}:
            return
        self.world.log.append(
            {
                "at": time.time(),
                "bot": call.bot.id,
                "method": call.method,
                "chat_id": call.chat_id,
                "message_id": result.get("message_id") if isinstance(result, dict) else call.given.get("message_id"),
                "text": call.given.get("text") or call.given.get("caption"),
            }
        )


def _canonical(method: str) -> str:
    """Find a method by its name in any case (bots/api#making-requests)."""
    names = (*METHODS, "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")
    return {name.lower(): name for name in names}.get(method.lower(), method)


async def _before(request: web.Request, fault: Fault) -> None:
    match fault.kind:
        case "429":
            raise ApiError(429, f"Too Many Requests: retry after {int(fault.seconds)}", retry_after=int(fault.seconds))
        case "500" | "502":
            raise ApiError(int(fault.kind), "Internal Server Error" if fault.kind == "500" else "Bad Gateway")
        case "hang":
            await asyncio.sleep(fault.seconds)
            _cut(request)
        case "drop":
            _cut(request)


async def _after(request: web.Request, fault: Fault) -> None:
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "lost":
        _cut(request)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise web.HTTPServiceUnavailable


@dataclass(slots=True)
class Running:
    """A sandbox that listens."""

    sandbox: Sandbox
    runner: web.AppRunner
    address: str

    async def stop(self) -> None:
        """Stop at once: open long polls are cut."""
        await self.runner.cleanup()


async def start(host: str = "127.0.0.1", port: int = 0, *, limits: bool = True, zone: str = "") -> Running:
    """Start a sandbox; port 0 takes any free one.

    Args:
        zone: the time zone that the page shows times in; empty for that of the browser.

    Raises:
        OSError: the port is taken.
    """
    sandbox = Sandbox(limits=limits, zone=zone)
    runner = web.AppRunner(sandbox.application(), access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    number = runner.addresses[0][1]
    return Running(sandbox, runner, f"http://{host}:{number}")
