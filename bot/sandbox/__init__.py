"""A local Bot API with a chat page: what the real bot talks to when there is no token.

It imports nothing of the desk's own, so that it cannot flatter it. Each rule cites the page of Telegram's documentation
that it follows; pages are written short, as `bots/api#sendmessage` for https://core.telegram.org/bots/api#sendmessage.
"""
