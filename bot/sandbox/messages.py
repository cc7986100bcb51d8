"""Methods that send, change and take away messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.call import Call, Upload
from bot.sandbox.entities import parse, trimmed, utf16_length
from bot.sandbox.errors import NOT_MODIFIED, bad_request
from bot.sandbox.model import Chat

#: bots/api#sendmessage, bots/api#sendphoto.
TEXT_LENGTH, CAPTION_LENGTH = 4096, 1024
#: bots/api#inlinekeyboardbutton: bytes of callback_data.
DATA_BYTES = 64
#: bots/api#sending-files: photos and other files.
PHOTO_BYTES, FILE_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024

MEDIA = {
    "sendPhoto": "photo", "sendDocument": "document", "sendVoice": "voice", "sendVideo": "video",
    "sendAudio": "audio", "sendAnimation": "animation", "sendVideoNote": "video_note", "sendSticker": "sticker",
}  # fmt: skip


#: What a button may do; each does exactly one of these (bots/api#inlinekeyboardbutton).
ACTIONS = {
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}  # fmt: skip

#: How the files begin that may be photos; Telegram makes JPEGs of them (bots/api#sending-files, bots/api#sendphoto).
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"RIFF")


def _writable(call: Call) -> Chat:
    """Find a chat, and in a forum the topic, that the bot may write to (bots/api#sendmessage, message_thread_id)."""
    chat = call.writable_chat()
    if call.given.get("message_thread_id") is not None and call.number("message_thread_id") not in chat.topics:
        raise bad_request("message thread not found")
    return chat


def markup(call: Call) -> dict[str, Any] | None:
    """Read and check an inline keyboard (bots/api#inlinekeyboardmarkup)."""
    given = call.json("reply_markup")
    if not given or "inline_keyboard" not in given:
        return None
    for row in given["inline_keyboard"]:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": given["inline_keyboard"]}


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad_request("inline keyboard button text is empty")
    actions = ACTIONS.intersection(button)
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _words(call: Call, name: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """Read formatted words of a call (bots/api#formatting-options)."""
    given = call.json("entities" if name == "text" else "caption_entities", []) or []
    return _formatted(call.text(name), call.given.get("parse_mode"), given, limit)


def _formatted(
    source: str, mode: str | None, given: list[dict[str, Any]], limit: int
) -> tuple[str, list[dict[str, Any]]]:
    text, entities = parse(source, mode)
    text, entities = trimmed(text, entities if mode else given)
    if utf16_length(text) > limit:
        raise bad_request("message is too long" if limit == TEXT_LENGTH else "message caption is too long")
    return text, entities


def _common(call: Call, chat: Chat) -> dict[str, Any]:
    content: dict[str, Any] = {}
    keyboard = markup(call)
    if keyboard:
        content["reply_markup"] = keyboard
    reply = call.json("reply_parameters")
    if reply is not None:
        replied = chat.messages.get(int(reply["message_id"]))  # bots/api#replyparameters
        if replied is not None:
            content["reply_to_message"] = {key: value for key, value in replied.items() if key != "reply_to_message"}
        elif not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    if call.given.get("message_thread_id") is not None:
        content |= {"message_thread_id": call.number("message_thread_id"), "is_topic_message": True}
    return content


def send_message(call: Call) -> dict[str, Any]:
    """Send words (bots/api#sendmessage)."""
    chat = _writable(call)
    text, entities = _words(call, "text", TEXT_LENGTH)
    if not text.strip():
        raise bad_request("message text is empty")
    content = {"text": text, **({"entities": entities} if entities else {}), **_common(call, chat)}
    return call.world.add_message(chat, call.bot.user(), content)


def media(call: Call, kind: str, given: Any, upload: Upload | None) -> dict[str, Any]:
    """Show a file as the part of a message that it is; new ones are kept, known ones found by their id."""
    if upload is not None:
        if len(upload.content) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
            raise bad_request("file is too big")
        if not upload.content:
            raise bad_request("file must be non-empty")
        if kind == "photo" and not upload.content.startswith(PICTURES):
            raise bad_request("IMAGE_PROCESS_FAILED")
        file = call.world.keep_file(upload.name, upload.content_type, upload.content, kind)
    else:
        found = call.world.files.get(str(given))
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if found.kind != kind:  # "It is not possible to change the file type when resending" (bots/api#sending-files)
            raise bad_request(f"can't use file of type {_type(found.kind)} as {_type(kind)}")
        file = found
    return shown_media(kind, file.id, file.name, file.content_type, len(file.content))


def _type(kind: str) -> str:
    return {"voice": "VoiceNote"}.get(kind, kind.title().replace("_", ""))


def shown_media(kind: str, file_id: str, name: str, content_type: str, size: int) -> dict[str, Any]:
    """Show a file as the Bot API does (bots/api#photosize, bots/api#document and so on)."""
    base: dict[str, Any] = {"file_id": file_id, "file_unique_id": file_id[:12], "file_size": size}
    match kind:
        case "photo":
            return {"photo": [base | {"width": 90, "height": 60}, base | {"width": 900, "height": 600}]}
        case "voice":
            return {"voice": base | {"duration": 3, "mime_type": content_type}}
        case "video" | "animation":
            return {kind: base | {"width": 640, "height": 360, "duration": 3, "mime_type": content_type}}
        case "video_note":
            return {kind: base | {"length": 240, "duration": 3}}
        case "audio":
            return {kind: base | {"duration": 3, "mime_type": content_type, "file_name": name}}
        case _:
            return {"document": base | {"file_name": name, "mime_type": content_type}}


def send_media(call: Call) -> dict[str, Any]:
    """Send one file (bots/api#sendphoto, bots/api#senddocument and so on)."""
    chat = _writable(call)
    kind = MEDIA[call.method]
    text, entities = _words(call, "caption", CAPTION_LENGTH)
    given = call.text(kind)
    upload = call.uploads.get(kind) or call.uploads.get(given.removeprefix("attach://"))
    content = media(call, kind, given, upload) | _common(call, chat)
    if text:
        content |= {"caption": text} | ({"caption_entities": entities} if entities else {})
    return call.world.add_message(chat, call.bot.user(), content)


def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Send an album of two to ten files (bots/api#sendmediagroup)."""
    chat = _writable(call)
    parts = call.json("media", [])
    if not 2 <= len(parts) <= 10:  # noqa: PLR2004 - bots/api#sendmediagroup
        raise bad_request("MEDIA_GROUP_INVALID")
    kinds = {part["type"] for part in parts}
    if len(kinds) > 1 and kinds & {"document", "audio"}:  # they are grouped with their own type only, as above
        raise bad_request("documents and audio files can't be mixed with other media types")
    contents = [_part(call, part) for part in parts]  # all of them, before any is sent
    group = {"media_group_id": str(chat.next_id())}
    return [call.world.add_message(chat, call.bot.user(), content | group) for content in contents]


def _part(call: Call, part: dict[str, Any]) -> dict[str, Any]:
    upload = call.uploads.get(str(part["media"]).removeprefix("attach://"))
    content = media(call, part["type"], part["media"], upload)
    given = part.get("caption_entities", [])
    text, entities = _formatted(str(part.get("caption", "")), part.get("parse_mode"), given, CAPTION_LENGTH)
    if text:
        content |= {"caption": text} | ({"caption_entities": entities} if entities else {})
    return content


def send_location(call: Call) -> dict[str, Any]:
    """Send a place (bots/api#sendlocation)."""
    chat = _writable(call)
    place = {"latitude": call.real("latitude"), "longitude": call.real("longitude")}
    if not (abs(place["latitude"]) <= 90 and abs(place["longitude"]) <= 180):  # noqa: PLR2004 - degrees of the globe
        raise bad_request("invalid location specified")
    return call.world.add_message(chat, call.bot.user(), {"location": place, **_common(call, chat)})


def send_contact(call: Call) -> dict[str, Any]:
    """Send a contact (bots/api#sendcontact)."""
    chat = _writable(call)
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    return call.world.add_message(chat, call.bot.user(), {"contact": contact, **_common(call, chat)})


def _own(call: Call) -> tuple[Chat, dict[str, Any]]:
    """Find a message of the bot's own, where it may still write (bots/api#updating-messages)."""
    chat = call.writable_chat()
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != call.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _edited(call: Call, chat: Chat, message: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Change a message, unless it is as wanted already (bots/api#editmessagetext)."""
    keyboard = markup(call)
    wanted = {key: value for key, value in message.items() if key not in {"reply_markup", "edit_date", *new}}
    wanted |= {key: value for key, value in new.items() if value}
    if keyboard:
        wanted["reply_markup"] = keyboard
    if {key: value for key, value in message.items() if key != "edit_date"} == wanted:
        raise NOT_MODIFIED
    message.clear()
    message.update(wanted, edit_date=wanted["date"] + 1)
    call.world.tell("edit", chat=chat.id, message=message)
    return message


def edit_text(call: Call) -> dict[str, Any]:
    """Change the words of a message (bots/api#editmessagetext)."""
    chat, message = _own(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    text, entities = _words(call, "text", TEXT_LENGTH)
    if not text.strip():
        raise bad_request("message text is empty")
    return _edited(call, chat, message, {"text": text, "entities": entities})


def edit_caption(call: Call) -> dict[str, Any]:
    """Change the words below a file (bots/api#editmessagecaption)."""
    chat, message = _own(call)
    text, entities = _words(call, "caption", CAPTION_LENGTH)
    return _edited(call, chat, message, {"caption": text, "caption_entities": entities})


def edit_markup(call: Call) -> dict[str, Any]:
    """Change the buttons of a message (bots/api#editmessagereplymarkup)."""
    chat, message = _own(call)
    return _edited(call, chat, message, {})


def delete_message(call: Call) -> bool:
    """Take a message away (bots/api#deletemessage)."""
    chat = call.chat()
    message_id = call.number("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to delete not found")
    remove(call.world, chat, message_id)
    return True


def remove(world: Any, chat: Chat, message_id: int) -> None:
    """Take a message out of a chat and remember that it was there."""
    del chat.messages[message_id]
    chat.deleted.add(message_id)
    world.tell("delete", chat=chat.id, message_id=message_id)


def forward_message(call: Call) -> dict[str, Any]:
    """Forward or copy a message (bots/api#forwardmessage, bots/api#copymessage)."""
    chat = _writable(call)
    origin = call.world.chat(call.number("from_chat_id")).messages.get(call.number("message_id"))
    if origin is None:
        raise bad_request("message to forward not found")
    content = {
        key: value for key, value in origin.items() if key not in {"message_id", "from", "chat", "date", "reply_markup"}
    }
    if call.method == "forwardMessage":
        content["forward_origin"] = {"type": "user", "date": origin["date"], "sender_user": origin["from"]}
    return call.world.add_message(chat, call.bot.user(), content)
