"""Whoever answers a letter that came sealed is told that their answer goes in the clear."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.outbox.model import Channel
from core.texts.say import LANGUAGES
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_answer_to_a_sealed_letter_says_that_it_goes_in_the_clear(office: Office, locale: str) -> None:
    olena = office.join("Olena")
    maria = office.customer("Maria", channel=Channel.EMAIL)
    number = office.open_case(maria, "My secret", queue=office.queue().id, flags=("flag.opened",))
    office.desk.run(cases.accept, number, olena)
    chat = Chatting(office, olena, locale)
    told = "in the clear" if locale == "en" else "незашифрован"
    assert told in chat.say(f"/case {number}").text, "before they write"
    assert told in chat.say(f"/reply {number} It is done").text
