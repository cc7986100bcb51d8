"""What customers do: open, write more, edit, close, open again; and only with what is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import answering, conversations, incoming, queries
from core.cases.rules import TELEGRAM_FILE_BYTES, CaseStatus, EntryKind, FileState
from core.cases.telling import EXCERPT
from core.cases.views import NewFile
from core.customers import actions as customers
from core.customers.model import ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.model import Happened
from core.outbox.model import Channel
from core.people import actions as people
from core.people.rules import Presence
from core.people.views import Representative
from core.work import cards
from core.work.rules import QueueKind
from tests.core.office import Office

# --- opening --------------------------------------------------------------------------------------


def test_the_first_message_becomes_a_case_in_somebodys_assigned(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan, "Принтер не друкує\nзовсім", chat_id=5001, chat_message_id=7)
    view = office.desk.look(queries.case, number)
    assert (view.item.title, view.status, view.contact.id) == ("Принтер не друкує зовсім", CaseStatus.OPEN, ivan.id)
    assert (view.origin, view.reply_channel, view.messages) == (Channel.TELEGRAM, Channel.TELEGRAM, 1)
    assert view.last is not None
    assert (view.last.text, view.last.author, view.last.kind) == (
        "Принтер не друкує\nзовсім",
        "Ivan",
        EntryKind.CUSTOMER,
    )
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    assert office.told(olena) == ["card.why.new_assigned"]
    assert office.verbs(number) == ["opened", "message_in"]


def test_a_reply_to_a_chat_message_finds_its_case(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan, chat_id=5001, chat_message_id=7)
    about = office.desk.look(cards.about, 5001, 7)
    assert about is not None
    assert about[0] == number


def test_a_subject_is_the_title(office: Office, ivan: ContactView) -> None:
    assert office.item(office.open_case(ivan, "long text", subject="Printer")).title == "Printer"


def test_a_message_without_words_has_a_title_too(office: Office, ivan: ContactView) -> None:
    assert office.item(office.open_case(ivan, "")).title == "(без слів)"
    picture = NewFile("photo", "broken.jpg", "image/jpeg", 5, digest="0" * 64)
    assert office.item(office.open_case(ivan, "", files=(picture,))).title == "📎 broken.jpg"


def test_files_are_kept_waited_for_or_too_big(office: Office, ivan: ContactView) -> None:
    files = (
        NewFile("document", "a.txt", "text/plain", 5, digest="0" * 64),
        NewFile("photo", "b.jpg", "image/jpeg", TELEGRAM_FILE_BYTES, telegram_id="B"),
        NewFile("video", "c.mp4", "video/mp4", TELEGRAM_FILE_BYTES + 1, telegram_id="C"),
    )
    number = office.open_case(ivan, files=files)
    (entry,) = office.desk.look(conversations.conversation, number)
    states = [FileState.KEPT, FileState.WAITING, FileState.TOO_BIG]
    assert [file.state for file in entry.files] == states
    assert office.desk.look(queries.case, number).files == 3


# --- writing more ---------------------------------------------------------------------------------


def test_another_message_goes_to_who_has_the_case(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, olena)
    before = len(office.told(olena))
    assert office.writes(ivan, number, "And <b>now</b>") == number
    assert office.told(olena)[before:] == ["notice.customer_wrote"]
    row = office.owed(person_id=olena.id)[-1]
    assert row.sound
    assert row.facts["lines"][1] == {"key": "text.quote", "facts": {"text": "And <b>now</b>"}}
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)


def test_a_long_message_is_shown_in_part_and_kept_whole(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number, text = office.open_case(ivan), "word " * 1000
    office.writes(ivan, number, text)
    shown = office.owed(person_id=olena.id)[-1].facts["lines"][1]["facts"]["text"]
    assert shown.endswith("…")
    assert len(shown) <= EXCERPT
    assert [button[1] for button in office.owed(person_id=olena.id)[-1].facts["buttons"][0]][-1] == "whole"
    assert office.desk.look(conversations.conversation, number)[-1].text == text


def test_an_answered_case_waits_for_us_again(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.open_case(ivan)
    office.desk.run(answering.answer, number, "Try again", olena)
    assert office.item(number).answered
    office.writes(ivan, number)
    assert not office.item(number).answered


def test_the_next_answer_goes_where_the_customer_wrote_last(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    office.writes(ivan, number, channel=Channel.EMAIL, address="ivan@example.com")
    view = office.desk.look(queries.case, number)
    assert (view.origin, view.reply_channel, view.reply_address) == (
        Channel.TELEGRAM,
        Channel.EMAIL,
        "ivan@example.com",
    )


def test_an_automatic_message_is_kept_and_told_without_a_sound_but_is_no_change(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan)
    before, told = office.item(number), office.told(olena)
    office.clock.advance(timedelta(days=1))
    office.writes(ivan, number, "I am on holiday", automatic=True)
    assert office.item(number) == before
    assert office.told(olena) == [*told, "notice.customer_wrote"]
    assert not office.owed(person_id=olena.id)[-1].sound
    assert office.desk.look(queries.case, number).messages == 2


# --- edits ----------------------------------------------------------------------------------------


def _chat_case(office: Office, who: ContactView) -> int:
    return office.open_case(who, "Teh printer", chat_id=5001, chat_message_id=7)


def test_an_edit_changes_the_message_and_keeps_what_it_said(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = _chat_case(office, ivan)
    assert office.desk.run(incoming.edit_message, 5001, 7, "The printer", ivan) == number
    (entry,) = office.desk.look(conversations.conversation, number)
    assert (entry.text, entry.edited_at) == ("The printer", office.clock())
    assert office.facts(number, "message_edited")["before"] == "Teh printer"
    assert office.told(olena)[-1] == "notice.customer_edited"


def test_an_edit_that_changes_nothing_tells_nobody(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = _chat_case(office, ivan)
    told = office.told(olena)
    assert office.desk.run(incoming.edit_message, 5001, 7, "Teh printer", ivan) == number
    assert office.told(olena) == told


def test_nobody_edits_what_another_wrote_or_what_is_not_known(office: Office, ivan: ContactView) -> None:
    _chat_case(office, ivan)
    mallory = office.customer("Mallory")
    assert office.desk.run(incoming.edit_message, 5001, 7, "Mine", mallory) is None
    assert office.desk.run(incoming.edit_message, 5001, 8, "New", ivan) is None


# --- what the customer may do ---------------------------------------------------------------------


def test_a_customer_closes_their_own_case_and_who_has_it_is_told(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan)
    office.desk.run(incoming.close_own, number, ivan)
    assert not office.item(number).open
    assert office.told(olena)[-1] == "card.why.closed_by_customer"
    assert office.verbs(number)[-1] == "closed_by_customer"
    with pytest.raises(Refused, match=r"item\.closed"):
        office.desk.run(incoming.close_own, number, ivan)


@pytest.mark.parametrize("verb", [incoming.close_own, incoming.not_solved])
def test_the_case_of_another_does_not_exist_for_a_customer(
    office: Office, ivan: ContactView, olena: Representative, verb: object
) -> None:
    number, mallory = office.resolved_case(ivan, olena), office.customer("Mallory")
    before = office.verbs(number)
    for wrong in (number, 10**9):
        with pytest.raises(NotFound, match=r"item\.unknown"):
            office.desk.run(verb, wrong, mallory)  # type: ignore[arg-type] # one of two actions
    assert office.verbs(number) == before


def test_a_customer_sees_their_own_cases_open_ones_first(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    mallory = office.customer("Mallory")
    office.open_case(mallory)
    done = office.resolved_case(ivan, olena)
    older, newer = office.open_case(ivan), office.open_case(ivan)
    office.clock.advance(timedelta(minutes=1))
    office.writes(ivan, older)
    assert office.desk.look(queries.open_cases_of, ivan.id) == [older, newer]
    assert [one.number for one in office.desk.look(queries.cases_of, ivan.id)] == [older, newer, done]
    assert office.desk.look(queries.is_on_case, older, ivan.id)
    assert not office.desk.look(queries.is_on_case, older, mallory.id)


# --- another way ----------------------------------------------------------------------------------


def test_when_the_chat_is_blocked_word_goes_by_mail(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.open_case(ivan)
    channel, address = office.address_of(ivan)

    def add_mail(tx: Tx) -> None:
        tx.session.add(
            ContactAddress(contact_id=ivan.id, channel=Channel.EMAIL, address="ivan@example.com", last_used_at=tx.now)
        )

    office.desk.run(add_mail)
    office.desk.run(customers.block_address, channel, address)
    office.desk.run(cases.resolve, number, olena)
    row = office.owed(contact_id=ivan.id)[-1]
    assert (row.channel, row.address) == (Channel.EMAIL, "ivan@example.com")


def test_when_there_is_no_way_left_nothing_is_owed(office: Office, ivan: ContactView, olena: Representative) -> None:
    number = office.open_case(ivan)
    before = office.told_customer(ivan)
    office.desk.run(customers.block_address, *office.address_of(ivan))
    office.desk.run(cases.resolve, number, olena)
    assert office.told_customer(ivan) == before


def test_every_step_of_a_customer_is_in_the_history_as_theirs(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    office.writes(ivan, number)
    office.desk.run(incoming.close_own, number, ivan)
    rows = office.desk.look(
        lambda tx: tx.session.execute(
            select(Happened.actor_kind, Happened.actor_id, Happened.via).where(Happened.work_id == number)
        ).all()
    )
    assert {tuple(row) for row in rows} == {("contact", ivan.id, "telegram")}


def test_presence_decides_who_is_told_of_new_cases(office: Office, ivan: ContactView, olena: Representative) -> None:
    taras = office.join("Taras")
    office.desk.run(people.set_presence, olena, Presence.AWAY)
    office.open_case(ivan)
    assert (office.told(olena), office.told(taras)) == ([], ["card.why.new_assigned"])


def test_a_customers_edit_is_a_change(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan, chat_id=7, chat_message_id=8)
    office.clock.advance(timedelta(days=5))
    office.desk.run(incoming.edit_message, 7, 8, "Other words", ivan)
    assert office.item(number).touched_at == office.clock()


def test_a_word_of_thanks_on_an_open_case_is_a_message_like_any_other(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan)
    office.desk.run(answering.answer, number, "Shall I?", olena)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "thanks"), reopen=False)
    assert not office.item(number).answered
    assert office.owed(person_id=olena.id)[-1].sound


def test_a_case_that_loses_the_words_that_waited_for_an_answer_waits_no_more(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    answered, other = office.open_case(ivan), office.open_case(ivan)
    office.desk.run(answering.answer, answered, "Try again", olena)
    office.writes(ivan, answered, "The scanner too")
    entry = office.desk.look(conversations.conversation, answered, limit=9)[-1]
    assert not office.item(answered).answered
    office.desk.run(incoming.move_message, entry.id, other, ivan)
    assert office.item(answered).answered
    assert not office.item(other).answered
