"""What is erased is nowhere any more: not one word, name or address in any table, nor a file on the disk."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from core.cases import actions as cases
from core.cases import (
    answering,
    contacts,
    conversations,
    erasing,
    export,
    forgetting,
    incoming,
    linking,
    merging,
    queries,
    seeing,
)
from core.cases.model import Entry
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.errors import Refused
from core.outbox.model import Channel
from core.people.views import Representative
from core.store.files import FileStore
from tests.core.cases.erased.everywhere import ADDRESS, SECRET, where
from tests.core.office import Office, fire_due


def test_not_a_word_is_left_anywhere(
    desk: Office, mila: Representative, everything: tuple[ContactView, int, str], files: FileStore
) -> None:
    who, number, digest = everything
    before = where(desk, SECRET)
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
    assert where(desk, SECRET, "77001", ADDRESS) == []
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
    fire_due(desk.desk)
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
    assert "Another lamp" in desk.texts(petros)


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
    fire_due(desk.desk)
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
    fire_due(desk.desk)
    assert files.path(digest).exists()
    desk.clock.advance(erasing.FILE_AFTER)
    fire_due(desk.desk)
    assert not files.path(digest).exists()


def test_representatives_erase_and_export_nobody(desk: Office, everything: tuple[ContactView, int, str]) -> None:
    who, _, _ = everything
    olena = desk.join("Olena")
    acts: list[Callable[..., object]] = [forgetting.erase_contact, export.send_export]
    for act in acts:
        with pytest.raises(Refused, match=r"right\.missing"):
            desk.desk.run(act, who.id, olena)
    assert desk.desk.look(export.make_export, who.id, olena) is None


def test_facts_of_the_history_lose_their_words_only() -> None:
    kept = {"minutes": 5, "origin": 3, "until": "2026-11-27T10:00:00+00:00", "channel": "email", "numbers": [1, 2]}
    assert erasing.without_words(kept | {"why": SECRET, "names": [SECRET]}) == kept | {"why": "…", "names": "…"}
    chosen = {"field": "priority", "before": "low", "after": "urgent"}
    assert erasing.without_words(chosen) == chosen
    assert erasing.without_words({"field": "title", "before": "a", "after": None}) == {
        "field": "title", "before": "…", "after": None,
    }  # fmt: skip


def test_neither_a_domain_nor_a_conversation_of_theirs_is_left(desk: Office, mila: Representative) -> None:
    ann = desk.customer("Ann", Channel.EMAIL, "ann@ann-kovalenko.example")
    number = desk.open_case(ann)
    entry = desk.desk.look(conversations.conversation, number)[0].id
    desk.desk.run(lambda tx: setattr(tx.lock_one(Entry, entry), "conversation", "ab" * 16))
    desk.desk.run(cases.accept, number, mila)
    desk.desk.run(answering.answer, number, "Hello", mila)
    assert "outbox.domain" in where(desk, "ann-kovalenko.example")
    desk.desk.run(cases.resolve, number, mila)
    desk.desk.run(forgetting.erase_contact, ann.id, mila)
    assert where(desk, "ann-kovalenko.example", "ab" * 16) == []


def test_no_code_that_was_asked_for_tells_an_address_of_theirs(desk: Office, mila: Representative) -> None:
    ivan, same = desk.customer(), desk.customer("Ivan P.")
    desk.desk.run(linking.ask_code, same, ADDRESS)
    desk.desk.run(contacts.merge_by_hand, same.id, ivan.id, mila)
    desk.desk.run(forgetting.erase_contact, ivan.id, mila)
    assert where(desk, ADDRESS) == []


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
    assert where(desk, SECRET) == []
