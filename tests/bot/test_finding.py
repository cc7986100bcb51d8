"""/find in chat: it explains itself, shows what was found and where, pages, and proposes something else."""

from __future__ import annotations

import html
import re
from typing import Any, cast

import pytest
from telegram import Bot, Update

from bot.chat import Pressed, understand
from core.cases import actions as cases
from core.cases import answering, finding, indexing
from core.cases.found import snippet
from core.outbox.model import Channel
from core.people.views import Representative
from core.search import index
from core.search.asked import read
from tests.bot.chatting import Chatting, Told
from tests.core.office import Office


def _numbers(told: Told) -> list[int]:
    return [int(one) for one in re.findall(r"№(\d+)</b>", told.text)]


def test_alone_it_explains_itself(chat: Chatting, office: Office, olena: Representative) -> None:
    assert "/find printer from:ivan in:VIP" in chat.say("/find").text
    assert "/find принтер від:іван у:VIP" in Chatting(office, olena, "uk").say("/find").text


@pytest.mark.parametrize("locale", ["en", "uk"])
def test_the_examples_of_the_explanation_can_be_asked(office: Office, olena: Representative, locale: str) -> None:
    office.queue("VIP")
    chat = Chatting(office, olena, locale)
    examples = re.findall(r"^/find .+$", html.unescape(chat.say("/find").text), re.MULTILINE)
    assert len(examples) == 6
    assert [chat.say(one).error for one in examples] == [""] * 6


def test_a_case_is_shown_with_its_customer_its_place_and_what_was_said(office: Office, chat: Chatting) -> None:
    number = office.open_case(office.customer("Ivan <b>"), "It is broken\nThe <i>toner</i> & the drum", subject="Help")
    told = chat.say("/find toner")
    assert told.text == (
        f"🔎 <code>toner</code>: 1 case\n\n<b>№{number}</b> Help\n👤 Ivan &lt;b&gt;: Assigned of Olena\n"
        "💬 It is broken The <b>&lt;i&gt;toner&lt;/i&gt;</b> &amp; the drum"
    )
    assert told.args("card") == (number,)


def test_the_same_in_ukrainian(office: Office, olena: Representative) -> None:
    number = office.open_case(office.customer("Іван"), "Скінчився тонер")
    office.desk.run(cases.resolve, number, olena)
    assert Chatting(office, olena, "uk").say("/find тонер").text == (
        f"🔎 <code>тонер</code>: 1 звернення\n\n<b>№{number}</b> Скінчився тонер\n👤 Іван: закрито\n"
        "💬 Скінчився <b>тонер</b>"
    )


def test_pages_show_each_case_once(office: Office, chat: Chatting) -> None:
    numbers = [office.open_case(text=f"The lamp {place}") for place in range(12)]
    told = chat.say("/find  lamp   the")
    found = _numbers(told)
    for offset in (5, 10):
        assert (offset,) in [args for row in told.buttons for verb, args in row if verb == "find"]
        told = chat.press("find", offset, quoted="lamp the")
        found += _numbers(told)
    assert found == numbers[::-1]


def test_a_page_button_under_a_message_that_telegram_tells_no_more_asks_to_search_again(chat: Chatting) -> None:
    assert "/find" in chat.press("find", 5).text


def test_what_the_buttons_read_is_the_first_code_of_the_message() -> None:
    text = "🔎 принтер від:іван: 7 cases"
    chat = {"id": 7, "type": "private"}
    below = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": text}
    below["entities"] = [{"type": "code", "offset": 3, "length": 16}, {"type": "code", "offset": 22, "length": 5}]
    user = {"id": 7, "is_bot": False, "first_name": "Olena"}
    raw = {"id": "1", "from": user, "chat_instance": "1", "message": below, "data": "1:find:5"}
    event = understand(Update.de_json({"update_id": 1, "callback_query": raw}, cast("Bot", _Nobody())), "cherha_bot")
    assert isinstance(event, Pressed)
    assert event.quoted == "принтер від:іван"


class _Nobody:
    """Stands for the bot where updates are read."""

    defaults: Any = None


def test_a_number_shows_its_item_first(office: Office, chat: Chatting, olena: Representative) -> None:
    first = office.open_case(text="The lamp")
    other = office.open_case(text=f"About {first} again")
    assert _numbers(chat.say(f"/find {first}")) == [first, other]
    assert _numbers(chat.say(f"/find №{first}")) == [first, other]
    assert _numbers(chat.say(f"/find #{first} again")) == [other]


def test_many_are_told_as_many(office: Office, chat: Chatting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 6)
    for _ in range(8):
        office.open_case(text="The lamp")
    import bot.render.finding as render

    monkeypatch.setattr(render, "MOST", 6)
    told = chat.say("/find lamp")
    assert "over 6 cases" in told.text
    last = chat.press("find", 5, quoted="lamp")
    assert ("find", (10,)) not in [one for row in last.buttons for one in row]


def test_without_the_filters_it_may_be_found(office: Office, chat: Chatting) -> None:
    office.open_case(text="The lamp")
    told = chat.say("/find lamp is:closed")
    assert "nothing was found" in told.text
    assert "Without the filters there is 1 case:\n<code>/find lamp</code>" in told.text


def test_with_a_word_less_it_may_be_found(office: Office, chat: Chatting) -> None:
    office.open_case(text="The lamp")
    assert "With a word less there is 1 case:\n<code>/find lamp</code>" in chat.say("/find lamp quixotic").text


@pytest.mark.parametrize(("typed", "meant"), [("принтерами", "принтера"), ("prnter", "printer"), ("lamps", "lamp")])
def test_another_ending_or_a_word_that_is_like_it_is_proposed(
    office: Office, chat: Chatting, typed: str, meant: str
) -> None:
    office.open_case(text="printer lamp принтера")
    assert f"<code>/find {meant}</code>" in chat.say(f"/find {typed}").text


def test_what_is_proposed_finds_as_much_as_it_says(office: Office, chat: Chatting) -> None:
    for name in ("Ivan Petrenko", "Ivan"):
        office.open_case(office.customer(name), "The printer is silent")
    for text in ("printer from:ivann", '"printer is" lamp', "printer -silent", "from:oleksandr printer is:open"):
        told = chat.say(f"/find {text}").text
        count, typed = re.findall(r"(\d+) cases?[^<]*<code>/find (.+)</code>", told)[0]
        assert f": {count} case" in chat.say(f"/find {html.unescape(typed)}").text


def test_nothing_at_all_is_said_as_it_is(chat: Chatting) -> None:
    assert chat.say("/find quixotic").text == "🔎 <code>quixotic</code>: nothing was found."


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("is:open", "find.nothing"),
        ("account:acme", "find.only_account"),
        ("-lamp", "find.nothing"),
        ("…", "find.nothing"),
        ("lamp is:blue", "find.which_state"),
        ("lamp before:soon", "find.which_day"),
        ("lamp after:2026-02-30", "find.which_day"),
        ("lamp in:Nothing", "queue.unknown_none"),
        ("lamp from:", "find.empty_filter"),
        ("from: ivan", "find.empty_filter"),
        ("lamp -in:VIP", "find.no_minus"),
        ("a b c d e f g h i j k", "find.too_many"),
        ("x" * 201, "find.too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(chat: Chatting, words: str, key: str) -> None:
    assert chat.say(f"/find {words}").error == key


def test_notes_are_found_by_staff_and_mail_addresses_too(office: Office, chat: Chatting, olena: Representative) -> None:
    number = office.open_case(office.customer("Petro", Channel.EMAIL, "petro@home.example"))
    office.desk.run(answering.note, number, "call the supplier", olena)
    assert _numbers(chat.say("/find supplier")) == [number]
    assert _numbers(chat.say("/find petro@home.example")) == [number]


def test_it_says_that_older_cases_are_still_being_made_ready(office: Office, chat: Chatting) -> None:
    number = office.open_case(text="The lamp")
    office.desk.run(index.write_later, [number])
    assert "still being made ready" in chat.say("/find lamp").text
    office.desk.run(indexing.step)
    assert "still being made ready" not in chat.say("/find lamp").text


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("The printer is silent", "print", ("The ", "printer", " is silent")),
        ("онлайн-запис, ось", "запис", ("", "онлайн-запис,", " ось")),
        ("word " * 20 + "lamp " + "word " * 30, "lamp", ("…" + "word " * 6, "lamp", " " + "word " * 11 + "word…")),
        ("a\n\n  lamp\tb", "LAMP", ("a ", "lamp", " b")),
        ("lamp", "from:lamp x", None),
        ("the lamps", '"lamp"', None),
        ("п'ять", "пять", ("", "п'ять", "")),
    ],
)
def test_a_snippet_is_cut_around_the_words(text: str, typed: str, shown: tuple[str, str, str] | None) -> None:
    terms = [term for term in read(typed).terms if not term.customer]
    cut = snippet(text, terms)
    assert (cut and (cut.before, cut.hit, cut.after)) == shown
