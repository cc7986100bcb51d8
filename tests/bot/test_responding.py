"""Events through the bot's one entry, on both databases: what is done, what is owed, and to whom."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from bot.app import respond
from bot.chat import Blocked, Event, Heard, Pressed, RepliedTo, Sender
from core.cases import actions as cases
from core.cases import conversations, queries
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.errors import NotFound
from core.inbox.updates import keep_update
from core.people.rules import Role
from core.people.views import Representative
from core.work import cards
from tests.core.office import Office

_updates = count(1)
_messages = count(100)


class Writer:
    """Somebody who chats with the bot."""

    def __init__(self, office: Office, user_id: int, chat_id: int, name: str) -> None:
        self.office = office
        self.sender = Sender(user_id, chat_id, name, None, "uk", private=chat_id > 0)

    def happens(self, event: Event) -> Any:
        """Let an event of theirs be handled, as the bot does."""
        row = self.office.desk.run(keep_update, (1, next(_updates), "{}"))
        return self.office.desk.run(respond, [row], event, changing=True)

    def says(self, text: str, *, message_id: int = 0, reply_to: RepliedTo | None = None, **more: Any) -> int:
        """Write a message; returns its id."""
        number = message_id or next(_messages)
        command, _, words = text[1:].partition(" ") if text.startswith("/") else (None, "", text)
        facts = {
            "files": (), "album": None, "forwarded": False, "edited": False,
            "at": self.office.clock(), "command": command, "words": words, **more,
        }  # fmt: skip
        self.happens(Heard(sender=self.sender, message_id=number, text=text, reply_to=reply_to, **facts))
        return number

    def presses(self, verb: str, *args: int | str) -> Any:
        """Press a button."""
        return self.happens(Pressed(self.sender, "1", next(_messages), verb, args))


@pytest.fixture
def olena(office: Office) -> Representative:
    return office.join("Olena", Role.ADMINISTRATOR)


def _user(person: Representative) -> int:
    return (person.chat_id or 0) - 1000


@pytest.fixture
def staff(office: Office, olena: Representative) -> Writer:
    return Writer(office, _user(olena), olena.chat_id or 0, "Olena")


@pytest.fixture
def ivan(office: Office, olena: Representative) -> Writer:
    return Writer(office, 7001, 7001, "Іван")


def test_a_group_is_never_taken_for_somebodys_own_chat(office: Office, olena: Representative, ivan: Writer) -> None:
    group = Writer(office, _user(olena), -500, "Olena")
    group.happens(Blocked(group.sender, blocked=True))
    group.happens(Blocked(group.sender, blocked=False))
    assert office.again(olena).chat_id == olena.chat_id
    ivan.says("my salary is 100")
    assert {row.address for row in office.owed(person_id=olena.id)} == {str(olena.chat_id)}


def test_whoever_unblocked_the_bot_is_reached_again_in_their_own_chat(
    office: Office, olena: Representative, staff: Writer
) -> None:
    staff.happens(Blocked(staff.sender, blocked=True))
    assert office.again(olena).chat_id is None
    staff.says("/me")
    assert office.again(olena).chat_id == olena.chat_id


def test_no_to_what_was_just_resolved_opens_it_again_though_another_one_is_open(
    office: Office, olena: Representative, ivan: Writer
) -> None:
    first = ivan.says("The printer is silent")
    number = _about(office, ivan, first)
    ivan.says("/new The scanner too")
    office.desk.run(cases.resolve, number, olena)
    _told(office, ivan, number, 900)
    ivan.says("Ні, не працює", message_id=901)
    assert office.item(number).open
    assert office.texts(number)[-1] == "Ні, не працює"


def test_thanks_for_what_was_resolved_open_nothing(office: Office, olena: Representative, ivan: Writer) -> None:
    number = _about(office, ivan, ivan.says("The printer is silent"))
    office.desk.run(cases.resolve, number, olena)
    _told(office, ivan, number, 900)
    ivan.says("Дуже дякую! 🙏", message_id=901)
    assert not office.item(number).open
    assert office.texts(number)[-1] == "Дуже дякую! 🙏"
    assert office.told(olena)[-1] == "notice.customer_wrote"


def test_with_several_open_one_is_told_which_it_went_to_and_can_move_it(
    office: Office, olena: Representative, ivan: Writer
) -> None:
    one = _about(office, ivan, ivan.says("The printer is silent"))
    two = _about(office, ivan, ivan.says("/new The scanner too"))
    three = ivan.says("The red lamp is on")
    assert office.texts(two)[-1] == "The red lamp is on"
    told = office.owed(contact_id=_contact(office, one).id)[-1]
    assert told.facts["lines"][0]["key"] == "my.added"
    (button,) = told.facts["buttons"][0]
    assert button[1] == "my_move"
    ivan.presses("my_move", *button[2])
    assert "The red lamp is on" not in office.texts(two)
    assert office.texts(one)[-1] == "The red lamp is on"
    assert _about(office, ivan, three) == one


def test_nobody_moves_a_message_that_is_not_theirs(office: Office, ivan: Writer) -> None:
    mine = _about(office, ivan, ivan.says("The printer is silent"))
    ivan.says("It smells")
    entry = office.desk.look(conversations.conversation, mine)[-1].id
    eve = Writer(office, 7002, 7002, "Eve")
    own = _about(office, eve, eve.says("Mine"))
    with pytest.raises(NotFound):
        eve.presses("my_move", mine, entry, own)
    assert office.texts(mine)[-1] == "It smells"


def test_an_edit_of_a_later_picture_of_an_album_changes_its_words_only(office: Office, ivan: Writer) -> None:
    files = tuple(NewFile("photo", "p.jpg", "image/jpeg", 5, telegram_id=str(n)) for n in range(2))
    ivan.says("front\nbcak", message_id=50, files=files, album="a", parts=((50, "front"), (51, "bcak")))
    number = _about(office, ivan, 50)
    ivan.says("back", message_id=51, edited=True)
    assert office.texts(number) == ["front\nback"]


def test_an_edit_that_only_looks_like_a_command_is_taken_whole(office: Office, ivan: Writer) -> None:
    said = ivan.says("hosts")
    ivan.says("/etc/hosts is quite empty", message_id=said, edited=True)
    assert office.texts(_about(office, ivan, said)) == ["/etc/hosts is quite empty"]


def test_editing_a_command_that_answered_changes_the_words_of_the_answer_alone(
    office: Office, staff: Writer, ivan: Writer
) -> None:
    number = _about(office, ivan, ivan.says("help"))
    said = staff.says(f"/reply {number} Hello")
    staff.says(f"/reply {number} Hello there!", message_id=said, edited=True)
    assert office.texts(number)[-1] == "Hello there!"


def test_pictures_are_shown_without_being_asked_for(office: Office, olena: Representative, ivan: Writer) -> None:
    ivan.says("look", files=(NewFile("photo", "p.jpg", "image/jpeg", 5, telegram_id="p"),))
    assert [str(row.kind) for row in office.owed(person_id=olena.id)] == ["card", "file"]
    ivan.says("and this", files=(NewFile("photo", "q.jpg", "image/jpeg", 5, telegram_id="q"),))
    assert [str(row.kind) for row in office.owed(person_id=olena.id)][2:] == ["notice", "file"]


def test_a_long_message_is_read_to_its_end_a_page_at_a_time(office: Office, staff: Writer, ivan: Writer) -> None:
    text = "\n".join(f"line {number} of a long story" for number in range(400))
    number = _about(office, ivan, ivan.says(text))
    entry = office.desk.look(conversations.conversation, number)[-1].id
    read, page = "", 0
    while True:
        notice = staff.presses("whole", number, entry, page, 0, 1)
        told = office.owed(address=str(staff.sender.chat_id))[-1].facts
        assert notice is not None
        read += told["lines"][1]["facts"]["text"] + "\n"
        page += 1
        if not any(button[1] == "whole" and button[2][2] == page for row in told["buttons"] for button in row):
            break
    assert read.split() == text.split()


def _contact(office: Office, number: int) -> ContactView:
    return office.desk.look(queries.case, number).contact


def _about(office: Office, who: Writer, message_id: int) -> int:
    found = office.desk.look(cards.about, who.sender.chat_id, message_id)
    assert found is not None
    return found[0]


def _told(office: Office, who: Writer, number: int, message_id: int) -> None:
    """Let the bot's word about a case be the latest in somebody's chat."""
    office.desk.run(cards.link, number, who.sender.chat_id, message_id)
