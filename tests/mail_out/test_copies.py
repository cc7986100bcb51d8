"""An answer goes to all who take part: one letter, with what became of it told of each of them for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.render.cards import card
from core.cases import actions as cases
from core.cases import answering, copies, copying, merging, queries
from core.cases.incoming import add_to
from core.cases.model import Entry
from core.customers import actions as customers
from core.customers.failing import failing_at
from core.customers.model import ContactAddress
from core.digests import undelivered
from core.errors import NotFound, Refused
from core.intake.tags import read_message_id
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.people.rules import Role
from core.settings import House
from core.store.files import FileStore
from core.texts.said import Notice
from core.texts.say import Reader, notice_plain
from core.work import mailing
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.mail_out.scripted import Scripted, relay
from tests.workers.letters import Post, letter
from workers.actors.sending import sender
from workers.mail_out.posting import poster
from workers.mail_out.relay import Relay

MARIA, BOSS, ZOE = "maria@example.com", "boss@firm.example", "zoe@other.example"


class Desk:
    """A case that came by mail, with two in copy, and who answers it."""

    def __init__(self, office: Office, files: Path) -> None:
        self.office, self.files = office, FileStore(files)
        self.olena = office.join("Olena", Role.MANAGER)
        self.maria = office.customer("Maria", channel=Channel.EMAIL, locale="en")
        self.vip = office.queue("VIP").id
        self.number = office.open_case(self.maria, "It is broken", queue=self.vip, message_id="first@example.com")
        office.desk.run(cases.accept, self.number, self.olena)
        office.clock.advance(timedelta(hours=1))
        for one in (BOSS, ZOE):
            office.desk.run(copying.copy, self.number, one, self.olena)
        self.quiet()

    def quiet(self) -> None:
        """Forget what is owed by mail until now."""
        gone = update(Owed).where(Owed.channel == Channel.EMAIL).values(state=OwedState.WITHDRAWN)
        self.office.desk.run(lambda tx: tx.session.execute(gone))

    def answer(self, words: str = "Here it is") -> int:
        return self.office.desk.run(answering.answer, self.number, words, self.olena).entry_id

    def rows(self, entry: int) -> list[Owed]:
        """The rows by which an answer goes out by mail."""
        return self.office.owed(entry_id=entry, channel=Channel.EMAIL)

    def states(self, entry: int) -> dict[str, OwedState]:
        return {row.address: row.state for row in self.rows(entry)}

    def send(self, script: Scripted, entry: int) -> list[str | None]:
        """Let all that is due of an answer go out, as the sweep does."""
        way = Relay(f"smtp://127.0.0.1:{script.port}")
        do = sender(self.office.desk, poster(self.office.desk, self.files, way))
        try:
            return [do(row.id) for row in self.rows(entry)]
        finally:
            way.close()

    def card(self, locale: str = "en") -> str:
        shown = self.office.desk.look(queries.case, self.number)
        return notice_plain(card(shown, self.olena), Reader(locale, "UTC", self.office.clock.at))


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


@contextmanager
def _sent(desk: Desk, entry: int, **recipients: str) -> Iterator[Scripted]:
    desk.office.clock.advance(House().undo)
    with relay() as script:
        script.recipients = {one.replace("_at_", "@").replace("_", "."): told for one, told in recipients.items()}
        desk.send(script, entry)
        yield script


def _read(script: Scripted) -> list[Message]:
    return [message_from_bytes(one) for one in script.letters]


def test_everybody_gets_one_letter_with_one_message_id(desk: Desk) -> None:
    entry = desk.answer()
    with _sent(desk, entry) as script:
        got = _read(script)
    assert [one for one in script.heard if one.upper().startswith("RCPT")] == [
        f"rcpt TO:<{one}>" for one in (MARIA, BOSS, ZOE)
    ]
    assert len(got) == 3
    assert len({one.split(b"\r\n\r\n", 1)[1] for one in script.letters}) == 1
    for name in ("Message-ID", "To", "Cc", "Date", "Subject", "Reply-To", "References"):
        assert len({one[name] for one in got}) == 1, name
    assert (got[0]["To"], got[0]["Cc"].replace("\r\n", "").replace("\n", "")) == (MARIA, f"{BOSS}, {ZOE}")
    assert read_message_id(desk.office.desk.house.secret, got[0]["Message-ID"]) == desk.number
    row = desk.office.desk.look(lambda tx: tx.session.get_one(Entry, entry))
    assert f"<{row.message_id}>" == got[0]["Message-ID"]
    assert set(desk.states(entry).values()) == {OwedState.SENT}


def test_what_is_refused_in_copy_says_nothing_of_the_customer(desk: Desk) -> None:
    entry = desk.answer()
    with _sent(desk, entry, boss_at_firm_example="550 5.1.1 no such user") as script:
        assert len(script.letters) == 2
    assert desk.states(entry) == {MARIA: OwedState.SENT, BOSS: OwedState.DEAD, ZOE: OwedState.SENT}
    shown = desk.card()
    assert "✓ handed over" in shown
    assert f"👥 {BOSS}: ⚠️ not delivered: 550 5.1.1 no such user" in shown
    assert f"👥 {ZOE}: ✓ handed over" in shown
    assert f"👥 {BOSS}: ⚠️ не доставлено" in desk.card("uk")
    failing = desk.office.desk.look(failing_at, BOSS)
    assert failing is not None
    assert failing.given_up
    assert desk.office.desk.look(failing_at, MARIA) is None
    assert desk.office.facts(desk.number, "copy_undeliverable") == {"address": BOSS}
    # Whoever has the case is told of that one, and no task is planned for it.
    (row,) = desk.office.desk.look(undelivered.untold)
    assert desk.office.desk.run(undelivered.tell, row)
    told = Notice.from_json(desk.office.owed(kind=OwedKind.NOTICE, person_id=desk.olena.id)[-1].facts)
    words = notice_plain(told, Reader("en", "UTC", desk.office.clock.at))
    assert "did not arrive in copy" in words
    assert f"/uncopy {desk.number} {BOSS}" in words
    assert "activity" not in " ".join(desk.office.verbs(desk.number))
    # Next time they are left out.
    again = desk.answer("And more")
    assert set(desk.states(again)) == {MARIA, ZOE}


def test_a_refused_customer_does_not_keep_the_others_waiting(desk: Desk) -> None:
    entry = desk.answer()
    with _sent(desk, entry, maria_at_example_com="550 5.1.1 no such user"):
        pass
    assert desk.states(entry) == {MARIA: OwedState.DEAD, BOSS: OwedState.SENT, ZOE: OwedState.SENT}
    assert "⚠️ not delivered" in desk.card()


def test_who_cannot_be_reached_now_is_tried_again_alone(desk: Desk) -> None:
    entry = desk.answer()
    with _sent(desk, entry, zoe_at_other_example="451 4.7.1 greylisted") as script:
        assert desk.states(entry) == {MARIA: OwedState.SENT, BOSS: OwedState.SENT, ZOE: OwedState.OWED}
        assert f"👥 {ZOE}: ⏳ not delivered yet" in desk.card()
        script.recipients = {}
        desk.office.clock.advance(timedelta(minutes=10))
        desk.send(script, entry)
        assert len(script.letters) == 3
        first, last = message_from_bytes(script.letters[0]), message_from_bytes(script.letters[-1])
    assert first["Message-ID"] == last["Message-ID"]
    assert first["Date"] == last["Date"]
    assert set(desk.states(entry).values()) == {OwedState.SENT}


def test_who_has_an_address_beyond_ascii_makes_no_letter_to_others_that_only_some_servers_take(desk: Desk) -> None:
    odd = "zoë@firm.example"
    desk.office.desk.run(copying.copy, desk.number, odd, desk.olena)
    entry = desk.answer()
    with _sent(desk, entry) as script:
        assert len(script.letters) == 3
        for one in script.letters:
            assert one.partition(b"\r\n\r\n")[0].isascii()
            assert message_from_bytes(one)["Cc"].split() == [f"{BOSS},", ZOE]
    assert (desk.states(entry)[MARIA], desk.states(entry)[odd]) == (OwedState.SENT, OwedState.DEAD)


def test_undo_takes_all_of_it_back(desk: Desk) -> None:
    entry = desk.answer()
    desk.office.desk.run(answering.undo, entry, desk.olena)
    assert set(desk.states(entry).values()) == {OwedState.WITHDRAWN}


def test_an_answer_can_go_to_the_customer_only(desk: Desk) -> None:
    chat = Chatting(desk.office, desk.olena)
    told = chat.say(f"/reply {desk.number} Between us")
    assert f"In copy: {BOSS}, {ZOE}" in told.text
    assert "customer only" in chat.press("alone", *told.args("alone")).text
    entry = int(told.args("alone")[1])
    assert desk.states(entry) == {MARIA: OwedState.OWED, BOSS: OwedState.WITHDRAWN, ZOE: OwedState.WITHDRAWN}
    with _sent(desk, entry) as script:
        (got,) = _read(script)
    assert got["Cc"] is None
    assert "👥" not in desk.card().split("Between us")[1]
    assert chat.press("alone", desk.number, entry).error == "", "it was so already"
    again = desk.answer()
    assert len(desk.rows(again)) == 3, "for one answer only"


def test_undo_works_after_the_copies_were_left_out(desk: Desk) -> None:
    entry = desk.answer()
    desk.office.desk.run(copies.leave_out, entry, desk.olena)
    desk.office.desk.run(answering.undo, entry, desk.olena)
    assert set(desk.states(entry).values()) == {OwedState.WITHDRAWN}


def test_what_is_on_its_way_goes_to_all(desk: Desk) -> None:
    entry = desk.answer()
    with _sent(desk, entry), pytest.raises(Refused, match=r"answer\.gone"):
        desk.office.desk.run(copies.leave_out, entry, desk.olena)
    with pytest.raises(NotFound, match=r"answer\.unknown"):
        desk.office.desk.run(copies.leave_out, desk.answer(), desk.office.join("Taras"))


def test_an_edit_before_it_goes_is_in_every_letter_and_none_after(desk: Desk) -> None:
    chat = (desk.olena.chat_id or 0, 77)
    entry = desk.office.desk.run(answering.answer, desk.number, "Heer", desk.olena, chat=chat).entry_id
    desk.office.desk.run(answering.edit_answer, chat, "Here", desk.olena)
    with _sent(desk, entry) as script:
        assert all(b"Here" in one for one in script.letters)
    with pytest.raises(Refused, match=r"answer\.mailed"):
        desk.office.desk.run(answering.edit_answer, chat, "There", desk.olena)


def test_before_it_is_written_somebody_reads_who_gets_it(desk: Desk) -> None:
    told = Chatting(desk.office, desk.olena).press("answer", desk.number).text
    assert f"In copy, they read it too: {BOSS}, {ZOE}" in told
    assert "Прочитають" in Chatting(desk.office, desk.olena, "uk").press("answer", desk.number).text


def test_in_chat_nothing_changes(desk: Desk) -> None:
    ivan = desk.office.customer("Ivan")
    number = desk.office.open_case(ivan)
    desk.office.desk.run(cases.accept, number, desk.olena)
    desk.office.desk.run(copying.copy, number, BOSS, desk.olena)
    made = desk.office.desk.run(answering.answer, number, "Hello", desk.olena)
    assert made.copied == ()
    assert [row.kind for row in desk.office.owed(entry_id=made.entry_id, contact_id=ivan.id)] == [OwedKind.ANSWER]
    assert desk.rows(made.entry_id) == []


def test_what_the_desk_says_by_itself_goes_to_the_customer_only(desk: Desk) -> None:
    desk.office.desk.run(cases.resolve, desk.number, desk.olena, "Repaired")
    told = desk.office.owed(channel=Channel.EMAIL, state=OwedState.OWED)
    assert [row.address for row in told] == [MARIA]


@pytest.mark.parametrize("column", ["blocked_at", "complained_at"])
def test_to_whom_nothing_is_sent_is_left_out(desk: Desk, column: str) -> None:
    mine = update(ContactAddress).where(ContactAddress.address == BOSS)
    desk.office.desk.run(lambda tx: tx.session.execute(mine.values({column: tx.now})))
    zoe = desk.office.customer("Zoe", Channel.EMAIL, ZOE)
    desk.office.desk.run(customers.ban, zoe.id, desk.olena)
    assert set(desk.states(desk.answer())) == {MARIA}


def test_nobody_reads_in_a_quote_what_was_said_before_they_came(desk: Desk) -> None:
    desk.office.desk.run(mailing.set_quotes, desk.vip, desk.olena, quotes=True)
    with _sent(desk, desk.answer("One")) as script:
        assert b"> It is broken" not in script.letters[0]
    desk.office.clock.advance(timedelta(minutes=1))
    words = desk.office.says(desk.maria, "It still is")
    desk.office.desk.run(add_to, desk.number, desk.maria, words)
    with _sent(desk, desk.answer("Two")) as script:
        assert b"> It still is" in script.letters[0]
        assert b"> It is broken" not in script.letters[0]
    entry = desk.answer("Three")
    desk.office.desk.run(copies.leave_out, entry, desk.olena)
    with _sent(desk, entry) as script:
        assert b"> It still is" in script.letters[0]


def test_nobody_in_copy_reads_in_a_quote_what_was_said_to_the_customer_only(desk: Desk) -> None:
    desk.office.desk.run(mailing.set_quotes, desk.vip, desk.olena, quotes=True)
    alone = desk.answer("For you only")
    desk.office.desk.run(copies.leave_out, alone, desk.olena)
    with _sent(desk, alone) as script:
        assert len(script.letters) == 1
    desk.office.clock.advance(timedelta(minutes=1))
    desk.office.desk.run(add_to, desk.number, desk.maria, desk.office.says(desk.maria, "Let it stay between us"))
    with _sent(desk, desk.answer("For all")) as script:
        assert len(script.letters) == 3
        for one in script.letters:
            assert b"For you only" not in one
            assert b"between us" not in one
    with _sent(desk, desk.answer("For all again")) as script:
        assert b"> For all" in script.letters[0]
        assert b"For you only" not in script.letters[0]


def test_nobody_in_copy_reads_in_a_quote_what_was_said_in_another_case_before_it_was_merged(desk: Desk) -> None:
    desk.office.desk.run(mailing.set_quotes, desk.vip, desk.olena, quotes=True)
    other = desk.office.open_case(desk.maria, "Of my wages", queue=desk.vip, message_id="wages@example.com")
    desk.office.desk.run(cases.accept, other, desk.olena)
    desk.office.clock.advance(timedelta(minutes=1))
    desk.office.desk.run(merging.merge, [other], desk.number, desk.olena)
    desk.quiet()
    with _sent(desk, desk.answer()) as script:
        assert len(script.letters) == 3
        assert b"Of my wages" not in script.letters[0]
    desk.office.clock.advance(timedelta(minutes=1))
    desk.office.desk.run(add_to, desk.number, desk.maria, desk.office.says(desk.maria, "It still is"))
    with _sent(desk, desk.answer("Two")) as script:
        assert b"> It still is" in script.letters[0]


def test_an_answer_to_a_party_is_in_the_thread_of_their_letter(desk: Desk) -> None:
    boss = desk.office.customer("Boss", Channel.EMAIL, BOSS)
    what = desk.office.says(boss, "So do I", message_id="boss@firm.example")
    desk.office.desk.run(add_to, desk.number, boss, what)
    with _sent(desk, desk.answer()) as script:
        got = _read(script)[0]
    assert got["In-Reply-To"] == "<boss@firm.example>"
    assert got["References"].split() == ["<first@example.com>", "<boss@firm.example>"]


def _report(message_id: str, *failed: str, kind: str = "delivery-status") -> bytes:
    told = ["\r\n".join((f"Final-Recipient: rfc822; {one}", "Action: failed", "Status: 5.1.1", "")) for one in failed]
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "It could not be delivered.",
            "--b", f"Content-Type: message/{kind}", "", "Reporting-MTA: dns; mx.example.com", "", *told,
            "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{message_id}>", "--b--",
        )
    )  # fmt: skip
    sent_by = "Mail Delivery System <mailer-daemon@example.com>"
    report = f'multipart/report; report-type={kind}; boundary="b"'
    return letter(body, sender=sent_by, subject="Undelivered", kind=report)


def test_a_bounce_of_a_copy_names_that_address_only(desk: Desk, tmp_path: Path) -> None:
    entry = desk.answer()
    with _sent(desk, entry) as script:
        message_id = _read(script)[0]["Message-ID"].strip("<>")
    post = Post(desk.office, tmp_path / "more")
    assert post.bring(_report(message_id, BOSS), mail_from="").work_id == desk.number
    assert desk.states(entry) == {MARIA: OwedState.SENT, BOSS: OwedState.DEAD, ZOE: OwedState.SENT}
    assert desk.office.facts(desk.number, "copy_bounced") == {"address": BOSS}
    assert "mail_bounced" not in desk.office.verbs(desk.number)
    look = desk.office.desk.look
    assert [look(failing_at, one) is None for one in (MARIA, BOSS, ZOE)] == [True, False, True]
    # A second one, which names the other two.
    post.bring(_report(message_id, MARIA, ZOE), mail_from="")
    assert set(desk.states(entry).values()) == {OwedState.DEAD}


def test_a_bounce_that_names_nobody_of_several_waits_for_a_person(desk: Desk, tmp_path: Path) -> None:
    entry = desk.answer()
    with _sent(desk, entry) as script:
        message_id = _read(script)[0]["Message-ID"].strip("<>")
    post = Post(desk.office, tmp_path / "more")
    row = post.bring(_report(message_id), mail_from="")
    assert row.reason == "aside.bounce"
    assert set(desk.states(entry).values()) == {OwedState.SENT}


def test_a_complaint_of_a_copy_is_of_that_address_only(desk: Desk, tmp_path: Path) -> None:
    entry = desk.answer()
    with _sent(desk, entry) as script:
        message_id = _read(script)[0]["Message-ID"].strip("<>")
    body = "\r\n".join(
        (
            "--b", "Content-Type: text/plain", "", "This is an abuse report.",
            "--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "User-Agent: Some/1",
            "Version: 1", f"Original-Rcpt-To: <{ZOE}>", "",
            "--b", "Content-Type: message/rfc822", "", f"Message-ID: <{message_id}>", "", "Here it is", "--b--",
        )
    )  # fmt: skip
    raw = letter(
        body, sender="abuse@isp.example", subject="Abuse",
        kind='multipart/report; report-type=feedback-report; boundary="b"',
    )  # fmt: skip
    post = Post(desk.office, tmp_path / "more")
    assert post.bring(raw, mail_from="").work_id == desk.number
    assert "copy_complained" in desk.office.verbs(desk.number)
    assert not desk.office.desk.look(queries.case, desk.number).contact.complained
    assert set(desk.states(desk.answer("Next"))) == {MARIA, BOSS}
