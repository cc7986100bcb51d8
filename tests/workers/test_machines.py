"""What machines answer in a customer's place, and what providers tell of spam: noted, and never answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.render.cards import entry_lines
from core.cases import actions as cases
from core.cases import answering, conversations, queries
from core.cases.collisions import Seen, latest
from core.cases.model import Case
from core.cases.rules import EntryKind
from core.customers import finding
from core.inbox.model import InboxState, Letter
from core.intake.tags import make_message_id, tagged_address
from core.outbox.actions import settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, OwedKind, OwedState
from core.people.rules import Role
from core.people.views import Representative
from tests.core.office import Office
from tests.workers.letters import Post, letter

IVAN = "ivan@example.com"
AWAY = ("Auto-Submitted: auto-replied (vacation)",)


@pytest.fixture
def olena(office: Office) -> Representative:
    return office.join("Olena", Role.MANAGER)


def _send(post: Post) -> int:
    """Send what is owed by mail; the row of the last."""
    post.office.clock.advance(timedelta(seconds=11))
    owed = post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)
    for row in owed:
        parcel = post.office.desk.run(claim_mail, row.id)
        assert parcel is not None
        post.office.desk.run(settle_sent, parcel)
    return owed[-1].id


def _away(post: Post, number: int, text: str = "I am away until Monday.") -> Letter:
    to = tagged_address(post.office.desk.house.secret, "desk@localhost", number)
    return post.bring(letter(text, headers=AWAY, subject="Away: Re: Printer"), to=to)


def _case(post: Post, number: int) -> Case:
    return post.office.desk.look(lambda tx: tx.session.get_one(Case, number))


def test_a_vacation_notice_is_noted_and_is_no_word_of_the_customer(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    post.office.desk.run(answering.answer, number, "Is it on?", olena)
    _send(post)
    before = _case(post, number)
    row = _away(post, number)
    assert (row.state, row.work_id) == (InboxState.DONE, number)
    last = post.entries(number)[-1]
    assert (last.kind, last.text) == (EntryKind.MACHINE, "I am away until Monday.")
    after = _case(post, number)
    assert (after.last_customer_at, after.last_entry_at) == (before.last_customer_at, before.last_entry_at)
    assert post.office.desk.look(conversations.is_answered, number), "nothing waits for an answer"
    assert post.office.item(number).answered
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED) == [], "and it gets none"


def test_whoever_has_the_case_is_told_without_a_sound(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    _away(post, number)
    told = post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)[-1]
    assert told.facts["lines"][0]["key"] == "notice.machine_answered"
    assert not told.sound


def test_a_vacation_notice_holds_no_answer_back(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    seen = Seen(entry=post.office.desk.look(latest, number))
    _away(post, number)
    told = post.office.desk.run(answering.answer_unless_overtaken, number, "Hello", olena, seen=seen)
    assert hasattr(told, "undo_until"), "it goes out"


def test_a_vacation_notice_opens_nothing_again_and_nobody_is_told(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    post.office.desk.run(cases.accept, number, olena)
    post.office.desk.run(cases.resolve, number, olena, "done")
    told = len(post.office.owed(person_id=olena.id))
    _away(post, number)
    assert post.office.item(number).closed_at is not None
    assert len(post.office.owed(person_id=olena.id)) == told
    assert post.entries(number)[-1].kind is EntryKind.MACHINE


def test_a_vacation_notice_about_nothing_of_ours_is_set_aside(post: Post) -> None:
    assert post.bring(letter(headers=AWAY)).state is InboxState.SET_ASIDE
    assert post.cases() == []


def _complaint(message_id: str) -> bytes:
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "An email abuse report.",
            "--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "Version: 1", "",
            "--b", "Content-Type: message/rfc822", "", f"Message-ID: <{message_id}>", f"To: {IVAN}", "", "Hello",
            "--b--",
        )
    )  # fmt: skip
    kind = 'multipart/report; report-type=feedback-report; boundary="b"'
    return letter(body, sender="Feedback <fbl@provider.example>", subject="FW: Printer", kind=kind)


def test_who_calls_our_mail_spam_gets_nothing_automatic_any_more(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    own = make_message_id(post.office.desk.house.secret, number, _send(post), "localhost")
    row = post.bring(_complaint(own), mail_from="")
    assert (row.state, row.work_id) == (InboxState.DONE, number)
    told = [one.facts["lines"][0]["key"] for one in post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)]
    assert told.count("notice.complaint") == 1
    post.bring(_complaint(own).replace(b"Hello", b"Again"), mail_from="")
    told = [one.facts["lines"][0]["key"] for one in post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)]
    assert told.count("notice.complaint") == 1, "once"

    post.bring(letter("Something new", subject="Lamp"))
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED) == [], "no receipt"
    post.office.desk.run(answering.answer, number, "Hello", olena)
    _send(post)
    post.office.desk.run(cases.resolve, number, olena, "done")
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED) == [], "not that it is resolved either"

    contact = post.office.desk.look(queries.case, number).contact.id
    assert post.office.desk.look(finding.ways, contact, olena)[0].complained_at is not None
    post.office.desk.run(cases.add_address, number, contact, IVAN, olena)
    post.bring(letter("And one more", subject="Door"))
    assert len(post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)) == 1, "tried again by hand"


def test_a_report_on_a_forged_sender_hushes_nobody(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    own = make_message_id(post.office.desk.house.secret, number, _send(post), "localhost")
    told = _complaint(own).replace(b"Feedback-Type: abuse", b"Feedback-Type: auth-failure")
    assert post.bring(told, mail_from="").state is InboxState.SET_ASIDE
    post.bring(letter("Something new", subject="Lamp"))
    assert len(post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)) == 1


def test_a_forged_complaint_hushes_nobody(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    own = make_message_id(b"forged", number, _send(post), "localhost")
    assert post.bring(_complaint(own), mail_from="").state is InboxState.SET_ASIDE
    post.bring(letter("Something new", subject="Lamp"))
    assert len(post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)) == 1


def _receipt(kind: str, report: str, message_id: str) -> bytes:
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "This is a receipt.", "--b", f"Content-Type: message/{kind}", "",
            report, "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{message_id}>", "--b--",
        )
    )  # fmt: skip
    return letter(
        body, sender=IVAN, subject="Read: Printer", kind=f'multipart/report; report-type={kind}; boundary="b"'
    )


_DELIVERED = f"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; {IVAN}\r\nAction: delivered\r\nStatus: 2.0.0"


@pytest.mark.parametrize(
    ("kind", "report", "read", "arrived"),
    [
        ("disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed", True, False),
        ("disposition-notification", "Disposition: automatic-action/MDN-sent-automatically; deleted", False, False),
        ("delivery-status", _DELIVERED, False, True),
        ("delivery-status", _DELIVERED.replace("delivered", "relayed"), False, False),
    ],
)
def test_a_receipt_is_noted_at_the_message_that_it_is_of(
    post: Post, olena: Representative, kind: str, report: str, *, read: bool, arrived: bool
) -> None:
    number = post.bring(letter()).work_id or 0
    _send(post)
    post.office.desk.run(answering.answer, number, "Is it on?", olena)
    own = make_message_id(post.office.desk.house.secret, number, _send(post), "localhost")
    row = post.bring(_receipt(kind, report, own))
    assert (row.state, row.work_id) == (InboxState.DONE, number)
    last = post.office.desk.look(conversations.conversation, number)[-1]
    assert (last.read_at is not None, last.arrived_at is not None) == (read, arrived)
    assert len(post.entries(number)) == 2
    keys = [one.key for one in entry_lines(last, 100)]
    assert ("delivery.read" in keys, "delivery.arrived" in keys) == (read, arrived)
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED) == []


def test_a_receipt_of_nothing_of_ours_changes_nothing(post: Post) -> None:
    row = post.bring(_receipt("disposition-notification", "Disposition: manual-action/x; displayed", "a@b.example"))
    assert (row.state, row.work_id) == (InboxState.DONE, None)
    assert post.cases() == []
