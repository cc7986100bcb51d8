"""Accounts in chat: made, found, joined, merged and closed, in both languages, through the whole of the bot."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.customers.accounts import account_of
from core.customers.actions import Caller, recognise
from core.outbox.model import Channel
from core.people.views import Representative
from core.work import editing
from core.work.model import MailAddress
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


def test_an_account_is_made_and_shown(office: Office, chat: Chatting) -> None:
    told = chat.say("/account_new  Acme   Ltd ")
    assert "How the account “Acme Ltd” is kept" in told.text
    assert "domain + acme.example" in told.text
    assert chat.say("/account_new ACME ltd").error == "account.exists"
    shown = chat.say("/account acme")
    assert "🏢 <b>Acme Ltd</b>" in shown.text
    assert "Nobody belongs to it yet" in shown.text
    assert "No case is open" in shown.text


@pytest.mark.parametrize("name", ["12", "№ 12", "x" * 81])
def test_a_name_that_reads_as_a_case_or_is_too_long_is_refused(chat: Chatting, name: str) -> None:
    assert chat.say(f"/account_new {name}").error == "account.name"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("name Umbrella", "name: <b>Umbrella</b>"),
        ("назва Парасоля", "name: <b>Парасоля</b>"),
        ("owner mila", "owner: Mila"),
        ("level Gold", "service level: Gold"),
        ("рівень gold", "service level: Gold"),
        ("domain + ACME.example", "mail domains: acme.example"),
        ("домен @acme.example", "mail domains: acme.example"),
        ("note Pays in May", "note: Pays in May"),
    ],
)
def test_each_field_is_changed_by_words(chat: Chatting, words: str, told: str) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/level_new Gold first 1h")
    assert told in chat.say(f"/account_edit Acme Ltd {words}").text


@pytest.mark.parametrize(
    ("before", "words", "told"),
    [
        ("owner mila", "owner off", "owner: nobody"),
        ("level Gold", "level ні", "service level: none of its own"),
        ("domain acme.example", "domain - acme.example", "mail domains: none"),
        ("note Pays in May", "note off", "note: none"),
    ],
)
def test_each_field_is_emptied(chat: Chatting, before: str, words: str, told: str) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/level_new Gold first 1h")
    chat.say(f"/account_edit Acme {before}")
    assert told in chat.say(f"/account_edit Acme {words}").text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("colour red", "usage.account_edit"),
        ("name", "usage.account_edit"),
        ("name Globex", "account.exists"),
        ("owner nobody-here", "person.unknown"),
        ("level Silver", "level.unknown"),
        ("level Gold and more", "usage.account_edit"),
        ("domain acme", "account.domain"),
        ("domain gmail.com", "account.domain_public"),
        ("domain yahoo.co.uk", "account.domain_public"),
        ("domain desk.example", "account.domain_ours"),
        ("domain globex.example", "account.domain_taken"),
        ("domain - acme.example", "account.not_its_domain"),
        ("note " + "x" * 1001, "account.note_long"),
    ],
)
def test_what_cannot_be_is_refused(office: Office, chat: Chatting, words: str, error: str) -> None:
    for name in ("Acme", "Globex"):
        chat.say(f"/account_new {name}")
    chat.say("/account_edit Globex domain globex.example")
    chat.say("/level_new Gold first 1h")
    office.desk.run(lambda tx: tx.add(MailAddress(address="help@desk.example")))
    told = chat.say(f"/account_edit Acme {words}")
    assert told.error == error
    assert "account." not in told.text


def test_customers_join_by_case_address_and_name_and_leave(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    ivan, maria = office.customer("Ivan"), office.customer("Maria", Channel.EMAIL, "maria@acme.example")
    number = office.open_case(ivan, "The lamp is dark")
    assert "🏢" not in chat.card_text(number)
    told = chat.say(f"/account_join {number} maria@acme.example Acme Ltd")
    assert "To “Acme Ltd” belong now: Ivan, Maria" in told.text
    assert "🏢 Acme Ltd" in chat.card_text(number)
    shown = chat.press("account", *told.args("account"))
    assert "2 customers:" in shown.text
    assert "Maria, maria@acme.example" in shown.text
    assert "1 open case:" in shown.text
    assert ("card", (number,)) in [one for row in shown.buttons for one in row]
    assert "To “Acme Ltd” belong now: Petro" in _joined(office, chat)
    assert "Ivan no longer belongs" in chat.say(f"/account_leave {number}").text
    assert office.desk.look(account_of, ivan.id) is None
    assert office.desk.look(account_of, maria.id) is not None
    assert chat.say(f"/account_leave {number}").error == "account.nowhere"
    assert chat.say(f"/account №{number}").error == "account.none_of_case"


def _joined(office: Office, chat: Chatting) -> str:
    office.customer("Petro")
    return chat.say("/account_join Petro до acme").text


def test_who_joins_another_account_leaves_the_first(office: Office, chat: Chatting) -> None:
    for name in ("Acme", "Globex"):
        chat.say(f"/account_new {name}")
    number = office.open_case()
    chat.say(f"/account_join {number} Acme")
    chat.say(f"/account_join №{number} Globex")
    assert "🏢 <b>Globex</b>" in chat.say(f"/account №{number}").text
    assert "Nobody belongs" in chat.say("/account Acme").text


def test_a_customer_whose_address_is_in_a_domain_belongs_to_its_account(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_edit Acme domain acme.example")
    maria = office.customer("Maria", Channel.EMAIL, "maria@acme.example")
    near = office.customer("Near", Channel.EMAIL, "near@not-acme.example")
    assert office.desk.look(account_of, maria.id) is not None
    assert office.desk.look(account_of, near.id) is None
    number = office.open_case(maria)
    assert "🏢 Acme Ltd" in chat.card_text(number)
    assert "🏢 Acme Ltd" in chat.press("tab", number, "customer").text


def test_an_address_that_was_only_said_claims_nobody_until_they_write(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_edit Acme domain acme.example")
    chat.say("/new Zoe zoe@acme.example: the lamp is dark")
    assert chat.say("/account Acme").text.count("Nobody belongs") == 1
    office.desk.run(recognise, Caller(Channel.EMAIL, "zoe@acme.example", "Zoe"))
    assert "Zoe, zoe@acme.example" in chat.say("/account Acme").text


def test_who_left_is_not_brought_back_by_the_next_letter(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme Ltd")
    chat.say("/account_edit Acme domain acme.example")
    maria = office.customer("Maria", Channel.EMAIL, "maria@acme.example")
    chat.say("/account_leave maria@acme.example")
    office.desk.run(recognise, Caller(Channel.EMAIL, "maria@acme.example", "Maria"))
    assert office.desk.look(account_of, maria.id) is None


def test_accounts_are_listed_in_pages_with_their_numbers(office: Office, chat: Chatting) -> None:
    assert "There are no accounts yet" in chat.say("/accounts").text
    for place in range(10):
        chat.say(f"/account_new Branch {place} of Acme")
    number = office.open_case()
    chat.say(f"/account_join {number} Branch 0 of Acme")
    told = chat.say("/accounts")
    assert "10 accounts" in told.text
    assert "Branch 0 of Acme: 👤 1, 🗂 1" in told.text
    assert "Branch 9" not in told.text
    assert "Branch 9" in chat.press("accounts", *told.args("accounts")).text
    some = chat.say("/accounts ACME branch")
    assert "<code>ACME branch</code>: 10 accounts" in some.text
    assert "Branch 9" in chat.press("accounts", *some.args("accounts"), quoted="ACME branch").text
    assert "No account has" in chat.say("/accounts Globex").text


def test_open_cases_of_an_account_are_shown_in_pages(office: Office, chat: Chatting) -> None:
    chat.say("/account_new Acme")
    ivan = office.customer("Ivan")
    numbers = [office.open_case(ivan, f"Lamp {place}") for place in range(10)]
    chat.say(f"/account_join {numbers[0]} Acme")
    told = chat.say("/account Acme")
    assert "10 open cases:" in told.text
    shown = {args[0] for row in told.buttons for verb, args in row if verb == "card"}
    further = chat.press("account", *told.args("account"))
    shown |= {args[0] for row in further.buttons for verb, args in row if verb == "card"}
    assert shown == set(numbers)


def test_private_cases_of_an_account_are_seen_by_members_only(
    office: Office, chat: Chatting, mila: Representative
) -> None:
    olena, queue = office.join("Olena"), office.queue("Secret").id
    chat.say("/account_new Acme")
    secret = office.open_case(text="PINK ELEPHANT", queue=queue)
    office.desk.run(editing.set_members, queue, [mila.id], mila)
    chat.say(f"/account_join {secret} Acme")
    theirs = Chatting(office, olena)
    assert "PINK ELEPHANT" in chat.say("/account Acme").text
    assert "🗂 1" in chat.say("/accounts").text
    for told in (theirs.say("/account Acme"), theirs.say("/accounts")):
        assert "PINK ELEPHANT" not in told.text
    assert "🗂 0" in theirs.say("/accounts").text
    assert theirs.say(f"/account №{secret}").error == "item.unknown"
    office.desk.run(cases.resolve, secret, mila)
    assert "PINK ELEPHANT" not in theirs.say("/account Acme").text
    assert "Resolved last" in chat.say("/account Acme").text


def test_accounts_are_merged_by_a_second_press(office: Office, chat: Chatting) -> None:
    for name in ("Acme", "Acme Ltd"):
        chat.say(f"/account_new {name}")
    chat.say("/account_edit Acme Ltd owner mila")
    chat.say("/account_edit Acme Ltd domain acme.example")
    chat.say("/account_edit Acme note Pays in May")
    chat.say("/account_edit Acme Ltd note Pays in June")
    number = office.open_case()
    chat.say(f"/account_join {number} Acme Ltd")
    asked = chat.say("/account_merge Acme Ltd INTO Acme")
    assert "All that is of “Acme Ltd” goes over to “Acme”" in asked.text
    assert "belongs to “Acme” now" in chat.press("account_merge", *asked.args("account_merge")).text
    shown = chat.say("/account Acme").text
    for told in ("owner: Mila", "acme.example", "Pays in May", "1 customer:"):
        assert told in shown
    assert "🏢 Acme" in chat.card_text(number)
    assert chat.press("account_merge", *asked.args("account_merge")).error == "account.gone"
    assert "🏢 <b>Acme</b>" in chat.say("/account Acme Ltd").text, "it is found by the name that is gone"
    assert chat.say("/account_merge Acme INTO acme").error == "account.same"


def test_an_account_with_open_cases_is_not_closed(office: Office, chat: Chatting, mila: Representative) -> None:
    chat.say("/account_new Acme")
    chat.say("/account_edit Acme domain acme.example")
    number = office.open_case()
    chat.say(f"/account_join {number} Acme")
    refused = chat.say("/account_close Acme")
    assert refused.error == "account.has_open"
    assert f"№{number}" in refused.text
    office.desk.run(cases.resolve, number, mila)
    assert "is closed" in chat.say("/account_close Acme").text
    assert chat.say("/account Acme").error == "account.unknown"
    assert "🏢" not in chat.card_text(number)
    assert "How the account “Acme” is kept" in chat.say("/account_new Acme").text
    chat.say("/account_edit Acme domain acme.example")  # it is free again


def test_a_whole_name_comes_before_those_that_go_on_after_it(chat: Chatting) -> None:
    for name in ("Acme", "Acme Ltd", "Globex"):
        chat.say(f"/account_new {name}")
    assert "🏢 <b>Acme</b>" in chat.say("/account ACME").text
    assert chat.say("/account ac").error == "account.ambiguous"
    assert "🏢 <b>Globex</b>" in chat.say("/account gl").text
    assert "note: Ltd and more" in chat.say("/account_edit Acme Ltd note Ltd and more").text


def test_an_account_is_found_by_a_word_within_its_name(office: Office, chat: Chatting) -> None:
    for name in ("ТОВ «Ромашка»", "ТОВ «Ромашковий Луг»", "ПП Малина (Київ)", "Acme-Trade"):
        chat.say(f"/account_new {name}")
    for words, name in (
        ("ромашка", "ТОВ «Ромашка»"),
        ("Київ", "Малина"),
        ("луг", "Луг"),
        ("trade", "Acme-Trade"),
        ('тов "ромашка"', "Ромашка"),
        ("«малина»", "Малина"),
    ):
        assert name in chat.say(f"/account {words}").text
    assert chat.say("/account ромашк").error == "account.ambiguous"
    for words in ("омашка", '""', "«"):
        assert chat.say(f"/account {words}").error == "account.unknown"
    assert "ТОВ «Ромашка»" in chat.say(f"/account_join {office.open_case()} Ромашка").text
    assert "note: Pays" in chat.say("/account_edit Ромашка note Pays").text


def test_a_name_with_a_word_in_it_that_parts_is_joined_too(office: Office, chat: Chatting) -> None:
    for name in ("Шлях до успіху", "Acme"):
        chat.say(f"/account_new {name}")
    number = office.open_case(office.customer("Ivan"))
    for words, name in (
        (f"{number} Шлях до успіху", "Шлях до успіху"),
        ("Ivan до Acme", "Acme"),
        (f"№{number} до Шлях до успіху", "Шлях до успіху"),
        (f"{number}, Ivan до Acme", "Acme"),
    ):
        assert f"To “{name}” belong now: Ivan" in chat.say(f"/account_join {words}").text


@pytest.mark.parametrize(
    "command",
    ["account", "account_new", "account_edit", "account_join", "account_leave", "account_merge", "account_close"],
)
def test_how_it_is_written_is_told_by_an_example(chat: Chatting, command: str) -> None:
    told = chat.say(f"/{command}")
    assert told.error == f"usage.{command}"
    assert f"/{command} " in told.text


def test_it_speaks_ukrainian(office: Office, mila: Representative) -> None:
    chat = Chatting(office, mila, "uk")
    assert "Організації «акме» немає" in chat.say("/account акме").text
