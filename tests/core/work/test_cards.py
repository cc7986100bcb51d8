"""Cards are brought from what is shown to what is wanted, and never lag behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.cases import answering, incoming
from core.desk import Tx
from core.outbox.model import OwedKind
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import said
from core.work import actions as work
from core.work import cards
from tests.core.office import Office
from tests.core.races import at_once


def _case(office: Office, olena: Representative) -> int:
    number = office.open_case(queue=office.queue().id)
    office.desk.run(cards.posted, number, olena.chat_id or 0, 10, olena.id)
    return number


def _due(office: Office) -> list[cards.DueCard]:
    return office.desk.look(cards.due)


def test_a_posted_card_is_drawn_again_after_a_change_only(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.clock.advance(timedelta(minutes=1))
    assert _due(office) == []
    office.desk.run(work.accept, number, olena)
    assert _due(office) == []  # not at once: what follows on its heels is drawn with it
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    assert (card.work, card.chat_id, card.message_id, card.person) == (number, olena.chat_id, 10, olena.id)
    office.desk.run(cards.shown, card)
    assert _due(office) == []


def test_a_change_while_a_card_is_drawn_is_drawn_after_it(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.desk.run(work.accept, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    office.desk.run(work.release, number, olena)
    office.desk.run(cards.shown, card)
    office.clock.advance(cards.DEBOUNCE)
    assert [one.wanted for one in _due(office)] == [card.wanted + 1]


def test_an_older_drawing_does_not_undo_a_newer(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    for verb in (work.accept, work.release):
        office.desk.run(verb, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    office.desk.run(cards.shown, card)
    office.desk.run(cards.shown, replace(card, wanted=card.wanted - 1))
    assert _due(office) == []


def test_a_drawing_of_an_older_message_counts_for_no_newer_one(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.desk.run(work.accept, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    office.desk.run(cards.posted, number, olena.chat_id or 0, 11, olena.id)
    office.desk.run(cards.shown, card)
    office.desk.run(cards.forget, card)
    assert [(one.message_id, one.wanted) for one in _due(office)] == [(11, card.wanted)]


def test_an_item_that_changes_while_its_card_goes_out_is_drawn_again(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case(queue=office.queue().id)
    drawn_as = office.desk.look(cards.looks, number)
    office.desk.run(cards.posted, number, 5, 10, olena.id, drawn_as=drawn_as)
    assert _due(office) == []
    office.clock.advance(timedelta(seconds=1))
    office.desk.run(work.accept, number, olena)
    office.desk.run(cards.posted, number, 6, 11, olena.id, drawn_as=drawn_as)
    assert 11 in [one.message_id for one in _due(office)]


def test_a_change_after_a_card_was_posted_in_the_same_transaction_is_drawn(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case(queue=office.queue().id)

    def settle_many(tx: Tx) -> None:
        cards.changed(tx, number)
        cards.posted(tx, number, 5, 10, olena.id)
        cards.changed(tx, number)

    office.desk.run(settle_many)
    office.clock.advance(cards.DEBOUNCE)
    assert [one.message_id for one in _due(office)] == [10]


def test_cards_of_chats_that_must_wait_are_not_due(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.desk.run(cards.posted, number, 5, 20, olena.id)
    office.desk.run(work.accept, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = office.desk.look(cards.due, not_chats=[olena.chat_id or 0])
    assert card.chat_id == 5


def test_changes_made_at_once_are_all_counted(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    at_once(lambda: office.desk.run(cards.changed, number), 8)
    office.clock.advance(cards.DEBOUNCE)
    assert [one.wanted for one in _due(office)] == [9]


def test_a_new_card_takes_the_place_of_the_older(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    chat = olena.chat_id or 0
    assert office.desk.run(cards.posted, number, chat, 11, olena.id) == 10
    assert office.desk.look(cards.card_message, number, chat) == 11
    assert office.desk.look(cards.about, chat, 10) == (number, None)
    assert office.desk.look(cards.about, chat, 11) == (number, None)
    assert office.desk.look(cards.about, chat, 12) is None


def test_a_card_whose_sending_is_unknown_is_learnt_from_a_press(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case(queue=office.queue().id)
    office.desk.run(cards.adopt, number, 5, 77, olena.id)
    assert office.desk.look(cards.card_message, number, 5) == 77
    office.desk.run(cards.adopt, number, 5, 70, olena.id)  # an older one: known, but not the card
    assert office.desk.look(cards.card_message, number, 5) == 77
    assert office.desk.look(cards.about, 5, 70) == (number, None)


def test_a_forgotten_card_is_not_drawn(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.desk.run(work.accept, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    office.desk.run(cards.forget, card)
    office.desk.run(work.release, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    assert _due(office) == []


def test_a_postponed_card_is_drawn_later(office: Office) -> None:
    olena = office.join("Olena")
    number = _case(office, olena)
    office.desk.run(work.accept, number, olena)
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    office.desk.run(cards.postpone, card.id, timedelta(seconds=30))
    assert _due(office) == []
    office.clock.advance(timedelta(seconds=30))
    assert len(_due(office)) == 1


def test_why_a_card_comes_and_whether_it_rings_is_owed_with_it(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras", presence=Presence.AWAY)
    number = office.open_case(queue=office.queue().id)
    office.desk.run(work.assign, number, taras, olena)
    (row,) = office.owed(person_id=taras.id)
    assert (row.work_id, row.sound, row.facts["why"]["facts"]) == (number, True, {"name": "Olena"})


def test_why_a_card_came_is_told_until_the_item_stands_elsewhere(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    (owed,) = office.owed(kind=OwedKind.CARD)
    office.desk.run(cards.posted, number, olena.chat_id or 0, 10, olena.id, owed.facts)
    assert office.desk.look(cards.why_still, number, owed.facts) == said("card.why.new_assigned")
    office.desk.run(incoming.add_message, number, (ivan := office.customer("Ivan")), office.says(ivan))
    office.clock.advance(cards.DEBOUNCE)
    (card,) = _due(office)
    assert card.why == owed.facts
    assert office.desk.look(cards.why_still, number, card.why) == said("card.why.new_assigned")
    office.clock.advance(timedelta(seconds=1))
    office.desk.run(work.accept, number, olena)
    assert office.desk.look(cards.why_still, number, card.why) is None


def test_a_reminder_on_a_card_goes_with_the_next_change(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    assert olena.to is not None
    office.desk.run(cards.post, number, olena.to, said("card.why.snooze_over"), passing=True)
    facts = office.owed(kind=OwedKind.CARD)[-1].facts
    assert office.desk.look(cards.why_still, number, facts) == said("card.why.snooze_over")
    office.clock.advance(timedelta(seconds=1))
    office.desk.run(answering.note, number, "called", olena)
    assert office.desk.look(cards.why_still, number, facts) is None
