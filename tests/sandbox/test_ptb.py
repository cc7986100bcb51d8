"""Stock python-telegram-bot, with its own transport, drives the local Bot API as it would Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken
from telegram.ext import Application, CommandHandler
from telegram.request import HTTPXRequest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running
from tests.sandbox.conftest import TOKEN

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"\x00" * 40


def _bot(api: Running) -> Bot:
    plain = {"verify": False}  # to read all authorities of the web takes longer than these tests, and nothing is sealed
    return Bot(
        TOKEN, base_url=f"{api.address}/bot", base_file_url=f"{api.address}/file/bot",
        request=HTTPXRequest(httpx_kwargs=plain), get_updates_request=HTTPXRequest(httpx_kwargs=plain),
    )  # fmt: skip


@pytest.fixture
async def bot(api: Running) -> AsyncIterator[Bot]:
    async with _bot(api) as made:
        yield made


async def test_updates_are_given_again_until_they_are_confirmed(bot: Bot, people: SandboxClient, ivan: int) -> None:
    for words in ("one", "two", "three"):
        await people.say(ivan, words)
    first = await bot.get_updates(limit=2)
    assert [one.message and one.message.text for one in first] == ["one", "two"]
    assert [one.update_id for one in await bot.get_updates(limit=2)] == [one.update_id for one in first]
    (rest,) = await bot.get_updates(offset=first[-1].update_id + 1)
    assert rest.message is not None
    assert (rest.message.text, rest.message.chat.type, rest.message.from_user and rest.message.from_user.id) == (
        "three",
        "private",
        ivan,
    )
    assert await bot.get_updates(offset=rest.update_id + 1) == ()


async def test_a_message_is_sent_edited_answered_forwarded_and_deleted(bot: Bot, ivan: int) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Accept", callback_data="1:accept:1")]])
    sent = await bot.send_message(ivan, "<b>Bold</b> & plain", parse_mode=ParseMode.HTML, reply_markup=markup)
    assert (sent.text, sent.text_html) == ("Bold & plain", "<b>Bold</b> &amp; plain")
    assert sent.reply_markup == markup
    edited = await bot.edit_message_text("New words", ivan, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("New words", None)
    reply = await bot.send_message(ivan, "And", reply_parameters=ReplyParameters(sent.message_id))
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == sent.message_id
    forwarded = await bot.forward_message(ivan, ivan, sent.message_id)
    assert (forwarded.text, forwarded.forward_origin is not None) == ("New words", True)
    assert await bot.delete_message(ivan, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("Too late", ivan, sent.message_id)


async def test_files_go_both_ways(bot: Bot, people: SandboxClient, ivan: int) -> None:
    await people.send_files(ivan, [("log.txt", "text/plain", b"it broke")], caption="See")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert (update.message.document.file_name, update.message.caption) == ("log.txt", "See")
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"it broke"

    photo = await bot.send_photo(ivan, PNG, caption="A picture")
    assert photo.photo
    assert (await bot.send_document(ivan, b"x" * 10, filename="ten.bin")).document.file_size == 10  # type: ignore[union-attr]
    assert (await bot.send_voice(ivan, b"OggS")).voice is not None
    again = await bot.send_photo(ivan, photo.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id


async def test_an_album_is_one_group_in_both_directions(bot: Bot, people: SandboxClient, ivan: int) -> None:
    await people.send_files(ivan, [("a.png", "image/png", PNG), ("b.png", "image/png", PNG)])
    updates = await bot.get_updates()
    groups = {one.message.media_group_id for one in updates if one.message}
    assert len(updates) == 2
    assert len(groups) == 1
    assert None not in groups
    sent = await bot.send_media_group(ivan, [InputMediaPhoto(PNG), InputMediaPhoto(PNG, caption="Both")])
    assert len({one.media_group_id for one in sent}) == 1


async def test_a_press_is_answered_once(bot: Bot, people: SandboxClient, ivan: int) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Accept", callback_data="go")]])
    sent = await bot.send_message(ivan, "A card", reply_markup=markup)
    assert await people.press_data(ivan, sent.message_id, "go", wait_s=0) is None
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "go"
    assert await bot.answer_callback_query(update.callback_query.id, "Yours")


async def test_words_typed_in_any_chat_are_answered_once(bot: Bot, people: SandboxClient, ivan: int) -> None:
    assert await people.inline(ivan, "lamp", offset="10", wait_s=0.1) is None
    (update,) = await bot.get_updates()
    query = update.inline_query
    assert query is not None
    assert (query.query, query.offset, query.from_user.id) == ("lamp", "10", ivan)
    one = InlineQueryResultArticle("1", "Lamp", InputTextMessageContent("A lamp"))
    assert await bot.answer_inline_query(query.id, [one])
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_inline_query(query.id, [one])


async def test_menus_are_kept_by_scope_and_language(bot: Bot, people: SandboxClient, ivan: int) -> None:
    await bot.set_my_commands([BotCommand("my", "Your requests")])
    await bot.set_my_commands([BotCommand("assigned", "Yours")], scope=BotCommandScopeChat(ivan))
    assert await people.commands(ivan) == ["assigned"]
    assert [one.command for one in await bot.get_my_commands()] == ["my"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(ivan))
    assert await people.commands(ivan) == ["my"]


async def test_topics_reactions_and_actions(bot: Bot, people: SandboxClient, ivan: int) -> None:
    group = (await people.post("group", title="Support", members=[ivan]))["chat_id"]
    topic = await bot.create_forum_topic(group, "Case 1")
    sent = await bot.send_message(group, "In its topic", message_thread_id=topic.message_thread_id)
    assert sent.message_thread_id == topic.message_thread_id
    assert await bot.delete_forum_topic(group, topic.message_thread_id)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(group, "Nowhere", message_thread_id=topic.message_thread_id)
    with pytest.raises(BadRequest, match="not found"):  # it went with its topic
        await bot.set_message_reaction(group, sent.message_id, ReactionTypeEmoji("👍"))
    sent = await bot.send_message(group, "In the group itself")
    assert await bot.set_message_reaction(group, sent.message_id, ReactionTypeEmoji("👍"))
    assert await bot.send_chat_action(ivan, ChatAction.TYPING)


async def test_its_refusals_are_the_librarys_errors(bot: Bot, api: Running, people: SandboxClient, ivan: int) -> None:
    await people.block(ivan)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ivan, "Hello")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(999, "Hello")
    await bot.set_webhook("http://127.0.0.1:1/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()
    async with HTTPXRequest() as request:
        with pytest.raises(InvalidToken):
            await Bot("4242", base_url=f"{api.address}/bot", request=request).get_me()


async def test_a_whole_application_polls_and_answers(api: Running, people: SandboxClient, ivan: int) -> None:
    async def hello(update: Update, _context: object) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text("Hello yourself")

    application = Application.builder().bot(_bot(api)).build()
    application.add_handler(CommandHandler("hello", hello))
    async with application:
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0)
        await application.start()
        await people.say(ivan, "/hello")
        assert (await people.wait_for(ivan, "Hello yourself")).from_bot
        await application.updater.stop()
        await application.stop()
