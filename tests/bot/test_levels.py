"""Service levels in chat: made, shown, changed, used; the hours of the house, and its closures; in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import levelwords
from core.calendars.rules import Closure
from core.errors import Misused
from core.people.rules import Presence, Role
from core.sla.rules import ClockKind, Rung, Whom
from core.texts.say import LANGUAGES
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.core.sla.levels import fire_all

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TODAY = date(2026, 3, 2)
_LADDER = (
    "· when the time has run out, tells who has the case at once, the managers after 30 min, administrators after 2 h"
)


@pytest.fixture
def chat(office: Office) -> Chatting:
    return Chatting(office, office.join("Boss", Role.MANAGER))


def test_a_desk_without_levels_says_how_one_is_made(chat: Chatting) -> None:
    told = chat.say("/levels").text
    assert "nothing is measured" in told
    assert "/level_new Gold first 1h/4h/8h" in told


@pytest.mark.parametrize(
    ("locale", "words", "lines"),
    [
        (
            "en",
            "Gold first 1h/4h/8h resolve 4h/2d/5d",
            [
                "🎯 <b>Gold</b>",
                "· first answer: urgent 1 h, normal 4 h, low 8 h",
                "· resolution: urgent 4 h, normal 16 h, low 40 h",
                "· is for nothing yet: /level_use Gold default",
                "· warns at 75 % of the time, 15 min before the end",
                _LADDER,
                "· counts the hours of the house (/hours)",
                "· waits while the customer has the last word to say",
            ],
        ),
        (
            "uk",
            "Золотий відповідь 30хв вирішення 1д пауза ні ескалація ні попередити ні години щодня 0-24",
            [
                "🎯 <b>Золотий</b>",
                "· перша відповідь: 30 хв",
                "· вирішення: 8 год",
                "· завчасно не попереджає",
                "· коли строк минув, не попереджає нікого",
                "· рахується пн–нд 00:00–24:00",
                "· іде й тоді, коли чекаємо на клієнта",
            ],
        ),
    ],
)
def test_a_level_is_made_and_shown(office: Office, locale: str, words: str, lines: list[str]) -> None:
    chat = Chatting(office, office.join("Boss", Role.MANAGER), locale)
    for told in (chat.say(f"/level_new {words}").text, chat.say("/levels").text, chat.say(f"/level {words[:3]}").text):
        for line in lines:
            assert line in told.split("\n"), told


def test_a_level_is_changed_part_by_part_and_given_up(chat: Chatting) -> None:
    chat.say("/level_new Very good first 1h")
    assert "first answer: 2 h" in chat.say("/level very good first 2h").text
    told = chat.say("/level Very escalate 0 owner, 1h30m managers").text
    assert "first answer: 2 h" in told
    assert "who has the case at once, the managers after 1 h 30 min" in told
    assert "given up" in chat.say("/level very good off").text
    assert chat.say("/level very good").error == "level.none"


def test_a_level_is_for_a_queue_a_customer_or_everything_else(office: Office, chat: Chatting) -> None:
    office.queue("VIP")
    number = office.open_case(office.customer("Ivan"))
    chat.say("/level_new Gold first 1h")
    assert "holds for: everything else" in chat.say("/level_use Gold default").text
    assert "holds for: queue “VIP”" in chat.say("/level_use gold vip").text
    assert "holds for: customer Ivan" in chat.say(f"/level_use Gold №{number}").text
    assert "· holds for: customer Ivan, everything else, queue “VIP”" in chat.say("/level Gold").text
    assert "No service level any more: queue “VIP”" in chat.say("/level_use off VIP").text
    assert "· holds for: customer Ivan, everything else" in chat.say("/level Gold").text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("/level_new", "usage.level_new"),
        ("/level_new Gold", "usage.level_new"),
        ("/level_new first 1h", "usage.level_new"),
        ("/level_new Gold first 1h/2h", "usage.level_new"),
        ("/level_new Gold first soon", "usage.level_new"),
        ("/level_new Gold first 1h and so on", "usage.level_new"),
        ("/level_new Gold first 9999h", "level.target"),
        ("/level_new Gold first 0h", "level.target"),
        ("/level_new Gold first 1h hours whenever", "usage.house_hours"),
        ("/level_new 5 first 1h", "level.name"),
        ("/level_new Old first 1h", "level.exists"),
        ("/level Old", ""),
        ("/level Old twice", "usage.level"),
        ("/level Moon", "level.unknown"),
        ("/level_use", "usage.level_use"),
        ("/level_use Old", "usage.level_use"),
        ("/level_use Old Moon", "queue.unknown_none"),
        ("/level_use Old №99", "item.unknown"),
        ("/hours sometimes", "usage.house_hours"),
        ("/closures soon", "usage.closures"),
        ("/closures 32.1 Nothing", "usage.closures"),
        ("/closures 12 bananas", "usage.closures"),
        ("/closures 5.3", "closure.name"),
        ("/closures remove it", "usage.closures"),
        ("/closures remove 5", "closure.unknown"),
        ("/closures 2026-12-26-2026-12-24 Backwards", "closure.dates"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(chat: Chatting, words: str, error: str) -> None:
    chat.say("/level_new Old first 1h")
    before = chat.say("/levels").text, chat.say("/closures").text, chat.say("/hours").text
    assert chat.say(words).error == error
    assert (chat.say("/levels").text, chat.say("/closures").text, chat.say("/hours").text) == before


@pytest.mark.parametrize(
    ("words", "name", "first", "last", "yearly"),
    [
        ("25.12 Christmas", "Christmas", (2026, 12, 25), (2026, 12, 25), False),
        ("1.1-7.1 yearly New Year", "New Year", (2027, 1, 1), (2027, 1, 7), True),
        ("24.12 – 2.01, Holidays", "Holidays", (2026, 12, 24), (2027, 1, 2), False),
        ("2026-05-01 - 2026-05-03 May", "May", (2026, 5, 1), (2026, 5, 3), False),
        ("24 серпня щороку День незалежності", "День незалежності", (2026, 8, 24), (2026, 8, 24), True),
        ("25 December 2027 – 26 December 2027 Rest", "Rest", (2027, 12, 25), (2027, 12, 26), False),
        ("2.3 Today", "Today", (2026, 3, 2), (2026, 3, 2), False),
        ("1.3.27: Later", "Later", (2027, 3, 1), (2027, 3, 1), False),
    ],
)
def test_dates_of_closures_are_read(
    words: str, name: str, first: tuple[int, int, int], last: tuple[int, int, int], *, yearly: bool
) -> None:
    assert levelwords.read_closure(words, TODAY) == (name, Closure(date(*first), date(*last), yearly))


@pytest.mark.parametrize(
    ("words", "working"),
    [("30m", 30), ("1h30m", 90), ("1.5h", 90), ("2d", 960), ("1д 2г", 600), ("2 год 15 хв", 135), ("1,5 дн", 720)],
)
def test_working_time_is_read(words: str, working: int) -> None:
    assert levelwords.span(words) == working * MINUTE


def test_the_parts_of_a_level_are_read_in_any_order() -> None:
    read = levelwords.read_terms(
        "First class warn 20m escalate 1h managers, 2h admins resolve 1h/-/3h closures off first 5m", "usage.level"
    )
    asked = read.change(levelwords.BARE)
    assert read.name == "First class"
    assert asked.targets == {
        ClockKind.FIRST: dict.fromkeys((1, 2, 3), 5 * MINUTE),
        ClockKind.RESOLVE: {1: HOUR, 3: 3 * HOUR},
    }
    assert (asked.warn_percent, asked.warn_before) == (None, 20 * MINUTE)
    assert asked.ladder == (Rung(HOUR, Whom.MANAGERS), Rung(2 * HOUR, Whom.ADMINISTRATORS))
    assert asked.closures is False


def test_words_that_are_no_level_are_not_taken_for_one() -> None:
    with pytest.raises(Misused, match=r"usage\.level"):
        levelwords.read_terms("warn 20m or so", "usage.level")


def test_the_hours_of_the_house_and_its_closures_are_kept(chat: Chatting) -> None:
    assert "The house works <b>Mon–Fri 09:00–18:00</b> (Europe/Kyiv)" in chat.say("/hours").text
    assert "Mon–Sat 10:00–16:00" in chat.say("/hours mon-sat 10-16").text
    assert "Mon–Sat 10:00–16:00" in chat.say("/hours").text
    told = chat.say("/closures 25.12 yearly Christmas")
    assert "25 Dec, every year: Christmas" in told.text
    told = chat.say("/closures 31.12.2027 Eve")
    assert "31 Dec 2027: Eve" in told.text
    assert "“Christmas” is removed" in chat.press("closure_remove", *told.args("closure_remove")).text
    assert "Christmas" not in chat.say("/closures").text


def test_who_keeps_no_closures_sees_no_buttons_to_remove_them(office: Office, chat: Chatting) -> None:
    chat.say("/closures 25.12 Christmas")
    told = Chatting(office, office.join("Olena")).say("/closures")
    assert "Christmas" in told.text
    assert told.verbs == []


@pytest.mark.parametrize(
    ("locale", "due", "late", "mark"),
    [
        ("en", "⏱ Answer by today 13:00", "🔥 <b>Overdue: the answer was due today 13:00</b>", "🔥 <b>today 13:00</b>"),
        (
            "uk",
            "⏱ Відповісти до сьогодні 13:00",
            "🔥 <b>Прострочено: відповідь була потрібна до сьогодні 13:00</b>",
            "🔥 <b>сьогодні 13:00</b>",
        ),
    ],
)
def test_cards_and_lists_show_what_is_due_first(office: Office, locale: str, due: str, late: str, mark: str) -> None:
    boss = Chatting(office, office.join("Boss", Role.MANAGER, Presence.AWAY))
    person = office.join("Olena")
    olena = Chatting(office, person, locale)
    boss.say("/level_new Gold first 1h resolve 4h")
    boss.say("/level_use Gold default")
    number = office.open_case()
    assert due in olena.card_text(number)
    assert "⏱" in olena.say("/assigned").text
    office.clock.advance(HOUR)
    fire_all(office)
    assert late in olena.card_text(number)
    assert mark in olena.say("/assigned").text
    assert office.told(person)[-1] == "card.why.first_late"
    olena.say(f"/reply {number} Here we are")
    assert late not in olena.card_text(number)
    assert due not in olena.card_text(number)
    history = olena.say(f"/history {number}").text
    assert ("answered late" if locale == "en" else "відповідь із запізненням") in history
    assert "Gold" in history


def test_the_managers_digest_counts_what_is_overdue(office: Office, chat: Chatting) -> None:
    chat.say("/level_new Gold first 1h")
    chat.say("/level_use Gold default")
    office.open_case()
    assert "overdue" not in chat.say("/digest now").text
    office.clock.at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert "🔥 <b>1</b> case is overdue" in chat.say("/digest now").text


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "error", "way"),
    [
        ("/level Gold", "level.none", "/level_new"),
        ("/template_drop refund", "template.none_yet", "/template_new"),
        ("/queue Nothing", "queue.unknown_none", "/queue_new"),
    ],
)
def test_where_there_is_none_at_all_it_is_said_how_the_first_is_made(
    office: Office, words: str, error: str, way: str, locale: str
) -> None:
    told = Chatting(office, office.join("Mila", Role.MANAGER), locale).say(words)
    assert told.error == error
    assert way in told.text
