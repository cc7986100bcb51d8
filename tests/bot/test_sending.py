from __future__ import annotations

import html
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.drawing import fitting
from bot.sandbox import entities
from bot.sending import Fate, Result, _fate
from bot.transport import NotSent


@pytest.mark.parametrize(
    ("error", "edit", "fate"),
    [
        (BadRequest("Message is not modified: specified new message content"), True, Fate.SENT),
        (BadRequest("Message to edit not found"), True, Fate.GONE),
        (BadRequest("Message can't be edited"), True, Fate.GONE),
        (BadRequest("Message to edit not found"), False, Fate.REFUSED),
        (BadRequest("Chat not found"), False, Fate.BLOCKED),
        (BadRequest("Can't parse entities: unclosed tag"), False, Fate.REFUSED),
        (Forbidden("Forbidden: bot was blocked by the user"), False, Fate.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), False, Fate.BLOCKED),
        (NotSent("no connection"), False, Fate.NOT_SENT),
        (InvalidToken("Unauthorized"), False, Fate.NOT_SENT),
        (NetworkError("Server disconnected"), False, Fate.UNKNOWN),
        (TimedOut(), False, Fate.UNKNOWN),
        (TelegramError("odd"), False, Fate.UNKNOWN),
        (Conflict("terminated by other getUpdates request"), False, Fate.UNKNOWN),
    ],
)
def test_each_error_means_one_thing_for_the_row(error: TelegramError, edit: bool, fate: Fate) -> None:
    assert _fate(error, edit=edit).fate is fate


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # by making the error itself
def test_telegrams_own_wait_and_new_id_are_taken_over() -> None:
    assert _fate(RetryAfter(7), edit=False) == Result(Fate.NOT_SENT, after=timedelta(seconds=7))
    assert _fate(ChatMigrated(-1001), edit=False) == Result(Fate.MIGRATED, new_chat=-1001)


_FACTS = st.text(alphabet=st.sampled_from('ab <>&"\n🙂й'), max_size=700)


@given(_FACTS, _FACTS, st.integers(20, 500))
def test_what_is_too_long_is_cut_where_telegram_counts_and_no_tag_is_left_open(one: str, two: str, limit: int) -> None:
    text = (
        f"<b>{html.escape(one, quote=False)}</b>\n<blockquote expandable>{html.escape(two, quote=False)}</blockquote>"
    )
    whole, _ = entities.parse(text, "HTML")
    shown, _ = entities.parse(fitting(text, limit), "HTML")
    assert entities.utf16_length(shown) <= limit
    assert (shown == whole) is (entities.utf16_length(whole) <= limit)
    assert whole.startswith(shown.removesuffix("…"))
