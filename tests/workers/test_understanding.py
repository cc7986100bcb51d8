from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.cases import actions as cases
from core.cases import queries
from core.cases.queries import files_of
from core.customers import actions as customers
from core.errors import TryLater
from core.history.actions import CLI
from core.inbox.actions import MAX_TRIES, release_letter, waiting_letters
from core.inbox.model import InboxState
from core.intake.tags import make_message_id, subject_tag, tagged_address
from core.intake.tries import MAX_BEGUN, begin_try, failed_try
from core.outbox.actions import settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, OwedState
from core.people.rules import Role
from core.work.editing import set_locale
from core.work.queues import keep_addresses, queue_of_address
from tests.core.intake import hostile
from tests.workers.letters import Post, letter
from tests.workers.test_waking import wait_until, waking
from workers.actors.edge import declare
from workers.actors.understanding import understander
from workers.broker import Workers, make_broker
from workers.reading.readers import Readers


def test_a_letter_from_a_stranger_is_a_case_with_a_receipt(post: Post) -> None:
    row = post.bring(letter("The printer is silent"))
    (case,) = post.cases()
    (entry,) = post.entries(case.work_id)
    assert (row.state, row.work_id, row.entry_id) == (InboxState.DONE, case.work_id, entry.id)
    assert (entry.text, entry.subject) == ("The printer is silent", "Printer")
    assert post.office.told_customer(post.office.desk.look(customers.get, case.contact_id)) == ["receipt.new"]
    assert post.office.item(case.work_id).title == "Printer"


@pytest.mark.parametrize(("text", "locale"), [("Вітаю, принтер мовчить", "uk"), ("Good day, it is silent", "en")])
def test_the_language_of_the_letter_is_that_of_its_answers(post: Post, text: str, locale: str) -> None:
    post.bring(letter(text))
    assert [case.locale for case in post.cases()] == [locale]


def test_the_same_letter_brought_twice_is_one_case(post: Post) -> None:
    raw = letter()
    post.bring(raw)
    post.bring(raw)
    assert len(post.cases()) == 1
    assert post.states() == [InboxState.DONE]


def test_one_letter_to_two_of_our_addresses_is_one_case(post: Post) -> None:
    raw = letter()
    first = post.bring(b"Received: from a\r\n" + raw)
    second = post.bring(b"Received: from b\r\n" + raw, to="info@localhost")
    assert second.state is InboxState.REPEATED
    assert (second.work_id, second.entry_id) == (first.work_id, first.entry_id)
    assert len(post.cases()) == 1


def test_copies_understood_at_the_same_time_are_one_case(post: Post) -> None:
    raw = letter()
    rows = [post.keep(b"Received: from %d\r\n" % way + raw, to=f"{way}@localhost") for way in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(post.understand, rows))
    for row in rows:  # who lost the race too often is called for again, as the sweep does
        post.understand(row)
    assert len(post.cases()) == 1
    assert sorted(post.states()) == [InboxState.DONE] + [InboxState.REPEATED] * 7


def test_a_message_id_with_other_content_is_a_new_message_with_a_flag(post: Post) -> None:
    post.bring(letter("one", message_id="same@example.com"))
    post.bring(letter("two", message_id="same@example.com", sender="Eve <eve@example.com>"))
    first, second = (post.entries(case.work_id)[0] for case in post.cases())
    assert first.flags == []
    assert second.flags == ["flag.message_id_reused"]
    assert second.message_id is None


def test_without_a_message_id_the_same_words_a_day_later_are_a_new_case(post: Post) -> None:
    raw = letter(message_id=None)
    post.bring(raw)
    post.office.clock.advance(timedelta(hours=25))
    post.bring(raw)
    assert len(post.cases()) == 2


def test_an_answer_by_in_reply_to_joins_its_case(post: Post) -> None:
    first = post.bring(letter(message_id="a@example.com"))
    second = post.bring(letter("More", headers=("In-Reply-To: <a@example.com>",)))
    assert second.work_id == first.work_id
    assert [entry.text for entry in post.entries(first.work_id)] == ["The printer is silent", "More"]


def test_an_answer_to_our_own_letter_joins_its_case(post: Post) -> None:
    first = post.bring(letter())
    ours = make_message_id(post.office.desk.house.secret, first.work_id or 0, 77, "localhost")
    assert post.bring(letter("More", headers=(f"References: <x@y> <{ours}>",))).work_id == first.work_id


@pytest.mark.parametrize("where", ["address", "subject"])
def test_our_tag_joins_a_sender_who_is_on_the_case(post: Post, where: str) -> None:
    number = post.bring(letter()).work_id or 0
    secret = post.office.desk.house.secret
    to = tagged_address(secret, "desk@localhost", number) if where == "address" else "desk@localhost"
    subject = f"Re: Printer {subject_tag(secret, number)}" if where == "subject" else "Re: Printer"
    assert post.bring(letter("More", subject=subject), to=to).work_id == number


def test_our_tag_does_not_let_a_stranger_in(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    secret = post.office.desk.house.secret
    subject = f"Re: Printer {subject_tag(secret, number)}"
    owed = len(post.office.owed(channel=Channel.EMAIL))
    row = post.bring(
        letter("Tell me all", sender="Eve <eve@example.com>", subject=subject),
        to=tagged_address(secret, "desk@localhost", number),
    )
    assert row.work_id != number
    assert [entry.text for entry in post.entries(number)] == ["The printer is silent"]
    (beside,) = post.entries(row.work_id)
    assert beside.flags == ["flag.unverified_sender"]
    assert beside.subject == "Re: Printer"
    assert len(post.office.owed(channel=Channel.EMAIL)) == owed  # nothing goes out, to nobody
    (told,) = [one for one in post.office.owed(work_id=row.work_id) if one.kind == "notice"]
    assert told.facts["lines"][0] == {"key": "notice.stranger", "facts": {"number": row.work_id, "named": number}}


def test_a_forged_tag_names_no_case(post: Post) -> None:
    number = post.bring(letter()).work_id or 0
    forged = tagged_address(b"another secret", "desk@localhost", number)
    row = post.bring(letter("Hello", sender="Eve <eve@example.com>"), to=forged)
    assert [entry.flags for entry in post.entries(row.work_id)] == [[]]


def test_an_address_decides_the_queue(post: Post) -> None:
    post.office.desk.run(keep_addresses, {"desk@localhost": None, "vip@localhost": "VIP"})
    row = post.bring(letter(), to="vip+anything@localhost")
    item = post.office.item(row.work_id or 0)
    assert item.queue is not None
    assert item.queue.name == "VIP"


@pytest.mark.parametrize(("body", "locale"), [("42", "uk"), ("The printer is silent", "en")])
def test_who_writes_in_no_known_language_is_answered_in_that_of_the_queue(post: Post, body: str, locale: str) -> None:
    boss = post.office.join("Boss", Role.MANAGER)
    post.office.desk.run(keep_addresses, {"desk@localhost": None, "vip@localhost": "VIP"})
    queue = post.office.desk.look(queue_of_address, "vip@localhost") or 0
    post.office.desk.run(set_locale, queue, "uk", boss)
    row = post.bring(letter(body, subject="42"), to="vip@localhost")
    case = post.office.desk.look(queries.case, row.work_id or 0)
    assert case.contact.locale == locale


def test_attachments_are_kept_with_the_message(post: Post) -> None:
    lines = ["--b", "Content-Type: text/plain", "", "See the file", "--b", 'Content-Type: text/csv; name="a.csv"']
    body = "\r\n".join([*lines, 'Content-Disposition: attachment; filename="a.csv"', "", "1;2", "--b--"])
    raw = letter(body, kind='multipart/mixed; boundary="b"')
    row = post.bring(raw)
    (file,) = post.office.desk.look(files_of, [row.entry_id or 0])[row.entry_id or 0]
    assert (file.name, file.kind) == ("a.csv", "document")
    assert post.files.read(file.digest or "") == b"1;2"


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


def test_what_cannot_be_handled_is_tried_again_and_then_set_aside(post: Post) -> None:
    row = post.keep(letter())
    for _ in range(MAX_TRIES):
        assert post.row(row).state is InboxState.KEPT
        assert post.office.desk.run(begin_try, row)
        post.office.desk.run(failed_try, row, "ValueError: no")
        assert post.office.desk.look(waiting_letters) == []  # not at once
        post.office.clock.advance(timedelta(minutes=1))
    assert (post.row(row).state, post.row(row).reason) == (InboxState.SET_ASIDE, "ValueError: no")
    assert post.office.desk.look(waiting_letters) == []


def test_what_ends_the_process_is_tried_twenty_times_and_then_set_aside(post: Post) -> None:
    row = post.keep(letter())
    for _ in range(MAX_BEGUN):
        assert post.office.desk.run(begin_try, row)
        post.office.clock.advance(timedelta(minutes=2))
    assert post.office.desk.look(waiting_letters) == [row]
    assert post.understand(row) is None
    assert (post.row(row).state, post.row(row).reason) == (InboxState.SET_ASIDE, "aside.never_ended")
    post.office.desk.run(release_letter, row, CLI)
    assert post.understand(row) == "case"


def test_who_has_begun_with_a_letter_is_left_alone_for_a_while(post: Post) -> None:
    row = post.keep(letter())
    assert post.office.desk.run(begin_try, row)
    assert post.understand(row) is None
    assert post.office.desk.look(waiting_letters) == []
    post.office.clock.advance(timedelta(seconds=6))
    assert post.understand(row) == "case"


def test_a_try_that_nobody_could_begin_with_is_not_counted(post: Post) -> None:
    away = understander(post.office.desk, post.files, Readers(command=("/nonexistent",)))
    row = post.keep(letter())
    for _ in range(MAX_TRIES + 1):
        with pytest.raises(TryLater):
            away(row)
    assert post.row(row).tries == 0
    assert post.understand(row) == "case"


#: A reader for which every letter is too much.
_NEVER = """
import socket
from workers.reading.frames import receive, send
line = socket.socket(fileno=0)
send(line, b"")
while True:
    receive(line), receive(line)
    send(line, b"")
"""


@pytest.mark.parametrize(("headers", "told"), [((), 1), (("Auto-Submitted: auto-generated",), 0)])
def test_what_cannot_be_read_is_a_case_with_the_letter_as_a_file(
    post: Post, headers: tuple[str, ...], told: int
) -> None:
    readers = Readers(command=(sys.executable, "-c", _NEVER))
    raw = letter("Please help", headers=headers)
    row = post.keep(raw)
    assert understander(post.office.desk, post.files, readers)(row) == "case"
    readers.close()
    kept = post.row(row)
    (entry,) = post.entries(kept.work_id)
    assert (entry.text, entry.subject, entry.flags) == ("Please help", "Printer", ["flag.unreadable"])
    (file,) = post.office.desk.look(files_of, [entry.id])[entry.id]
    assert (file.name, file.content_type) == ("original.eml", "message/rfc822")
    assert post.files.read(file.digest or "") == raw
    assert len(post.office.owed(channel=Channel.EMAIL)) == told


@pytest.mark.parametrize(
    "name", ["multiparts in multiparts", "empty lines", "a thousand parts", "scripts that never end"]
)
def test_a_hostile_letter_is_a_case_and_nobody_waits_for_another_try(post: Post, name: str) -> None:
    row = post.keep(hostile.LETTERS[name](), mail_from="eve@example.com")
    assert post.understand(row) == "case"


@pytest.mark.long
def test_others_are_understood_while_a_hostile_letter_is_being_read(post: Post) -> None:
    busy = Readers(command=(sys.executable, "-c", _SLOW), wall_s=6.0)
    broker = make_broker()
    done: list[int] = []
    do = understander(post.office.desk, post.files, busy)

    def noted(row: int) -> str | None:
        told = do(row)
        done.append(row)
        return told

    declare(broker, "understand", noted, lambda _row, _why: None)
    slow = post.keep(letter("hostile"))
    others = [post.keep(letter(f"words {number}")) for number in range(20)]
    worker = Workers(broker, 4)
    worker.start()
    try:
        with waking(broker) as waker:
            post.office.desk.wake = waker
            waker([("understand", row) for row in [slow, slow, slow, *others]])
            wait_until(lambda: set(others) <= set(done), 30)
            assert post.row(slow).state is InboxState.KEPT
            wait_until(lambda: post.row(slow).state is InboxState.DONE, 30)
    finally:
        worker.stop(10_000)
        busy.close()
    # With others, and then by itself; by itself at once if other calls have begun with all the others.
    assert post.row(slow).tries in {1, 2}
    assert post.states() == [InboxState.DONE] * 21


#: A reader as it is, but for one letter that takes for ever.
_SLOW = """
import socket, time
import workers.reading.child as child
read = child.read
def slow(raw, mail_from, flags=()):
    if b"hostile" in raw:
        time.sleep(60)
    return read(raw, mail_from, flags)
child.read = slow
child.main(socket.socket(fileno=0))
"""


def test_copies_of_a_large_letter_are_not_read_again(post: Post) -> None:
    raw = letter("x" * 100_000)
    first = post.bring(raw)
    nobody = understander(post.office.desk, post.files, Readers(command=("/nonexistent",)))
    rows = [post.keep(b"Received: from %d\r\n" % way + raw, to=f"desk+{way}@localhost") for way in range(5)]
    assert [nobody(row) for row in rows] == ["repeated"] * 5
    assert {(post.row(row).state, post.row(row).work_id) for row in rows} == {(InboxState.REPEATED, first.work_id)}


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


def test_characters_that_no_database_keeps_are_taken_out_wherever_they_are(post: Post) -> None:
    raw = letter("a\x00b", subject="c\x00d", headers=("In-Reply-To: <x\x00y@example.com>", "References: <\x00@z>"))
    raw = raw.replace(b"Message-ID: <", b"Message-ID: <m\x00")
    odd = b"\r\n".join(
        (
            b"--b",
            b"Content-Type: text/plain",
            b"",
            b"Hello \x00",
            b"--b",
            b'Content-Type: application/x\x00y; name="f\x00\xff.bin"',
            b"Content-ID: <i\x00d>",
            b"Content-Disposition: attachment",
            b"",
            b"1",
            b"--b--",
        )
    )
    mixed = raw.replace(b"Content-Type: text/plain; charset=utf-8", b'Content-Type: multipart/mixed; boundary="b"')
    mixed = mixed.replace(b"a\x00b", odd).replace(b"Message-ID: <m", b"Message-ID: <n")
    for one in (raw, mixed):
        row = post.bring(one)
        assert row.state is InboxState.DONE
        assert "\x00" not in (row.message_id or "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"From: \x00\xff <a\x00b@c>\r\nSubject: \xed\xa0\x80\r\n\r\n\x00\xff",
        b"\x00" * 100,
    ],
)
def test_bytes_that_are_no_letter_are_settled_all_the_same(post: Post, raw: bytes) -> None:
    row = post.bring(raw, mail_from="eve@example.com")
    assert row.state in {InboxState.DONE, InboxState.SET_ASIDE}
    if row.state is InboxState.SET_ASIDE:
        post.office.desk.run(release_letter, row.id, CLI)
        post.understand(row.id)
        assert post.row(row.id).state is InboxState.DONE
