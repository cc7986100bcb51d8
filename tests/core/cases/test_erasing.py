"""What is erased is nowhere any more: not one word, name or address in any table, nor a file on the disk."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from core.activities import actions as activities
from core.activities import finishing
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import (
    answering,
    contacts,
    editing,
    erasing,
    export,
    forgetting,
    incoming,
    linking,
    merging,
    queries,
    rating,
    retention,
    seeing,
    unsent,
)
from core.cases.fields import Field
from core.cases.model import Case, Entry, File
from core.cases.rules import FileState
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, Refused
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState, Letter
from core.inbox.updates import keep_update, settle_updates
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.schema import metadata
from core.store.engine import Engines
from core.store.files import FileStore
from core.timers.actions import due_timers
from core.work import days as days_of
from core.work.drafts import keep_draft
from core.work.rules import WorkKind
from tests.core.office import Office, key_of
from workers.timers import fire_timer

#: A word that is written wherever anything can be written, and nowhere else.
SECRET = "Zebrafinch"
ADDRESS = "zebrafinch@secret.example"


@pytest.fixture
def desk(engines: Engines, tmp_path: Path) -> Office:
    return Office(engines, tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def mila(desk: Office) -> Representative:
    return desk.join("Mila", Role.MANAGER)


def _keep_raw(tx: Tx, to: str, number: int | None, entry: int | None) -> int:
    raw = f"From: {ADDRESS}\r\nSubject: {SECRET}\r\n\r\n{SECRET}\r\n".encode()
    new = NewLetter(
        to, ADDRESS, "192.0.2.7", tx.now, len(raw), f"{to}{number}".ljust(64, "0"), f"{SECRET}@secret.example", raw
    )
    row = keep_letter(tx, new)
    kept = settle_letter(tx, row, InboxState.DONE if number else InboxState.SET_ASIDE)
    assert kept is not None
    if number:
        kept.work_id, kept.entry_id = number, entry
    return row


@pytest.fixture
def everything(desk: Office, files: FileStore, mila: Representative) -> tuple[ContactView, int, str]:
    """A customer of whom there is something everywhere; with a closed case of theirs, and a file."""
    run = desk.desk.run
    digest = files.keep(f"{SECRET} in a file".encode())
    who = desk.customer(SECRET, address="77001")
    by_mail = desk.customer(SECRET, Channel.EMAIL, ADDRESS)
    file = NewFile("document", f"{SECRET}.txt", "text/plain", 20, digest=digest)
    number = desk.open_case(who, f"The {SECRET} is silent", files=(file,), chat_id=77001, chat_message_id=5)
    first = desk.desk.look(queries.conversation, number)[0].id
    run(cases.accept, number, mila)
    run(answering.answer, number, f"Dear {SECRET}", mila)
    run(answering.note, number, f"{SECRET} is kind", mila)
    run(editing.edit, number, {Field.TITLE: f"{SECRET} again"}, mila)
    run(incoming.edit_message, 77001, 5, f"The {SECRET} hums", who)
    task = run(activities.plan, Plan(WorkKind.TASK, f"Call {SECRET}", regarding=number), mila).number
    run(activities.snooze, number, desk.clock() + timedelta(hours=2), f"{SECRET} is away", mila)
    call = run(
        activities.plan, Plan(WorkKind.CALL, f"Ring {SECRET}", desk.clock() + timedelta(days=1), contact=who.id), mila
    )
    run(finishing.finish, task, mila, f"{SECRET} agreed", 5)
    run(finishing.finish, call.number, mila, f"{SECRET} agreed", 5)
    run(_keep_raw, "desk@localhost", number, first)
    run(_keep_raw, "aside@localhost", None, None)
    run(linking.ask_code, who, f"{SECRET}@code.example".lower())
    run(contacts.merge_by_hand, by_mail.id, who.id, mila)
    others = desk.open_case(desk.customer("Petro"), "Another lamp")
    lost = desk.open_case(who, f"{SECRET} elsewhere")
    run(merging.merge, [lost], others, mila, confirmed=True)
    run(cases.resolve, number, mila, f"Repaired for {SECRET}")
    run(lambda tx: setattr(tx.lock_one(Case, number), "rating_asked_at", tx.now))
    run(rating.rate, number, 1, who)
    run(rating.add_words, number, f"Says {SECRET}", who)
    update = json.dumps({"message": {"chat": {"id": 77001}, "text": f"I am {SECRET}"}})
    run(lambda tx: settle_updates(tx, [keep_update(tx, (1, 1, update)) or 0]))
    run(unsent.keep, number, unsent.Waiting(0, number, f"Held back for {SECRET}", (), None, first), mila)
    run(keep_draft, 77001, "new", {})
    run(keep_draft, mila.chat_id or 0, "which", {"text": f"For {SECRET}", "message_id": 1, "files": []})
    return who, number, digest


def _where(desk: Office, *words: str) -> list[str]:
    """Name the tables and columns in which any of some words stand, in whatever case."""

    def look(tx: Tx) -> list[str]:
        found = []
        for table in metadata.sorted_tables:
            for row in tx.session.connection().execute(select(table)).mappings():
                for name, what in row.items():
                    text = (
                        what.decode("utf-8", "replace")
                        if isinstance(what, bytes)
                        else json.dumps(what, ensure_ascii=False, default=str)
                    )
                    if any(word.casefold() in text.casefold() for word in words):
                        found.append(f"{table.name}.{name}")
        return sorted(set(found))

    return desk.desk.look(look)


def _everything_due(desk: Office) -> None:
    for timer in desk.desk.look(due_timers):
        desk.desk.run(fire_timer, timer)


def test_not_a_word_is_left_anywhere(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], files: FileStore
) -> None:
    who, number, digest = everything
    before = _where(desk, SECRET)
    assert {
        "contact.name",
        "entry.text",
        "letter.raw",
        "outbox.facts",
        "search_document.words",
        "history.facts",
    } <= set(before)
    assert {"draft.state", "telegram_update.raw", "work.title", "activity.outcome", "case_.resolution"} <= set(before)
    follow_up = desk.open_case(who, "One more")
    with pytest.raises(Refused, match=r"contact\.has_open"):
        desk.desk.run(forgetting.erase_contact, who.id, mila)
    desk.desk.run(cases.resolve, follow_up, mila)
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    assert _where(desk, SECRET, "77001", ADDRESS) == []
    case = desk.desk.look(queries.case, number)
    assert (case.item.title, case.contact.name, case.satisfaction, case.messages) == (
        "(erased)",
        "Erased customer",
        1,
        3,
    )
    assert {"resolved", "rated", "words_erased", "message_in"} <= set(desk.verbs(number))
    assert files.path(digest).exists()
    old = desk.clock().timestamp()
    os.utime(files.path(digest), (old, old))
    desk.clock.advance(erasing.FILE_AFTER + timedelta(seconds=1))
    _everything_due(desk)
    assert not files.path(digest).exists()
    with pytest.raises(Refused, match=r"contact\.erased"):
        desk.desk.run(forgetting.erase_contact, who.id, mila)


def test_what_others_said_stays(desk: Office, mila: Representative, everything: tuple[ContactView, int, str]) -> None:
    who, _, _ = everything
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    assert desk.desk.look(seeing.find, "lamp", mila).total == 1
    assert desk.desk.look(seeing.find, SECRET, mila).total == 0
    petros = next(
        row.work_id or 0 for row in desk.owed() if row.work_id and desk.item(row.work_id).title == "Another lamp"
    )
    assert "Another lamp" in [one.text for one in desk.desk.look(queries.conversation, petros)]


def test_whoever_writes_again_is_met_anew(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    assert desk.customer("Somebody", address="77001").id != who.id


def test_a_file_that_somebody_else_sent_too_stays(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], files: FileStore
) -> None:
    who, _, digest = everything
    other = desk.open_case(files=(NewFile("document", "same.txt", "text/plain", 20, digest=digest),))
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    os.utime(files.path(digest), (0, 0))
    desk.clock.advance(erasing.FILE_AFTER)
    _everything_due(desk)
    assert files.path(digest).exists()
    assert desk.item(other).open


def test_a_file_that_is_being_kept_again_waits(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], files: FileStore
) -> None:
    who, _, digest = everything
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    desk.clock.advance(erasing.FILE_AFTER)
    kept = (desk.clock() - timedelta(minutes=1)).timestamp()
    os.utime(files.path(digest), (kept, kept))
    _everything_due(desk)
    assert files.path(digest).exists()
    desk.clock.advance(erasing.FILE_AFTER)
    _everything_due(desk)
    assert not files.path(digest).exists()


def test_representatives_erase_and_export_nobody(desk: Office, everything: tuple[ContactView, int, str]) -> None:
    who, _, _ = everything
    olena = desk.join("Olena")
    acts: list[Callable[..., object]] = [forgetting.erase_contact, export.send_export]
    for act in acts:
        with pytest.raises(Refused, match=r"right\.missing"):
            desk.desk.run(act, who.id, olena)
    assert desk.desk.look(export.make_export, who.id, olena) is None


def test_an_export_holds_all_that_is_kept_of_them_and_nothing_of_others(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, number, _ = everything
    desk.desk.run(export.send_export, who.id, mila)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        told = json.loads(archive.read("everything.json"))
        names = archive.namelist()
        sent = [archive.read(name) for name in names if name.startswith("files/")]
    assert sent == [f"{SECRET} in a file".encode()]
    assert any(name.startswith("letters/") for name in names)
    case = next(one for one in told["cases"] if one["work_id"] == number)
    assert [one["kind"] for one in case["messages"]] == ["customer", "answer", "note"]
    assert case["satisfaction_words"] == f"Says {SECRET}"
    assert {one["address"] for one in told["addresses"]} == {"77001", ADDRESS}
    assert [one["text"] for one in told["messages_elsewhere"]] == [f"{SECRET} elsewhere"]
    assert "Another lamp" not in json.dumps(told)
    assert {one["verb"] for one in told["history"]} >= {"contact_met", "contact_merged", "contact_exported"}
    assert "nonce" not in json.dumps(told)


def test_files_for_which_there_is_no_room_are_named(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    who, number, _ = everything
    monkeypatch.setattr(export, "FILES_BYTES", 5)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["everything.json"]
        told = json.loads(archive.read("everything.json"))
    case = next(one for one in told["cases"] if one["work_id"] == number)
    assert case["messages"][0]["files"][0]["in_archive"] is None


def test_a_queue_keeps_words_for_so_many_days_after_the_end(desk: Office, mila: Representative) -> None:
    vip, other = desk.queue("VIP").id, desk.queue("Other").id
    desk.desk.run(days_of.set_keep_days, vip, 30, mila)
    old, young, open_one, elsewhere = (
        desk.open_case(text=f"The {SECRET} {one}", queue=queue) for one, queue in enumerate((vip, vip, vip, other))
    )
    for number in (old, elsewhere):
        desk.desk.run(cases.resolve, number, mila, f"{SECRET} done")
    desk.clock.advance(timedelta(days=29))
    desk.desk.run(cases.resolve, young, mila)
    assert desk.desk.run(retention.erase_due) == 0
    desk.clock.advance(timedelta(days=2))
    desk.desk.run(retention.plan)
    desk.desk.run(retention.plan)
    _everything_due(desk)
    titles = [desk.item(number).title for number in (old, young, open_one, elsewhere)]
    assert titles == ["(erased)", f"The {SECRET} 1", f"The {SECRET} 2", f"The {SECRET} 3"]
    assert desk.desk.look(seeing.find, SECRET, mila).total == 3
    assert desk.desk.run(retention.erase_due) == 0
    assert desk.verbs(old)[-1] == "words_erased"


def test_more_than_fits_into_one_step_follows_soon(
    desk: Office, mila: Representative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    numbers = [desk.open_case(queue=vip) for _ in range(5)]
    for number in numbers:
        desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    desk.desk.run(retention.plan)
    for _ in range(3):
        _everything_due(desk)
        desk.clock.advance(retention.AGAIN_AFTER)
    assert {desk.item(number).title for number in numbers} == {"(erased)"}


@pytest.mark.parametrize("days", [0, -1, 7301])
def test_days_beyond_reason_are_refused(desk: Office, mila: Representative, days: int) -> None:
    with pytest.raises(Misused, match=r"usage\.queue_keep"):
        desk.desk.run(days_of.set_keep_days, desk.queue().id, days, mila)


def test_facts_of_the_history_lose_their_words_only() -> None:
    kept = {"minutes": 5, "origin": 3, "until": "2026-11-27T10:00:00+00:00", "channel": "email", "numbers": [1, 2]}
    assert erasing.without_words(kept | {"why": SECRET, "names": [SECRET]}) == kept | {"why": "…", "names": "…"}
    chosen = {"field": "priority", "before": "low", "after": "urgent"}
    assert erasing.without_words(chosen) == chosen
    assert erasing.without_words({"field": "title", "before": "a", "after": None}) == {
        "field": "title", "before": "…", "after": None,
    }  # fmt: skip


def test_a_letter_that_nobody_has_understood_yet_is_not_lost(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything
    new = NewLetter("desk@localhost", ADDRESS, "192.0.2.7", desk.clock(), 3, "9" * 64, None, b"Hi!")
    letter = desk.desk.run(keep_letter, new)
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    state, raw = desk.desk.look(
        lambda tx: tx.session.execute(select(Letter.state, Letter.raw).filter_by(id=letter)).one()
    )
    assert (state, raw) == (InboxState.KEPT, b"Hi!")


def test_what_came_from_a_chat_and_cannot_be_read_is_erased_too(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything

    def aside(tx: Tx) -> None:
        settle_updates(tx, [keep_update(tx, (1, 2, f"{{77001 {SECRET}")) or 0], InboxState.SET_ASIDE, "unreadable")

    desk.desk.run(aside)
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    assert _where(desk, SECRET) == []


def test_letters_and_files_that_were_emptied_are_known_as_such(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything
    desk.desk.run(forgetting.erase_contact, who.id, mila)
    rows = desk.desk.look(
        lambda tx: [(row.state, row.raw, row.mail_from) for row in tx.session.scalars(select(Letter))]
    )
    assert rows == [(InboxState.DONE, None, "")] * 2
    states = desk.desk.look(lambda tx: set(tx.session.scalars(select(File.state))))
    assert states == {FileState.LOST}


def _raw_of(desk: Office, letter: int) -> bytes | None:
    return desk.desk.look(lambda tx: tx.session.scalar(select(Letter.raw).filter_by(id=letter)))


def test_the_letter_of_a_message_that_was_merged_into_a_case_goes_with_its_words(
    desk: Office, mila: Representative
) -> None:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    petro = desk.customer("Petro", Channel.EMAIL, "petro@example.com")
    into, moved = desk.open_case(petro, queue=vip), desk.open_case(petro, queue=vip, content_hash="7" * 64)
    entry = desk.desk.look(queries.conversation, moved)[0].id
    letter = desk.desk.run(_keep_raw, "desk@localhost", moved, entry)
    desk.desk.run(lambda tx: setattr(tx.lock_one(Letter, letter), "content_hash", "7" * 64))
    desk.desk.run(merging.merge, [moved], into, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert _raw_of(desk, letter) is not None
    desk.desk.run(cases.resolve, into, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert desk.item(into).title == "(erased)"
    assert _raw_of(desk, letter) is None


def _erased_case(desk: Office, mila: Representative) -> tuple[int, ContactView]:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    ivan = desk.customer()
    number = desk.open_case(ivan, queue=vip)
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    return number, ivan


def test_what_is_said_after_the_words_were_erased_is_erased_in_its_time_too(desk: Office, mila: Representative) -> None:
    number, ivan = _erased_case(desk, mila)
    assert desk.desk.run(incoming.add_message, number, ivan, desk.says(ivan, f"{SECRET} again")) == number
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    assert _where(desk, SECRET) == []


def test_what_is_said_in_a_closed_case_whose_words_were_erased_goes_with_the_next_that_go(
    desk: Office, mila: Representative
) -> None:
    number, ivan = _erased_case(desk, mila)
    desk.desk.run(answering.note, number, f"A note on {SECRET}", mila)
    desk.desk.run(incoming.add_message, number, ivan, desk.says(ivan, f"Thanks, {SECRET}"), reopen=False)
    desk.desk.run(lambda tx: setattr(tx.lock_one(Case, number), "rating_asked_at", tx.now))
    desk.desk.run(rating.rate, number, 5, ivan)
    desk.desk.run(rating.add_words, number, f"Says {SECRET}", ivan)
    assert _where(desk, SECRET) != []
    assert desk.desk.run(retention.erase_due) == 1
    assert _where(desk, SECRET) == []
    assert desk.desk.run(retention.erase_due) == 0


@pytest.mark.parametrize("what", ["done", "called off", "entitled", "snoozed"])
def test_what_is_said_of_an_activity_for_a_case_whose_words_were_erased_goes_with_the_next_that_go(
    desk: Office, mila: Representative, what: str
) -> None:
    vip = desk.queue("VIP").id
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    number = desk.open_case(queue=vip)
    task = desk.desk.run(activities.plan_task, "Call them", mila, regarding=number).number
    desk.desk.run(cases.resolve, number, mila)
    desk.clock.advance(timedelta(days=2))
    assert desk.desk.run(retention.erase_due) == 1
    desk.clock.advance(timedelta(hours=1))
    if what == "done":
        desk.desk.run(finishing.finish, task, mila, f"They said {SECRET}")
    elif what == "called off":
        desk.desk.run(finishing.call_off, task, mila, f"They said {SECRET}")
    elif what == "entitled":
        desk.desk.run(editing.edit, task, {Field.TITLE: f"Ask about {SECRET}"}, mila)
    else:
        until = desk.clock() + timedelta(days=3)
        desk.desk.run(activities.snooze, task, until, f"They said {SECRET}", mila)
    assert _where(desk, SECRET) != []
    assert desk.desk.run(retention.erase_due) == 1
    assert _where(desk, SECRET) == []
    assert desk.desk.run(retention.erase_due) == 0


def test_a_customer_who_opens_a_case_again_whose_words_were_erased_is_told_how_it_ends(
    desk: Office, mila: Representative
) -> None:
    number, ivan = _erased_case(desk, mila)
    desk.desk.run(incoming.not_solved, number, ivan)
    desk.desk.run(cases.resolve, number, mila)
    assert key_of(desk.owed(contact_id=ivan.id)[-1]) == "customer.resolved"


def test_what_others_wrote_stays_though_it_has_the_name_or_the_address_in_it(
    desk: Office, mila: Representative
) -> None:
    al = desk.customer("Al", Channel.EMAIL, "ann@example.com")
    raw = b"From: joann@example.com\r\nTo: ann@example.com.ua\r\n\r\nHello\r\n"
    new = NewLetter("desk@localhost", "joann@example.com", "192.0.2.7", desk.clock(), 3, "9" * 64, None, raw)
    letter = desk.desk.run(keep_letter, new)
    desk.desk.run(settle_letter, letter, InboxState.SET_ASIDE)
    update = json.dumps({"message": {"chat": {"id": 88}, "text": "Write to joann@example.com"}})
    desk.desk.run(lambda tx: settle_updates(tx, [keep_update(tx, (1, 1, update)) or 0]))
    theirs = json.dumps({"message": {"chat": {"id": 88}, "text": "Or to\nAnn@Example.com."}})
    desk.desk.run(lambda tx: settle_updates(tx, [keep_update(tx, (1, 2, theirs)) or 0]))
    desk.desk.run(keep_draft, 88, "which", {"text": "We shall also come"})
    desk.desk.run(keep_draft, 89, "which", {"text": "Tell\nAl: yes"})
    desk.desk.run(forgetting.erase_contact, al.id, mila)
    assert _raw_of(desk, letter) == raw
    assert _where(desk, "joann@example.com") == ["letter.mail_from", "letter.raw", "telegram_update.raw"]
    assert _where(desk, "Or to") == []
    assert _where(desk, "also come") == ["draft.state"]
    assert _where(desk, "Al: yes") == []


@pytest.mark.parametrize(
    ("head", "gone"),
    [
        ("From: Petro <petro@example.com>\r\nTo: ann@example.com", False),
        ("From: petro@example.com\r\nReply-To: petro@example.com\r\nSubject: ann@example.com", False),
        ("From: Ann <ANN@example.com>", True),
        ("Subject: Hi\nFROM:\n Ann <ann@example.com>", True),
        ("From: list@example.com\r\nSender: ann@example.com", True),
    ],
)
def test_of_letters_that_were_set_aside_those_go_that_are_from_the_address_and_none_that_name_it(
    desk: Office, mila: Representative, head: str, gone: bool
) -> None:
    ann = desk.customer("Ann", Channel.EMAIL, "ann@example.com")
    raw = f"{head}\r\n\r\nFrom: ann@example.com\r\nWrite to ann@example.com\r\n".encode()
    new = NewLetter("desk@localhost", "bounce@list.example", "192.0.2.7", desk.clock(), 3, "9" * 64, None, raw)
    letter = desk.desk.run(keep_letter, new)
    desk.desk.run(settle_letter, letter, InboxState.SET_ASIDE)
    desk.desk.run(forgetting.erase_contact, ann.id, mila)
    assert (_raw_of(desk, letter) is None) == gone


@pytest.mark.parametrize("state", [InboxState.SET_ASIDE, InboxState.DONE])
def test_a_large_letter_goes_by_whom_it_was_found_to_be_from(
    desk: Office, mila: Representative, state: InboxState
) -> None:
    ann = desk.customer("Ann", Channel.EMAIL, "ann@example.com")
    kept = []
    for number, sender in enumerate(("ann@example.com", "joann@example.com")):
        new = NewLetter(
            "d@localhost", "bounce@list.example", "192.0.2.7", desk.clock(), 3, f"{number}" * 64, None, None
        )
        kept.append(desk.desk.run(keep_letter, replace(new, file=f"{number}" * 64)))
        desk.desk.run(settle_letter, kept[-1], state)
        desk.desk.run(lambda tx, who=sender: setattr(tx.lock_one(Letter, kept[-1]), "facts", {"from": who}))
    desk.desk.run(forgetting.erase_contact, ann.id, mila)
    files = [desk.desk.look(lambda tx, row=row: tx.session.get_one(Letter, row).file) for row in kept]
    assert files == [None, "1" * 64]


def test_neither_a_domain_nor_a_conversation_of_theirs_is_left(desk: Office, mila: Representative) -> None:
    ann = desk.customer("Ann", Channel.EMAIL, "ann@ann-kovalenko.example")
    number = desk.open_case(ann)
    entry = desk.desk.look(queries.conversation, number)[0].id
    desk.desk.run(lambda tx: setattr(tx.lock_one(Entry, entry), "conversation", "ab" * 16))
    desk.desk.run(cases.accept, number, mila)
    desk.desk.run(answering.answer, number, "Hello", mila)
    assert "outbox.domain" in _where(desk, "ann-kovalenko.example")
    desk.desk.run(cases.resolve, number, mila)
    desk.desk.run(forgetting.erase_contact, ann.id, mila)
    assert _where(desk, "ann-kovalenko.example", "ab" * 16) == []


def test_no_code_that_was_asked_for_tells_an_address_of_theirs(desk: Office, mila: Representative) -> None:
    ivan, same = desk.customer(), desk.customer("Ivan P.")
    desk.desk.run(linking.ask_code, same, ADDRESS)
    desk.desk.run(contacts.merge_by_hand, same.id, ivan.id, mila)
    desk.desk.run(forgetting.erase_contact, ivan.id, mila)
    assert _where(desk, ADDRESS) == []


def test_nobody_goes_on_as_who_was_erased(desk: Office, mila: Representative) -> None:
    ivan, same = desk.customer(), desk.customer("Ivan P.")
    desk.desk.run(forgetting.erase_contact, ivan.id, mila)
    for one, into in ((same, ivan), (ivan, same)):
        with pytest.raises(Refused, match=r"contact\.erased"):
            desk.desk.run(contacts.merge_by_hand, one.id, into.id, mila)


def test_who_was_merged_after_it_was_asked_is_not_said_to_be_erased(desk: Office, mila: Representative) -> None:
    ivan, same = desk.customer(), desk.customer("Ivan P.")
    desk.desk.run(contacts.merge_by_hand, same.id, ivan.id, mila)
    with pytest.raises(Refused, match=r"contact\.merged"):
        desk.desk.run(forgetting.erase_contact, same.id, mila)


def test_an_export_holds_no_letter_of_another_that_became_no_message(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str]
) -> None:
    who, _, _ = everything
    petros = next(
        row.work_id or 0 for row in desk.owed() if row.work_id and desk.item(row.work_id).title == "Another lamp"
    )
    rating_of_petro = desk.desk.run(_keep_raw, "rating@localhost", petros, None)
    content = desk.desk.look(export.make_export, who.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert f"letters/{rating_of_petro}.eml" not in archive.namelist()


def test_what_a_message_in_the_case_of_another_said_before_it_was_edited_is_theirs_alone(
    desk: Office, mila: Representative
) -> None:
    ivan, petro = desk.customer("Ivan"), desk.customer("Petro")
    mine = desk.open_case(ivan, f"The {SECRET} is silent", chat_id=77, chat_message_id=1)
    into = desk.open_case(petro, "Another lamp")
    desk.desk.run(merging.merge, [mine], into, mila, confirmed=True)
    desk.desk.run(incoming.edit_message, 77, 1, "Never mind", ivan)
    desk.desk.run(cases.resolve, into, mila)
    content = desk.desk.look(export.make_export, petro.id, mila) or b""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert SECRET not in archive.read("everything.json").decode()
    desk.desk.run(forgetting.erase_contact, ivan.id, mila)
    assert _where(desk, SECRET) == []
