from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.cases import queries
from core.cases.conversations import files_of
from core.customers import actions as customers
from core.inbox.model import InboxState
from core.intake.tags import make_message_id, subject_tag, tagged_address
from core.outbox.model import Channel
from core.people.rules import Role
from core.work.editing import set_locale
from core.work.queues import keep_addresses, queue_of_address
from tests.workers.letters import Post, letter


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
