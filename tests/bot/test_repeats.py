"""Whatever goes out although an earlier try may have arrived says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.drawing import TEXT_LENGTH, Drawn, draw, length
from bot.sending import Fate, Result
from bot.settling import settle
from core.cases import answering
from core.cases.model import Entry, File
from core.cases.rules import FileState
from core.cases.views import NewFile
from core.desk import Tx
from core.outbox.actions import Message, To, owe, settle_sent
from core.outbox.claims import claim_due
from core.outbox.model import Channel, OwedKind
from core.outbox.views import Parcel
from core.people.views import Representative
from core.texts.said import Notice, said
from tests.core.office import Office

MARK = "sent again"


def _again(office: Office, kind: OwedKind) -> list[tuple[Parcel, Drawn]]:
    """Draw the repeats of all that is owed of a kind."""
    office.clock.advance(timedelta(seconds=30))
    found = []
    while parcels := office.desk.run(claim_due, Channel.TELEGRAM, 50):
        for parcel in parcels:
            again = replace(parcel, repeat=True)
            drawn = office.desk.look(draw, again)
            assert drawn is not None
            if parcel.kind is kind:
                found.append((again, drawn))
            office.desk.run(settle, parcel, replace(drawn, unmarked=False), Result(Fate.SENT, message_id=parcel.id))
    return found


def _answered(office: Office, olena: Representative, text: str, *files: NewFile) -> list[tuple[Parcel, Drawn]]:
    number = office.open_case(office.customer(locale="en"))
    office.desk.run(answering.answer, number, text, olena, files=files)
    return _again(office, OwedKind.ANSWER)


def test_a_repeated_answer_is_marked(office: Office, olena: Representative) -> None:
    ((_, drawn),) = _answered(office, olena, "Switch it off")
    assert drawn.text.startswith("Switch it off\n")
    assert MARK in drawn.text


def test_every_part_of_a_repeated_answer_with_files_is_marked(office: Office, olena: Representative) -> None:
    photos = [NewFile("photo", "p.jpg", "image/jpeg", 5, telegram_id=str(number)) for number in range(3)]
    parts = _answered(office, olena, "See these", *photos)
    assert len(parts) == 3
    assert all(MARK in drawn.text or drawn.unmarked for _, drawn in parts)


@pytest.mark.parametrize("text", ["й" * TEXT_LENGTH, "&" * (TEXT_LENGTH - 3), "🙂" * (TEXT_LENGTH // 2)])
def test_a_repeated_answer_that_fills_a_message_is_whole_and_a_line_follows_it(
    office: Office, olena: Representative, text: str
) -> None:
    ((parcel, drawn),) = _answered(office, olena, text)
    assert length(drawn.text) == len(text.encode("utf-16-le")) // 2
    assert drawn.unmarked
    _follows(office, parcel, drawn)


def test_a_file_that_has_no_caption_is_followed_by_a_line(office: Office, olena: Representative) -> None:
    note = NewFile("video_note", "v.mp4", "video/mp4", 5, telegram_id="v")
    parts = [one for one in _answered(office, olena, "", note) if one[1].file is not None]
    ((parcel, drawn),) = parts
    assert drawn.unmarked
    _follows(office, parcel, drawn)


def _follows(office: Office, parcel: Parcel, drawn: Drawn) -> None:
    """Send a repeat anew, and look at what is owed because of it."""
    to = To(parcel.channel, parcel.address, contact=parcel.contact_id)
    office.desk.run(lambda tx: owe(tx, to, Message(parcel.kind, parcel.facts, parcel.work_id, parcel.entry_id)).id)
    (anew,) = office.desk.run(claim_due, Channel.TELEGRAM, 1)
    office.desk.run(settle, anew, drawn, Result(Fate.SENT, message_id=777))
    (line,) = office.desk.run(claim_due, Channel.TELEGRAM, 1)
    shown = office.desk.look(draw, line)
    assert shown is not None
    assert MARK in shown.text
    assert shown.reply_to == 777


def test_a_repeated_file_for_staff_is_marked(office: Office, olena: Representative) -> None:
    office.open_case(office.customer())

    def file(tx: Tx) -> None:
        entry = tx.session.query(Entry).first()
        assert entry is not None
        facts: dict[str, Any] = {"kind": "photo", "name": "p.jpg", "content_type": "image/jpeg", "size": 5}
        row = File(entry_id=entry.id, state=FileState.WAITING, telegram_id="p", **facts)
        tx.session.add(row)
        tx.session.flush()
        owe(tx, To(Channel.TELEGRAM, str(olena.chat_id), olena.id), Message(OwedKind.FILE, {"file": row.id}))

    office.desk.run(file)
    ((_, drawn),) = _again(office, OwedKind.FILE)
    assert MARK in drawn.text


def test_a_long_notice_is_cut_before_its_mark(office: Office, olena: Representative) -> None:
    what = Notice((said("text.quote", text="long " * 1500),))
    to = To(Channel.TELEGRAM, str(olena.chat_id), olena.id)
    office.desk.run(lambda tx: owe(tx, to, Message(OwedKind.NOTICE, what.to_json())).id)
    ((_, drawn),) = _again(office, OwedKind.NOTICE)
    assert MARK in drawn.text
    assert length(drawn.text) <= TEXT_LENGTH


def test_whoever_lost_the_lease_gives_nothing_up(office: Office, olena: Representative) -> None:
    number = office.open_case(office.customer(locale="en"))
    office.desk.run(answering.answer, number, "Switch it off", olena)
    office.clock.advance(timedelta(seconds=30))
    while (parcels := office.desk.run(claim_due, Channel.TELEGRAM, 50)) and parcels[0].kind is not OwedKind.ANSWER:
        for parcel in parcels:
            office.desk.run(settle_sent, parcel)
    office.clock.advance(timedelta(minutes=5))
    office.desk.run(claim_due, Channel.TELEGRAM, 50)
    office.desk.run(settle, parcels[0], Drawn(int(parcels[0].address), "…"), Result(Fate.REFUSED, error="400"))
    assert "undeliverable" not in office.verbs(number)
