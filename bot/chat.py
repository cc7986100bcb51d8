"""What Telegram tells, as values of ours: a message heard, a button pressed, somebody come or gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import InlineKeyboardMarkup, InlineQuery, Message, MessageEntity, Update, User

from bot import callback
from core.cases.views import NewFile


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes or presses, and where.

    Attributes:
        language: the IETF tag of their Telegram client, or None.
        topic: the topic of the group that they write in, if it has topics.
    """

    user_id: int
    chat_id: int
    name: str
    username: str | None
    language: str | None
    private: bool
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class RepliedTo:
    """The message that was replied to: its id, the number on its buttons, if any, when it came and last changed."""

    message_id: int
    number: int | None
    at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, or several that belong together (an album, a batch of forwards).

    Attributes:
        command: without the slash, casefolded; None for plain words. `words` is what stands after it.
        album: the id of the album it is a part of.
        forwarded: whether it was written elsewhere.
        parts: of a message that was several, the id and the words of each.
    """

    sender: Sender
    message_id: int
    at: datetime
    text: str
    command: str | None
    words: str
    files: tuple[NewFile, ...]
    reply_to: RepliedTo | None
    album: str | None
    forwarded: bool
    edited: bool
    parts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press of an inline button; `message_id` is None when Telegram no longer tells it.

    Attributes:
        quoted: what the message marks as code first: a list names there what it is of.
    """

    sender: Sender
    callback_id: str
    message_id: int | None
    verb: str
    args: callback.Args
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody types the bot's name and some words in any chat; `offset` is where a page begins.

    Which chat it is nobody is told: that of `sender` is their own with the bot, whether there is one or not.
    """

    sender: Sender
    query_id: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """Somebody blocked the bot, or unblocked it."""

    sender: Sender
    blocked: bool


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup and has a new id."""

    old: int
    new: int


Event = Heard | Pressed | Asked | Blocked | Migrated


def understand(update: Update, bot_name: str) -> Event | None:
    """Read an update; None for what the desk has no use for."""
    if update.callback_query is not None:
        return _pressed(update)
    if update.inline_query is not None:
        return _asked(update.inline_query)
    if update.my_chat_member is not None:
        member = update.my_chat_member
        sender = _sender(member.from_user, member.chat.id, private=member.chat.type == "private")
        return Blocked(sender, member.new_chat_member.status in {"kicked", "left"})
    message = update.message or update.edited_message
    if message is not None and message.migrate_to_chat_id:
        return Migrated(message.chat.id, message.migrate_to_chat_id)
    if message is None or message.from_user is None:
        return None
    if update.edited_message is not None and message.location is not None:
        return None  # somebody who shares where they go: the first place is kept
    heard = _heard(message, message.from_user, bot_name, edited=update.edited_message is not None)
    # What has neither words nor files tells of the chat itself: a message pinned, a background chosen.
    return heard if heard.text or heard.files else None


def together(parts: Sequence[Heard]) -> Heard:
    """Make one message of several that belong together, in their order."""
    first = parts[0]
    if len(parts) == 1:
        return first
    texts = [part.text for part in parts if part.text]
    files = tuple(file for part in parts for file in part.files)
    text = "\n".join(texts)
    return replace(first, text=text, words=text, files=files, parts=tuple((one.message_id, one.text) for one in parts))


def belong_together(one: Heard, next_one: Heard) -> bool:
    """Tell whether two neighbouring messages of a chat are one: of one album, or forwarded within two seconds."""
    if one.sender.user_id != next_one.sender.user_id:
        return False
    at_once = abs((next_one.at - one.at).total_seconds()) <= 2  # noqa: PLR2004 - seconds
    return (one.album is not None and one.album == next_one.album) or (one.forwarded and next_one.forwarded and at_once)


def _sender(user: User, chat_id: int, *, private: bool) -> Sender:
    return Sender(user.id, chat_id, user.full_name, user.username, user.language_code, private)


def _pressed(update: Update) -> Pressed | None:
    query = update.callback_query
    if query is None:
        return None
    chat = query.message.chat if query.message else None
    sender = _sender(
        query.from_user, chat.id if chat else query.from_user.id, private=not chat or chat.type == "private"
    )
    verb, args = callback.unpack(query.data or "") or ("outdated", ())
    quoted = _quoted(query.message) if isinstance(query.message, Message) else ""
    return Pressed(sender, query.id, query.message.message_id if query.message else None, verb, args, quoted)


def _asked(query: InlineQuery) -> Asked:
    sender = _sender(query.from_user, query.from_user.id, private=True)
    offset = int(query.offset) if re.fullmatch(r"[0-9]{1,6}", query.offset) else 0
    return Asked(sender, query.id, query.query, offset)


def _quoted(message: Message) -> str:
    codes = message.parse_entities([MessageEntity.CODE])
    return next(iter(codes.values()), "")


def _heard(message: Message, user: User, bot_name: str, *, edited: bool) -> Heard:
    text = message.text or message.caption or _described(message)
    command, words = _command(text, bot_name)
    sender = _sender(user, message.chat.id, private=message.chat.type == "private")
    return Heard(
        sender=replace(sender, topic=message.message_thread_id if message.is_topic_message else None),
        message_id=message.message_id,
        at=message.date,
        text=text,
        command=command,
        words=words,
        files=tuple(_files(message)),
        reply_to=_replied_to(message),
        album=message.media_group_id,
        forwarded=message.forward_origin is not None,
        edited=edited,
    )


def _command(text: str, bot_name: str) -> tuple[str | None, str]:
    if not text.startswith("/"):
        return None, text
    head, _, rest = text[1:].partition(" ")
    if "\n" in head:
        head, _, tail = head.partition("\n")
        rest = f"{tail} {rest}".strip()
    name, _, addressee = head.partition("@")
    if addressee and addressee.casefold() != bot_name.casefold():
        return None, text
    return name.casefold(), rest.strip()


def _described(message: Message) -> str:
    """Put what has no words of its own into some: a place, a contact, a poll, a sticker's emoji."""
    if message.location is not None:
        where = message.location
        title = f"{message.venue.title}, {message.venue.address}\n" if message.venue else ""
        return f"{title}📍 {where.latitude:.6f}, {where.longitude:.6f}"
    if message.contact is not None:
        name = f"{message.contact.first_name} {message.contact.last_name or ''}".strip()
        return f"👤 {name}, {message.contact.phone_number}"
    if message.poll is not None:
        return "\n".join([f"📊 {message.poll.question}", *(f"· {option.text}" for option in message.poll.options)])
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.dice is not None:
        return message.dice.emoji
    return ""


def _files(message: Message) -> list[NewFile]:
    if message.photo:
        largest = message.photo[-1]
        return [NewFile("photo", "photo.jpg", "image/jpeg", largest.file_size or 0, telegram_id=largest.file_id)]
    found: list[NewFile] = []
    for kind, suffix, default in (
        ("animation", "mp4", "video/mp4"),
        ("document", "bin", "application/octet-stream"),
        ("voice", "ogg", "audio/ogg"),
        ("video", "mp4", "video/mp4"),
        ("video_note", "mp4", "video/mp4"),
        ("audio", "mp3", "audio/mpeg"),
    ):
        media = getattr(message, kind)
        if media is not None and not (kind == "document" and message.animation):
            name = getattr(media, "file_name", None) or f"{kind}.{suffix}"
            mime = getattr(media, "mime_type", None) or default
            found.append(NewFile(kind, name, mime, media.file_size or 0, telegram_id=media.file_id))
    return found


def _replied_to(message: Message) -> RepliedTo | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    return RepliedTo(replied.message_id, _number_on(replied.reply_markup), replied.date, replied.edit_date)


def _number_on(markup: InlineKeyboardMarkup | None) -> int | None:
    """Find the one item that a message's buttons are about; a list, with buttons for several, is about none."""
    buttons = [button for row in (markup.inline_keyboard if markup else ()) for button in row]
    read = [callback.unpack(str(button.callback_data or "")) for button in buttons]
    named = {
        one[1][0] for one in read if one and one[1] and isinstance(one[1][0], int) and one[0] in callback.ABOUT_ITEM
    }
    return named.pop() if len(named) == 1 else None
