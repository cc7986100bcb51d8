"""People at their phones, for tests, the demo and the tour: a client of the control API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import aiohttp


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it; buttons are rows of (label, data)."""

    id: int
    from_bot: bool
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    edited: bool
    reply_to: int | None
    file: str | None
    raw: dict[str, Any]

    def data(self, label: str) -> str:
        """Find the data of the first button whose label has these words.

        Raises:
            LookupError: there is none; the message names those there are.
        """
        for row in self.buttons:
            for text, data in row:
                if label.casefold() in text.casefold():
                    return data
        there = [text for row in self.buttons for text, _ in row]
        raise LookupError(f"no button {label!r} among {there}")


def seen(raw: dict[str, Any]) -> Seen:
    """Read a message as the Bot API shows it."""
    rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
    media = next((kind for kind in ("photo", "document", "voice", "video", "audio", "animation") if kind in raw), None)
    replied = raw.get("reply_to_message")
    return Seen(
        id=raw["message_id"],
        from_bot=bool(raw["from"]["is_bot"]),
        text=raw.get("text") or raw.get("caption") or "",
        buttons=tuple(tuple((one["text"], one.get("callback_data", "")) for one in row) for row in rows),
        edited="edit_date" in raw,
        reply_to=replied["message_id"] if replied else None,
        file=media,
        raw=raw,
    )


class SandboxClient:
    """Acts as people do. Use it as an async context manager.

    Args:
        address: of the sandbox, such as http://127.0.0.1:8081.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40))
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()

    async def post(self, act: str, /, **facts: Any) -> dict[str, Any]:
        """Call the control API.

        Raises:
            RuntimeError: it refused; with its words.
        """
        return await self._call("POST", act, json=facts)

    async def _call(self, method: str, name: str, **options: Any) -> dict[str, Any]:
        assert self._session is not None, "use it as an async context manager"  # noqa: S101 - a fault of the caller
        async with self._session.request(method, f"{self.address}/sandbox/{name}", **options) as response:
            answer: dict[str, Any] = await response.json()
            if response.status >= 400:  # noqa: PLR2004 - HTTP
                raise RuntimeError(answer.get("description", response.reason))
            return answer

    async def person(self, name: str, *, number: int | None = None, language: str = "en", started: bool = False) -> int:
        """Add somebody; returns their id, which is that of their chat with the bot too.

        Args:
            started: they have started the bot long ago; otherwise it may not write before they do.
        """
        facts = {"name": name, "language": language, "started": started} | ({"id": number} if number else {})
        return int((await self.post("person", **facts))["person"]["id"])

    async def say(self, person: int, text: str, *, reply_to: int | None = None) -> Seen:
        """Write to the bot."""
        return seen((await self.post("say", person=person, text=text, reply_to=reply_to))["message"])

    async def edit(self, person: int, message_id: int, text: str) -> None:
        """Change a message of one's own."""
        await self.post("edit", person=person, message_id=message_id, text=text)

    async def press(self, person: int, message: Seen, label: str, *, wait_s: float = 10) -> str | None:
        """Press the button whose label has these words; returns the toast, None when no answer came."""
        return await self.press_data(person, message.id, message.data(label), wait_s=wait_s)

    async def press_data(self, person: int, message_id: int, data: str, *, wait_s: float = 10) -> str | None:
        """Press with any data, as a forged client could."""
        answer = await self.post("press", person=person, message_id=message_id, data=data, wait_s=wait_s)
        return None if answer["answer"] is None else str(answer["answer"]["text"])

    async def inline(self, person: int, text: str, *, offset: str = "", wait_s: float = 10) -> dict[str, Any] | None:
        """Type the bot's name and words in some chat; returns what the bot answers, None when no answer came."""
        answer = await self.post("inline", person=person, text=text, offset=offset, wait_s=wait_s)
        return None if answer["answer"] is None else dict(answer["answer"])

    async def send_files(
        self, person: int, files: Sequence[tuple[str, str, bytes]], *, caption: str = "", kind: str = "", size: int = 0
    ) -> list[Seen]:
        """Send files as (name, content type, content); two or more make an album.

        Args:
            size: told to the bot instead of the true one, for files too big to be made.
        """
        form = aiohttp.FormData()
        for name, value in (("person", str(person)), ("caption", caption), ("kind", kind), ("size", str(size or ""))):
            if value:
                form.add_field(name, value)
        for filename, content_type, content in files:
            form.add_field("file", content, filename=filename, content_type=content_type)
        return [seen(one) for one in (await self._call("POST", "file", data=form))["messages"]]

    async def forwards(self, person: int, texts: Sequence[str]) -> None:
        """Forward a batch of messages of somebody else."""
        await self.post("forwards", person=person, texts=list(texts))

    async def messages(self, chat: int) -> list[Seen]:
        """List what a chat shows now."""
        return [seen(one) for one in (await self._call("GET", f"messages?chat={chat}"))["messages"]]

    async def last(self, chat: int) -> Seen:
        """Show the latest message of a chat."""
        return (await self.messages(chat))[-1]

    async def wait_for(
        self, chat: int, fits: Callable[[Seen], bool] | str, *, timeout_s: float = 10, after: int = 0
    ) -> Seen:
        """Wait until the bot has said something in a chat, and return it; of several, the latest.

        Args:
            fits: a test, or words that the message has.
            after: only messages with a greater id.

        Raises:
            TimeoutError: it did not come; with what the chat shows.
        """
        wanted = (lambda one: fits in one.text) if isinstance(fits, str) else fits
        end = asyncio.get_running_loop().time() + timeout_s
        while True:
            shown = await self.messages(chat)
            found = [one for one in shown if one.from_bot and one.id > after and wanted(one)]
            if found:
                return found[-1]
            if asyncio.get_running_loop().time() > end:
                words = "\n".join(f"  {one.id}: {one.text!r}" for one in shown[-6:])
                raise TimeoutError(f"{fits!r} did not come to {chat}; it shows\n{words}")
            await asyncio.sleep(0.05)

    async def fault(self, kind: str, **facts: Any) -> None:
        """Order a fault; see `bot.sandbox.limits.Fault`."""
        await self.post("fault", kind=kind, **facts)

    async def clear_faults(self) -> None:
        """Take all orders of faults back."""
        await self._call("DELETE", "fault")

    async def log(self, after: int = 0) -> list[dict[str, Any]]:
        """List the calls that were executed."""
        calls: list[dict[str, Any]] = (await self._call("GET", f"log?after={after}"))["calls"]
        return calls

    async def commands(self, person: int) -> list[str]:
        """List the commands in somebody's menu."""
        return [one["command"] for one in (await self._call("GET", f"commands?person={person}"))["commands"]]

    async def block(self, person: int, *, blocked: bool = True) -> None:
        """Block the bot, or unblock it."""
        await self.post("block", person=person, blocked=blocked)
