"""A letter that the database will not have stops no other."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.customers.model import ContactAddress
from core.desk import Tx
from core.inbox.actions import waiting_letters
from core.inbox.model import InboxState
from core.outbox.model import Channel
from tests.core.office import Office
from tests.workers.letters import Post, letter


def test_a_sender_with_a_very_long_address_stops_nobody(post: Post) -> None:
    long = f"{secrets.token_hex(1500)}@example.com"
    rows = [post.keep(letter("bad", sender=long)), *(post.keep(letter(f"good {number}")) for number in range(3))]
    for row in rows:
        post.understand(row)
    assert post.states() == [InboxState.SET_ASIDE, *[InboxState.DONE] * 3], "it has no sender: a person decides"
    addresses = post.office.desk.look(lambda tx: tx.session.scalars(select(ContactAddress.address)).all())
    assert not any("example.com" in one for one in addresses if len(one) > 320)


def test_what_is_too_long_for_an_index_is_a_fault_and_not_a_database_that_is_away(office: Office) -> None:
    customer = office.customer()

    def note(tx: Tx) -> None:
        tx.add(ContactAddress(contact_id=customer.id, channel=Channel.EMAIL, address=secrets.token_hex(5000)))

    if office.desk.engines.is_sqlite:
        office.desk.run(note)  # it has no such limit
    else:
        with pytest.raises(OperationalError):
            office.desk.run(note)


def test_a_letter_that_was_kept_before_the_clock_was_put_back_is_begun_with_at_once(
    post: Post,
) -> None:
    post.office.clock.advance(timedelta(days=1))
    row = post.keep(letter())
    post.office.clock.advance(-timedelta(days=1))
    assert post.office.desk.look(waiting_letters) == [row]
    post.understand(row)
    assert post.states() == [InboxState.DONE]
