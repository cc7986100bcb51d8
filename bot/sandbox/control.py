"""What people do: the page, the tests and the tour drive it over JSON.

POST /sandbox/person    {name, id?, language?, username?, started?} → {person}: who has started the bot long ago, or not
POST /sandbox/group     {title, kind?, members?, bot?}             → {chat_id}: with the bot in it unless told otherwise
POST /sandbox/remove    {person, chat}                             → {}: the bot is taken out of a group
POST /sandbox/migrate   {chat}                                     → {chat_id}: a group becomes a supergroup
POST /sandbox/say       {person, text, chat?, reply_to?, topic?}   → {message}
POST /sandbox/file      multipart: person, kind, file…, caption?   → {messages}: two files or more are an album
POST /sandbox/place     {person, latitude, longitude}              → {message}
POST /sandbox/contact   {person, phone, name}                      → {message}
POST /sandbox/forwards  {person, texts: […], from?}                → {messages}
POST /sandbox/edit      {person, message_id, text, chat?}          → {message}
POST /sandbox/delete    {person, message_id, chat?}                → {}
POST /sandbox/press     {person, message_id, data, chat?, wait_s?} → {answer: {text, alert} | null}
POST /sandbox/inline    {person, text, offset?, wait_s?}           → {answer: {results, next_offset, …} | null}
POST /sandbox/block     {person, blocked}                          → {}
POST /sandbox/deactivate {person}                                  → {}: the account is no more
POST /sandbox/language  {person, language}                         → {person}
POST /sandbox/update    {update: {…}}                              → {update_id}: given to every bot verbatim
POST /sandbox/fault    {kind, method?, chat_id?, times?, chance?, seconds?}   DELETE takes all back
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import web

from bot.sandbox.entities import utf16_length
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.limits import Faults
from bot.sandbox.messages import remove, shown_media
from bot.sandbox.model import Chat, Person, World


class Control:
    """The world as people see and use it."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """List the addresses."""
        posts = ("person", "group", "migrate", "say", "place", "contact", "forwards", "edit", "delete", "block",
                 "deactivate", "remove", "language", "fault")  # fmt: skip
        routes = [web.post(f"/sandbox/{name}", self._json(getattr(self, f"_{name}"))) for name in posts]
        routes.append(web.post("/sandbox/update", self._json(self._update_verbatim)))
        return [
            *routes,
            web.delete("/sandbox/fault", self._clear_faults),
            web.post("/sandbox/press", self._press),
            web.post("/sandbox/inline", self._inline),
            web.post("/sandbox/file", self._file),
        ]

    @staticmethod
    def _json(act: Any) -> Any:
        async def handle(request: web.Request) -> web.Response:
            return _answer(lambda: act(_document(raw))) if (raw := await request.read()) else web.Response(status=400)

        return handle

    def _who(self, given: dict[str, Any]) -> tuple[Person, Chat]:
        person = self._world.people.get(int(given["person"]))
        if person is None:
            raise bad_request("no such person")
        return person, self._world.chat(int(given.get("chat") or person.id))

    def _person(self, given: dict[str, Any]) -> dict[str, Any]:
        first, _, last = str(given["name"]).partition(" ")
        number = int(given.get("id") or 100_000 + len(self._world.people) + secrets.randbelow(900) * 1000)
        person = Person(number, first, last, given.get("username", ""), given.get("language", "en"))
        return {"person": self._world.add_person(person, started=bool(given.get("started"))).user()}

    def _group(self, given: dict[str, Any]) -> dict[str, Any]:
        kind = given.get("kind", "supergroup")
        number = (
            -(1_000_000_000_000 + secrets.randbelow(10**9)) if kind == "supergroup" else -secrets.randbelow(10**8) - 1
        )
        chat = Chat(number, kind, str(given["title"]), bool(given.get("bot", True)), set(given.get("members", [])))
        self._world.chats[number] = chat
        return {"chat_id": number}

    def _migrate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Make a supergroup of a group: a message tells the new id (bots/api#message, migrate_to_chat_id)."""
        old = self._world.chat(int(given["chat"]))
        new = self._group({"title": old.title, "members": list(old.members)})["chat_id"]
        sender = self._world.people[min(old.members)].user()
        self._hear(old, sender, {"migrate_to_chat_id": new})
        old.migrated_to = new
        return {"chat_id": new}

    def _say(self, given: dict[str, Any]) -> dict[str, Any]:
        person, chat = self._who(given)
        text = str(given["text"])
        content = {"text": text, **_commands_in(text)}
        if given.get("topic") is not None:
            if int(given["topic"]) not in chat.topics:
                raise bad_request("message thread not found")
            content |= {"message_thread_id": int(given["topic"]), "is_topic_message": True}
        return {"message": self._hear(chat, person.user(), content, given.get("reply_to"))}

    def _hear(
        self, chat: Chat, sender: dict[str, Any], content: dict[str, Any], reply_to: Any = None
    ) -> dict[str, Any]:
        """Put what a person sends into their chat, and tell the bot of it."""
        if reply_to is not None:
            replied = chat.messages.get(int(reply_to))
            if replied is None:
                raise bad_request("message to be replied not found")
            # "will not contain further reply_to_message fields" (bots/api#message)
            content["reply_to_message"] = {key: one for key, one in replied.items() if key != "reply_to_message"}
        if chat.kind == "private":
            chat.open = True
        message = self._world.add_message(chat, sender, content)
        self._update("message", chat, message)
        return message

    def _update(self, kind: str, chat: Chat, content: dict[str, Any]) -> None:
        if not self._world.bots:  # Telegram knows a bot before it first calls
            self._world.early.append({kind: dict(content)})
        for bot in self._world.bots.values():
            if chat.open and chat.id not in bot.blocked_by:
                self._world.push(bot, {kind: dict(content)})

    def _place(self, given: dict[str, Any]) -> dict[str, Any]:
        person, chat = self._who(given)
        place = {"latitude": float(given["latitude"]), "longitude": float(given["longitude"])}
        return {"message": self._hear(chat, person.user(), {"location": place})}

    def _contact(self, given: dict[str, Any]) -> dict[str, Any]:
        person, chat = self._who(given)
        contact = {"phone_number": str(given["phone"]), "first_name": str(given["name"])}
        return {"message": self._hear(chat, person.user(), {"contact": contact})}

    def _forwards(self, given: dict[str, Any]) -> dict[str, Any]:
        """Forward words of somebody whose account may not be linked to (bots/api#messageoriginhiddenuser)."""
        person, chat = self._who(given)
        origin = {
            "type": "hidden_user",
            "date": int(time.time()) - 60,
            "sender_user_name": given.get("from", "Somebody"),
        }
        return {
            "messages": [
                self._hear(chat, person.user(), {"text": str(text), "forward_origin": origin})
                for text in given["texts"]
            ]
        }

    def _edit(self, given: dict[str, Any]) -> dict[str, Any]:
        """Change a message of one's own (bots/api#update, edited_message; bots/api#message, edit_date)."""
        person, chat = self._who(given)
        message = chat.messages.get(int(given["message_id"]))
        if message is None or message["from"]["id"] != person.id:
            raise bad_request("that is no message of theirs")
        name = "caption" if "caption" in message else "text"
        message |= {name: str(given["text"]), "edit_date": int(time.time())}
        self._world.tell("edit", chat=chat.id, message=message)
        self._update("edited_message", chat, message)
        return {"message": message}

    def _delete(self, given: dict[str, Any]) -> dict[str, Any]:
        _, chat = self._who(given)
        if int(given["message_id"]) not in chat.messages:
            raise bad_request("message to delete not found")
        remove(self._world, chat, int(given["message_id"]))
        return {}

    def _block(self, given: dict[str, Any]) -> dict[str, Any]:
        """Block the bot or unblock it; it is told so (bots/api#update, my_chat_member)."""
        person, chat = self._who(given)
        blocked = bool(given.get("blocked", True))
        for bot in self._world.bots.values():
            (bot.blocked_by.add if blocked else bot.blocked_by.discard)(person.id)
        if not blocked:  # the button that unblocks a bot starts it anew (bots/features#global-commands)
            chat.open = True
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self._world.tell_place(chat, person.user(), old, new)
        return {}

    def _deactivate(self, given: dict[str, Any]) -> dict[str, Any]:
        """End somebody's account; bots are not told, they find out when they write."""
        person, _ = self._who(given)
        person.deactivated = True
        return {}

    def _remove(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take the bot out of a group; it is told so (bots/api#update, my_chat_member)."""
        person, chat = self._who(given)
        self._world.tell_place(chat, person.user(), "member", "kicked")
        chat.open = False
        return {}

    def _language(self, given: dict[str, Any]) -> dict[str, Any]:
        person, _ = self._who(given)
        person.language = str(given["language"])
        self._world.tell("person", person=person.user())
        return {"person": person.user()}

    def _update_verbatim(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"update_id": [self._world.push(bot, given["update"]) for bot in self._world.bots.values()][-1]}

    def _fault(self, given: dict[str, Any]) -> dict[str, Any]:
        self._faults.order(given)
        return {}

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({})

    async def _press(self, request: web.Request) -> web.Response:
        given = _document(await request.read())
        try:
            person, chat = self._who(given)
            message = chat.messages.get(int(given["message_id"]))
            if message is None:
                raise bad_request("no such message")
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        answers = [self._pressed(bot, person, message, str(given["data"])) for bot in self._world.bots.values()]
        _, waiting = await asyncio.wait(answers, timeout=float(given.get("wait_s", 10)))
        answer = next((one.result() for one in answers if one not in waiting), None)
        return web.json_response({"answer": answer})

    def _pressed(self, bot: Any, person: Person, message: dict[str, Any], data: str) -> asyncio.Future[dict[str, Any]]:
        """Tell a bot of a press (bots/api#callbackquery); the data is whatever the client sends."""
        query_id = str(secrets.randbelow(10**18))
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        bot.callbacks[query_id] = {"answer": answer, "person": person.id}
        query = {
            "id": query_id,
            "from": person.user(),
            "message": dict(message),
            "chat_instance": str(message["chat"]["id"]),
            "data": data,
        }
        self._world.push(bot, {"callback_query": query})
        return answer

    async def _inline(self, request: web.Request) -> web.Response:
        """Type the bot's name and words in some chat (bots/api#inlinequery)."""
        given = _document(await request.read())
        person = self._world.people[int(given["person"])]
        waiting = []
        for bot in self._world.bots.values():
            query_id = str(secrets.randbelow(10**18))
            bot.asked[query_id] = asyncio.get_running_loop().create_future()
            waiting.append(bot.asked[query_id])
            query = {"id": query_id, "from": person.user(), "query": str(given["text"])}
            self._world.push(bot, {"inline_query": {**query, "offset": str(given.get("offset", ""))}})
        done, _ = await asyncio.wait(waiting, timeout=float(given.get("wait_s", 10)))
        return web.json_response({"answer": next((one.result() for one in done), None)})

    async def _file(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields = {key: str(value) for key, value in form.items() if not isinstance(value, web.FileField)}
        uploads = [value for value in form.values() if isinstance(value, web.FileField)]
        return _answer(lambda: self._send_files(fields, uploads))

    def _send_files(self, given: dict[str, Any], uploads: list[web.FileField]) -> dict[str, Any]:
        person, chat = self._who(given)
        group = {"media_group_id": str(secrets.randbelow(10**12))} if len(uploads) > 1 else {}
        sent = []
        for place, upload in enumerate(uploads):
            content = upload.file.read()
            kind = given.get("kind") or ("photo" if upload.content_type.startswith("image/") else "document")
            size = int(given.get("size") or 0)
            kept = self._world.keep_file(upload.filename, upload.content_type, content, kind, size)
            shown = shown_media(kind, kept.id, kept.name, kept.content_type, kept.size)
            caption = {"caption": given["caption"]} if given.get("caption") and place == 0 else {}
            sent.append(self._hear(chat, person.user(), shown | group | caption, given.get("reply_to")))
        return {"messages": sent}


def _document(raw: bytes) -> dict[str, Any]:
    return dict(json.loads(raw))


def _answer(act: Any) -> web.Response:
    try:
        return web.json_response(act())
    except ApiError as error:
        return web.json_response(error.body(), status=error.code)
    except (KeyError, ValueError, TypeError) as error:
        return web.json_response(bad_request(f"{type(error).__name__}: {error}").body(), status=400)


def _commands_in(text: str) -> dict[str, Any]:
    """Mark a command at the beginning (bots/api#messageentity)."""
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": utf16_length(text.split(maxsplit=1)[0])}]}
