"""What stands below letters, as it is said in chat: by whoever writes, and for a queue."""

from __future__ import annotations

import pytest

from core.people.model import Person
from core.people.rules import Role
from core.work.model import Queue
from tests.bot.talk import Talk
from tests.core.office import Office


async def test_a_signature_is_shown_changed_and_taken_away(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    assert "Nothing stands below" in (await talk.say(olena, "/signature")).text
    told = (await talk.say(olena, "/signature Kind regards,\nOlena <Koval>")).text
    assert "Kind regards,\nOlena &lt;Koval&gt;" in told
    await talk.say(olena, "/signature укр: З повагою, Олена")
    kept = office.desk.look(lambda tx: tx.session.get_one(Person, olena.id).signatures)
    assert kept == {"": "Kind regards,\nOlena <Koval>", "uk": "З повагою, Олена"}
    assert "Українська: <blockquote>З повагою" in (await talk.say(olena, "/signature")).text
    assert "Nothing stands below" in (await talk.say(olena, "/signature off")).text


@pytest.mark.parametrize("words", ["en:", "--", "x" * 501, "\n".join("123456789")])
async def test_what_is_no_signature_changes_nothing(office: Office, talk: Talk, words: str) -> None:
    olena = office.join("Olena")
    told = (await talk.say(olena, f"/signature {words}")).text
    assert "signature" in told
    assert office.desk.look(lambda tx: tx.session.get_one(Person, olena.id).signatures) is None


async def test_the_line_before_a_signature_need_not_be_typed(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    await talk.say(olena, "/signature -- \nOlena")
    assert office.desk.look(lambda tx: tx.session.get_one(Person, olena.id).signatures) == {"": "Olena"}


async def test_a_queue_has_a_signature_and_says_whether_answers_quote(office: Office, talk: Talk) -> None:
    boss, vip = office.join("Boss", Role.MANAGER), office.queue("VIP").id
    told = (await talk.say(boss, "/queue_edit VIP signature VIP desk\n+380 44 000 00 00")).text
    assert "VIP desk\n+380 44 000 00 00" in told
    await talk.say(boss, "/queue_edit VIP цитата так")
    row = office.desk.look(lambda tx: tx.session.get_one(Queue, vip))
    assert (row.signatures, row.quotes) == ({"": "VIP desk\n+380 44 000 00 00"}, True)
    assert "quote on" in (await talk.say(boss, "/queue_edit VIP quote perhaps")).text
    await talk.say(boss, "/queue_edit VIP quote off")
    await talk.say(boss, "/queue_edit VIP підпис ні")
    row = office.desk.look(lambda tx: tx.session.get_one(Queue, vip))
    assert (row.signatures, row.quotes) == (None, False)
