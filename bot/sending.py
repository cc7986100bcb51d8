"""One drawn message → one call of the Bot API, and its errors told apart by what they mean for the row."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.drawing import Drawn
from bot.transport import NotSent, asked_wait, call
from core.cases.names import file_name
from core.cases.views import FileView
from core.store.files import FileStore

log = structlog.get_logger(__name__)


class Fate(StrEnum):
    """What became of a call: sent; certainly not sent; nobody knows; never to be sent; the way is closed."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    BLOCKED = "blocked"
    MIGRATED = "migrated"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of a call, with what is needed to act on it.

    Attributes:
        message_id: of the message sent.
        after: how long Telegram asks to wait with this chat.
        new_chat: the id that the chat has now.
        topic: the topic that was made in the place of one that had vanished; 0 where none could be made.
    """

    fate: Fate
    message_id: int | None = None
    after: timedelta | None = None
    new_chat: int | None = None
    topic: int | None = None
    error: str = ""


#: What Telegram says, in lower case, when the message is as it should be already.
_SAME = "message is not modified"
#: When the message that is to be changed is no more, or cannot be changed any more.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message not found")
#: When the topic of a group was deleted.
_NO_TOPIC = "message thread not found"
#: When nothing can ever be sent to this chat again, until it is heard from.
_CLOSED = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid", "chat_write_forbidden")

_NO_PREVIEW = {"is_disabled": True}


async def send(bot: Bot, files: FileStore, drawn: Drawn, *, silent: bool) -> Result:
    """Make the call, and tell what became of it; never raises for anything that Telegram or the network does."""
    try:
        message, topic = await _in_topic(bot, files, drawn, silent=silent)
    except TelegramError as error:
        return _fate(error, edit=drawn.edit is not None)
    except FileNotFoundError as error:
        return Result(Fate.REFUSED, error=f"the file is not kept: {error}")
    except (KeyError, TypeError, ValueError) as error:  # so the library tells of an answer that it cannot read
        log.exception("answer_not_read")
        return Result(Fate.UNKNOWN, error=f"an answer that cannot be read: {type(error).__name__}")
    return Result(Fate.SENT, message_id=drawn.edit if message is None else message, topic=topic)


async def toast(bot: Bot, callback_id: str, text: str | None, *, alert: bool) -> None:
    """Answer a press, so that the button stops waiting; it may be lost, or come too late to matter."""
    facts = {"callback_query_id": callback_id, "text": text, "show_alert": alert or None}
    try:
        await call(bot, "answerCallbackQuery", facts)
    except TelegramError as error:
        log.info("toast_lost", error=error.message)


@dataclass(frozen=True, slots=True)
class Found:
    """Something offered to be put into any chat: what is sent, and a line about it for who chooses."""

    id: str
    text: str
    about: str


async def offer(bot: Bot, query_id: str, found: Sequence[Found], further: int | None) -> None:
    """Answer who types the bot's name in some chat, and nobody else, ever; it may be lost, or come too late to matter.

    What each may see differs, so Telegram is to remember nothing (core.telegram.org/bots/api#answerinlinequery).
    """
    results = [
        {
            "type": "article",
            "id": one.id,
            "title": one.text,
            "description": one.about,
            "input_message_content": {"message_text": one.text},
        }
        for one in found
    ]
    facts = {
        "inline_query_id": query_id,
        "results": results,
        "cache_time": 0,
        "is_personal": True,
        "next_offset": str(further) if further is not None else "",
    }
    try:
        await call(bot, "answerInlineQuery", facts)
    except TelegramError as error:
        log.info("offer_lost", error=error.message)


async def _in_topic(bot: Bot, files: FileStore, drawn: Drawn, *, silent: bool) -> tuple[int | None, int | None]:
    """Make the call; should its topic be no more, once again in one made anew, or without any.

    Returns:
        The id of the message, and the topic made for it: 0 where none could be made, None where none had to be.
    """
    try:
        return await _call(bot, files, drawn, silent=silent), None
    except BadRequest as error:
        if drawn.topic is None or _NO_TOPIC not in error.message.casefold():
            raise
    topic = await _make_topic(bot, drawn) if drawn.topic_name else None
    message = await _call(bot, files, replace(drawn, topic=topic), silent=silent)
    return message, (topic or 0) if drawn.topic_name else None


async def _make_topic(bot: Bot, drawn: Drawn) -> int | None:
    """Make a topic (core.telegram.org/bots/api#createforumtopic); None where the bot may not, or it is no forum."""
    facts = {"chat_id": drawn.chat_id, "name": drawn.topic_name}
    try:
        made = await call(bot, "createForumTopic", facts)
    except BadRequest as error:
        log.warning("topic_not_made", error=error.message)
        return None
    topic = made["message_thread_id"]
    return topic if type(topic) is int else None


async def _call(bot: Bot, files: FileStore, drawn: Drawn, *, silent: bool) -> int | None:
    """Make the call; tells the id of a new message, None of one that was changed."""
    if drawn.edit is not None:
        await _edit(bot, drawn, drawn.edit)
        return None
    if drawn.file is None:
        return _id_of(await call(bot, "sendMessage", _new(drawn, silent=silent)))
    return (await _send_file(bot, files, drawn, drawn.file, silent=silent)).message_id


def _id_of(message: Any) -> int:
    """Read the id of a message that was sent (core.telegram.org/bots/api#message).

    Raises:
        KeyError, TypeError: it is none.
    """
    number = message["message_id"]
    if type(number) is not int:
        raise TypeError("an id that is no number")
    return number


def _new(drawn: Drawn, *, silent: bool) -> dict[str, Any]:
    replied = {"message_id": drawn.reply_to, "allow_sending_without_reply": True} if drawn.reply_to else None
    return {
        "chat_id": drawn.chat_id,
        "text": drawn.text,
        "parse_mode": "HTML",
        "disable_notification": silent,
        "reply_markup": _keys(drawn),
        "message_thread_id": drawn.topic,
        "reply_parameters": replied,
        "link_preview_options": _NO_PREVIEW,
    }


async def _edit(bot: Bot, drawn: Drawn, message_id: int) -> None:
    facts = {"chat_id": drawn.chat_id, "message_id": message_id, "parse_mode": "HTML"}
    if drawn.caption:
        await call(bot, "editMessageCaption", {**facts, "caption": drawn.text})
        return
    shown = {"text": drawn.text, "reply_markup": _keys(drawn), "link_preview_options": _NO_PREVIEW}
    await call(bot, "editMessageText", facts | shown)


async def _send_file(bot: Bot, files: FileStore, drawn: Drawn, file: FileView, *, silent: bool) -> Message:
    senders: dict[str, Callable[..., Awaitable[Message]]] = {
        "photo": bot.send_photo,
        "voice": bot.send_voice,
        "video": bot.send_video,
        "animation": bot.send_animation,
        "audio": bot.send_audio,
        "video_note": bot.send_video_note,
    }
    keys = _keys(drawn)
    markup = InlineKeyboardMarkup.de_json(keys, bot) if keys else None
    common: dict[str, Any] = {"chat_id": drawn.chat_id, "disable_notification": silent, "reply_markup": markup}
    if drawn.topic is not None:
        common["message_thread_id"] = drawn.topic
    if drawn.reply_to:
        common["reply_parameters"] = ReplyParameters(drawn.reply_to, allow_sending_without_reply=True)
    content: Any = file.telegram_id
    kind = file.kind if file.kind in senders and content else "document"
    if content is None:
        content = drawn.content or await asyncio.to_thread(files.read, file.digest or "")
        common["filename"] = file_name(file.name)
    if drawn.text and kind != "video_note":
        common |= {"caption": drawn.text, "parse_mode": "HTML"}
    return await senders.get(kind, bot.send_document)(**{kind: content}, **common)


def _keys(drawn: Drawn) -> dict[str, Any] | None:
    if not drawn.keyboard:
        return None
    return {
        "inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row] for row in drawn.keyboard]
    }


def _fate(error: TelegramError, *, edit: bool) -> Result:
    # Without what the library adds of an answer that it could not read: nobody knows what is in it.
    told = f"{type(error).__name__}: {error.message.partition('. Parsing the server response')[0]}"
    match error:
        case RetryAfter():
            return Result(Fate.NOT_SENT, after=asked_wait(error))
        case ChatMigrated():
            return Result(Fate.MIGRATED, new_chat=error.new_chat_id)
        case Forbidden():
            return Result(Fate.BLOCKED, error=told)
        case BadRequest():  # before NetworkError, of which it is a subclass
            return _bad_request(error.message.casefold(), told, edit=edit)
        case NotSent() | InvalidToken():
            return Result(Fate.NOT_SENT, error=told)
        case _:  # a connection that broke, an error of the server, an answer that is none
            return Result(Fate.UNKNOWN, error=told)


def _bad_request(message: str, told: str, *, edit: bool) -> Result:
    if _SAME in message:
        return Result(Fate.SENT)
    if edit and any(words in message for words in _GONE):
        return Result(Fate.GONE, error=told)
    if any(words in message for words in _CLOSED):
        return Result(Fate.BLOCKED, error=told)
    return Result(Fate.REFUSED, error=told)
