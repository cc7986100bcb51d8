"""What somebody says in chat of what they want to be told, in both languages, by words and by buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import args
from core.people.quiet import Loudness, News, Quiet, next_minute
from core.texts.say import Reader, notice_html
from core.work.meanwhile import summary
from tests.bot.chatting import Chatting
from tests.bot.talk import Talk
from tests.core.office import Office, fire_due


@pytest.mark.parametrize(
    "words",
    ["/me quiet 22:00-8:00", "/me quiet 22-8", "/me тиша з 22 до 8", "/me тиша 22.00 – 8.00", "/me quiet from 22 to 8"],
)
async def test_quiet_hours_are_chosen_in_words(office: Office, talk: Talk, words: str) -> None:
    olena = office.join("Olena")
    assert "Quiet 22:00–08:00, Europe/Kyiv" in (await talk.say(olena, words)).text
    assert office.again(olena).quiet == Quiet(time(22), time(8))
    assert "Quiet 22:00–08:00" in (await talk.say(olena, "/me")).text
    assert "No quiet hours" in (await talk.say(olena, "/me тиша ні")).text
    assert office.again(olena).quiet is None


async def test_what_cannot_be_read_is_asked_for_with_examples(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    assert "/me quiet 22:00-8:00" in (await talk.say(olena, "/me quiet at night")).text
    assert "/me quiet 22:00-8:00" in (await talk.say(olena, "/me quiet 8-8")).text
    assert "/me news answers silent" in (await talk.say(olena, "/me news answers loudly")).text
    assert "always told" in (await talk.say(olena, "/me news assigned off")).text


async def test_each_kind_of_news_is_chosen_in_words_and_by_buttons(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    assert "Customers’ answers: without a sound" in (await talk.say(olena, "/me news answers silent")).text
    assert "Watched queues: not at all" in (await talk.say(olena, "/me новини черги ні")).text
    shown = await talk.press(olena, "news")
    assert "1:news_set:answers:off" in shown.buttons
    assert "1:news_set:watched:on" in shown.buttons
    assert "1:news_set:assigned:silent" in shown.buttons
    await talk.press(olena, "news_set", "mentions", "off")
    again = office.again(olena)
    assert [again.hears(one) for one in (News.ANSWERS, News.WATCHED, News.MENTIONS, News.ASSIGNED)] == [
        Loudness.SILENT, Loudness.OFF, Loudness.OFF, Loudness.ON
    ]  # fmt: skip


def test_the_line_of_what_was_gathered_leads_to_it(office: Office) -> None:
    office.desk.house = replace(office.desk.house, news_per_minute=2)
    olena = office.join("Olena")
    numbers = [office.open_case() for _ in range(5)]
    assert [row.work_id for row in office.owed(person_id=olena.id)] == numbers[:2]
    office.clock.at = next_minute(office.clock())
    before = max(row.id for row in office.owed())
    fire_due(office.desk)
    chat = Chatting(office, olena)
    told = chat._told(before, None)
    assert "3 pieces of news" in told.text
    assert all(f"№{number}" in told.text for number in numbers[2:])
    assert "assigned" in told.verbs
    listed = chat.say("/assigned").text
    assert all(f"№{number}" in listed for number in numbers)


def test_it_is_said_in_ukrainian_too(office: Office) -> None:
    olena = office.join("Olena")
    vip = office.queue()
    held = [(News.WATCHED, 1, vip.id)] * 2 + [(News.ANSWERS, 7, None)] * 3 + [(News.DESK, None, None)]
    notice = office.desk.look(summary, held, olena)
    text = notice_html(notice, Reader("uk", "Europe/Kyiv", office.clock()))
    assert text.splitlines() == [
        "📬 <b>Тим часом</b>: 6 новин",
        "💬 Від клієнтів: <b>3</b> · №7 (3×)",
        "🏢 Про службу: <b>1</b> · не про елементи",
        "👀 Нове у черзі «VIP»: <b>2</b>",
    ]


@given(st.times(), st.times(), st.sampled_from(["-", "–", " - ", " to ", " до "]))
def test_hours_of_the_day_are_read_as_they_are_written(start: time, end: time, between: str) -> None:
    wanted = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    assert args.hours(f"{start:%H:%M}{between}{end:%H:%M}") == tuple(one.replace(tzinfo=None) for one in wanted)
