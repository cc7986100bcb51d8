"""The column types mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from core.desk import Desk, Tx
from core.people.rules import Presence
from core.timers.model import Timer
from tests.core.office import Office

INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - Hypothesis takes naive bounds and adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def _store(tx: Tx, at: datetime) -> None:
    tx.session.query(Timer).delete()
    tx.session.add(Timer(task="test", slot="one", due_at=at))


def test_refuses_a_naive_instant(desk: Desk) -> None:
    with pytest.raises(StatementError, match="naive"):
        desk.run(_store, datetime(2026, 3, 2, 10, 0))  # noqa: DTZ001 - the naive one that is refused


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=INSTANTS)
def test_gives_an_instant_back_to_the_microsecond_in_utc(desk: Desk, at: datetime) -> None:
    desk.run(_store, at)
    back = desk.look(lambda tx: tx.session.scalar(select(Timer.due_at)))
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


def test_compares_instants_whatever_their_zone(desk: Desk) -> None:
    at = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    desk.run(_store, at)
    earlier = at.astimezone(UTC) - timedelta(microseconds=1)
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.id).where(Timer.due_at > earlier))) is not None
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.id).where(Timer.due_at > at))) is None


@pytest.mark.parametrize("presence", list(Presence))
def test_gives_a_word_back_as_the_member_it_was(office: Office, presence: Presence) -> None:
    olena = office.join("Olena", presence=presence)
    assert office.again(olena).presence is presence


def test_keeps_documents_as_they_were(desk: Desk) -> None:
    facts = {"text": "Принтер 🖨", "number": 1, "list": [1, None, {"deep": True}]}
    desk.run(lambda tx: tx.session.add(Timer(task="t", slot="s", due_at=tx.now, facts=facts)))
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.facts))) == facts
