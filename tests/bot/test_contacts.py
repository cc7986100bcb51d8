"""`/contact_export`, `/contact_erase` and how long a queue keeps words, in chat."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from bot.drawing import Drawn, draw
from core.cases import actions as cases
from core.cases import queries
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel
from core.people.model import Person
from core.people.rules import Role
from core.people.views import Representative
from core.texts.said import Notice
from core.work.editing import settings_of
from tests.bot.chatting import Chatting
from tests.core.office import Office


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


def _drawn(office: Office) -> Drawn | None:
    """Let the courier draw the export that is owed."""
    office.clock.advance(timedelta(seconds=5))
    row = next(row for row in office.owed() if "export" in row.facts)
    while (parcels := office.desk.run(claims.claim_due, Channel.TELEGRAM, 50)) and row.id not in [
        one.id for one in parcels
    ]:
        for one in parcels:
            office.desk.run(outbox.settle_sent, one, one.id)
    return office.desk.look(draw, next(one for one in parcels if one.id == row.id))


def test_an_export_comes_as_one_file(office: Office, chat: Chatting) -> None:
    number = office.open_case(office.customer("Maria", Channel.EMAIL, "maria@example.com"), "The lamp is dark")
    chat.say(f"/contact_export №{number}")
    said, file = [row for row in office.owed() if row.work_id is None]
    assert Notice.from_json(said.facts).lines[0].key == "export.soon"
    assert "export" in file.facts  # rows of a chat go out in order: it comes after the words that it will
    drawn = _drawn(office)
    assert drawn is not None
    assert drawn.file is not None
    assert drawn.file.name.endswith(".zip")
    assert "All that is kept of Maria" in drawn.text
    with zipfile.ZipFile(BytesIO(drawn.content or b"")) as archive:
        told = json.loads(archive.read("everything.json"))
    assert [one["title"] for one in told["cases"]] == ["The lamp is dark"]


def test_whoever_is_no_manager_any_more_gets_no_export(office: Office, chat: Chatting, mila: Representative) -> None:
    number = office.open_case()
    chat.say(f"/contact_export {number}")

    office.desk.run(lambda tx: setattr(tx.session.get_one(Person, mila.id), "role", Role.REPRESENTATIVE))
    assert _drawn(office) is None


def test_a_customer_is_erased_by_a_second_press(office: Office, chat: Chatting, mila: Representative) -> None:
    number = office.open_case(office.customer("Maria", Channel.EMAIL, "maria@example.com"), "The lamp is dark")
    refused = chat.say("/contact_erase maria@example.com")
    assert refused.error == "contact.has_open"
    assert f"№{number}" in refused.text
    office.desk.run(cases.resolve, number, mila)
    asked = chat.say("/contact_erase maria@example.com")
    assert "It cannot be undone" in asked.text
    assert office.desk.look(queries.case, number).contact.name == "Maria"
    assert "is erased" in chat.press("contact_erase", *asked.args("contact_erase")).text
    assert "Maria" not in chat.card_text(number)
    assert "lamp" not in chat.say(f"/case {number}").text
    assert "the words were erased" in chat.say(f"/history {number}").text
    assert chat.press("contact_erase", *asked.args("contact_erase")).error == "contact.erased"
    assert chat.say("/contact_erase maria@example.com").error == "contact.nobody"


@pytest.mark.parametrize("command", ["contact_export", "contact_erase"])
def test_whom_is_told_by_an_example(chat: Chatting, command: str) -> None:
    assert chat.say(f"/{command}").error == f"usage.{command}"


@pytest.mark.parametrize(
    ("words", "days"), [("keep 365", 365), ("зберігати 30 днів", 30), ("retention 1d", 1), ("keep off", None)]
)
def test_how_long_a_queue_keeps_words_is_a_field_of_it(
    office: Office, chat: Chatting, mila: Representative, words: str, days: int | None
) -> None:
    queue = office.queue("VIP").id
    told = chat.say(f"/queue_edit VIP {words}")
    assert office.desk.look(settings_of, queue, mila).keep_days == days
    assert ("days after they were closed" in told.text or "1 day after" in told.text) == (days is not None)


@pytest.mark.parametrize("words", ["keep soon", "keep 0", "keep 9999", "keep -3"])
def test_days_that_are_none_are_refused(office: Office, chat: Chatting, words: str) -> None:
    office.queue("VIP")
    assert chat.say(f"/queue_edit VIP {words}").error == "usage.queue_keep"
