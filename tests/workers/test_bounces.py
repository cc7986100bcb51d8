"""What follows from a bounce: the address is marked, who has the case is told, and in the end nothing is sent there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.render.cards import card
from core.cases import actions as cases
from core.cases import answering, queries
from core.customers import finding
from core.customers.failing import Failing, failing_at
from core.digests import undelivered
from core.errors import Refused
from core.inbox.model import InboxState
from core.intake.tags import make_message_id
from core.outbox.actions import settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, OwedKind, OwedState
from core.people.views import Representative
from core.texts.said import Notice
from core.texts.say import LANGUAGES, Reader, say_plain
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.workers.letters import Post, letter
from workers.actors.sending import Fate, Result, sender

IVAN = "ivan@example.com"


def _bounce(message_id: str, status: str = "5.1.1", words: str = "550 no such user", action: str = "failed") -> bytes:
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "It could not be delivered.",
            "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.com", "",
            f"Final-Recipient: rfc822; {IVAN}", f"Action: {action}", f"Status: {status}",
            f"Diagnostic-Code: smtp; {words}",
            "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{message_id}>", "--b--",
        )
    )  # fmt: skip
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return letter(body, sender="Mail Delivery System <mailer-daemon@example.com>", subject="Undelivered", kind=kind)


def _send(post: Post, number: int) -> str:
    """Send what is owed by mail of a case, and return the Message-ID of the last."""
    owed = post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)
    post.office.clock.advance(timedelta(seconds=11))
    for row in owed:
        parcel = post.office.desk.run(claim_mail, row.id)
        assert parcel is not None
        post.office.desk.run(settle_sent, parcel)
    return make_message_id(post.office.desk.house.secret, number, owed[-1].id, "localhost")


def _failing(post: Post) -> Failing | None:
    return post.office.desk.look(failing_at, IVAN)


def _bounced_often(post: Post, olena: Representative, times: int) -> int:
    number = post.bring(letter()).work_id or 0
    post.bring(_bounce(_send(post, number)), mail_from="")
    for _ in range(times - 1):
        post.office.desk.run(answering.answer, number, "Hello", olena)
        post.bring(_bounce(_send(post, number)), mail_from="")
    return number


def test_a_bounce_marks_the_address_and_the_card_and_the_customer_tab_show_it(
    post: Post, olena: Representative
) -> None:
    number = _bounced_often(post, olena, 1)
    failing = _failing(post)
    assert failing is not None
    assert (failing.why, failing.words, failing.hard, failing.given_up) == ("address", "550 no such user", 1, False)
    shown = post.office.desk.look(queries.case, number)
    assert shown.failing == failing
    for locale in LANGUAGES:
        assert IVAN in say_plain(card(shown, olena).lines[2], Reader(locale, "UTC", post.office.clock.at))
    (way,) = post.office.desk.look(finding.ways, shown.contact.id, olena)
    assert way.failing == failing


def test_whoever_has_the_case_is_told_once_why(post: Post, olena: Representative) -> None:
    number = _bounced_often(post, olena, 1)
    (row,) = post.office.desk.look(undelivered.untold)
    assert post.office.desk.run(undelivered.tell, row)
    assert not post.office.desk.run(undelivered.tell, row)
    told = Notice.from_json(post.office.owed(kind=OwedKind.NOTICE, person_id=olena.id)[-1].facts)
    words = "\n".join(say_plain(one, Reader("en", "UTC", post.office.clock.at)) for one in told.lines)
    assert "there is no such address (550 no such user)" in words
    # A second automatic word that comes back says nothing new.
    assert number
    other = post.bring(letter(subject="Another", message_id="other@example.com")).work_id or 0
    assert _failing(post) is None, "a letter from there clears the mark"
    post.bring(_bounce(_send(post, other)), mail_from="")
    assert post.office.desk.run(undelivered.tell, post.office.desk.look(undelivered.untold)[0])


def test_after_three_hard_ones_in_a_row_nothing_is_sent_there_any_more(post: Post, olena: Representative) -> None:
    number = _bounced_often(post, olena, 3)
    failing = _failing(post)
    assert failing is not None
    assert (failing.hard, failing.given_up) == (3, True)
    with pytest.raises(Refused) as refused:
        post.office.desk.run(answering.answer, number, "Hello", olena)
    assert refused.value.key == "answer.address_fails"
    assert refused.value.facts["address"] == IVAN
    post.office.desk.run(cases.resolve, number, olena, "done")
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED) == [], "nothing automatic either"


def test_a_letter_from_there_clears_the_mark(post: Post, olena: Representative) -> None:
    number = _bounced_often(post, olena, 3)
    post.bring(letter("I am back", message_id="back@example.com"))
    assert _failing(post) is None
    post.office.desk.run(answering.answer, number, "Welcome", olena)
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)


def test_who_knows_better_has_it_tried_again(post: Post, olena: Representative) -> None:
    number = _bounced_often(post, olena, 3)
    contact = post.office.desk.look(queries.case, number).contact.id
    post.office.desk.run(cases.add_address, number, contact, IVAN.upper(), olena)
    assert _failing(post) is None
    assert "address_tried_again" in post.office.verbs(number)
    post.office.desk.run(answering.answer, number, "Hello again", olena)
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)


@pytest.mark.parametrize(
    ("status", "words"), [("5.2.2", "552 mailbox full"), ("5.7.1", "554 spam"), ("5.3.4", "552 too big")]
)
def test_what_is_of_the_letter_or_the_moment_gives_no_address_up(
    post: Post, olena: Representative, status: str, words: str
) -> None:
    number = post.bring(letter()).work_id or 0
    post.bring(_bounce(_send(post, number), status, words), mail_from="")
    for _ in range(4):
        post.office.desk.run(answering.answer, number, "Hello", olena)
        post.bring(_bounce(_send(post, number), status, words), mail_from="")
    failing = _failing(post)
    assert failing is not None
    assert (failing.hard, failing.given_up) == (0, False)


def test_a_second_bounce_of_one_letter_counts_once(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    own = _send(post, number)
    post.bring(_bounce(own), mail_from="")
    assert post.bring(_bounce(own, words="550 again"), mail_from="").state is InboxState.DONE
    failing = _failing(post)
    assert failing is not None
    assert failing.hard == 1


def test_a_delay_marks_nothing(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    post.bring(_bounce(_send(post, number), "4.4.1", "timed out", "delayed"), mail_from="")
    assert _failing(post) is None


def test_one_who_can_be_reached_in_chat_is_written_to_there_after_one(office: Office, post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    contact = office.desk.look(queries.case, number).contact.id

    def chats(tx) -> None:  # noqa: ANN001 - a Tx
        from core.customers.model import ContactAddress

        tx.session.add(ContactAddress(contact_id=contact, channel=Channel.TELEGRAM, address="77", last_used_at=None))

    office.desk.run(chats)
    post.bring(_bounce(_send(post, number)), mail_from="")
    failing = _failing(post)
    assert failing is not None
    assert failing.given_up


def test_an_address_that_the_relay_refuses_is_shown_with_its_words(post: Post, olena: Representative) -> None:
    number = post.bring(letter()).work_id or 0
    (row,) = post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)
    assert sender(post.office.desk, lambda _parcel: Result(Fate.REFUSED, "550 5.1.1 no such user"))(row.id) == "refused"
    failing = _failing(post)
    assert failing is not None
    assert (failing.why, failing.words, failing.given_up) == ("address", "550 5.1.1 no such user", True)
    with pytest.raises(Refused) as refused:
        post.office.desk.run(answering.answer, number, "Hello", olena)
    assert refused.value.key == "answer.address_fails"


def test_in_chat_an_answer_to_it_is_refused_with_the_way_to_try_again(post: Post, olena: Representative) -> None:
    number = _bounced_often(post, olena, 3)
    chat = Chatting(post.office, olena)
    told = chat.say(f"/reply {number} Hello")
    assert told.error == "answer.address_fails"
    assert f"/email {number} {IVAN}" in told.text
    assert "there is no such address" in told.text
    assert not chat.say(f"/email {number} {IVAN}").error
    assert not chat.say(f"/reply {number} Hello").error
    assert post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)
