"""The access matrix: everything that can be written or pressed, by everybody, as the tables in `rights` say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.commands import (
    CUSTOMER_BUTTONS,
    CUSTOMER_COMMANDS,
    GROUP_BUTTONS,
    GROUP_COMMANDS,
    STAFF_BUTTONS,
    STAFF_COMMANDS,
)
from bot.forms.staff import QUESTIONS
from bot.handlers.linking import FORM as CODE
from bot.handlers.opening import FORM as NEW_FOR
from bot.handlers.rating import FORM as RATING
from bot.inbox import ALLOWED_UPDATES
from core.desk import Tx
from core.people.rules import RIGHTS, Right, Role
from core.work.drafts import _LONGER
from core.work.model import Queue
from tests.conftest import EVERYTHING
from tests.security import rights
from tests.security.world import EVERYBODY, OUTSIDERS, Rows, Tried, World, plant

#: What a look may leave behind: that it was asked, what is owed for it, and that somebody new was met.
BOOKKEEPING = {"outbox", "contact", "contact_address"}

#: Who tries things in the quick edition.
QUICK = ("representative", "customer")


def _table(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line]
    return [(name, words, tuple(f"{staff} {others}".split())) for name, words, staff, others in lines]


COMMANDS, BUTTONS, FORMS = (_table(text) for text in (rights.COMMANDS, rights.BUTTONS, rights.FORMS))
INLINE, GROUPS = _table(rights.INLINE), _table(rights.GROUPS)

#: A group of the staff, with others in it.
GROUP = -500

#: Another one, where the queue is shown instead.
AFAR = -501


def _handlers(table: list[tuple[str, str, tuple[str, ...]]]) -> set[str]:
    return {name.split()[0] for name, _, _ in table}


def test_every_handler_has_a_row_and_every_row_a_handler() -> None:
    assert _handlers(COMMANDS) == STAFF_COMMANDS.keys() | CUSTOMER_COMMANDS.keys()
    assert _handlers(BUTTONS) - {"outdated"} == STAFF_BUTTONS.keys() | CUSTOMER_BUTTONS.keys()
    assert _handlers(FORMS) == QUESTIONS.keys() | _LONGER.keys() | {NEW_FOR, CODE, RATING}
    assert GROUP_COMMANDS.keys() | GROUP_BUTTONS.keys() <= _handlers(GROUPS)
    assert ALLOWED_UPDATES == rights.UPDATES


def test_every_row_says_something_of_everybody() -> None:
    for name, words, expected in (*COMMANDS, *BUTTONS, *FORMS):
        assert len(expected) == len(EVERYBODY), name
        assert set(expected) <= {"does", "tells", "own", "no", "-"}, name
        assert words.split()[0].lstrip("/").split(":")[0] == name.split()[0] or words.startswith("{"), name


@pytest.mark.parametrize(("name", "words", "expected"), COMMANDS, ids=[name for name, _, _ in COMMANDS])
def test_what_is_written_does_what_the_table_says(
    world: World, name: str, words: str, expected: tuple[str, ...]
) -> None:
    for who, what in _columns(expected):
        tried = world.tries(world.says(who, words.format(**world.things[who])))
        _is(world, who, what, tried)


@pytest.mark.parametrize(("name", "data", "expected"), BUTTONS, ids=[name for name, _, _ in BUTTONS])
def test_what_is_pressed_does_what_the_table_says(
    world: World, name: str, data: str, expected: tuple[str, ...]
) -> None:
    for who, what in _columns(expected):
        tried = world.tries(world.presses(who, data.format(**world.things[who])))
        _is(world, who, what, tried)


@pytest.mark.parametrize(("name", "words", "expected"), FORMS, ids=[name for name, _, _ in FORMS])
def test_a_dialogue_does_what_the_table_says(world: World, name: str, words: str, expected: tuple[str, ...]) -> None:
    form = name.split(maxsplit=1)[0]
    for who, what in _columns(expected):
        number, text = words.format(**world.things[who]).split(maxsplit=1)
        pressed = {"which": f"which:{number}", "select": "pick_do:resolve"}.get(form) if what != "own" else None
        event = world.presses(who, pressed, message_id=1) if pressed else world.says(who, text)
        if what != "-":
            _is(world, who, what, world.tries(event, plant(world, who, form, int(number))))


@pytest.mark.parametrize(("name", "words", "expected"), INLINE, ids=[name for name, _, _ in INLINE])
def test_what_is_typed_in_any_chat_finds_what_the_table_says(
    world: World, name: str, words: str, expected: tuple[str, ...]
) -> None:
    assert set(expected) <= {"tells", "none", "no"}, name
    for who, what in _columns(expected):
        tried = world.tries(world.asks(who, words.format(**world.things[who])))
        assert not tried.changed, (who, tried)
        assert bool(tried.error) == (what == "no"), (who, tried)
        assert bool(tried.told) == (what in {"tells", "no"}), (who, tried)
        assert not [one for one in ("Petro", "Ivan", "INNER NOTE", "MY ANSWER") if one in tried.told], (who, tried)


def _columns(expected: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Name who tries a row, and what the table says of each; in the quick edition two of the six do."""
    return ((who, what) for who, what in zip(EVERYBODY, expected, strict=True) if EVERYTHING or who in QUICK)


@pytest.mark.parametrize(("name", "words", "expected"), GROUPS, ids=[name for name, _, _ in GROUPS])
def test_in_a_group_that_shows_a_queue_happens_what_the_table_says(
    world: World, name: str, words: str, expected: tuple[str, ...]
) -> None:
    shown = "hidden" if "priv" in name else "queue"
    for who, what in _columns(expected):
        said = words.format(**world.things[who])
        plain = said.startswith("/") or " " in said
        event = world.says(who, said) if plain else world.presses(who, said)
        event = replace(event, sender=replace(event.sender, chat_id=GROUP, private=False))
        tried = world.tries(event, _bound(int(world.things[who][shown]), AFAR if "afar" in name else GROUP))
        if what == "none":
            assert (tried.told, tried.error, tried.changed) == ("", "", {}), who
        else:
            _is(world, who, what, tried)


def _bound(queue: int, chat: int) -> Callable[[Tx], object]:
    """Show a queue in a group, from before."""
    return lambda tx: setattr(tx.session.get_one(Queue, queue), "group_chat_id", chat)


@pytest.mark.long
@pytest.mark.parametrize("who", ["administrator", "customer"])
def test_in_a_group_nothing_is_done_and_nothing_told(world: World, who: str) -> None:
    group = replace(world.senders[who], chat_id=GROUP, private=False)
    said = [words for name, words, _ in COMMANDS if name not in GROUP_COMMANDS]
    events = [world.says(who, words.format(**world.things[who])) for words in said]
    pressed = [world.presses(who, data.format(**world.things[who])) for _, data, _ in BUTTONS]
    for event in (*events, *pressed):
        tried = world.tries(replace(event, sender=group))
        assert not tried.changed, event
        bound = not tried.told or "private" in tried.told or "in this group" in tried.told or "no queue" in tried.told
        assert bound or tried.error, event


def test_a_right_that_is_given_to_all_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    words, expected = next((words, expected) for name, words, expected in COMMANDS if name == "invite")
    monkeypatch.setitem(RIGHTS, Right.INVITE, frozenset(Role))
    tried = world.tries(world.says("representative", words))
    with pytest.raises(AssertionError):
        _is(world, "representative", expected[0], tried)


def test_whoever_may_see_no_work_is_shown_none_by_any_handler(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RIGHTS, Right.SEE_WORK, frozenset())
    things = world.things["representative"]
    said = {name: world.says("representative", words.format(**things)) for name, words, _ in COMMANDS}
    pressed = {name: world.presses("representative", data.format(**things)) for name, data, _ in BUTTONS}
    for shown, events in ((rights.SHOW_WORK.split(), said), (rights.BUTTONS_SHOW_WORK.split(), pressed)):
        for name in shown:
            assert world.tries(events[name]).error == "right.missing", name


def _is(world: World, who: str, what: str, tried: Tried) -> None:
    """Insist that a try came to what the table says."""
    where = f"{who}: {what}, but {tried}"
    outside = who in OUTSIDERS
    if outside and not tried.told.startswith("<b>Welcome to the desk"):
        assert not [one for one in world.secrets(who) if one in tried.told], where
        assert not world.foreign_among(who, tried.changed), where
    changed = _counting(tried.changed, tried.before, outside=outside)
    if what == "no":
        assert tried.error, where
        assert not changed, where
        assert "PINK ELEPHANT" not in tried.told, where
        return
    assert not tried.error, where
    tables = {table for table, _ in changed}
    if what == "tells":
        assert tried.told, where
        assert tables <= BOOKKEEPING, where
    else:
        assert tables - {"outbox", "contact_address"}, where
    if what == "own":
        _only_their_own(world, who, tried)


def _counting(changed: Rows, before: Rows, *, outside: bool) -> Rows:
    """Leave out what even a refusal may leave behind: for staff, that the card they look at is to be drawn anew."""

    def counts(key: tuple[str, object], row: dict[str, object]) -> bool:
        if key[0] == "history":
            return row.get("verb") != "contact_met"
        if key[0] == "draft" or outside or key[0] != "card":
            return key[0] != "draft" or not outside
        return {**row, "wanted": 0, "due_at": 0} != {**before.get(key, {}), "wanted": 0, "due_at": 0}

    return {key: row for key, row in changed.items() if counts(key, row)}


def _only_their_own(world: World, who: str, tried: Tried) -> None:
    """Insist that words became a message of somebody's own, and changed no case that was there but their own."""
    chat = world.senders[who].chat_id
    messages = [row for (table, _), row in tried.changed.items() if table == "entry"]
    assert [(row["kind"], row["chat_id"]) for row in messages] == [("customer", chat)]
    own = {world.things["customer"][name] for name in ("own", "own2")} if who == "customer" else set()
    known = {row["id"] for (table, _), row in tried.before.items() if table == "work"}
    assert known <= own
