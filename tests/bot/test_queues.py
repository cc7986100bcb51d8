"""Public queues are kept in chat: their settings, closed, merged and split."""

from __future__ import annotations

import pytest

from bot.handlers.queue_fields import FIELDS
from core.people.rules import Role
from core.people.views import Representative
from core.texts.say import LANGUAGES
from core.work import editing, queries, queues
from core.work.model import Queue
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.office import Office


def _settings(office: Office, name: str, by: Representative) -> editing.QueueSettings:
    queue = office.desk.look(queries.find_queue, name).id
    return office.desk.look(editing.settings_of, queue, by)


async def test_the_settings_of_a_queue_are_shown_with_what_changes_them(
    office: Office, talk: Talk, maria: Representative
) -> None:
    office.queue("Print")
    told = await talk.say(maria, "/queue_edit print")
    for line in ("How “Print” is kept", "name: <b>Print</b>", "members: everybody", "missed: as in the whole desk"):
        assert line in told.text
    queue = office.desk.look(queries.find_queue, "Print").id
    assert f"1:queue_set:{queue}:priority:urgent" in told.buttons
    assert f"1:queue_set:{queue}:members:everybody" not in told.buttons


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_shows_the_settings_names_the_word_of_each(office: Office, locale: str) -> None:
    office.queue("Print")
    shown = Chatting(office, office.join("Mila", Role.MANAGER), locale).say("/queue_edit Print").text
    how = shown.partition("/queue_edit Print")[2]
    for field in FIELDS:
        assert any(f"<code>{word} " in how for word in field.words), field.words


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("name Laser", "name", "Laser"),
        ("назва Друк і лазер", "name", "Друк і лазер"),
        ("aliases + Druk", "aliases", ("Druk",)),
        ("description for all that prints", "description", "for all that prints"),
        ("mail + print@localhost", "addresses", ("print@localhost",)),
        ("members olena, taras", "members", ("olena", "taras")),
        ("members + olena", "members", ("olena",)),
        ("priority urgent", "priority", 1),
        ("пріоритет низький", "priority", 3),
        ("missed 4", "missed_after_days", 4),
        ("language uk", "locale", "uk"),
        ("мова: англійська", "locale", "en"),
    ],
)
async def test_each_field_is_changed_by_words(
    office: Office, talk: Talk, maria: Representative, words: str, field: str, value: object
) -> None:
    for name in ("Olena", "Taras"):
        office.join(name)
    queue = office.queue("Print room").id
    await talk.say(maria, f"/queue_edit Print room {words}")
    assert getattr(office.desk.look(editing.settings_of, queue, maria), field) == value


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        (("aliases Druk", "aliases - druk"), "aliases", ()),
        (("description words", "description off"), "description", ""),
        (("mail print@localhost", "mail – print@localhost"), "addresses", ()),
        (("members olena taras", "members - olena"), "members", ("taras",)),
        (("members olena", "members everybody"), "members", None),
        (("members olena", "members - olena"), "members", ()),
        (("priority urgent", "priority off"), "priority", None),
        (("missed 4", "missed off"), "missed_after_days", None),
        (("language uk", "language ні"), "locale", None),
    ],
)
async def test_what_was_set_is_taken_away_again(
    office: Office, talk: Talk, maria: Representative, said: tuple[str, str], field: str, value: object
) -> None:
    for name in ("Olena", "Taras"):
        office.join(name)
    office.queue("Print")
    before = getattr(_settings(office, "Print", maria), field)
    await talk.say(maria, f"/queue_edit Print {said[0]}")
    assert getattr(_settings(office, "Print", maria), field) != before
    await talk.say(maria, f"/queue_edit Print {said[1]}")
    assert getattr(_settings(office, "Print", maria), field) == value


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Print priority high", "urgent"),
        ("Print language fr", "<code>uk</code>"),
        ("Print missed never", "1 to 365"),
        ("Print colour red", "what of it?"),
        ("Print name", "what of it?"),
        ("Print name Support", "There is a queue “Support” already"),
        ("Print name Assigned", "everybody's own queues"),
        ("Print name 12", "not only digits"),
        ("Print aliases Hilfe", "another name of the queue “Support”"),
        ("Print aliases - Print", "the name of the queue itself"),
        ("Print mail nonsense", "no mail address"),
        ("Print mail boss@bank.example", "a domain that is not ours"),
        ("Print mail - desk@localhost", "no address of “Print”"),
        ("Support mail - desk@localhost", "stands in the settings"),
        ("Print members nobody", "nobody"),
        ("Assigned name Mine", "everybody's own queues"),
        ("У роботі", "everybody's own queues"),
        ("Nothing", "There is no queue “Nothing”"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_do(
    office: Office, talk: Talk, maria: Representative, words: str, told: str
) -> None:
    for name in ("Print", "Support"):
        office.queue(name)
    await talk.say(maria, "/queue_edit Support aliases Hilfe")
    office.desk.run(queues.keep_addresses, {"desk@localhost": "Support"})
    before = _settings(office, "Print", maria)
    assert told in (await talk.say(maria, f"/queue_edit {words}")).text
    assert _settings(office, "Print", maria) == before


async def test_buttons_change_what_has_few_values(office: Office, talk: Talk, maria: Representative) -> None:
    queue = office.queue("Print").id
    for field, value in (("priority", "low"), ("language", "uk"), ("members", "everybody")):
        told = await talk.press(maria, "queue_set", queue, field, value)
        assert "How “Print” is kept" in told.text
    kept = _settings(office, "Print", maria)
    assert (kept.priority, kept.locale, kept.members) == (3, "uk", None)


async def test_a_manager_comes_to_the_settings_from_the_queue(
    office: Office, talk: Talk, maria: Representative
) -> None:
    queue = office.queue("Print").id
    assert f"1:queue_edit:{queue}" in (await talk.say(maria, "/queue Print")).buttons
    assert f"1:queue_edit:{queue}" not in (await talk.say(office.join("Olena"), "/queue Print")).buttons
    assert "How “Print” is kept" in (await talk.press(maria, "queue_edit", queue)).text


async def test_a_queue_is_closed_only_when_nothing_is_in_it_or_leads_to_it(
    office: Office, talk: Talk, maria: Representative
) -> None:
    queue = office.queue("Print").id
    office.desk.run(queues.keep_addresses, {"print@localhost": "Print"})
    numbers = [office.open_case(queue=queue) for _ in range(2)]
    told = (await talk.say(maria, "/queue_close Print")).text
    assert f"2 items stand in it (№{numbers[0]}, №{numbers[1]})" in told
    assert "print@localhost" in told
    for number in numbers:
        office.close(number, maria)
    office.desk.run(queues.keep_addresses, {})
    assert "The queue “Print” is closed" in (await talk.say(maria, "/queue_close Print")).text
    assert "Print" not in (await talk.say(maria, "/queues")).text
    assert office.queue("Print").id != queue


async def test_the_queue_of_new_work_cannot_be_closed(office: Office, talk: Talk, maria: Representative) -> None:
    office.desk.run(queues.intake_queue)
    assert "new work that goes to nobody" in (await talk.say(maria, "/queue_close Intake")).text


async def test_queues_are_merged_and_parted_by_a_button(office: Office, talk: Talk, maria: Representative) -> None:
    left, into = office.queue("Print").id, office.queue("Support").id
    numbers = [office.open_case(queue=left) for _ in range(2)]
    told = await talk.say(maria, "/queue_merge print into support")
    assert "“Print” is a part of “Support” now: 2 items" in told.text
    (undo,) = [one for one in told.buttons if one.startswith("1:unmerge:")]
    assert f"№{numbers[0]}" in (await talk.say(maria, "/queue Print")).text
    assert "went over from “Print” to “Support”" in (await talk.say(maria, f"/history {numbers[0]}")).text
    back = await talk.press(maria, "unmerge", int(undo.rpartition(":")[2]))
    assert "The queue “Print” is there again: 2 items" in back.text
    assert office.item(numbers[0]).queue == office.desk.look(queries.get_queue, left)
    assert office.desk.look(queries.get_queue, into).name == "Support"


async def test_a_merge_is_undone_by_the_name_that_went(office: Office, talk: Talk, maria: Representative) -> None:
    for name in ("Print", "Support"):
        office.queue(name)
    await talk.say(maria, "/queue_merge Print -> Support")
    assert "“Print” is there again" in (await talk.say(maria, "/queue_unmerge Print")).text
    assert "No queue “Print” was merged" in (await talk.say(maria, "/queue_unmerge Print")).text


@pytest.mark.parametrize("words", ["", "Print", "INTO Support", "Print INTO"])
async def test_half_a_merge_is_answered_with_how_it_is_written(
    office: Office, talk: Talk, maria: Representative, words: str
) -> None:
    office.queue("Print")
    assert "Example: /queue_merge" in (await talk.say(maria, f"/queue_merge {words}")).text


async def test_names_with_such_a_word_in_them_are_merged_too(office: Office, talk: Talk, maria: Representative) -> None:
    for name in ("Way into the house", "Doors"):
        office.queue(name)
    told = await talk.say(maria, "/queue_merge Way into the house INTO Doors")
    assert "“Way into the house” is a part of “Doors” now" in told.text


async def test_a_queue_is_split_by_numbers(office: Office, talk: Talk, maria: Representative) -> None:
    queue = office.queue("Support").id
    numbers = [office.open_case(queue=queue) for _ in range(3)]
    told = await talk.say(maria, f"/queue_split Support INTO Printers 999999 {numbers[0]} №{numbers[2]}")
    assert "Printers 999999" not in told.text  # a number before the others is one of them
    assert "“Support” does not hold №999999; nothing was moved" in told.text
    told = await talk.say(maria, f"/queue_split Support INTO Printers {numbers[0]} №{numbers[2]}")
    assert "The queue “Printers” is there, with 2 items of “Support”" in told.text
    places = [one.name if (one := office.item(number).queue) else None for number in numbers]
    assert places == ["Printers", "Support", "Printers"]
    assert "new queue “Printers”" in (await talk.say(maria, f"/history {numbers[0]}")).text


async def test_a_queue_is_split_by_words_in_titles(office: Office, talk: Talk, maria: Representative) -> None:
    queue = office.queue("Підтримка").id
    moved = [office.open_case(text=text, queue=queue) for text in ("ПРИНТЕР мовчить", "Новий принтер")]
    stays = office.open_case(text="Лампа", queue=queue)
    told = await talk.say(maria, "/queue_split Підтримка INTO Друк тема: принтер")
    assert "with 2 items" in told.text
    assert [office.item(number).queue.name for number in (*moved, stays)] == ["Друк", "Друк", "Підтримка"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Support INTO Printers", "Which items of which queue"),
        ("Support INTO Printers title: toaster", "No item in “Support”"),
        ("Support INTO Other 99999", "does not hold №99999"),
        ("Support INTO Billing title: printer", "There is a queue “Billing” already"),
        ("Support INTO Assigned title: printer", "everybody's own queues"),
        ("Nothing INTO Printers title: printer", "There is no queue “Nothing”"),
        ("", "Which items of which queue"),
    ],
)
async def test_a_split_that_makes_no_sense_moves_nothing(
    office: Office, talk: Talk, maria: Representative, words: str, told: str
) -> None:
    queue = office.queue("Support").id
    office.queue("Billing")
    number = office.open_case(queue=queue)
    assert told in (await talk.say(maria, f"/queue_split {words}")).text
    assert office.item(number).queue == office.desk.look(queries.get_queue, queue)
    assert len(office.desk.look(queries.public_queues)) == 2


async def test_a_split_queue_is_as_private_as_the_one_it_came_from(
    office: Office, talk: Talk, maria: Representative
) -> None:
    olena, taras = office.join("Olena"), office.join("Taras")
    queue = office.queue("Staff").id
    office.desk.run(editing.set_members, queue, [olena.id], maria)
    number = office.open_case(queue=queue)
    await talk.say(maria, f"/queue_split Staff INTO Wages {number}")
    assert f"№{number}" in (await talk.say(olena, "/queue Wages")).text
    assert "There is no queue “Wages”" in (await talk.say(taras, "/queue Wages")).text


async def test_watchers_of_a_split_queue_read_one_line(office: Office, talk: Talk, maria: Representative) -> None:
    olena = office.join("Olena")
    queue = office.queue("Support").id
    office.desk.run(queues.watch, queue, olena)
    for _ in range(4):
        office.open_case(queue=queue)
    before = len(office.told(olena))
    await talk.say(maria, "/queue_split Support INTO Printers title: printer")
    assert office.told(olena)[before:] == ["queue.split_news"]


def test_every_change_of_a_queue_is_in_the_history(office: Office) -> None:
    maria = office.join("Maria", Role.MANAGER)
    queue = office.queue("Print").id
    office.desk.run(editing.rename, queue, "Laser", maria)
    assert office.desk.look(lambda tx: tx.session.get_one(Queue, queue)).name == "Laser"
    assert office.desk.look(queries.find_queue, "Print").name == "Laser"  # the old name still leads there
