"""The errors of the Bot API, in Telegram's own form (bots/api#making-requests)."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal, with its code, its description and parameters (bots/api#responseparameters)."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Make the JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> ApiError:
    """Make a 400 as Telegram words it."""
    return ApiError(400, f"Bad Request: {what}")


def too_many(after_s: int) -> ApiError:
    """Make a 429 (bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""
    return ApiError(429, f"Too Many Requests: retry after {after_s}", retry_after=after_s)


def not_a_member(kind: str) -> ApiError:
    """Make the 403 of a group that the bot is not in; the words, as below."""
    return ApiError(403, f"Forbidden: bot is not a member of the {kind} chat")


#: The words are in telegram-bot-api/Client.cpp of github.com/tdlib/telegram-bot-api, for the page tells only that a
#: description is for people (bots/api#making-requests).
BLOCKED = ApiError(403, "Forbidden: bot was blocked by the user")
DEACTIVATED = ApiError(403, "Forbidden: user is deactivated")
#: "Bots can't start conversations with users" (bots#how-are-bots-different-from-users).
NOT_STARTED = ApiError(403, "Forbidden: bot can't initiate conversation with a user")
#: bots/api#editmessagetext; the words, as above.
NOT_MODIFIED = bad_request(
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
