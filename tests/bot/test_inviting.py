"""Invitations in chat: the link is shown once and kept nowhere, and what is open can be seen and taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.people import actions as people
from core.people import queries
from core.people.model import Invitation
from core.people.rules import Role
from core.schema import metadata
from tests.bot.talk import Talk
from tests.core.office import Office


def _everything_kept(office: Office) -> str:
    """Write out every row of every table."""
    return office.desk.look(
        lambda tx: "\n".join(
            str(list(row)) for table in metadata.sorted_tables for row in tx.session.execute(select(table))
        )
    )


def _token(text: str) -> str:
    found = re.search(r"start=([\w-]+)", text)
    assert found is not None, text
    return found[1]


async def test_the_link_is_shown_and_stands_in_no_table(office: Office, talk: Talk) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    told = await talk.say(boss, "/invite manager")
    token = _token(told.text)
    assert token not in _everything_kept(office)
    invitation = office.desk.look(
        lambda tx: tx.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    )
    assert invitation is not None
    assert f"1:revoke:{invitation.id}" in told.buttons


async def test_who_replies_to_the_link_or_passes_it_on_leaves_it_in_no_table(office: Office, talk: Talk) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    link = re.search(r"https://\S+start=[\w-]+", (await talk.say(boss, "/invite manager")).text)
    assert link is not None
    below = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": boss.chat_id, "type": "private"}, "text": link[0]}
    await talk.say(boss, "/note 1 Whose was this?", reply_to_message=below)
    await talk.say(boss, f"/me {link[0]}")
    assert _token(link[0]) not in _everything_kept(office)


@pytest.mark.parametrize("command", ["/start {}", "/start@cherha_bot {}", "/start  {}", "/start \N{NO-BREAK SPACE}{}"])
async def test_a_token_that_was_used_stands_in_no_table(office: Office, talk: Talk, command: str) -> None:
    token = office.desk.run(people.invite, Role.MANAGER, None).token
    assert "Maria" in (await talk.say(77, command.format(token), "Maria")).text
    person = office.desk.look(queries.by_telegram, 77)
    assert person is not None
    assert person.role is Role.MANAGER
    assert token not in _everything_kept(office)


async def test_a_token_that_was_refused_stands_in_no_table_either(office: Office, talk: Talk) -> None:
    made = office.desk.run(people.invite, Role.MANAGER, None)
    office.desk.run(people.revoke, made.id, None)
    assert "not valid" in (await talk.say(77, f"/start {made.token}")).text
    assert made.token not in _everything_kept(office)


async def test_administrators_see_the_open_invitations_and_take_them_back(office: Office, talk: Talk) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    assert "no open invitations" in (await talk.say(boss, "/invitations")).text
    first = office.desk.run(people.invite, Role.MANAGER, boss)
    second = office.desk.run(people.invite, Role.REPRESENTATIVE, None)
    told = await talk.say(boss, "/invitations")
    assert "manager" in told.text
    assert "by Boss" in told.text
    assert "command line" in told.text
    assert f"1:revoke:{first.id}:0" in told.buttons
    left = await talk.press(boss, "revoke", second.id, 0)
    assert f"1:revoke:{first.id}:0" in left.buttons
    assert f"1:revoke:{second.id}:0" not in left.buttons
    gone = await talk.press(boss, "revoke", second.id, 0)
    assert "no such invitation" in gone.text
    office.clock.advance(timedelta(hours=24))
    assert "no open invitations" in (await talk.say(boss, "/invitations")).text


async def test_a_long_list_of_invitations_pages(office: Office, talk: Talk) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    made = [office.desk.run(people.invite, Role.MANAGER, boss).id for _ in range(9)]
    first = await talk.say(boss, "/invitations")
    assert "1:invitations:8" in first.buttons
    second = await talk.press(boss, "invitations", 8)
    assert {f"1:revoke:{one}:{page}" for one, page in [*((one, 0) for one in made[1:]), (made[0], 8)]} <= {
        *first.buttons, *second.buttons,
    }  # fmt: skip


async def test_who_may_not_invite_is_told_so_before_a_role_is_asked_for(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    for words in ("/invite", "/invite boss", "/invitations"):
        assert "may not" in (await talk.say(olena, words)).text, words
    boss = office.join("Boss", Role.ADMINISTRATOR)
    assert "For which role" in (await talk.say(boss, "/invite boss")).text
