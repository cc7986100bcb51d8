"""What stands below an answer by mail: who wrote it, what their queue says, and the conversation where it is wanted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.cases import actions as cases
from core.cases import answering, merging, splitting
from core.cases.incoming import add_to, open_case
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel
from core.people import signatures
from core.people.rules import Role
from core.settings import House
from core.store.files import FileStore
from core.work import mailing
from tests.core.office import Office
from workers.mail_out.post import write


class Desk:
    """A case in VIP whose customer came by mail, and who answers it."""

    def __init__(self, office: Office, files: Path) -> None:
        self.office, self.files = office, FileStore(files)
        self.olena = office.join("Olena")
        self.boss = office.join("Boss", Role.MANAGER)
        self.vip = office.queue("VIP").id
        self.maria = office.customer("Maria", channel=Channel.EMAIL, locale="uk")
        self.number = office.open_case(self.maria, "It is \\ broken", queue=self.vip)
        office.desk.run(cases.accept, self.number, self.olena)

    def letter(self, words: str) -> str:
        """Answer, and read the letter that goes out."""
        desk = self.office.desk
        made = desk.run(answering.answer, self.number, words, self.olena)
        (owed,) = self.office.owed(entry_id=made.entry_id, kind="answer")
        for row in self.office.owed(channel=Channel.EMAIL, state="owed"):
            if row.id != owed.id:
                desk.run(outbox.withdraw, row.id)
        self.office.clock.advance(House().undo)
        parcel = desk.run(claims.claim_mail, owed.id)
        assert parcel is not None
        self.written = write(desk, self.files, parcel)[0]
        desk.run(outbox.settle_sent, parcel)
        return self.written.text + self.written.below

    def sign(self, words: str | None, language: str | None = None) -> None:
        self.office.desk.run(signatures.set_signature, self.olena, words, language)

    def sign_queue(self, words: str | None, language: str | None = None) -> None:
        self.office.desk.run(mailing.set_signature, self.vip, words, language, self.boss)

    def quote(self) -> None:
        self.office.desk.run(mailing.set_quotes, self.vip, self.boss, quotes=True)


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


def test_nothing_is_added_where_nobody_asked_for_it(desk: Desk) -> None:
    assert desk.letter("  C:\\new  \n\ttab  ") == "  C:\\new  \n\ttab  "


def test_who_writes_signs_and_their_queue_after_them(desk: Desk) -> None:
    desk.sign("Olena Koval")
    assert desk.letter("Yes") == "Yes\n\n-- \nOlena Koval"
    desk.sign_queue("VIP desk\n+380 44 000 00 00")
    assert desk.letter("Yes") == "Yes\n\n-- \nOlena Koval\nVIP desk\n+380 44 000 00 00"
    desk.sign(None)
    assert desk.letter("Yes") == "Yes\n\n-- \nVIP desk\n+380 44 000 00 00"


def test_a_signature_is_in_the_language_of_the_customer_where_there_is_one(desk: Desk) -> None:
    desk.sign("Olena Koval")
    desk.sign("З повагою, Олена", "uk")
    assert desk.letter("Так").endswith("-- \nЗ повагою, Олена")
    desk.sign(None, "uk")
    assert desk.letter("Так").endswith("-- \nOlena Koval")


def test_the_conversation_is_quoted_newest_first_where_the_queue_says_so(desk: Desk) -> None:
    desk.quote()
    first = desk.letter("Which one?")
    assert first.startswith("Which one?\n\n")
    assert first.endswith("Maria:\n> It is \\ broken")
    desk.office.clock.advance(timedelta(hours=1))
    desk.office.desk.run(add_to, desk.number, desk.maria, desk.office.says(desk.maria, "The left one\n\n> as I said"))
    desk.office.desk.run(answering.note, desk.number, "A rude one", desk.olena)
    heads = [line for line in desk.letter("I see").split("\n") if line.endswith(":")]
    assert [head.rpartition(", ")[2] for head in heads] == ["Maria:", "Olena:", "Maria:"]
    assert "A rude one" not in desk.letter("Once more")


def test_what_came_sealed_is_not_sent_back_in_the_clear(desk: Desk) -> None:
    desk.quote()
    sealed = desk.office.says(desk.maria, "My secret trouble", flags=("flag.opened",))
    desk.office.desk.run(add_to, desk.number, desk.maria, sealed)
    quoted = desk.letter("I see")
    assert "secret" not in quoted
    assert quoted.endswith("> It is \\ broken")
    made = desk.office.desk.run(answering.answer, desk.number, "Done", desk.olena)
    assert made.unsealed, "its writer is told"
    desk.office.desk.run(add_to, desk.number, desk.maria, desk.office.says(desk.maria, "Thanks"))
    assert not desk.office.desk.run(answering.answer, desk.number, "Bye", desk.olena).unsealed


def test_a_case_of_a_sealed_letter_without_a_subject_is_not_called_by_its_words(desk: Desk) -> None:
    sealed = desk.office.says(desk.maria, "My secret trouble", flags=("flag.opened",))
    desk.number = desk.office.desk.run(open_case, desk.maria, sealed, queue=desk.vip)
    desk.office.desk.run(cases.accept, desk.number, desk.olena)
    desk.letter("I see")
    assert "secret" not in desk.written.subject
    later = desk.office.desk.run(lambda tx: add_to(tx, desk.number, desk.maria, sealed).id)
    split = desk.office.desk.run(splitting.split, desk.number, later, desk.olena)
    assert "secret" not in desk.office.item(split).title


def test_at_most_three_messages_are_quoted_and_long_ones_are_cut(desk: Desk) -> None:
    desk.quote()
    for number in range(4):
        desk.letter(f"{number} " + "word " * 700)
    quoted = desk.letter("Last")
    assert quoted.count("\n> ") == 3
    assert "> 0 " not in quoted
    assert len(quoted) < 3 * 2000 + 300


def test_what_other_customers_said_or_were_told_is_quoted_to_nobody(desk: Desk) -> None:
    desk.quote()
    office, petro = desk.office, desk.office.customer("Petro", channel=Channel.EMAIL, address="petro@far.example")
    other = office.open_case(petro, "My secret trouble", queue=desk.vip)
    office.desk.run(answering.answer, other, "Your secret is safe", desk.olena)
    office.desk.run(merging.merge, [other], desk.number, desk.olena, confirmed=True)
    quoted = desk.letter("Hello")
    assert "secret" not in quoted
    assert "It is \\ broken" in quoted


def test_neither_subjects_nor_marks_of_letters_of_others_are_told_to_anybody(desk: Desk) -> None:
    office = desk.office
    petro = office.customer("Petro", channel=Channel.EMAIL, address="petro@far.example")
    anna = office.customer("Anna", channel=Channel.EMAIL, address="anna@near.example")
    his = {"subject": "My secret trouble", "message_id": "secret@far.example"}
    other = office.open_case(petro, "Silence", queue=desk.vip, **his)
    number = office.open_case(anna, "Noise", queue=desk.vip, subject="A noise", message_id="noise@near.example")
    office.desk.run(cases.accept, number, desk.olena)
    office.desk.run(merging.merge, [other], number, desk.olena, confirmed=True)
    desk.number = number
    desk.letter("Hello")
    assert desk.written.subject.startswith("Re: A noise ")
    assert desk.written.references == ("noise@near.example",)
