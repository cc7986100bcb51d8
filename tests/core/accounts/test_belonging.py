"""Who belongs to an account: when customers are merged, erased, exported, linked; and what that decides of cases."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from sqlalchemy import select

from core.accounts import actions, ending, members
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import contacts, export, forgetting, found, linking
from core.customers import codes
from core.customers.accounts import account_of, owner_of
from core.customers.actions import Caller, recognise
from core.customers.public_mail import is_public
from core.customers.views import ContactView
from core.errors import NotFound
from core.history.model import Happened
from core.outbox.model import Channel
from core.people import absence
from core.people import actions as people
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.search.asked import read
from core.sla import actions as sla
from core.sla.model import Scope
from core.work import actions as work
from core.work import cards, editing, leaving
from core.work.leaving import Heir
from core.work.model import Card
from core.work.rules import First, Policy, QueueKind
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.core.sla.levels import HOUR, clocks, fire_all, make_level


@pytest.fixture
def mila(office: Office) -> Representative:
    return office.join("Mila", Role.MANAGER, Presence.AWAY)


@pytest.fixture
def acme(office: Office, mila: Representative) -> int:
    account = office.desk.run(actions.new_account, "Acme", mila)
    office.desk.run(actions.add_domain, account, "acme.example", mila)
    return account


@pytest.fixture
def maria(office: Office, acme: int) -> ContactView:
    return office.customer("Maria", Channel.EMAIL, "maria@acme.example")


def _of_accounts(office: Office) -> list[Happened]:
    told = select(Happened).where(Happened.subject == "contact", Happened.verb.in_(("account_joined", "account_left")))
    return office.desk.look(lambda tx: list(tx.session.scalars(told)))


def _wanted(office: Office, number: int) -> int:
    return office.desk.look(lambda tx: sum(tx.session.scalars(select(Card.wanted).where(Card.work_id == number))))


def _account(office: Office, contact: ContactView) -> int | None:
    return office.desk.look(account_of, contact.id)


@pytest.mark.parametrize(("one", "expected"), [("maria", "acme"), ("ivan", "globex")])
def test_of_merged_customers_who_goes_on_keeps_the_account_or_takes_that_of_the_other(
    office: Office, mila: Representative, acme: int, maria: ContactView, one: str, expected: str
) -> None:
    ivan, globex = office.customer("Ivan"), office.desk.run(actions.new_account, "Globex", mila)
    if one == "ivan":
        office.desk.run(members.join, globex, [ivan.id], mila)
    office.desk.run(contacts.merge_by_hand, maria.id, ivan.id, mila)
    assert _account(office, ivan) == {"acme": acme, "globex": globex}[expected]
    assert _account(office, maria) is None
    told = {(one.subject_id, one.verb): one.facts["account"] for one in _of_accounts(office)}
    assert told[maria.id, "account_left"] == acme
    assert told[ivan.id, "account_joined"] == {"acme": acme, "globex": globex}[expected]


def test_who_takes_the_account_of_the_other_has_it_on_the_cards_of_their_own_cases(
    office: Office, mila: Representative, maria: ContactView
) -> None:
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, mila)
    office.desk.run(cards.posted, number, mila.chat_id, 55, mila.id)
    before = _wanted(office, number)
    office.desk.run(contacts.merge_by_hand, maria.id, ivan.id, mila)
    assert "Acme" in Chatting(office, mila).card_text(number)
    assert _wanted(office, number) > before


def test_who_is_erased_is_not_told_of_in_the_history_of_whom_they_were_merged_with(
    office: Office, mila: Representative, maria: ContactView
) -> None:
    ivan = office.customer("Ivan")
    office.desk.run(contacts.merge_by_hand, maria.id, ivan.id, mila)
    office.desk.run(forgetting.erase_contact, ivan.id, mila)
    assert [one.facts for one in _of_accounts(office)] == [{}] * 3


def test_who_is_erased_belongs_to_no_account(office: Office, mila: Representative, maria: ContactView) -> None:
    office.desk.run(forgetting.erase_contact, maria.id, mila)
    assert _account(office, maria) is None
    joined = select(Happened.facts).where(Happened.verb == "account_joined")
    assert office.desk.look(lambda tx: list(tx.session.scalars(joined))) == [{}]


def test_nobody_comes_to_belong_to_an_account_that_is_closed_at_this_moment(
    office: Office, mila: Representative, acme: int
) -> None:
    """Ten who write and one who closes: whoever is met is at an open account, or at none."""

    def meet(number: int) -> int:
        return office.desk.run(recognise, Caller(Channel.EMAIL, f"s{number}@acme.example", f"S {number}")).id

    with ThreadPoolExecutor(6) as pool:
        met = [pool.submit(meet, number) for number in range(6)]
        closed = pool.submit(office.desk.run, ending.close, acme, mila)
        met += [pool.submit(meet, number) for number in range(6, 10)]
        closed.result()
        people_met = [one.result() for one in met]
    assert {office.desk.look(account_of, one) for one in people_met} == {None}


def test_an_export_names_the_account(office: Office, mila: Representative, maria: ContactView) -> None:
    archive = office.desk.look(export.make_export, maria.id, mila) or b""
    assert b"Acme" in _everything(archive)


def _everything(archive: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        return opened.read("everything.json")


def test_a_code_shows_that_an_address_is_theirs_and_so_whom_they_belong_to(office: Office, acme: int) -> None:
    zoe = office.customer("Zoe")
    office.desk.run(linking.ask_code, zoe, "zoe@acme.example")
    assert _account(office, zoe) is None
    row = max(row.facts["code"] for row in office.owed(channel=Channel.EMAIL) if "code" in row.facts)
    code = office.desk.look(codes.code_to_send, row) or ""
    office.desk.run(linking.link, zoe, int(office.address_of(zoe)[1]), code)
    assert _account(office, zoe) == acme


@pytest.mark.parametrize("domain", ["gmail.com", "ukr.net", "outlook.de", "yahoo.co.uk", "i.ua"])
def test_domains_of_everybody_are_known(domain: str) -> None:
    assert is_public(domain)
    assert not is_public(f"{domain}.acme.example")


# What the account of a customer decides of their cases


@pytest.mark.parametrize("policy", [Policy.MANUAL, Policy.LEAST_LOADED, Policy.ROUND_ROBIN])
def test_a_queue_gives_new_cases_to_the_owner_of_the_account(
    office: Office, mila: Representative, acme: int, maria: ContactView, policy: Policy
) -> None:
    olena, taras, queue = office.join("Olena"), office.join("Taras"), office.queue().id
    office.desk.run(actions.set_owner, acme, taras.id, mila)
    office.desk.run(editing.set_policy, queue, policy, None, mila, first=[First.OWNER])
    for _ in range(3):  # though the others have less by then
        assert office.place(office.open_case(maria, queue=queue)) == (QueueKind.ASSIGNED, taras.id)
    other = office.place(office.open_case(queue=queue))
    assert other == ((QueueKind.PUBLIC, None) if policy is Policy.MANUAL else (QueueKind.ASSIGNED, olena.id))


@pytest.mark.parametrize("why", ["away", "full", "unskilled", "gone"])
def test_an_owner_who_cannot_take_it_is_passed_over(
    office: Office, mila: Representative, acme: int, maria: ContactView, why: str
) -> None:
    olena, taras, queue = office.join("Olena"), office.join("Taras"), office.queue().id
    office.desk.run(actions.set_owner, acme, taras.id, mila)
    skill = "printers" if why == "unskilled" else None
    office.desk.run(editing.set_policy, queue, Policy.LEAST_LOADED, skill, mila, first=[First.OWNER])
    if why == "away":
        office.desk.run(people.set_presence, taras, Presence.AWAY)
    elif why == "full":
        office.desk.run(absence.set_cap, taras, 1)
        office.desk.run(work.accept, office.open_case(queue=office.queue("Other").id), taras)
    elif why == "unskilled":
        office.desk.run(absence.change_skills, olena.id, ("printers",), (), mila)
    else:
        office.desk.run(leaving.dismiss, taras.id, None, office.join("Boss", Role.ADMINISTRATOR, Presence.AWAY))
    assert office.place(office.open_case(maria, queue=queue)) == (QueueKind.ASSIGNED, olena.id)


def test_the_owner_comes_before_who_had_the_customer_last(
    office: Office, mila: Representative, acme: int, maria: ContactView
) -> None:
    taras, queue = office.join("Taras"), office.queue().id
    number = office.open_case(maria, queue=queue)
    office.desk.run(work.accept, number, taras)
    office.desk.run(cases.resolve, number, taras)
    olena = office.join("Olena")
    office.desk.run(editing.set_policy, queue, Policy.MANUAL, None, mila, first=[First.OWNER, First.LAST])
    assert office.place(office.open_case(maria, queue=queue)) == (QueueKind.ASSIGNED, taras.id)
    office.desk.run(actions.set_owner, acme, olena.id, mila)
    assert office.place(office.open_case(maria, queue=queue)) == (QueueKind.ASSIGNED, olena.id)


def test_the_accounts_of_who_leaves_go_to_who_gets_their_work(
    office: Office, mila: Representative, acme: int, maria: ContactView
) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR, Presence.AWAY)
    olena, taras = office.join("Olena"), office.join("Taras")
    office.desk.run(actions.set_owner, acme, olena.id, mila)
    office.desk.run(leaving.dismiss, olena.id, Heir(person=taras), boss)
    assert office.desk.look(owner_of, maria.id) == taras.id
    office.desk.run(leaving.dismiss, taras.id, Heir(), boss)
    assert office.desk.look(owner_of, maria.id) is None
    with pytest.raises(NotFound, match=r"person\.unknown"):
        office.desk.run(actions.set_owner, acme, taras.id, mila)


def test_the_level_is_the_customers_own_then_the_accounts_then_the_queues_then_the_default(
    office: Office, mila: Representative, acme: int, maria: ContactView
) -> None:
    queue = office.queue().id
    default = make_level(office, mila, "Default")
    of_queue = make_level(office, mila, "Queue", Scope.QUEUE, queue)
    of_account = make_level(office, mila, "Account", Scope.ACCOUNT, acme)
    own = make_level(office, mila, "Own", None)
    assert _level(office, office.open_case(maria, queue=queue)) == of_account
    assert _level(office, office.open_case(queue=queue)) == of_queue
    assert _level(office, office.open_case()) == default
    office.desk.run(sla.use_level, own, Scope.CONTACT, maria.id, mila)
    assert _level(office, office.open_case(maria, queue=queue)) == own


def _level(office: Office, number: int) -> int:
    return clocks(office, number)["first"].level_id


def test_the_level_of_an_account_stays_wherever_the_case_goes_and_begins_with_the_next_case(
    office: Office, mila: Representative, acme: int, maria: ContactView
) -> None:
    queue, other = office.queue().id, office.queue("Other").id
    make_level(office, mila, "Other", Scope.QUEUE, other)
    before = office.open_case(maria, queue=queue)
    gold = make_level(office, mila, "Gold", Scope.ACCOUNT, acme)
    number = office.open_case(maria, queue=queue)
    assert clocks(office, before) == {}
    due = clocks(office, number)["first"].due_at
    office.clock.advance(HOUR)
    office.desk.run(activities.forward, number, other, mila)
    assert (_level(office, number), clocks(office, number)["first"].due_at) == (gold, due)
    silver = make_level(office, mila, "Silver", Scope.ACCOUNT, acme)
    assert (_level(office, number), _level(office, office.open_case(maria))) == (gold, silver)
    office.desk.run(members.leave, [maria.id], mila)
    assert _level(office, number) == gold


def test_a_level_that_is_given_up_ends_the_clocks_of_the_account(
    office: Office, mila: Representative, acme: int, maria: ContactView
) -> None:
    gold = make_level(office, mila, "Gold", Scope.ACCOUNT, acme)
    number = office.open_case(maria)
    office.desk.run(sla.give_up, gold, mila)
    fire_all(office)
    assert clocks(office, number) == {}


# The filter of the search


@pytest.mark.parametrize("words", ["printer account:acme", "printer організація:ac", 'printer account:"ACME" is:open'])
def test_a_search_is_narrowed_to_an_account(
    office: Office, mila: Representative, maria: ContactView, words: str
) -> None:
    theirs, office_wide = office.open_case(maria, "The printer is silent"), office.open_case(text="The printer is loud")
    page = office.desk.look(found.search, read(words), mila, offset=0, limit=8)
    assert [one.item.number for one in page.page] == [theirs]
    assert office_wide not in [one.item.number for one in page.page]


def test_closed_cases_of_an_account_are_found_and_what_is_not_there_is_proposed_elsewhere(
    office: Office, mila: Representative, maria: ContactView
) -> None:
    closed = office.open_case(maria, "The printer is silent")
    office.desk.run(cases.resolve, closed, mila)
    office.open_case(text="The lamp is dark")
    page = office.desk.look(found.search, read("printer account:acme is:closed"), mila, offset=0, limit=8)
    assert [one.item.number for one in page.page] == [closed]
    page = office.desk.look(found.search, read("lamp account:acme"), mila, offset=0, limit=8)
    assert (page.page, page.instead[0].why) == ((), "filters")
    with pytest.raises(NotFound, match=r"account\.unknown"):
        office.desk.look(found.search, read("lamp account:globex"), mila, offset=0, limit=8)
