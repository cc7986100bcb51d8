"""How many statements a message or a press takes, with its effect, its history and the words it owes: bounded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.drawing import draw_card
from core.outbox.model import Channel
from core.work import cards
from tests.bot.talk import Talk
from tests.core.office import Office

#: The most statements of each, those included that keep the update and look what came of it.
MESSAGE, PRESS, CARD = 21, 24, 2


@contextmanager
def _counted(office: Office) -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement)

    sqlite = office.desk.engines.is_sqlite  # on PostgreSQL both are one
    engines = [office.desk.engines.change, *([office.desk.engines.look] if sqlite else [])]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def test_a_message_to_an_open_case_takes_few_statements(office: Office) -> None:
    office.join("Olena")
    talk = Talk(office)
    await talk.say(77, "The printer does not print")
    with _counted(office) as told:
        await talk.say(77, "It still does not")
    assert len(told) <= MESSAGE, "\n".join(told)


async def test_a_press_of_accept_takes_few_statements(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer("Ivan", Channel.TELEGRAM, "1077")
    number = office.open_case(ivan)
    assert olena.chat_id is not None
    office.desk.run(cards.posted, number, olena.chat_id, 1, olena.id)
    with _counted(office) as told:
        await Talk(office).press(olena, "accept", number)
    assert len(told) <= PRESS, "\n".join(told)


async def test_a_card_is_drawn_in_few_statements(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case(office.customer("Ivan"))
    with _counted(office) as told:
        office.desk.look(draw_card, number, olena)
    assert len(told) <= CARD, "\n".join(told)
