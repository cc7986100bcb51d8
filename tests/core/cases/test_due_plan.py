"""What is asked five times a second reads no table from end to end, however its database guesses."""

from __future__ import annotations

from sqlalchemy import insert

from core.cases.due import ForChats, due_for_chats
from core.work.model import Card
from tests.core.office import Office
from tests.scale.statements import noted

#: More than a page or two, and none of them to be drawn anew.
_CARDS = 5000


def test_cards_that_are_shown_as_they_are_are_not_looked_through(office: Office) -> None:
    olena = office.join("Olena")
    number, engines = office.open_case(), office.desk.engines
    shown = {"work_id": number, "person_id": olena.id, "wanted": 1, "shown": 1, "due_at": office.clock.at}
    with engines.change.begin() as connection:
        connection.execute(insert(Card), [shown | {"chat_id": chat, "message_id": 1} for chat in range(1, _CARDS)])
        connection.exec_driver_sql("ANALYZE")
    explain = "EXPLAIN QUERY PLAN" if engines.is_sqlite else "EXPLAIN"
    with noted(engines) as asked:
        assert office.desk.look(due_for_chats) == ForChats(messages=True, cards=False, files=False)
    with engines.change.connect() as connection:
        plan = connection.exec_driver_sql(f"{explain} {asked[0].words}", asked[0].parameters).all()
    assert "ix_card_due" in str(plan), plan
