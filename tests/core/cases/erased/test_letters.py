"""Raw letters and updates go with whom they are from, and those of others stay."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.cases import forgetting
from core.cases.model import File
from core.cases.rules import FileState
from core.customers.views import ContactView
from core.desk import Tx
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState, Letter
from core.inbox.updates import keep_update, settle_updates
from core.outbox.model import Channel
from core.people.views import Representative
from core.work.drafts import keep_draft
from tests.core.cases.erased.everywhere import ADDRESS, SECRET, raw_of, where
from tests.core.office import Office


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
    assert where(desk, SECRET) == []


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
    assert raw_of(desk, letter) == raw
    assert where(desk, "joann@example.com") == ["letter.mail_from", "letter.raw", "telegram_update.raw"]
    assert where(desk, "Or to") == []
    assert where(desk, "also come") == ["draft.state"]
    assert where(desk, "Al: yes") == []


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
    assert (raw_of(desk, letter) is None) == gone


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
