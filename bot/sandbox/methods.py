"""The table of methods; those about messages are in their own file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox import messages
from bot.sandbox.call import Call
from bot.sandbox.errors import bad_request

#: bots/api#getfile: bytes of a file that a bot can download.
DOWNLOAD_BYTES = 20 * 1024 * 1024

#: bots/api#sendchataction
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip

#: bots/api#botcommandscope
SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
}  # fmt: skip


def get_me(call: Call) -> dict[str, Any]:
    """Tell who the bot is (bots/api#getme)."""
    return call.bot.user()


def get_file(call: Call) -> dict[str, Any]:
    """Tell where a file can be downloaded (bots/api#getfile)."""
    file = call.world.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.id, "file_unique_id": file.id[:12], "file_size": file.size,
        "file_path": f"documents/{file.id}",
    }  # fmt: skip


def answer_callback(call: Call) -> bool:
    """Answer a press, once (bots/api#answercallbackquery)."""
    waiting = call.bot.callbacks.pop(call.text("callback_query_id"), None)
    if waiting is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > 200:  # noqa: PLR2004 - bots/api#answercallbackquery
        raise bad_request("MESSAGE_TOO_LONG")
    waiting["answer"].set_result({"text": text, "alert": call.flag("show_alert")})
    if text:
        call.world.tell("toast", person=waiting["person"], text=text, alert=call.flag("show_alert"))
    return True


def answer_inline(call: Call) -> bool:
    """Answer who types the bot's name in some chat, once (bots/api#answerinlinequery)."""
    waiting = call.bot.asked.pop(call.text("inline_query_id"), None)
    if waiting is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = call.json("results", [])
    if len(results) > 50:  # noqa: PLR2004 - "No more than 50 results per query are allowed"
        raise bad_request("RESULTS_TOO_MUCH")
    if len({one["id"] for one in results}) < len(results) or any(not 1 <= len(one["id"]) <= 64 for one in results):  # noqa: PLR2004 - bots/api#inlinequeryresultarticle
        raise bad_request("RESULT_ID_INVALID")
    if any(one["type"] == "article" and not one["input_message_content"]["message_text"] for one in results):
        raise bad_request("MESSAGE_EMPTY")
    if len(call.text("next_offset").encode()) > 64:  # noqa: PLR2004 - "Offset length can't exceed 64 bytes"
        raise bad_request("NEXT_OFFSET_INVALID")
    told = {"results": results, "next_offset": call.text("next_offset"), "is_personal": call.flag("is_personal")}
    waiting.set_result({**told, "cache_time": call.number("cache_time", 300)})
    return True


def chat_action(call: Call) -> bool:
    """Show that the bot is typing (bots/api#sendchataction)."""
    if call.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.tell("typing", chat=call.writable_chat().id, action=call.text("action"))
    return True


def _scope(call: Call) -> tuple[str, str]:
    """Read whom a menu is for (bots/api#botcommandscope), and in which language (bots/api#setmycommands)."""
    scope, language = call.json("scope") or {"type": "default"}, call.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if scope["type"] not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if "chat" not in scope["type"].split("_"):
        return f"{scope['type']}:", language
    return f"{scope['type']}:{call.world.chat(int(scope['chat_id'])).id}", language


def set_commands(call: Call) -> bool:
    """Set the menu of a scope and language (bots/api#setmycommands)."""
    commands = call.json("commands", [])
    if len(commands) > 100:  # noqa: PLR2004 - bots/api#setmycommands
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        fits = re.fullmatch("[a-z0-9_]{1,32}", one["command"]) and 1 <= len(one["description"]) <= 256  # noqa: PLR2004
        if not fits:  # bots/api#botcommand
            raise bad_request("BOT_COMMAND_INVALID")
    call.bot.commands[_scope(call)] = commands
    call.world.tell("commands")
    return True


def get_commands(call: Call) -> list[dict[str, str]]:
    """Tell the menu of a scope and language (bots/api#getmycommands)."""
    return call.bot.commands.get(_scope(call), [])


def delete_commands(call: Call) -> bool:
    """Take a menu away (bots/api#deletemycommands)."""
    call.bot.commands.pop(_scope(call), None)
    return True


def get_chat(call: Call) -> dict[str, Any]:
    """Show a chat (bots/api#getchat)."""
    return call.world.shown(call.chat()) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": {}}


def get_chat_member(call: Call) -> dict[str, Any]:
    """Show a member of a chat (bots/api#getchatmember)."""
    person = call.world.people.get(call.number("user_id"))
    if person is None:
        raise bad_request("user not found")
    status = "member" if person.id in call.chat().members else "left"
    return {"status": status, "user": person.user()}


def create_topic(call: Call) -> dict[str, Any]:
    """Make a topic of a forum (bots/api#createforumtopic)."""
    chat, name = call.chat(), call.text("name")
    if not 1 <= len(name) <= 128:  # noqa: PLR2004 - bots/api#createforumtopic
        raise bad_request("TOPIC_TITLE_INVALID")
    number = chat.next_id()
    chat.topics[number] = {"message_thread_id": number, "name": name, "icon_color": 7322096}
    return chat.topics[number]


def change_topic(call: Call) -> bool:
    """Change, close or delete a topic (bots/api#editforumtopic and following)."""
    chat, topic = call.chat(), call.number("message_thread_id")
    topics = chat.topics
    if topic not in topics:
        raise bad_request("message thread not found")
    if call.method == "deleteForumTopic":  # "along with all its messages" (bots/api#deleteforumtopic)
        del topics[topic]
        for number in [one for one, message in chat.messages.items() if message.get("message_thread_id") == topic]:
            messages.remove(call.world, chat, number)
    elif call.method == "editForumTopic":
        topics[topic]["name"] = call.text("name")
    return True


def leave_chat(call: Call) -> bool:
    """Leave a group (bots/api#leavechat); the bot is told of it (bots/api#chatmemberupdated)."""
    chat = call.chat()
    chat.open = False
    call.world.tell_place(chat, call.bot.user(), "member", "left")
    return True


def react(call: Call) -> bool:
    """React to a message (bots/api#setmessagereaction)."""
    chat, message = call.chat(), call.number("message_id")
    if message not in chat.messages:
        raise bad_request("message to react not found")
    call.world.tell("reaction", chat=chat.id, message_id=message, reaction=call.json("reaction", []))
    return True


def accepted(_call: Call) -> bool:
    """Take note of what has no effect here."""
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "sendMessage": messages.send_message,
    **dict.fromkeys(messages.MEDIA, messages.send_media),
    "sendMediaGroup": messages.send_media_group,
    "sendLocation": messages.send_location,
    "sendContact": messages.send_contact,
    "editMessageText": messages.edit_text,
    "editMessageCaption": messages.edit_caption,
    "editMessageReplyMarkup": messages.edit_markup,
    "deleteMessage": messages.delete_message,
    "forwardMessage": messages.forward_message,
    "copyMessage": messages.forward_message,
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "sendChatAction": chat_action,
    "getFile": get_file,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "createForumTopic": create_topic,
    "editForumTopic": change_topic,
    "closeForumTopic": change_topic,
    "deleteForumTopic": change_topic,
    "setMessageReaction": react,
    "leaveChat": leave_chat,
    "pinChatMessage": accepted,
    "setMyDescription": accepted,
    "setMyShortDescription": accepted,
    "setMyName": accepted,
    "setChatMenuButton": accepted,
}
