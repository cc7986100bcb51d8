"""A client that shares nothing with the library of our bot: aiogram, in a process of its own for it is slow to load."""

from __future__ import annotations

import asyncio
import sys

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MediaUnion,
    Message,
)

from bot.sandbox.client import SandboxClient
from tests.sandbox.conftest import TOKEN


async def words_files_and_albums(bot: Bot, people: SandboxClient) -> None:
    ivan = await people.person("Ivan", started=True)
    sent = await bot.send_message(ivan, "<i>Hello</i>", parse_mode="HTML")
    assert (sent.text, sent.html_text) == ("Hello", "<i>Hello</i>")
    edited = await bot.edit_message_text("Changed", chat_id=ivan, message_id=sent.message_id)
    assert isinstance(edited, Message)
    assert edited.text == "Changed"
    album: list[MediaUnion] = [InputMediaDocument(media=BufferedInputFile(b"a", "a.txt")) for _ in range(2)]
    assert len(await bot.send_media_group(ivan, album)) == 2

    await people.send_files(ivan, [("log.txt", "text/plain", b"it broke")])
    *_, update = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    content = await bot.download(update.message.document)
    assert content is not None
    assert content.read() == b"it broke"


async def refusals_are_its_errors_too(bot: Bot, people: SandboxClient) -> None:
    ivan = await people.person("Ivan", started=True)
    sent = await bot.send_message(ivan, "Same")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("Same", chat_id=ivan, message_id=sent.message_id)
    await people.fault("429", seconds=7)
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(ivan, "Too fast")
    assert told.value.retry_after == 7
    await people.block(ivan)
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(ivan, "Hello")


async def its_dispatcher_gets_messages_and_presses(bot: Bot, people: SandboxClient) -> None:
    ivan = await people.person("Ivan", started=True)
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def hear(message: Message) -> None:
        await message.answer(f"You said {message.text}", reply_markup=markup)

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("Gone")
        await dispatcher.stop_polling()

    await people.say(ivan, "this")
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    card = await people.wait_for(ivan, "You said this")
    assert await people.press(ivan, card, "Go") == "Gone"
    await asyncio.wait_for(polling, 10)


async def main(address: str) -> None:
    """Drive the Bot API at this address in every way."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(TOKEN, session=session) as bot, SandboxClient(address) as people:
        await words_files_and_albums(bot, people)
        await its_dispatcher_gets_messages_and_presses(bot, people)
        await refusals_are_its_errors_too(bot, people)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
