"""What somebody says of themselves in chat: presence, hours, zone, language; help; commands that are not there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import menu
from bot.commands import CUSTOMER_COMMANDS, STAFF_COMMANDS
from bot.drawing import TEXT_LENGTH, length
from bot.menus import DESCRIPTION_LENGTH
from bot.render.myself import described, help_group, help_staff
from core.cases import actions as cases
from core.digests.slots import next_slot
from core.people import actions as people
from core.people.model import Person
from core.people.rules import Presence, Role
from core.texts.say import LANGUAGES, Reader, has, notice_html, say_plain
from core.work import queries
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office

# --- hours and presence ---------------------------------------------------------------------------


async def test_the_hours_of_the_week_are_shown_and_changed(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    assert "Mon–Fri 09:00–18:00" in (await talk.say(olena, "/me")).text
    told = (await talk.say(olena, "/me hours mon-thu 9-18, sat 10:30-14")).text
    assert "Mon–Thu 09:00–18:00, Sat 10:30–14:00" in told
    assert "by the hours of your week" in told
    person = office.desk.look(lambda tx: tx.session.get_one(Person, olena.id))
    assert person.hours["5"] == [["10:30", "14:00"]]
    assert set(person.hours) == {"0", "1", "2", "3", "5"}


@pytest.mark.parametrize("words", ["/me години пн-пт 22-6", "/me hours 22-6"])
async def test_a_night_shift_is_a_shift(office: Office, talk: Talk, words: str) -> None:
    olena = office.join("Olena")
    assert "Mon–Fri 22:00–06:00" in (await talk.say(olena, words)).text
    assert not office.again(olena).working


async def test_hours_that_cannot_be_read_are_asked_for_with_examples(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    told = (await talk.say(olena, "/me hours sometimes")).text
    assert "Which hours?" in told
    assert "/me hours mon-fri 9-18" in told
    assert office.again(olena).presence is Presence.WORKING


@pytest.mark.parametrize(
    ("words", "presence"),
    [
        ("/me working", Presence.WORKING),
        ("/me працюю", Presence.WORKING),
        ("/me away", Presence.AWAY),
        ("/me Немає", Presence.AWAY),
        ("/me hours", Presence.BY_HOURS),
        ("/me години", Presence.BY_HOURS),
    ],
)
async def test_presence_is_said_in_either_language(office: Office, talk: Talk, words: str, presence: Presence) -> None:
    olena = office.join("Olena", presence=None)
    await talk.say(olena, words)
    assert office.again(olena).presence is presence


async def test_what_is_not_understood_names_all_that_is(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    told = (await talk.say(olena, "/me wroking")).text
    for word in ("working", "away", "hours", "zone", "en", "uk"):
        assert f"/me {word}" in told, word


async def test_digests_come_on_the_days_of_the_new_hours(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    await talk.say(olena, "/me hours sat 10-14")
    planned = office.desk.look(lambda tx: next_slot(tx.session.get_one(Person, olena.id), tx.now))
    assert planned is not None
    assert planned[0] == date(2026, 3, 7)


# --- what waited while nobody was there -----------------------------------------------------------


async def test_who_begins_to_work_is_told_what_waits_in_intake(office: Office, talk: Talk) -> None:
    olena = office.join("Olena", presence=Presence.AWAY)
    for _ in range(2):
        office.open_case()
    told = await talk.say(olena, "/me working")
    assert "2 items wait in Intake" in told.text
    intake = office.desk.look(queries.find_queue, "Intake").id
    assert f"1:queue:{intake}:0" in told.buttons
    assert "Intake" not in (await talk.say(olena, "/me working")).text
    assert "Intake" not in (await talk.press(olena, "presence", "away")).text
    assert "2 items wait in Intake" in (await talk.press(olena, "presence", "by_hours")).text


async def test_who_joins_is_told_what_waits_in_intake_and_watches_it_if_they_keep_queues(
    office: Office, talk: Talk
) -> None:
    office.open_case()
    intake = office.desk.look(queries.find_queue, "Intake").id
    token = office.desk.run(people.invite, Role.MANAGER, None).token
    assert "1 item waits in Intake" in (await talk.say(77, f"/start {token}", "Maria")).text
    assert len(office.desk.look(queries.watchers, intake)) == 1


async def test_who_makes_a_queue_is_told_that_they_watch_it(office: Office, talk: Talk) -> None:
    maria = office.join("Maria", Role.MANAGER)
    told = await talk.say(maria, "/queue_new VIP")
    assert "you are told of what is new in it" in told.text
    vip = office.desk.look(queries.find_queue, "VIP").id
    assert office.desk.look(queries.watchers, vip) == [maria.id]
    assert "no longer told" in (await talk.press(maria, "watch", vip)).text


# --- help and commands ----------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
def test_help_names_what_a_role_may_and_each_kind_says_what_it_does(role: Role, locale: str) -> None:
    mine = [one for one in menu.STAFF if one.may(role)]
    reader = Reader(locale, "UTC", MONDAY_NOON)
    shown = help_staff(mine)
    text = notice_html(shown, reader)
    assert length(text) <= TEXT_LENGTH / 2
    named = [word[1:] for line in text.splitlines() if line.startswith("/") for word in line.split()]
    assert named == [one.name for group in menu.Group for one in mine if one.listed and one.group is group]
    assert ("/invitations" in text) is (role is Role.ADMINISTRATOR)
    told = []
    for button in (button for row in shown.buttons for button in row):
        page = notice_html(help_group(mine, menu.Group(button.args[0])), reader)
        assert length(page) <= TEXT_LENGTH / 2
        told += [line[1:].split()[0] for line in page.splitlines() if line.startswith("/")]
    assert sorted(told) == sorted(named)


async def test_help_turns_its_pages_in_place_and_tells_of_one_command(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    shown = await talk.say(olena, "/help")
    assert "/progress" in shown.text
    page = await talk.press(olena, "help", "queues")
    assert "/forward" in page.text
    assert "/progress" not in page.text
    assert "/progress" in (await talk.press(olena, "help")).text
    assert "/edit" in (await talk.say(olena, "/help edit")).text
    assert "/edit" in (await talk.say(olena, "/help /EDIT")).text
    assert "/forward" in (await talk.say(olena, "/help forwad")).text
    assert "no command" in (await talk.say(olena, "/help invite")).text  # it is not theirs


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_command_with_words_has_an_example_and_its_place_in_the_menu(locale: str) -> None:
    for one in menu.STAFF:
        assert has(f"help.example_{one.name}", locale) is one.words, one.name
        if one.listed:
            assert 3 <= len(say_plain(described(one), Reader(locale, "UTC", MONDAY_NOON))) <= DESCRIPTION_LENGTH


def test_each_command_stands_once_in_the_menu() -> None:
    assert sorted(one.name for one in menu.STAFF) == sorted(STAFF_COMMANDS)
    assert sorted(one.name for one in menu.CUSTOMER) == sorted(CUSTOMER_COMMANDS)


async def test_a_slip_of_the_finger_is_answered_with_the_command_that_was_meant(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    assert "Did you mean /accept" in (await talk.say(olena, "/acept 12")).text
    assert "There is no command /xyzzy. /help" in (await talk.say(olena, "/xyzzy")).text
    customer = (await talk.say(77, "/hlep")).text
    assert "Did you mean /help?" in customer
    assert "/accept" not in (await talk.say(77, "/acept")).text


def test_only_what_a_role_may_use_is_suggested() -> None:
    assert "/invite" not in menu.nearest("invit", menu.STAFF, Role.REPRESENTATIVE)
    assert menu.nearest("invit", menu.STAFF, Role.ADMINISTRATOR)[0] == "/invite"


@given(st.text())
def test_whatever_is_typed_at_most_three_are_suggested(command: str) -> None:
    found = menu.nearest(command, menu.STAFF, Role.ADMINISTRATOR)
    assert len(found) <= 3
    assert {one[1:] for one in found} <= set(STAFF_COMMANDS)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_who_leaves_is_not_proposed_to_get_what_they_have(office: Office, locale: str) -> None:
    taras = office.join("Taras")
    office.desk.run(cases.accept, office.open_case(queue=office.queue().id), taras)
    told = Chatting(office, office.join("Boss", Role.ADMINISTRATOR, Presence.AWAY), locale).say("/dismiss taras")
    assert told.error == "dismiss.holds"
    assert told.text.count("taras") == 1


@pytest.mark.parametrize(("locale", "words"), [("en", "customers"), ("en", "Planning"), ("uk", "клієнти")])
def test_help_is_given_for_a_kind_of_commands_by_its_name(office: Office, locale: str, words: str) -> None:
    told = Chatting(office, office.join("Mila", Role.MANAGER), locale).say(f"/help {words}")
    assert told.error == ""
    assert ("/task" if words == "Planning" else "/account_new") in told.text
