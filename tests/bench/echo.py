"""The floor: a bare bot of python-telegram-bot on our transport, which repeats messages and answers presses."""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from bot.inbox import ALLOWED_UPDATES
from bot.transport import AioRequest


async def _echo(update: Update, _context: Any) -> None:
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


async def _answer(update: Update, _context: Any) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer("ok")


async def _say_ready(_application: Any) -> None:
    print("ready", flush=True)


def main(api: str, token: str) -> None:
    """Poll and echo until told to stop."""
    builder = Application.builder().token(token).base_url(f"{api}/bot").concurrent_updates(concurrent_updates=True)
    builder = builder.request(AioRequest(64)).get_updates_request(AioRequest(4)).post_init(_say_ready)
    application = builder.build()
    application.add_handlers([MessageHandler(filters.TEXT, _echo), CallbackQueryHandler(_answer)])
    application.run_polling(allowed_updates=ALLOWED_UPDATES)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
