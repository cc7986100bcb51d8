"""What waits at the same time is written down in one commit, and one that fails takes nobody with it."""

from __future__ import annotations

import asyncio

import pytest

from bot.together import Books
from core.desk import Tx
from core.errors import Refused
from core.history.actions import DESK, record
from core.history.model import Happened
from tests.core.office import Office


async def test_each_gets_what_its_own_action_returned(office: Office) -> None:
    books = Books(office.desk)
    assert await asyncio.gather(*(books.write(lambda _tx, one=one: one) for one in range(100))) == list(range(100))


async def test_those_that_wait_share_a_transaction(office: Office) -> None:
    books = Books(office.desk)
    seen: list[Tx] = []
    await asyncio.gather(*(books.write(seen.append) for _ in range(20)))
    assert len({id(tx) for tx in seen}) == 1


async def test_one_that_fails_takes_nobody_with_it(office: Office) -> None:
    books = Books(office.desk)

    def note(tx: Tx) -> None:
        record(tx, "noted", DESK, work=7)

    def refuse(_tx: Tx) -> None:
        raise Refused("item.open", number=7)

    done = await asyncio.gather(books.write(note), books.write(refuse), books.write(note), return_exceptions=True)
    assert [type(one) for one in done] == [type(None), Refused, type(None)]
    assert len(office.desk.look(lambda tx: tx.session.query(Happened).filter_by(verb="noted").all())) == 2
    with pytest.raises(Refused):
        await books.write(refuse)
