"""Letters that nobody wrote to us are kept out and noted, and never silence who did: lists, machines, bounces."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.customers import actions as customers
from core.history.actions import CLI
from core.inbox.actions import release_letter
from core.inbox.model import InboxState
from core.intake.tags import make_message_id, tagged_address
from core.outbox.actions import settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, OwedState
from core.people.rules import Role
from tests.workers.letters import Post, letter


def test_a_list_is_set_aside_and_comes_through_when_released(post: Post) -> None:
    row = post.bring(letter("News", headers=("List-Id: <news.example.com>",)))
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "aside.mailing_list")
    assert post.cases() == []
    post.office.desk.run(release_letter, row.id, CLI)
    post.understand(row.id)
    assert [case.work_id for case in post.cases()] == [post.row(row.id).work_id]
    assert post.office.owed(channel=Channel.EMAIL) == []  # a machine gets no receipt, released or not


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (("X-Failed-Recipients: anna@example.com",), "aside.bounce"),
        (("X-Apple-Unsubscribe: true",), "aside.feedback_report"),
    ],
)
def test_what_was_taken_for_a_note_on_our_mail_comes_through_when_released(
    post: Post, headers: tuple[str, ...], reason: str
) -> None:
    row = post.bring(letter("Why does your shop bounce my letters?", headers=headers))
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, reason)
    post.office.desk.run(release_letter, row.id, CLI)
    post.understand(row.id)
    assert post.row(row.id).state is InboxState.DONE
    assert [case.work_id for case in post.cases()] == [post.row(row.id).work_id]
    assert post.office.owed(channel=Channel.EMAIL) == []


def test_a_banned_sender_is_set_aside_and_comes_through_when_released(post: Post) -> None:
    boss = post.office.join("Boss", Role.MANAGER)
    post.bring(letter())
    post.office.desk.run(customers.ban, post.cases()[0].contact_id, boss)
    row = post.bring(letter("Again"))
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "aside.banned")
    post.office.desk.run(release_letter, row.id, CLI)
    post.understand(row.id)
    assert post.row(row.id).state is InboxState.DONE


def test_a_letter_of_a_machine_is_a_case_without_a_receipt(post: Post) -> None:
    post.bring(letter("Disk full", headers=("Auto-Submitted: auto-generated",)))
    assert len(post.cases()) == 1
    assert post.office.owed(channel=Channel.EMAIL) == []


def test_a_vacation_notice_is_noted_and_neither_opens_nor_answers_anything(post: Post) -> None:
    row = post.bring(letter(message_id="a@example.com"))
    number = row.work_id or 0
    boss = post.office.join("Boss", Role.MANAGER)
    post.office.desk.run(cases.resolve, number, boss)
    owed = len(post.office.owed())
    post.bring(letter("I am away", headers=("Auto-Submitted: auto-replied", "In-Reply-To: <a@example.com>")))
    assert not post.office.item(number).open
    assert [entry.text for entry in post.entries(number)] == ["The printer is silent", "I am away"]
    assert len(post.office.owed()) == owed


def test_a_vacation_notice_about_nothing_is_set_aside(post: Post) -> None:
    row = post.bring(letter("I am away", headers=("Auto-Submitted: auto-replied",)))
    assert row.state is InboxState.SET_ASIDE
    assert post.cases() == []


def _bounce(message_id: str, address: str = "ivan@example.com", action: str = "failed") -> bytes:
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "It could not be delivered.",
            "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.com", "",
            f"Final-Recipient: rfc822; {address}", f"Action: {action}", "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 no such user",
            "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{message_id}>", "--b--",
        )
    )  # fmt: skip
    return letter(
        body,
        sender="Mail Delivery System <mailer-daemon@example.com>",
        subject="Undelivered Mail",
        kind='multipart/report; report-type=delivery-status; boundary="b"',
    )


def _sent(post: Post) -> tuple[int, int]:
    """Open a case by mail and send its receipt; the number and the row of the outbox."""
    number = post.bring(letter()).work_id or 0
    (owed,) = post.office.owed(channel=Channel.EMAIL)
    parcel = post.office.desk.run(claim_mail, owed.id)
    assert parcel is not None
    post.office.desk.run(settle_sent, parcel)
    return number, owed.id


def _state(post: Post, row: int) -> OwedState:
    return OwedState(post.office.owed(id=row)[0].state)


def test_a_bounce_of_our_letter_makes_it_dead(post: Post) -> None:
    number, owed = _sent(post)
    secret = post.office.desk.house.secret
    row = post.bring(_bounce(make_message_id(secret, number, owed, "localhost")), mail_from="")
    assert (row.state, row.work_id) == (InboxState.DONE, number)
    assert _state(post, owed) is OwedState.DEAD
    assert len(post.entries(number)) == 1  # it is no word of the customer
    assert "mail_bounced" in post.office.verbs(number)


def test_a_delay_changes_nothing(post: Post) -> None:
    number, owed = _sent(post)
    secret = post.office.desk.house.secret
    post.bring(_bounce(make_message_id(secret, number, owed, "localhost"), action="delayed"), mail_from="")
    assert _state(post, owed) is OwedState.SENT


def test_a_forged_bounce_blocks_nobody(post: Post) -> None:
    number, owed = _sent(post)
    row = post.bring(_bounce(make_message_id(b"forged", number, owed, "localhost")), mail_from="")
    assert row.state is InboxState.SET_ASIDE
    assert _state(post, owed) is OwedState.SENT


def test_a_customer_who_shows_what_came_back_to_them_is_heard(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    to = tagged_address(post.office.desk.house.secret, "desk@localhost", number)
    shown = _bounce("other@example.com", "anna@example.com").replace(b"It could not be", b"What is this? Not")
    shown = shown.replace(b"Mail Delivery System <mailer-daemon@example.com>", b"Ivan <ivan@example.com>")
    row = post.bring(shown, to=to)
    assert row.state is InboxState.SET_ASIDE
    post.office.desk.run(release_letter, row.id, CLI)
    post.understand(row.id)
    assert post.row(row.id).work_id == number
    assert post.entries(number)[-1].text.startswith("What is this?")


def test_a_customer_who_shows_a_receipt_is_heard(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    to = tagged_address(post.office.desk.house.secret, "desk@localhost", number)
    part = "--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed"
    body = f"--b\r\nContent-Type: text/plain\r\n\r\nWho has read my letter?\r\n{part}\r\n--b--"
    assert post.bring(letter(body, kind='multipart/mixed; boundary="b"'), to=to).work_id == number
    assert post.entries(number)[-1].text == "Who has read my letter?"


@pytest.mark.parametrize("field", ["List-Unsubscribe: <https://example.com/u>", "List-Id: <team.example.com>"])
def test_who_is_on_a_case_and_names_it_is_heard_over_a_mailing_list_too(post: Post, field: str) -> None:
    number = post.bring(letter(message_id="a@example.com")).work_id or 0
    told = len(post.office.owed(work_id=number))
    row = post.bring(letter("More", headers=(field, "In-Reply-To: <a@example.com>")))
    assert (row.state, row.work_id) == (InboxState.DONE, number)
    assert [entry.text for entry in post.entries(number)] == ["The printer is silent", "More"]
    assert len(post.office.owed(work_id=number)) > told  # who has it hears of it


def test_what_a_machine_sends_over_a_list_joins_its_case_in_silence(post: Post) -> None:
    number = post.bring(letter(message_id="a@example.com")).work_id or 0
    told = len(post.office.owed())
    post.bring(letter("More", headers=("List-Id: <a.b>", "Precedence: bulk", "In-Reply-To: <a@example.com>")))
    assert len(post.entries(number)) == 2
    (row,) = post.office.owed()[told:]
    assert (row.contact_id, row.sound) == (None, False), "who has the case reads it, without a sound"


def test_a_mailing_list_letter_of_a_stranger_to_the_case_it_names_is_set_aside(post: Post) -> None:
    post.bring(letter(message_id="a@example.com"))
    headers = ("List-Id: <a.b>", "In-Reply-To: <a@example.com>")
    row = post.bring(letter("More", sender="Eve <eve@example.com>", headers=headers))
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "aside.mailing_list")
