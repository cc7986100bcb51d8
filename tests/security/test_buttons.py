"""Button data that is forged, foreign, outdated or replayed: never a fault of ours, never an effect without a right."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Update

from bot import callback
from bot.app import respond
from bot.chat import Event, Pressed, understand
from bot.commands import CUSTOMER_BUTTONS, STAFF_BUTTONS
from core.desk import Tx
from core.inbox.updates import keep_update
from tests.conftest import EVERYTHING
from tests.security.few import few
from tests.security.world import EVERYBODY, OUTSIDERS, Tried, World

VERBS = sorted(STAFF_BUTTONS.keys() | CUSTOMER_BUTTONS.keys())

#: Things of the desk that an attacker may have seen the numbers of, and what may stand in their place.
NAMES = (
    "queue", "other", "entry", "their_answer", "their_closed", "banned", "free", "personal", "their_task", "taras",
    "danylo", "invitation", "letter", "own", "own2", "said", "own_closed", "mine", "snoozed", "closed", "answer",
    "task",
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-3, 60), st.integers(-(10**18) + 1, 10**18 - 1))
WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
ARGS = st.lists(st.one_of(st.sampled_from(NAMES).map("{{{}}}".format), NUMBERS.map(str), WORDS), max_size=5)

#: What a press must do once only: the same press again changes nothing.
ONCE = (
    "accept:{free}", "resolve:{mine}", "release:{mine}", "reopen:{closed}", "undo:{mine}:{answer}", "done:{task}",
    "forward:{mine}:{queue}", "assign:{mine}:{taras}", "letter:{letter}:0", "revoke:{invitation}:0",
    "my_close:{own}", "my_move:{own}:{said}:{own2}", "not_solved:{own_closed}",
)  # fmt: skip


def _press(world: World, who: str, data: str) -> Event:
    """Make the event of a press as the bot makes it, of whatever stands in the button."""
    sender = world.senders[who]
    user = {"id": sender.user_id, "is_bot": False, "first_name": sender.name, "language_code": "en"}
    chat = {"id": sender.chat_id, "type": "private"}
    below = {"message_id": 55, "date": 1_700_000_000, "chat": chat, "text": "…"}
    query = {"id": "1", "from": user, "chat_instance": "1", "message": below, "data": data}
    event = understand(Update.de_json({"update_id": 1, "callback_query": query}, cast("Bot", None)), "cherha_bot")
    assert event is not None
    return event


def _harmless(world: World, who: str, tried: Tried) -> None:
    """Insist that a press did nothing that its presser has no right to."""
    if who in OUTSIDERS:
        assert not [one for one in world.secrets(who) if one in tried.told]
        assert not world.foreign_among(who, tried.changed)
    rows = [(table, row) for (table, _), row in tried.changed.items()]
    assert {row["id"] for table, row in rows if table == "person"} <= {world.things[who].get("me")}
    assert who == "administrator" or "invitation" not in {table for table, _ in rows}
    if who == "representative":  # what others work on stays with them
        theirs = {world.things[who][name] for name in ("other", "their_task")}
        moved = [row for table, row in rows if table == "work" and row["id"] in theirs]
        assert all((row["queue_id"], row["state"]) == _stood(tried, row["id"]) for row in moved)


def _stood(tried: Tried, number: int) -> tuple[Any, Any]:
    before = tried.before["work", (number,)]
    return before["queue_id"], before["state"]


@settings(max_examples=200 if EVERYTHING else 20)
@given(who=st.sampled_from(EVERYBODY), verb=st.sampled_from(VERBS), args=ARGS)
def test_forged_numbers_do_nothing_that_one_may_not_do(world: World, who: str, verb: str, args: list[str]) -> None:
    data = ":".join(["1", verb, *args]).format(**world.things[who])
    event = _press(world, who, data)
    assert isinstance(event, Pressed)
    _harmless(world, who, world.tries(event))


@settings(max_examples=60 if EVERYTHING else 10)
@given(
    who=st.sampled_from(EVERYBODY),
    data=st.one_of(
        st.text(max_size=64),
        st.builds(lambda version, rest: f"{version}:{rest}", st.integers(-1, 99), st.sampled_from(VERBS)),
        st.builds("1:accept:{}".format, st.text(max_size=50)),
    ),
)
def test_data_that_the_desk_never_made_is_outdated_or_refused(world: World, who: str, data: str) -> None:
    event = _press(world, who, data)
    assert isinstance(event, Pressed)
    if callback.unpack(data) is None:
        assert event.verb == "outdated"
    _harmless(world, who, world.tries(event))


@pytest.mark.parametrize("data", few(ONCE, 3))
def test_a_press_that_is_replayed_changes_nothing_more(world: World, data: str) -> None:
    who = "customer" if data.startswith(("my_", "not_")) else "administrator"
    event = world.presses(who, data.format(**world.things[who]))

    def once(tx: Tx) -> None:
        row = keep_update(tx, (1, 10**9, "{}")) or 0
        assert respond(tx, [row], event, changing=True) is not None

    again = world.tries(event, once)
    left = {table for table, _ in again.changed} - {"outbox", "contact_address", "card", "chat_message"}
    assert not left, again
    assert again.error or data.startswith("my_move"), again  # which says again where the message is


@pytest.mark.long
def test_an_update_that_is_delivered_again_counts_once(world: World) -> None:
    event = world.presses("administrator", "accept:{free}".format(**world.things["administrator"]))

    def twice(tx: Tx) -> None:
        row = keep_update(tx, (1, 10**9, "{}")) or 0
        assert respond(tx, [row], event, changing=True) is not None
        assert respond(tx, [row], event, changing=True) is None

    world.tries(world.says("administrator", "/help"), twice)
