"""What representatives write: it goes where the customer last was, can be taken back, and can be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import answering, conversations, delivery, queries
from core.cases.answering import ANSWER_LENGTH, CAPTION_LENGTH
from core.cases.model import Case
from core.cases.rules import EntryKind
from core.cases.views import AnswerView, NewFile
from core.customers import actions as customers
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.intake import failures
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.actions import give_up, owe_notice, settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.people.views import Representative
from core.settings import House
from core.texts.said import notice
from core.work import cards
from core.work.rules import QueueKind
from tests.core.office import Office, key_of

PHOTO = NewFile("photo", "a.jpg", "image/jpeg", 9, telegram_id="A")
CHAT = (1001, 50)


@pytest.fixture
def number(office: Office, ivan: ContactView) -> int:
    return office.open_case(ivan)


def _answer(office: Office, number: int, by: Representative, text: str = "Try again", **more: object) -> AnswerView:
    return office.desk.run(answering.answer, number, text, by, **more)  # type: ignore[arg-type] # any of its keywords


def _claim(office: Office, who: ContactView) -> Parcel:
    """Send everything to a customer but the last row, and hold that."""
    while True:
        (parcel,) = office.desk.run(claims.claim_due, Channel.TELEGRAM, 1, not_lanes=_other_lanes(office, who))
        if parcel.kind is not OwedKind.NOTICE:
            return parcel
        office.desk.run(outbox.settle_sent, parcel, 1)


def _other_lanes(office: Office, who: ContactView) -> list[str]:
    return [row.lane for row in office.owed() if row.contact_id != who.id]


# --- answering ------------------------------------------------------------------------------------


def test_an_answer_accepts_the_case_and_goes_out_after_ten_seconds(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    answer = _answer(office, number, olena)
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)
    assert (answer.name, answer.channel, answer.undo_until) == ("Ivan", Channel.TELEGRAM, office.clock() + House().undo)
    assert office.told_customer(ivan) == ["receipt.new", "customer.accepted", "answer"]
    row = office.owed(kind=OwedKind.ANSWER)[0]
    assert (row.due_at, row.entry_id, row.address) == (answer.undo_until, answer.entry_id, answer.address)
    assert office.item(number).answered
    assert office.verbs(number)[-1] == "answered"


def test_the_first_answer_is_remembered_and_not_the_next(office: Office, number: int, olena: Representative) -> None:
    at = office.clock()
    for _ in range(2):
        _answer(office, number, olena)
        office.clock.advance(timedelta(hours=1))
    assert office.desk.look(lambda tx: tx.session.get_one(Case, number).first_answer_at) == at


def test_a_file_with_few_words_goes_as_one_and_with_many_as_two(
    office: Office, number: int, olena: Representative
) -> None:
    _answer(office, number, olena, "See", files=(PHOTO, PHOTO))
    facts = [row.facts for row in office.owed(kind=OwedKind.ANSWER)]
    assert [set(one) for one in facts] == [{"file", "caption"}, {"file"}]
    _answer(office, number, olena, "x" * (CAPTION_LENGTH + 1), files=(PHOTO,))
    assert [set(row.facts) for row in office.owed(kind=OwedKind.ANSWER)][2:] == [set(), {"file"}]


def test_by_mail_an_answer_is_one_letter(office: Office, olena: Representative) -> None:
    number = office.open_case(office.customer("Petro", Channel.EMAIL))
    answer = _answer(office, number, olena, files=(PHOTO, PHOTO))
    assert (answer.channel, answer.address) == (Channel.EMAIL, "petro@example.com")
    assert [row.facts for row in office.owed(kind=OwedKind.ANSWER)] == [{}]


@pytest.mark.parametrize(
    ("text", "key"), [("", "answer.empty"), (" \n ", "answer.empty"), ("x" * (ANSWER_LENGTH + 1), "answer.too_long")]
)
def test_an_answer_has_some_words_and_fits_one_message(
    office: Office, number: int, olena: Representative, text: str, key: str
) -> None:
    with pytest.raises(Misused) as caught:
        _answer(office, number, olena, text)
    assert caught.value.key == key
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_a_file_alone_is_an_answer(office: Office, number: int, olena: Representative) -> None:
    _answer(office, number, olena, "", files=(PHOTO,))
    assert office.desk.look(queries.case, number).messages == 2


def test_nobody_answers_what_another_works_on(office: Office, number: int, olena: Representative) -> None:
    taras = office.join("Taras")
    office.desk.run(cases.accept, number, olena)
    with pytest.raises(Refused, match=r"item\.taken.*Olena"):
        _answer(office, number, taras)
    assert office.owed(kind=OwedKind.ANSWER) == []


def test_a_closed_case_is_not_answered(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(cases.resolve, number, olena)
    with pytest.raises(Refused, match=r"item\.closed"):
        _answer(office, number, olena)


def test_with_no_way_left_the_representative_is_told(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    office.desk.run(customers.block_address, *office.address_of(ivan))
    with pytest.raises(Refused, match=r"answer\.no_way"):
        _answer(office, number, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_what_is_no_case_is_not_answered(office: Office, olena: Representative) -> None:
    with pytest.raises(NotFound, match=r"item\.unknown"):
        _answer(office, 10**9, olena)


# --- undo -----------------------------------------------------------------------------------------


def test_an_answer_can_be_taken_back_before_it_goes_out(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    answer = _answer(office, number, olena, files=(PHOTO, PHOTO))
    assert office.desk.run(answering.undo, answer.entry_id, olena) == "Try again"
    assert {row.state for row in office.owed(kind=OwedKind.ANSWER)} == {OwedState.WITHDRAWN}
    assert [entry.kind for entry in office.desk.look(conversations.conversation, number)] == [EntryKind.CUSTOMER]
    assert not office.item(number).answered
    assert office.verbs(number)[-1] == "answer_withdrawn"


def test_taking_back_a_second_answer_leaves_the_first(office: Office, number: int, olena: Representative) -> None:
    _answer(office, number, olena, "First")
    second = _answer(office, number, olena, "Second")
    office.desk.run(answering.undo, second.entry_id, olena)
    assert office.item(number).answered
    assert office.desk.look(conversations.conversation, number)[-1].text == "First"


def test_what_was_taken_back_was_never_the_first_answer(office: Office, number: int, olena: Representative) -> None:
    def first(tx: Tx) -> object:
        return tx.session.get_one(Case, number).first_answer_at

    answer = _answer(office, number, olena)
    office.desk.run(answering.undo, answer.entry_id, olena)
    assert office.desk.look(first) is None
    at = office.clock.advance(timedelta(minutes=1))
    _answer(office, number, olena)
    later = _answer(office, number, olena)
    office.desk.run(answering.undo, later.entry_id, olena)
    assert office.desk.look(first) == at


def test_what_is_on_its_way_cannot_be_taken_back(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    answer = _answer(office, number, olena)
    office.clock.advance(House().undo)
    parcel = _claim(office, ivan)
    for _ in ("on its way", "sent"):
        with pytest.raises(Refused, match=r"answer\.gone"):
            office.desk.run(answering.undo, answer.entry_id, olena)
        office.desk.run(outbox.settle_sent, parcel, 9)
    assert office.item(number).answered


def test_what_may_be_out_cannot_be_taken_back(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    answer = _answer(office, number, olena)
    office.clock.advance(House().undo)
    _claim(office, ivan)
    office.clock.advance(House().send_lease * 2)
    with pytest.raises(Refused, match=r"answer\.gone"):
        office.desk.run(answering.undo, answer.entry_id, olena)


def test_only_its_author_takes_an_answer_back_and_only_once(office: Office, number: int, olena: Representative) -> None:
    taras, answer = office.join("Taras"), _answer(office, number, olena)
    with pytest.raises(NotFound, match=r"answer\.unknown"):
        office.desk.run(answering.undo, answer.entry_id, taras)
    office.desk.run(answering.undo, answer.entry_id, olena)
    with pytest.raises(NotFound, match=r"answer\.unknown"):
        office.desk.run(answering.undo, answer.entry_id, olena)


def test_a_note_is_no_answer_to_be_taken_back(office: Office, number: int, olena: Representative) -> None:
    note = office.desk.run(answering.note, number, "inside", olena)
    with pytest.raises(NotFound, match=r"answer\.unknown"):
        office.desk.run(answering.undo, note, olena)


# --- edits ----------------------------------------------------------------------------------------


def _edit(office: Office, by: Representative, text: str = "Try once more") -> int | None:
    return office.desk.run(answering.edit_answer, CHAT, text, by)


def test_an_edit_before_the_answer_is_out_changes_what_goes_out(
    office: Office, number: int, olena: Representative
) -> None:
    answer = _answer(office, number, olena, chat=CHAT)
    assert _edit(office, olena) == number
    assert office.owed(kind=OwedKind.EDIT) == []
    words, _ = office.desk.look(conversations.answer_words, answer.entry_id, 1)
    assert words == "Try once more"
    assert office.facts(number, "message_edited")["before"] == "Try again"


@pytest.mark.parametrize("outcome", ["leased", "lease lost", "sent", "unknown"])
def test_an_edit_afterwards_follows_it_into_the_chat(
    office: Office, number: int, ivan: ContactView, olena: Representative, outcome: str
) -> None:
    _answer(office, number, olena, chat=CHAT)
    office.clock.advance(House().undo)
    parcel = _claim(office, ivan)
    match outcome:
        case "sent":
            office.desk.run(outbox.settle_sent, parcel, 9)
        case "unknown":
            office.desk.run(outbox.settle_unknown, parcel, "timeout", office.clock())
        case "lease lost":
            office.clock.advance(House().send_lease)
    assert _edit(office, olena) == number
    (row,) = office.owed(kind=OwedKind.EDIT)
    assert (row.facts["of"], row.lane, row.sound) == (parcel.id, parcel.lane, False)


def test_what_went_by_mail_cannot_be_changed(office: Office, olena: Representative) -> None:
    number = office.open_case(office.customer("Petro", Channel.EMAIL))
    _answer(office, number, olena, chat=CHAT)
    office.clock.advance(House().undo)
    parcels = office.desk.run(claims.claim_due, Channel.EMAIL, 9)
    while parcels:
        for parcel in parcels:
            office.desk.run(outbox.settle_sent, parcel)
        parcels = office.desk.run(claims.claim_due, Channel.EMAIL, 9)
    with pytest.raises(Refused, match=r"answer\.mailed"):
        _edit(office, olena)


@pytest.mark.parametrize(("text", "key"), [("  ", "answer.empty"), ("x" * (ANSWER_LENGTH + 1), "answer.too_long")])
def test_an_edit_keeps_to_the_limits(office: Office, number: int, olena: Representative, text: str, key: str) -> None:
    _answer(office, number, olena, chat=CHAT)
    with pytest.raises(Misused) as caught:
        _edit(office, olena, text)
    assert caught.value.key == key


def test_words_below_a_file_stay_short(office: Office, number: int, olena: Representative) -> None:
    _answer(office, number, olena, "See", files=(PHOTO,), chat=CHAT)
    with pytest.raises(Misused, match=rf"answer\.too_long.*limit={CAPTION_LENGTH}"):
        _edit(office, olena, "x" * (CAPTION_LENGTH + 1))
    assert _edit(office, olena, "See this") == number


def test_an_edit_of_something_else_is_nothing(office: Office, number: int, olena: Representative) -> None:
    taras = office.join("Taras")
    assert _edit(office, olena) is None
    answer = _answer(office, number, olena, chat=CHAT)
    assert _edit(office, taras) is None
    assert _edit(office, olena, "Try again") is None
    office.desk.run(answering.undo, answer.entry_id, olena)
    assert _edit(office, olena) is None


# --- notes ----------------------------------------------------------------------------------------


def test_a_note_stays_inside_and_anybody_may_add_one(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    taras = office.join("Taras")
    office.desk.run(cases.accept, number, olena)
    told = office.told_customer(ivan)
    office.clock.advance(timedelta(days=1))
    office.desk.run(answering.note, number, "He is a friend", taras, chat=CHAT)
    assert office.told_customer(ivan) == told
    last = office.desk.look(conversations.conversation, number)[-1]
    assert (last.kind, last.author, last.delivery) == (EntryKind.NOTE, "Taras", None)
    assert office.item(number).touched_at == office.clock()
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)
    assert office.desk.look(cards.about, *CHAT) is not None


def test_a_note_can_be_changed_by_its_author(office: Office, number: int, olena: Representative) -> None:
    office.desk.run(answering.note, number, "before", olena, chat=CHAT)
    assert _edit(office, olena, "after") == number
    assert office.owed(kind=OwedKind.EDIT) == []


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_note_is_none(office: Office, number: int, olena: Representative, text: str) -> None:
    with pytest.raises(Misused, match=r"note\.empty"):
        office.desk.run(answering.note, number, text, olena)


# --- what has become of it ------------------------------------------------------------------------


def test_a_conversation_tells_what_became_of_each_answer_and_nothing_of_other_messages(
    office: Office, number: int, ivan: ContactView, olena: Representative
) -> None:
    from core.cases import incoming

    _answer(office, number, olena)
    office.clock.advance(House().undo)
    office.desk.run(outbox.settle_sent, _claim(office, ivan), 9)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "No"))
    _answer(office, number, olena, "Then not", files=(PHOTO, PHOTO))
    office.clock.advance(House().undo)
    office.desk.run(outbox.give_up, _claim(office, ivan), "blocked")
    conversation = office.desk.look(conversations.conversation, number)
    deliveries = [entry.delivery and entry.delivery.state for entry in conversation]
    assert deliveries == [None, OwedState.SENT, None, OwedState.DEAD]


def test_a_conversation_pages_back(office: Office, number: int, olena: Representative) -> None:
    for text in "abcde":
        office.desk.run(answering.note, number, text, olena)
    latest = office.desk.look(conversations.conversation, number, limit=2)
    assert [entry.text for entry in latest] == ["d", "e"]
    older = office.desk.look(conversations.conversation, number, before=latest[0].id, limit=2)
    assert [entry.text for entry in older] == ["b", "c"]


def _line_about(office: Office, number: int, by: Representative, entry: int) -> Owed:
    """Let the line that says an answer is on its way be sent, as message 77."""

    def send(tx: Tx) -> None:
        assert by.to is not None
        row = owe_notice(
            tx, by.to, notice("talk.sending", name="", number=number, channel=""), work=number, entry=entry
        )
        row.remote_id, row.state = 77, OwedState.SENT

    office.desk.run(send)
    return office.owed(entry_id=entry, kind=OwedKind.ANSWER)[0]


@pytest.mark.parametrize(("state", "key"), [(OwedState.SENT, "talk.sent"), (OwedState.DEAD, "talk.not_sent")])
def test_the_line_with_undo_ends_up_saying_what_became_of_the_answer(
    office: Office, state: OwedState, key: str
) -> None:
    olena, ivan = office.join("Olena"), office.customer("Ivan")
    number = office.open_case(ivan)
    made = office.desk.run(answering.answer, number, "Try again", olena)
    _line_about(office, number, olena, made.entry_id)
    office.clock.advance(timedelta(minutes=1))

    parcel = _claim(office, ivan)

    def settle(tx: Tx) -> None:
        assert settle_sent(tx, parcel, 5) if state is OwedState.SENT else give_up(tx, parcel, "blocked")
        delivery.tell_author(tx, parcel)

    office.desk.run(settle)
    told = office.owed(person_id=olena.id)[-1]
    assert (key_of(told), told.facts["replace"], told.sound) == (key, 77, False)


def test_an_answer_that_went_by_mail_after_all_cannot_be_edited(office: Office) -> None:
    olena, ivan = office.join("Olena"), office.customer("Ivan")
    number = office.open_case(ivan)
    made = office.desk.run(answering.answer, number, "Try again", olena, chat=(1001, 5))
    office.desk.run(customers.add_address, ivan.id, "ivan@example.com", olena)

    def reroute(tx: Tx) -> None:
        row = tx.session.scalars(select(Owed).where(Owed.entry_id == made.entry_id)).one()
        failures.give_up(tx, row, "blocked")

    office.desk.run(reroute)
    (mail,) = office.owed(entry_id=made.entry_id, channel=Channel.EMAIL)
    office.clock.advance(timedelta(seconds=1))
    office.desk.run(lambda tx: settle_sent(tx, claim_mail(tx, mail.id), None))
    with pytest.raises(Refused, match=r"answer\.mailed"):
        office.desk.run(answering.edit_answer, (1001, 5), "Try once more", olena)
    assert "undeliverable" in office.verbs(number)
