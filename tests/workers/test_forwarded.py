"""Letters of customers that members of staff forward."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from core.cases.rules import EntryKind
from core.customers import actions as customers
from core.errors import Misused, Refused
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.work.editing import add_address, set_members
from core.work.mailboxes import mailbox, set_mailbox
from core.work.queues import keep_addresses
from tests.core.intake.test_forwards import BLOCKS
from tests.core.office import Office
from tests.workers.letters import Post, letter

_OLENA = "Olena <olena@home.example>"


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    return Post(office, tmp_path / "files")


@pytest.fixture
def olena(office: Office, post: Post) -> Representative:
    olena = office.join("Olena")
    office.desk.run(keep_addresses, {"desk@localhost": None})
    office.desk.run(set_mailbox, olena, "Olena@Home.example")
    return olena


def _forward(said: str = "He has called too.", sender: str = _OLENA, program: str = "Gmail") -> bytes:
    return letter(f"{said}\n\n{BLOCKS[program]}It is silent.", sender=sender, subject="Fwd: Printer")


def test_a_forwarded_letter_is_the_case_of_who_wrote_it(post: Post, olena: Representative) -> None:
    row = post.bring(_forward(), mail_from="olena@home.example")
    (case,) = post.cases()
    words, note = post.entries(row.work_id)
    contact = post.office.desk.look(customers.get, case.contact_id)
    assert (contact.name, case.reply_address) == ("Ivan Petrenko", "ivan@example.com")
    assert (words.kind, words.text, words.flags) == (EntryKind.CUSTOMER, "It is silent.", ["flag.forwarded"])
    assert (note.kind, note.text, note.person_id) == (EntryKind.NOTE, "He has called too.", olena.id)
    assert post.office.item(case.work_id).title == "Printer"
    assert words.content_hash == post.row(row.id).content_hash, "so that it is erased with the words"


def test_nobody_is_written_to_because_somebody_forwarded_in_their_name(post: Post, olena: Representative) -> None:
    post.bring(_forward())
    assert post.office.owed(channel=Channel.EMAIL) == []


def test_a_forwarded_answer_joins_the_case_of_who_wrote_it(post: Post, olena: Representative) -> None:
    first = post.bring(letter(message_id="a@example.com"))
    raw = _forward().replace(b"MIME-Version", b"References: <a@example.com>\r\nMIME-Version")
    row = post.bring(raw)
    assert row.work_id == first.work_id
    assert [one.text for one in post.entries(row.work_id)] == [
        "The printer is silent", "It is silent.", "He has called too.",
    ]  # fmt: skip


def test_what_a_customer_forwards_is_their_own_case(post: Post, olena: Representative) -> None:
    row = post.bring(_forward(sender="Petro <petro@example.com>"), mail_from="petro@example.com")
    (case,) = post.cases()
    assert post.office.desk.look(customers.get, case.contact_id).name == "Petro"
    assert len(post.entries(row.work_id)) == 1


def test_what_a_colleague_or_the_desk_itself_wrote_is_nobody_elses_case(post: Post, olena: Representative) -> None:
    raw = _forward().replace(b"ivan@example.com", b"desk@localhost")
    post.bring(raw, mail_from="olena@home.example")
    (case,) = post.cases()
    assert post.office.desk.look(customers.get, case.contact_id).name == "Olena"


def test_an_address_is_one_colleagues_and_none_of_the_desks(post: Post, olena: Representative) -> None:
    taras = post.office.join("Taras")
    for address, error, why in (
        ("olena@home.example", Refused, "mailbox.taken"),
        ("desk@localhost", Refused, "mailbox.ours"),
        ("nothing", Misused, "usage.mailbox"),
    ):
        with pytest.raises(error) as refusal:
            post.office.desk.run(set_mailbox, taras, address)
        assert refusal.value.key == why
    post.office.desk.run(set_mailbox, olena, None)
    post.office.desk.run(set_mailbox, taras, "olena@home.example")
    assert post.office.desk.look(mailbox, taras) == "olena@home.example"


def test_what_is_forwarded_to_a_private_queue_keeps_the_words_of_who_does_not_see_it(
    post: Post, olena: Representative
) -> None:
    mila = post.office.join("Mila", Role.MANAGER)
    staff = post.office.queue("Staff").id
    post.office.desk.run(set_members, staff, [mila.id], mila)
    post.office.desk.run(add_address, staff, "hr@localhost", mila)
    row = post.bring(_forward(), mail_from="olena@home.example", to="hr@localhost")
    assert row.reason is None
    assert [one.text for one in post.entries(row.work_id)] == ["It is silent.", "He has called too."]


def test_of_many_who_name_one_address_at_this_moment_one_has_it(post: Post) -> None:
    everybody = [post.office.join(f"Colleague {number}") for number in range(8)]

    def take(who: Representative) -> bool:
        try:
            post.office.desk.run(set_mailbox, who, "we@home.example")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, everybody)) == 1


@pytest.mark.parametrize(("result", "forwards"), [("pass", True), ("fail", False), ("fail; arc=pass", False)])
def test_what_our_mail_server_takes_for_forged_is_forwarded_by_nobody(
    post: Post, olena: Representative, result: str, *, forwards: bool
) -> None:
    """A chain of others (ARC) vouches for nobody: whoever forges can make one."""
    post.office.desk.house = replace(post.office.desk.house, authserv_id="mx.desk.example")
    found = f"Authentication-Results: mx.desk.example; dkim=none header.d=home.example; dmarc={result}\r\n"
    row = post.bring(found.encode() + _forward(), mail_from="olena@home.example")
    (case,) = post.cases()
    name = post.office.desk.look(customers.get, case.contact_id).name
    assert name == ("Ivan Petrenko" if forwards else "Olena")
    assert row.work_id == case.work_id
