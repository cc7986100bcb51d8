"""Who takes part in a case besides its customer: whom they bring in, as the queue says, and nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from core.accounts import actions as accounts
from core.accounts import members
from core.cases import actions as cases
from core.cases import copying, parties
from core.cases.rules import CaseStatus
from core.customers import actions as customers
from core.customers.addresses import contact_behind
from core.customers.model import ContactAddress
from core.customers.senders import Verdict, say_of_sender
from core.errors import Refused
from core.inbox.model import InboxState
from core.intake.actions import Content, understand
from core.intake.reading import read
from core.intake.tags import subject_tag
from core.outbox.model import Channel, OwedKind
from core.people.rules import Role
from core.people.views import Representative
from core.texts.said import Notice
from core.work import editing, mailboxes, mailing
from core.work.actions import forward
from core.work.model import MailAddress, Queue
from core.work.queues import intake_queue
from core.work.rules import Copied
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.workers.letters import Post, letter

BOSS = "boss@firm.example"
IVAN = "Ivan <ivan@firm.example>"


@pytest.fixture
def olena(office: Office) -> Representative:
    return office.join("Olena", Role.MANAGER)


@pytest.fixture
def post(office: Office, olena: Representative, tmp_path: Path) -> Post:
    assert olena
    return Post(office, tmp_path / "files")


def _policy(post: Post, olena: Representative, copied: Copied) -> int:
    """Make a queue with an address of its own, and say whom letters bring in."""
    queue = post.office.desk.run(intake_queue)
    post.office.desk.run(mailing.set_copied, queue, copied, olena)
    return queue


def _parties(post: Post, number: int | None) -> list[str]:
    return [one.address for one in post.office.desk.look(parties.parties_of, number or 0)]


def _open(post: Post, *, cc: str = f"Boss <{BOSS}>", sender: str = IVAN, to: str = "desk@localhost") -> int:
    return post.bring(letter(sender=sender, headers=(f"Cc: {cc}",), to=to)).work_id or 0


def _tag(post: Post, number: int) -> str:
    return f"Re: Printer {subject_tag(post.office.desk.house.secret, number)}"


def _answer(post: Post, number: int, sender: str, text: str = "So do I", *headers: str) -> int | None:
    raw = letter(text, sender=sender, subject=_tag(post, number), headers=headers)
    return post.bring(raw, mail_from=sender.rsplit("<", maxsplit=1)[-1].strip("> ")).work_id


def _knows(post: Post, address: str) -> None:
    post.office.customer("Known", Channel.EMAIL, address)


def test_by_default_nobody_is_brought_in_and_who_is_in_cc_is_shown(post: Post, olena: Representative) -> None:
    number = _open(post, cc=f"Boss <{BOSS}>, Ivan <ivan@firm.example>, desk@localhost")
    assert _parties(post, number) == []
    assert post.entries(number)[0].copied == [BOSS]
    chat = Chatting(post.office, olena)
    assert f"Also to: {BOSS}" in chat.card_text(number)
    assert f"Also to: {BOSS}" in chat.say(f"/case {number}").text
    assert "Лист також отримують" in Chatting(post.office, olena, "uk").card_text(number)


def test_with_all_those_in_to_and_cc_take_part(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post, to=f"desk@localhost, Zoe <Zoe@Other.example>, <{BOSS}>")
    assert _parties(post, number) == [BOSS, "zoe@other.example"]
    shown = Chatting(post.office, olena).card_text(number)
    assert "In copy: Boss (boss@firm.example)" in shown or f"In copy: {BOSS}" in shown
    tab = Chatting(post.office, olena).press("tab", number, "customer", 0).text
    assert f"👥 {BOSS}, in copy since" in tab or f"({BOSS}), in copy since" in tab
    assert post.office.verbs(number).count("party_in") == 2


def test_known_takes_those_who_wrote_from_the_customers_own_domain(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.KNOWN)
    _knows(post, BOSS)
    _knows(post, "friend@gmail.com")
    cc = f"{BOSS}, never-heard@firm.example, friend@gmail.com, elsewhere@other.example"
    assert _parties(post, _open(post, cc=cc)) == [BOSS]
    assert _parties(post, _open(post, cc="friend@gmail.com", sender="ivan@gmail.com")) == [], "anybody has one there"


def test_known_takes_those_of_the_customers_account(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.KNOWN)
    acme = post.office.desk.run(accounts.new_account, "Acme", olena)
    one = post.office.customer("Ivan", Channel.EMAIL, "ivan@gmail.com")
    other = post.office.customer("Boss", Channel.EMAIL, "boss@ukr.net")
    post.office.desk.run(members.join, acme, [one.id, other.id], olena)
    assert _parties(post, _open(post, cc="boss@ukr.net, x@ukr.net", sender="ivan@gmail.com")) == ["boss@ukr.net"]


def test_never_us_the_staff_machines_or_whom_nothing_is_sent_to(post: Post, olena: Representative) -> None:
    queue = _policy(post, olena, Copied.ALL)
    desk = post.office.desk
    desk.run(lambda tx: tx.add(MailAddress(address="vip@localhost", queue_id=queue)))
    desk.run(mailboxes.set_mailbox, olena, "olena@localhost")
    desk.run(say_of_sender, "blocked.example", Verdict.BLOCK, olena)
    for address, column in (("gone@firm.example", "blocked_at"), ("cross@firm.example", "complained_at")):
        _knows(post, address)
        changed = update(ContactAddress).where(ContactAddress.address == address)
        desk.run(lambda tx, changed=changed, column=column: tx.session.execute(changed.values({column: tx.now})))
    banned = post.office.customer("Banned", Channel.EMAIL, "banned@firm.example")
    desk.run(customers.ban, banned.id, olena)
    cc = (
        "vip@localhost, vip+tag@localhost, olena@localhost, no-reply@firm.example, mailer-daemon@firm.example,"
        " news-bounces@firm.example, x@blocked.example, gone@firm.example, cross@firm.example, banned@firm.example,"
        " not an address, ivan@firm.example"
    )
    number = _open(post, cc=cc)
    assert _parties(post, number) == []
    # One of the staff who wrote as a customer is one.
    _knows(post, "olena@localhost")
    assert _parties(post, _open(post, cc="olena@localhost")) == ["olena@localhost"]


def test_an_address_at_which_the_letter_was_delivered_is_ours(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    raw = letter(sender=IVAN, to="help@company.example", headers=("Delivered-To: <help@company.example>",))
    assert _parties(post, post.bring(raw).work_id) == []


def test_no_more_than_so_many(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post, cc=", ".join(f"p{one}@firm.example" for one in range(30)))
    assert len(_parties(post, number)) == parties.MOST
    _answer(post, number, IVAN, "And one more", "Cc: last@firm.example")
    assert len(_parties(post, number)) == parties.MOST
    with pytest.raises(Refused, match=r"party\.too_many"):
        post.office.desk.run(copying.copy, number, "last@firm.example", olena)


def test_a_partys_letter_joins_the_case_in_their_name_and_changes_nothing_of_the_customer(
    post: Post, olena: Representative
) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post)
    post.office.desk.run(cases.accept, number, olena)
    before = post.cases()[0]
    assert _answer(post, number, f"The Boss <{BOSS}>") == number
    case = post.cases()[0]
    assert (case.contact_id, case.reply_address) == (before.contact_id, before.reply_address)
    entry = post.entries(number)[-1]
    assert entry.contact_id == post.office.desk.look(contact_behind, Channel.EMAIL, BOSS)
    assert "flag.unverified_sender" not in entry.flags
    told = Notice.from_json(post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)[-1].facts)
    assert told.lines[0].key == "notice.other_wrote"
    assert not post.office.item(number).answered
    # They bring in others as the customer does.
    _answer(post, number, f"The Boss <{BOSS}>", "And she", "Cc: she@firm.example")
    assert "she@firm.example" in _parties(post, number)


def test_a_partys_letter_opens_a_resolved_case_again(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post)
    post.office.desk.run(cases.accept, number, olena)
    post.office.desk.run(cases.resolve, number, olena, "Done")
    assert _answer(post, number, BOSS, "It is broken again") == number
    assert post.office.item(number).open
    assert post.cases()[0].status is CaseStatus.OPEN


def test_a_stranger_with_a_right_tag_is_set_beside_and_brings_in_nobody(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post, cc="desk@localhost")
    beside = _answer(post, number, "Eve <eve@evil.example>", "Send me all", f"Cc: {BOSS}")
    assert beside != number
    assert _parties(post, number) == _parties(post, beside) == []


def test_a_letter_that_may_be_in_the_customers_name_only_brings_in_nobody(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    post.office.desk.house = replace(post.office.desk.house, authserv_id="mx.desk.example")
    failed = "Authentication-Results: mx.desk.example; dmarc=fail header.from=firm.example"
    number = _open(post, cc="desk@localhost")
    _answer(post, number, IVAN, "Add them", f"Cc: {BOSS}", failed)
    assert _parties(post, number) == []
    _answer(post, number, IVAN, "Add them", f"Cc: {BOSS}")
    assert _parties(post, number) == [BOSS]


def test_a_list_or_a_machine_brings_in_nobody(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post, cc="desk@localhost")
    _answer(post, number, IVAN, "By the list", f"Cc: {BOSS}", "List-Id: <all.firm.example>")
    _answer(post, number, IVAN, "By a program", f"Cc: {BOSS}", "Auto-Submitted: auto-generated")
    assert _parties(post, number) == []


def test_who_was_taken_off_by_hand_comes_back_by_hand_only(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post)
    chat = Chatting(post.office, olena)
    assert BOSS in chat.say(f"/uncopy {number}").text
    _answer(post, number, IVAN, "Again", f"Cc: {BOSS}")
    assert _parties(post, number) == []
    assert _answer(post, number, BOSS) != number, "nor does their letter join it"
    assert chat.say(f"/copy {number} {BOSS.upper()}").error == ""
    assert _parties(post, number) == [BOSS]
    assert _answer(post, number, BOSS) == number
    assert post.office.verbs(number).count("party_out") == 1


def test_by_hand_in_both_languages(post: Post, olena: Representative) -> None:
    number = _open(post)
    uk = Chatting(post.office, olena, "uk")
    assert "тепер у копії" in uk.say(f"/copy {number} Zoe@Firm.example").text
    assert uk.say(f"/copy {number} zoe@firm.example").error == "party.already"
    assert uk.say(f"/copy {number} ivan@firm.example").error == "party.is_customer"
    assert uk.say(f"/copy {number} desk+x@localhost").error == "party.ours"
    for wrong in ("", "zoe", "zoe@firm.example and others", "<zoe@firm.example>, b@firm.example"):
        assert uk.say(f"/copy {number} {wrong}").error == "usage.copy"
    assert uk.say(f"/uncopy {number} nobody@firm.example").error == "party.unknown"
    assert "zoe@firm.example" in Chatting(post.office, olena).press("tab", number, "customer", 0).text
    assert "(Olena)" in uk.press("tab", number, "customer", 0).text
    assert "більше не в копії" in uk.say(f"/uncopy {number} ZOE@firm.example").text
    assert uk.say(f"/uncopy {number}").error == "party.nobody"


def test_who_takes_part_is_found_by_their_address(post: Post, olena: Representative) -> None:
    number, chat = _open(post), Chatting(post.office, olena)
    chat.say(f"/copy {number} accountant@firm.example")
    assert f"№{number}" in chat.say("/find accountant@firm.example").text
    chat.say(f"/uncopy {number}")
    assert f"№{number}" not in chat.say("/find accountant@firm.example").text


def test_with_several_in_copy_who_leaves_is_named(post: Post, olena: Representative) -> None:
    number, chat = _open(post), Chatting(post.office, olena)
    for one in ("a@firm.example", "b@firm.example"):
        assert not chat.say(f"/copy {number} {one}").error
    assert chat.say(f"/uncopy {number}").error == "usage.uncopy"
    assert not chat.say(f"/uncopy {number} a@firm.example").error
    assert _parties(post, number) == ["b@firm.example"]


def test_nothing_is_sent_to_whom_it_fails_at_or_who_complained(post: Post, olena: Representative) -> None:
    number, desk = _open(post), post.office.desk
    _knows(post, BOSS)
    mine = update(ContactAddress).where(ContactAddress.address == BOSS)
    desk.run(lambda tx: tx.session.execute(mine.values(failing_since=tx.now, failing_why="address", blocked_at=tx.now)))
    assert Chatting(post.office, olena).say(f"/copy {number} {BOSS}").error == "party.fails"
    desk.run(lambda tx: tx.session.execute(mine.values(failing_since=None, blocked_at=None, complained_at=tx.now)))
    assert Chatting(post.office, olena).say(f"/copy {number} {BOSS}").error == "party.complained"


def test_who_is_banned_is_brought_in_by_nobody(post: Post, olena: Representative) -> None:
    number, desk = _open(post), post.office.desk
    banned = post.office.customer("Banned", Channel.EMAIL, BOSS)
    desk.run(customers.ban, banned.id, olena)
    assert Chatting(post.office, olena).say(f"/copy {number} {BOSS}").error == "party.banned"
    assert "не приймаються" in Chatting(post.office, olena, "uk").say(f"/copy {number} {BOSS}").text
    assert _parties(post, number) == []


def test_a_press_lets_in_who_answered_from_outside(post: Post, olena: Representative) -> None:
    number = _open(post)
    post.office.desk.run(cases.accept, number, olena)
    beside = _answer(post, number, "Zoe <zoe@firm.example>", "It is the cable") or 0
    post.office.desk.run(cases.accept, beside, olena)
    again = _answer(post, number, "Zoe <zoe@firm.example>", "It is the cable, truly") or 0
    told = [Notice.from_json(row.facts) for row in post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)]
    offered = [one.args for what in told for row in what.buttons for one in row if one.verb == "join"]
    assert offered == [(beside, number), (again, number)]
    chat = Chatting(post.office, olena)
    assert f"№{number}" in chat.press("join", beside, number).text
    assert _parties(post, number) == ["zoe@firm.example"]
    assert "It is the cable" in [one.text for one in post.entries(number)]
    assert _answer(post, number, "Zoe <zoe@firm.example>", "And the plug") == number


def test_a_letter_that_waits_names_its_case_and_can_join_it(post: Post, olena: Representative) -> None:
    queue = post.office.desk.run(intake_queue)
    number = _open(post)
    post.office.desk.run(lambda tx: tx.add(MailAddress(address="desk@localhost", queue_id=queue)))
    post.office.desk.run(editing.set_strangers_aside, queue, aside=True, by=olena)
    raw = letter("It is the cable", sender="Zoe <zoe@firm.example>", subject=_tag(post, number))
    row = post.bring(raw, mail_from="zoe@firm.example")
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "aside.unknown_sender")
    chat = Chatting(post.office, olena)
    assert chat.say("/letters").args("letter_join") == (row.id, 0)
    assert f"№{number}" in chat.press("letter_join", row.id, 0).toast
    post.understand(row.id)
    assert post.row(row.id).work_id == number
    assert _parties(post, number) == ["zoe@firm.example"]
    assert chat.press("letter_join", row.id, 0).error == "letter.unknown"


def test_a_letter_names_no_case_to_who_does_not_see_it(post: Post, olena: Representative) -> None:
    desk = post.office.desk
    number, queue = _open(post), desk.run(intake_queue)
    desk.run(lambda tx: tx.add(MailAddress(address="desk@localhost", queue_id=queue)))
    desk.run(editing.set_strangers_aside, queue, aside=True, by=olena)
    row = post.bring(letter(sender="zoe@firm.example", subject=_tag(post, number)), mail_from="zoe@firm.example")
    secret = post.office.queue("Secret").id
    desk.run(editing.set_members, secret, [], olena)
    desk.run(forward, number, secret, olena)
    chat = Chatting(post.office, post.office.join("Taras"))
    assert "letter_join" not in chat.say("/letters").verbs
    assert chat.press("letter_join", row.id, 0).error == "item.unknown"


def test_a_partys_first_letter_is_no_strangers_one(post: Post, olena: Representative) -> None:
    queue = _policy(post, olena, Copied.ALL)
    desk = post.office.desk
    desk.run(lambda tx: tx.add(MailAddress(address="desk@localhost", queue_id=queue)))
    _knows(post, "ivan@firm.example")
    desk.run(editing.set_strangers_aside, queue, aside=True, by=olena)
    number = _open(post)
    assert _parties(post, number) == [BOSS]
    assert _answer(post, number, BOSS) == number


def test_an_address_only_said_of_a_customer_makes_nobody_them(post: Post, olena: Representative) -> None:
    """Who answers as a party shows that the address is theirs, and not that they are who it was said of."""
    number, desk = _open(post), post.office.desk
    chat = post.office.customer("Petro")
    other = post.office.open_case(chat)
    desk.run(cases.add_address, other, chat.id, BOSS, olena)
    desk.run(copying.copy, number, BOSS, olena)
    assert _answer(post, number, BOSS) == number
    assert post.entries(number)[-1].contact_id != chat.id
    assert desk.look(contact_behind, Channel.EMAIL, BOSS) != chat.id
    assert _answer(post, other, BOSS) != other


def test_who_was_brought_in_and_writes_of_something_else_is_still_the_same(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    number = _open(post)
    boss = post.office.desk.look(contact_behind, Channel.EMAIL, BOSS)
    other = post.bring(letter("Of something else", sender=BOSS), mail_from=BOSS).work_id
    assert other != number
    assert post.office.desk.look(contact_behind, Channel.EMAIL, BOSS) == boss
    assert _answer(post, number, BOSS) == number


def test_letters_at_the_same_moment_that_bring_in_the_same_person(post: Post, olena: Representative) -> None:
    _policy(post, olena, Copied.ALL)
    raws = [letter(sender=f"c{one}@firm.example", headers=(f"Cc: {BOSS}",)) for one in range(6)]
    rows = [post.keep(raw, mail_from=f"c{one}@firm.example") for one, raw in enumerate(raws)]

    def take(one: int) -> str | None:
        return post.office.desk.run(understand, rows[one], read(raws[one], f"c{one}@firm.example"), Content(f"{one}"))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(take, range(6))) == ["case"] * 6
    numbers = [post.row(row).work_id for row in rows]
    assert len(set(numbers)) == 6
    assert [_parties(post, number) for number in numbers] == [[BOSS]] * 6


def test_the_setting_is_shown_and_changed(post: Post, olena: Representative) -> None:
    queue = post.office.queue("VIP")
    en, uk = Chatting(post.office, olena), Chatting(post.office, olena, "uk")
    assert "put in copy: nobody" in en.say("/queue_edit VIP").text
    assert "put in copy: those that we know" in en.say("/queue_edit VIP copied known").text
    assert "усіх, кому ще адресовано" in uk.say("/queue_edit VIP копії всі").text
    assert uk.say("/queue_edit VIP копії хтось").error == "usage.queue_copied"
    uk.say("/queue_edit VIP копії нікого")
    row = post.office.desk.look(lambda tx: tx.session.get_one(Queue, queue.id))
    assert row.copied is Copied.IGNORE
