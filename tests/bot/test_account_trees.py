"""Accounts that are parts of others, and their other names: kept, shown, inherited, merged and closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.accounts import actions, ending, members, parents
from core.customers.account_tree import MOST_LEVELS
from core.customers.accounts import owner_of
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.sla.queries import applies
from core.work.leaving import dismiss
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


@pytest.fixture
def named(office: Office, mila: Representative) -> dict[str, int]:
    """Make a holding with two parts, one of which has a part."""
    made = {name: office.desk.run(actions.new_account, name, mila) for name in ("Holding", "North", "South", "Harbour")}
    for name, parent in (("North", "Holding"), ("South", "Holding"), ("Harbour", "North")):
        office.desk.run(parents.set_parent, made[name], made[parent], mila)
    return made


def test_an_account_shows_what_it_is_a_part_of_its_parts_and_how_much_is_in_all_of_it(
    office: Office, mila: Representative, chat: Chatting, named: dict[str, int]
) -> None:
    for name, account in (("Ivan", "Harbour"), ("Petro", "South"), ("Zoe", "Holding")):
        who = office.customer(name, Channel.EMAIL, f"{name.casefold()}@home.ua")
        office.desk.run(members.join, named[account], [who.id], mila)
        office.open_case(who, f"Of {account}")
    shown = chat.say("/account Holding")
    assert "🏢 Parts: North, South" in shown.text
    assert "🌳 With its parts: 👤 3, 🗂 3" in shown.text
    assert "1 open case" in shown.text, "its own cases are counted apart"
    assert shown.verbs.count("account") == 2
    part = chat.say("/account North")
    assert "part of: Holding" in part.text
    assert "🌳 With its parts: 👤 1, 🗂 1" in part.text
    assert "Of Harbour" in chat.say("/find of account:Holding").text, "a search in an account is one in its parts, too"


def test_a_part_has_the_owner_and_level_of_the_nearest_that_has_one(
    office: Office, chat: Chatting, mila: Representative, named: dict[str, int]
) -> None:
    ivan = office.customer("Ivan", Channel.EMAIL, "ivan@home.ua")
    office.desk.run(members.join, named["Harbour"], [ivan.id], mila)
    taras, olena = office.join("Taras"), office.join("Olena")
    chat.say("/level_new Gold first 1h")
    chat.say("/account_edit Holding level Gold")
    chat.say("/account_edit Holding owner taras")
    shown = chat.say("/account Harbour").text
    assert "owner: Taras (from “Holding”)" in shown
    assert "service level: Gold (from “Holding”)" in shown
    assert office.desk.look(owner_of, ivan.id) == taras.id
    held = office.desk.look(applies, None, ivan.id)
    assert held is not None
    assert held.own
    chat.say("/account_edit North owner olena")
    assert office.desk.look(owner_of, ivan.id) == olena.id
    office.desk.run(dismiss, olena.id, None, office.join("Boss", Role.ADMINISTRATOR))
    assert office.desk.look(owner_of, ivan.id) == taras.id, "who left has it in their care no more"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Holding parent Holding", "account.own_parent"),
        ("Holding parent Harbour", "account.own_parent"),
        ("Holding parent Nothing", "account.unknown"),
        ("Holding parent", "usage.account_edit"),
    ],
)
def test_no_account_is_a_part_of_itself(
    office: Office, chat: Chatting, named: dict[str, int], words: str, error: str
) -> None:
    assert chat.say(f"/account_edit {words}").error == error


def test_a_tree_is_not_too_deep(office: Office, chat: Chatting) -> None:
    for level in range(MOST_LEVELS + 1):
        chat.say(f"/account_new Level {level}x")
    for level in range(1, MOST_LEVELS):
        assert chat.say(f"/account_edit Level {level}x parent Level {level - 1}x").error == ""
    assert chat.say(f"/account_edit Level {MOST_LEVELS}x parent Level {MOST_LEVELS - 1}x").error == "account.too_deep"
    assert chat.say(f"/account_edit Level 0x parent Level {MOST_LEVELS}x").error == "account.too_deep"


def test_a_part_is_let_be_by_itself(office: Office, chat: Chatting, named: dict[str, int]) -> None:
    assert "part of: nothing" in chat.say("/account_edit Harbour parent off").text
    assert (
        "головна організація: немає"
        in Chatting(office, office.join("Ivo", Role.MANAGER), "uk").say("/account_edit South головна ні").text
    )


def test_an_account_with_parts_is_not_closed(office: Office, chat: Chatting, named: dict[str, int]) -> None:
    told = chat.say("/account_close North")
    assert told.error == "account.has_parts"
    assert "Harbour" in told.text
    chat.say("/account_close Harbour")
    assert chat.say("/account_close North").error == ""


def test_parts_go_over_when_an_account_is_merged(
    office: Office, mila: Representative, chat: Chatting, named: dict[str, int]
) -> None:
    office.desk.run(ending.merge, named["North"], named["South"], mila)
    assert "🏢 Parts: Harbour" in chat.say("/account South").text
    assert "🏢 Parts: South" in chat.say("/account Holding").text
    office.desk.run(ending.merge, named["Holding"], named["Harbour"], mila)
    shown = chat.say("/account Harbour").text
    assert "🏢 Parts: South" in shown, "who goes on takes the place of the one it was deep within"
    assert "part of" not in shown


def test_of_two_who_make_a_loop_at_once_one_is_refused(
    office: Office, mila: Representative, named: dict[str, int]
) -> None:
    one = office.desk.run(actions.new_account, "One", mila)
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(office.desk.run, parents.set_parent, account, parent, mila)
            for account, parent in ((one, named["South"]), (named["Holding"], one))
        ]
    refused = [run.exception() for run in runs if run.exception() is not None]
    assert [str(getattr(one, "key", one)) for one in refused] == ["account.own_parent"]


# --- other names ------------------------------------------------------------------------------------------


def test_the_name_of_an_account_that_was_merged_leads_to_the_one_that_goes_on(
    office: Office, mila: Representative, chat: Chatting
) -> None:
    gone, stays = (office.desk.run(actions.new_account, name, mila) for name in ("ТОВ «Ромашка»", "Daisy"))
    ivan = office.customer("Ivan", Channel.EMAIL, "ivan@home.ua")
    office.desk.run(members.join, gone, [ivan.id], mila)
    office.open_case(ivan, "The lamp is dark")
    office.desk.run(ending.merge, gone, stays, mila)
    for words in ("ТОВ «Ромашка»", "тов", "ромашка"):
        shown = chat.say(f"/account {words}")
        assert "🏢 <b>Daisy</b>" in shown.text
        assert "also called: ТОВ «Ромашка»" in shown.text
    assert "Daisy" in chat.say("/accounts ромаш").text
    assert "The lamp is dark" in chat.say("/find lamp account:ромашка").text
    assert chat.say("/account_new тов «ромашка»").error == "account.is_alias"
    assert "owner: Mila" in chat.say("/account_edit Ромашка owner mila").text


def test_aliases_are_added_and_taken_away_by_hand(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_new Globex")
    assert "also called: Anvils &amp; Co" in chat.say("/account_edit Acme alias + Anvils & Co").text
    assert "also called: Anvils &amp; Co\n" in chat.say("/account_edit Acme alias + ANVILS & co").text, "it is already"
    assert "<b>Acme Ltd</b>" in chat.say("/account anvils").text
    assert chat.say("/account_edit Globex alias anvils & co").error == "account.is_alias"
    assert chat.say("/account_edit Globex alias Acme Ltd").error == "account.exists"
    assert chat.say("/account_edit Globex alias - anvils & co").error == "account.not_its_alias"
    assert "also called: nothing else" in chat.say("/account_edit Acme псевдонім - anvils & co").text
    assert chat.say("/account anvils").error == "account.unknown"


def test_an_account_may_be_renamed_to_its_other_name(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_edit Acme alias + Anvils")
    shown = chat.say("/account_edit Acme Ltd name Anvils").text
    assert "name: <b>Anvils</b>" in shown
    assert "also called: nothing else" in shown


def test_the_names_of_a_closed_account_are_free(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_edit Acme alias + Anvils")
    chat.say("/account_close Acme")
    assert chat.say("/account_new Anvils").error == ""


def test_a_name_and_an_alias_of_one_account_are_not_ambiguous(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme")
    chat.say("/account_edit Acme alias + Acme Group")
    assert "<b>Acme</b>" in chat.say("/account ac").text


# --- who joins from elsewhere -----------------------------------------------------------------------------


def test_who_joins_out_of_another_account_is_told_from_where_and_how_back(
    office: Office, mila: Representative, chat: Chatting
) -> None:
    for name in ("Acme", "Globex"):
        chat.say(f"/account_new {name}")
    ivan = office.customer("Ivan Petrenko", Channel.EMAIL, "ivan@home.ua")
    assert "before" not in chat.say("/account_join ivan@home.ua Globex").text
    told = chat.say("/account_join ivan@home.ua Acme").text
    assert "To “Acme” belong now: Ivan Petrenko" in told
    assert "Ivan Petrenko was in “Globex” before" in told
    assert "/account_join Ivan Petrenko INTO Globex" in told
    assert "before" not in chat.say("/account_join ivan@home.ua Acme").text, "who is there already was not moved"
    assert ivan.id
