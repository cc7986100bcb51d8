"""How many statements a message or a press takes, with its effect, its history and the words it owes: bounded."""

from __future__ import annotations

from bot.drawing import draw_card
from core.outbox.model import Channel
from core.work import cards
from tests.bot.talk import Talk
from tests.core.office import Office
from tests.scale.statements import noted

#: The most statements of each, those included that keep the update and look what came of it.
MESSAGE, PRESS, CARD = 22, 24, 2


async def test_a_message_to_an_open_case_takes_few_statements(office: Office) -> None:
    office.join("Olena")
    talk = Talk(office)
    await talk.say(77, "The printer does not print")
    with noted(office.desk.engines) as told:
        await talk.say(77, "It still does not")
    assert len(told) <= MESSAGE, "\n".join(one.words for one in told)


async def test_a_press_of_accept_takes_few_statements(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer("Ivan", Channel.TELEGRAM, "1077")
    number = office.open_case(ivan)
    assert olena.chat_id is not None
    office.desk.run(cards.posted, number, olena.chat_id, 1, olena.id)
    with noted(office.desk.engines) as told:
        await Talk(office).press(olena, "accept", number)
    assert len(told) <= PRESS, "\n".join(one.words for one in told)


async def test_a_card_is_drawn_in_few_statements(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case(office.customer("Ivan"))
    with noted(office.desk.engines) as told:
        office.desk.look(draw_card, number, olena)
    assert len(told) <= CARD, "\n".join(one.words for one in told)
