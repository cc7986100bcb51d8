"""The world in memory: people, chats, messages, bots, files."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

Event = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account (bots/api#user)."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "en"
    deactivated: bool = False

    def user(self) -> dict[str, Any]:
        """Show them as the Bot API does."""
        shown: dict[str, Any] = {
            "id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language,
        }  # fmt: skip
        return shown | {
            key: value for key, value in (("last_name", self.last_name), ("username", self.username)) if value
        }


@dataclass(slots=True)
class Chat:
    """A private chat with the bot, or a group (bots/api#chat); messages by id, as the Bot API shows them.

    `open` tells whether the bot has a place in it: the person has started it, or it is in the group.
    """

    id: int
    kind: str
    title: str = ""
    open: bool = True
    members: set[int] = field(default_factory=set)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    topics: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 0
    migrated_to: int | None = None

    def next_id(self) -> int:
        """Number the next message."""
        self.last_id += 1
        return self.last_id


@dataclass(slots=True)
class StoredFile:
    """A file at Telegram; `size` in bytes may be told to be more than there is, for files too big to be made.

    `kind` is what it was first sent as: `photo`, `document` and so on.
    """

    id: str
    name: str
    content_type: str
    content: bytes
    size: int
    kind: str


@dataclass(slots=True)
class BotAccount:
    """A bot: its updates that wait to be confirmed, its webhook, its menus."""

    token: str
    id: int
    username: str
    updates: list[dict[str, Any]] = field(default_factory=list)
    next_update_id: int = field(default_factory=lambda: secrets.randbelow(900_000_000) + 100_000)
    blocked_by: set[int] = field(default_factory=set)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    callbacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)

    def user(self) -> dict[str, Any]:
        """Show it as the Bot API does (bots/api#getme)."""
        return {
            "id": self.id, "is_bot": True, "first_name": "Cherha", "username": self.username,
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True,
        }  # fmt: skip


class World:
    """Everything there is, and who listens to what happens in it.

    Args:
        zone: the time zone that the page shows times in; empty for that of the browser.
    """

    def __init__(self, bot_username: str = "cherha_demo_bot", zone: str = "") -> None:
        self.zone = zone
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.bots: dict[str, BotAccount] = {}
        self.early: list[Event] = []
        self.files: dict[str, StoredFile] = {}
        self.log: list[dict[str, Any]] = []
        self.listeners: set[Callable[[Event], None]] = set()
        self.wake: Callable[[BotAccount], None] = lambda _bot: None
        self._bot_username = bot_username

    def tell(self, kind: str, **facts: Any) -> None:
        """Tell those who watch the page what happened."""
        for listener in list(self.listeners):
            listener({"type": kind, **facts})

    def bot(self, token: str) -> BotAccount:
        """Find the bot of a token; any well-formed token is a bot from when it is first seen."""
        number, _, secret = token.partition(":")
        if not number.isdigit() or not secret:
            raise ApiError(401, "Unauthorized")
        if token not in self.bots:
            bot = self.bots[token] = BotAccount(token, int(number), self._bot_username)
            self.early, early = [], self.early
            for update in early:
                self.push(bot, update)
        return self.bots[token]

    def add_person(self, person: Person, *, started: bool = False) -> Person:
        """Add somebody, with a private chat of the same id.

        Args:
            started: they have started the bot already, so that it may write to them.
        """
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, "private", open=started, members={person.id}))
        self.tell("person", person=person.user())
        return person

    def chat(self, chat_id: int) -> Chat:
        """Find a chat (bots/api#sendmessage, chat_id)."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise ApiError(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        return chat

    def shown(self, chat: Chat) -> dict[str, Any]:
        """Show a chat as the Bot API does."""
        if chat.kind == "private":
            user = self.people[chat.id].user()
            return {"id": chat.id, "type": "private"} | {
                key: user[key] for key in ("first_name", "last_name", "username") if key in user
            }
        return {"id": chat.id, "type": chat.kind, "title": chat.title} | ({"is_forum": True} if chat.topics else {})

    def add_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """Put a message into a chat (bots/api#message)."""
        message = {
            "message_id": chat.next_id(), "from": sender, "chat": self.shown(chat), "date": int(time.time()), **content,
        }  # fmt: skip
        chat.messages[message["message_id"]] = message
        self.tell("message", chat=chat.id, message=message)
        return message

    def add_update(self, kind: str, content: dict[str, Any]) -> None:
        """Give every bot an update of something (bots/api#update)."""
        for bot in self.bots.values():
            self.push(bot, {kind: content})

    def push(self, bot: BotAccount, content: dict[str, Any]) -> int:
        """Line an update up for one bot; returns its id."""
        update_id = bot.next_update_id
        bot.next_update_id += 1
        bot.updates.append({"update_id": update_id, **content})
        self.wake(bot)
        return update_id

    def tell_place(self, chat: Chat, by: dict[str, Any], old: str, new: str) -> None:
        """Tell every bot that its place in a chat has changed (bots/api#chatmemberupdated).

        Args:
            by: who changed it.
            old, new: a status (bots/api#chatmember).
        """
        for bot in self.bots.values():
            states = [
                {"status": one, "user": bot.user()} | ({"until_date": 0} if one == "kicked" else {})
                for one in (old, new)
            ]
            change = {
                "chat": self.shown(chat),
                "from": by,
                "date": int(time.time()),
                "old_chat_member": states[0],
                "new_chat_member": states[1],
            }
            self.push(bot, {"my_chat_member": change})

    def keep_file(self, name: str, content_type: str, content: bytes, kind: str, size: int = 0) -> StoredFile:
        """Keep a file and give it an id (bots/api#file)."""
        file = StoredFile(secrets.token_urlsafe(24), name, content_type, content, size or len(content), kind)
        self.files[file.id] = file
        return file
