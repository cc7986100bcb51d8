"""Who is mentioned in a note is told of it, once, and nobody else."""

from __future__ import annotations

import pytest

from core.cases import answering
from core.cases.mentions import mentioned
from core.people.rules import RIGHTS, Right, Role
from core.people.views import Representative
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def taras(office: Office, olena: Representative) -> Representative:
    return office.join("Тарас")


@pytest.fixture
def number(office: Office, taras: Representative) -> int:
    return office.open_case(queue=office.queue("VIP").id)


@pytest.mark.parametrize("text", ["@тарас look", "Ask @Taras, please", "(@taras)", "@taras @тарас @TARAS"])
def test_a_mention_brings_the_card_once_with_the_words(
    office: Office, number: int, olena: Representative, taras: Representative, text: str
) -> None:
    office.desk.run(answering.note, number, text, olena)
    assert office.told(taras) == ["card.why.mentioned"]
    assert office.owed(person_id=taras.id)[0].facts["why"]["facts"]["text"] == text
    assert office.told(olena) == []


@pytest.mark.parametrize("text", ["taras", "me@taras", "taras@example.com", "@@taras", "@tarasik", "@ taras", "@olena"])
def test_what_mentions_nobody_else_tells_nobody(
    office: Office, number: int, olena: Representative, taras: Representative, text: str
) -> None:
    office.desk.run(answering.note, number, text, olena)
    assert office.told(taras) == office.told(olena) == []


def test_a_changed_note_tells_only_those_whom_it_did_not_mention_before(
    office: Office, number: int, olena: Representative, taras: Representative
) -> None:
    maria = office.join("Maria")
    office.desk.run(answering.note, number, "@taras", olena, chat=(1, 2))
    office.desk.run(answering.edit_answer, (1, 2), "@taras and @maria", olena)
    assert office.told(taras) == office.told(maria) == ["card.why.mentioned"]


def test_whoever_may_see_no_work_is_not_told_of_it(
    office: Office, number: int, olena: Representative, taras: Representative, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = office.join("Boss", Role.MANAGER)
    monkeypatch.setitem(RIGHTS, Right.SEE_WORK, frozenset({Role.MANAGER}))
    office.desk.run(answering.note, number, "@taras", boss)
    assert office.told(taras) == []


def test_an_answer_to_the_customer_mentions_nobody(
    office: Office, number: int, olena: Representative, taras: Representative
) -> None:
    office.desk.run(answering.answer, number, "@taras will call you", olena)
    assert office.told(taras) == []


def test_names_that_nobody_has_are_told_to_who_wrote_them(
    office: Office, number: int, olena: Representative, taras: Representative
) -> None:
    told = Chatting(office, olena).say(f"/note {number} @taras, @zoe and @zoe: look")
    assert "Told: Тарас" in told.text
    assert "Nobody here is called @zoe." in told.text
    assert office.desk.look(mentioned, "@zoe @zoe").unknown == ("zoe",)
