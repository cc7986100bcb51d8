"""What people see: the page, the tests and the tour look at it.

GET  /sandbox/people                                               → {people, bots, zone}
GET  /sandbox/messages?chat=ID                                     → {messages, deleted}
GET  /sandbox/commands?person=ID                                   → {commands}
GET  /sandbox/log?after=N                                          → {calls}
GET  /sandbox/live      websocket of JSON objects, by their "type":
         message, edit {chat, message}; delete {chat, message_id}; typing {chat, action}; toast {person, text, alert};
         reaction {chat, message_id, reaction}; person {person}; commands {}
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.errors import bad_request
from bot.sandbox.model import World


class Watching:
    """The world as it can be looked at."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """List the addresses."""
        return [
            web.get("/sandbox/people", self._people),
            web.get("/sandbox/messages", self._messages),
            web.get("/sandbox/commands", self._commands),
            web.get("/sandbox/log", self._log),
            web.get("/sandbox/live", self._live),
        ]

    async def _people(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "people": [one.user() for one in self._world.people.values()],
                "bots": [one.user() for one in self._world.bots.values()],
                "zone": self._world.zone,
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._world.chats.get(int(request.query["chat"]))
        if chat is None:
            return web.json_response(bad_request("chat not found").body(), status=400)
        return web.json_response({"messages": list(chat.messages.values()), "deleted": sorted(chat.deleted)})

    async def _commands(self, request: web.Request) -> web.Response:
        """Tell the menu that a person sees: of their chat before the default, of their language before none."""
        person = self._world.people.get(int(request.query["person"]))
        if person is None:
            return web.json_response(bad_request("no such person").body(), status=400)
        scopes = (f"chat:{person.id}", "all_private_chats:", "default:")
        for bot in self._world.bots.values():
            for scope in scopes:
                for language in (person.language, ""):
                    if (scope, language) in bot.commands:
                        return web.json_response({"commands": bot.commands[scope, language]})
        return web.json_response({"commands": []})

    async def _log(self, request: web.Request) -> web.Response:
        return web.json_response({"calls": self._world.log[int(request.query.get("after", 0)) :]})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(10_000)

        def listen(event: dict[str, Any]) -> None:
            if not events.full():
                # As it is now: the same message may be changed before it is sent.
                events.put_nowait(json.loads(json.dumps(event)))

        self._world.listeners.add(listen)
        sender = asyncio.create_task(_send_all(socket, events))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._world.listeners.discard(listen)
            sender.cancel()
        return socket


async def _send_all(socket: web.WebSocketResponse, events: asyncio.Queue[dict[str, Any]]) -> None:
    while True:
        await socket.send_json(await events.get())
