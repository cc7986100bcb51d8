"""One call of a method: its parameters, in whatever form they came, and the world it acts on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.errors import BLOCKED, DEACTIVATED, NOT_STARTED, bad_request, not_a_member
from bot.sandbox.model import BotAccount, Chat, World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call (bots/api#inputfile)."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One call: which bot, in which world, with which parameters and uploads."""

    world: World
    bot: BotAccount
    method: str
    given: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        value = self.given.get(name, default)
        return value if isinstance(value, str) else str(value)

    def number(self, name: str, default: int | None = None) -> int:
        """Read a whole number.

        Raises:
            ApiError: it is missing or no number.
        """
        value = self.given.get(name, default)
        try:
            return int(value)  # type: ignore[arg-type] # None is told apart by the TypeError
        except (TypeError, ValueError):
            raise bad_request(f"parameter {name} is required") from None

    def real(self, name: str) -> float:
        """Read a number.

        Raises:
            ApiError: it is missing or no number.
        """
        value = self.text(name).strip()
        if not value:
            raise bad_request(f"{name} is empty")
        try:
            return float(value)
        except ValueError:
            raise bad_request(f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        """Read a truth value, as JSON or as a form field."""
        return str(self.given.get(name, "")).lower() in {"true", "1"}

    def json(self, name: str, default: Any = None) -> Any:
        """Read a value that forms carry as JSON text."""
        value = self.given.get(name, default)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        return value

    @property
    def chat_id(self) -> int | None:
        """The chat a call is about, if it is about one."""
        value = self.given.get("chat_id")
        try:
            return int(value) if value is not None else None
        except (TypeError, ValueError):
            raise bad_request("chat not found") from None

    def chat(self) -> Chat:
        """Find the chat a call is about; a group must have the bot in it (bots/api#chatmemberleft).

        Raises:
            ApiError: there is none, or the bot is not in it.
        """
        chat = self.world.chat(self.number("chat_id"))
        if chat.kind != "private" and not chat.open:
            raise not_a_member(chat.kind)
        return chat

    def writable_chat(self) -> Chat:
        """Find a chat that the bot may write to now.

        Only who has started the bot can be written to (bots#how-are-bots-different-from-users), until they block it
        (bots/api#chatmemberbanned, bots/api#update: my_chat_member).

        Raises:
            ApiError: there is none, or it may not.
        """
        chat = self.chat()
        if chat.kind == "private" and self.world.people[chat.id].deactivated:
            raise DEACTIVATED
        if chat.id in self.bot.blocked_by:
            raise BLOCKED
        if not chat.open:
            raise NOT_STARTED
        return chat


async def read_call(request: web.Request, world: World, bot: BotAccount, method: str) -> Call:
    """Read the parameters of a call (bots/api#making-requests): query, form, multipart or JSON."""
    given: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.read()
        given |= _document(body) if body else {}
    elif request.method == "POST" and request.content_type in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                given[name] = value
    return Call(world, bot, method, given, uploads)


def _document(body: bytes) -> dict[str, Any]:
    told = json.loads(body)
    if not isinstance(told, dict):
        raise bad_request("can't parse request: JSON object expected")
    return told
