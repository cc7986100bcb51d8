"""Customers are known by their addresses, and may be heard no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.customers import actions as customers
from core.customers.actions import Caller, recognise
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.model import Happened
from core.outbox.model import Channel
from tests.core.office import Office


def _know(office: Office, address: str = "77", channel: Channel = Channel.TELEGRAM, **more: str) -> ContactView:
    return office.desk.run(recognise, Caller(channel, address, **{"name": "Ivan", "locale": "uk", **more}))


def _second_address(tx: Tx, contact: int, address: str) -> None:
    tx.session.add(ContactAddress(contact_id=contact, channel=Channel.EMAIL, address=address, last_used_at=tx.now))


def test_the_same_address_is_the_same_customer(office: Office) -> None:
    first = _know(office)
    office.clock.advance(timedelta(days=400))
    assert _know(office, name="Ivan the Second").id == first.id
    assert _know(office, "78").id != first.id


def test_the_same_number_by_another_channel_is_another_customer(office: Office) -> None:
    assert _know(office, "77").id != _know(office, "77", Channel.EMAIL).id


def test_the_language_follows_the_letters_until_it_is_chosen(office: Office) -> None:
    contact = _know(office, locale="uk")
    assert _know(office, locale="en").locale == "en"
    office.desk.run(customers.choose_locale, contact.id, "uk")
    assert _know(office, locale="en").locale == "uk"


def test_without_a_language_the_one_of_the_house_is_taken(office: Office) -> None:
    contact = office.desk.run(recognise, Caller(Channel.TELEGRAM, "1", "Ivan"))
    assert contact.locale == office.desk.house.locale


def test_names_are_kept_as_written_and_folded_for_search(office: Office) -> None:
    contact = _know(office, name="ЇЖАК Ґ")
    folded = office.desk.look(lambda tx: tx.session.get_one(Contact, contact.id).search_key)
    assert (contact.name, folded) == ("ЇЖАК Ґ", "їжак ґ")


def test_folding_joins_what_is_written_in_two_signs() -> None:
    assert customers.search_key("й") == customers.search_key("и\u0306")


def test_another_way_is_the_one_used_last_that_works(office: Office) -> None:
    contact = _know(office)
    assert office.desk.look(customers.other_way, contact.id, Channel.TELEGRAM) is None
    for address in ("old@example.com", "new@example.com"):
        office.clock.advance(timedelta(hours=1))
        office.desk.run(_second_address, contact.id, address)
    way = office.desk.look(customers.other_way, contact.id, Channel.TELEGRAM)
    assert way is not None
    assert (way.channel, way.address, way.contact) == (Channel.EMAIL, "new@example.com", contact.id)
    office.desk.run(customers.block_address, Channel.EMAIL, "new@example.com")
    way = office.desk.look(customers.other_way, contact.id, Channel.TELEGRAM)
    assert way is not None
    assert way.address == "old@example.com"


def test_a_message_from_a_blocked_address_unblocks_it(office: Office) -> None:
    contact = _know(office)
    office.desk.run(customers.block_address, Channel.TELEGRAM, "77")
    _know(office)

    def blocked(tx: Tx) -> object:
        return tx.session.scalar(select(ContactAddress.blocked_at).where(ContactAddress.contact_id == contact.id))

    assert office.desk.look(blocked) is None


def test_a_chat_is_followed_to_its_new_number(office: Office) -> None:
    contact = _know(office)
    office.desk.run(customers.move_address, Channel.TELEGRAM, "77", "-10077")
    assert _know(office, "-10077").id == contact.id


def test_a_ban_and_its_end_are_in_the_history_once(office: Office) -> None:
    olena, contact = office.join("Olena"), _know(office)
    for action in (customers.ban, customers.ban, customers.unban):
        office.desk.run(action, contact.id, olena)
    with pytest.raises(Refused, match=r"contact\.not_banned"):
        office.desk.run(customers.unban, contact.id, olena)
    verbs = office.desk.look(
        lambda tx: tx.session.scalars(
            select(Happened.verb)
            .where(Happened.subject == "contact", Happened.subject_id == contact.id)
            .order_by(Happened.id)
        ).all()
    )
    assert verbs == ["contact_met", "banned", "unbanned"]


def test_who_is_banned_is_seen_to_be(office: Office) -> None:
    olena, contact = office.join("Olena"), _know(office)
    assert office.desk.run(customers.ban, contact.id, olena).banned
    assert _know(office).banned
    assert not office.desk.run(customers.unban, contact.id, olena).banned


def test_an_unknown_customer_cannot_be_banned_or_shown(office: Office) -> None:
    olena = office.join("Olena")
    with pytest.raises(NotFound, match=r"contact\.unknown"):
        office.desk.run(customers.ban, 10**9, olena)
    with pytest.raises(NotFound, match=r"contact\.unknown"):
        office.desk.look(customers.get, 10**9)


def test_an_address_can_be_added_to_its_owner_only(office: Office) -> None:
    olena, contact = office.join("Olena"), _know(office)
    for _ in range(2):
        office.desk.run(customers.add_address, contact.id, "Ivan@Customer.example", olena)
    way = office.desk.look(customers.other_way, contact.id, Channel.TELEGRAM)
    assert way is not None
    assert (way.channel, way.address) == (Channel.EMAIL, "ivan@customer.example")
    other = office.desk.run(customers.recognise, customers.Caller(Channel.EMAIL, "maria@customer.example", "Maria"))
    with pytest.raises(Refused, match=r"contact\.address_taken"):
        office.desk.run(customers.add_address, other.id, "ivan@customer.example", olena)
