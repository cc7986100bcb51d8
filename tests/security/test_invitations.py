"""A deep link lets in one person, once, within a day, however many try it at the same moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.app import respond
from bot.chat import Heard, Sender
from core.errors import DeskError, NotFound, TryLater
from core.inbox.updates import keep_update
from core.people import actions as people
from core.people import queries
from core.people.actions import INVITATION_LIFE
from core.people.model import Invitation, Person
from core.people.rules import Role
from tests.core.office import Office
from tests.core.races import at_once

_updates = count(1)

#: So many open one link at the same moment.
CROWD = 50


def _opens(office: Office, user: int, token: str) -> str:
    """Let somebody open a link, as the bot handles it; tells how it was refused, or nothing."""
    sender = Sender(user, user, f"Person {user}", None, "en", private=True)
    facts = {"files": (), "reply_to": None, "album": None, "forwarded": False, "edited": False}
    event = Heard(sender, user, office.clock(), f"/start {token}", "start", token, **facts)  # type: ignore[arg-type]
    row = office.desk.run(keep_update, (1, next(_updates), "{}")) or 0
    while True:
        try:
            office.desk.run(respond, [row], event, changing=True)
        except TryLater:  # fifty at once may wait for a connection too long on a busy machine; the bot tries again too
            continue
        except DeskError as error:
            return error.key
        return ""


def _staff(office: Office) -> int:
    return office.desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(Person)) or 0)


def test_of_fifty_who_open_a_link_at_once_one_gets_in(office: Office) -> None:
    token = office.desk.run(people.invite, Role.ADMINISTRATOR, None).token
    users = iter(range(7000, 7000 + CROWD))
    told = at_once(lambda: _opens(office, next(users), token), CROWD)
    assert sorted(told) == [""] + ["invitation.invalid"] * (CROWD - 1)
    assert _staff(office) == 1


def test_a_link_that_is_revoked_while_it_is_opened_lets_in_one_or_nobody(office: Office) -> None:
    made = office.desk.run(people.invite, Role.MANAGER, None)
    turns = iter(range(10))

    def go() -> bool:
        turn = next(turns)
        if turn % 2:
            return not _opens(office, 7000 + turn, made.token)
        try:
            office.desk.run(people.revoke, made.id, None)
        except NotFound:
            return False
        return True

    assert sum(at_once(go, 10)) == 1
    row = office.desk.look(lambda tx: tx.session.get_one(Invitation, made.id))
    assert (row.used_at is None) is (row.revoked_at is not None)
    assert _staff(office) == (1 if row.used_at else 0)


@pytest.mark.parametrize("later", [INVITATION_LIFE, INVITATION_LIFE + timedelta(days=300)])
def test_a_link_that_is_too_old_lets_in_nobody(office: Office, later: timedelta) -> None:
    token = office.desk.run(people.invite, Role.MANAGER, None).token
    office.clock.advance(later)
    assert _opens(office, 7001, token) == "invitation.invalid"
    assert _staff(office) == 0


def test_a_revoked_link_and_one_that_never_was_are_refused_in_the_same_words(office: Office) -> None:
    made = office.desk.run(people.invite, Role.MANAGER, None)
    office.desk.run(people.revoke, made.id, None)
    tokens = (made.token, "x" * 32, made.token.swapcase(), made.token[:-1], f"{made.token}x", "' OR '1'='1")
    assert {_opens(office, 7001, token) for token in tokens} == {"invitation.invalid"}


def test_whoever_was_let_in_by_a_link_that_was_passed_on_is_named_in_its_history(office: Office) -> None:
    made = office.desk.run(people.invite, Role.MANAGER, None)
    assert not _opens(office, 7002, made.token)
    row = office.desk.look(lambda tx: tx.session.get_one(Invitation, made.id))
    joined = office.desk.look(queries.by_telegram, 7002)
    assert joined is not None
    assert row.used_by == joined.id
