"""Calls, appointments and one's days in chat: in words, by button, and what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import planwords
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.work.rules import WorkKind
from tests.bot.chatting import Chatting
from tests.core.office import Office

# The desk's clock stands at Monday, 2 March 2026, 12:00 in Kyiv.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "title", "more"),
    [
        ("7 tomorrow 12:00 demo @ Office 3", "demo", {"about": 7, "at": TOMORROW, "place": "Office 3"}),
        ("demo @ Office 3 tomorrow at 12", "demo", {"at": TOMORROW, "place": "Office 3"}),
        ("tomorrow 12-13 demo", "demo", {"at": TOMORROW, "until": TOMORROW + timedelta(hours=1)}),
        ("tomorrow 12:00 demo remind 1h", "demo", {"at": TOMORROW, "remind": timedelta(hours=1)}),
        ("tomorrow 12:00 demo remind me 2 days before", "demo", {"at": TOMORROW, "remind": timedelta(days=2)}),
        ("завтра о 12 показ, нагадати за пів години", "показ", {"at": TOMORROW, "remind": timedelta(minutes=30)}),
        ("завтра о 12 показ нагадай за 45 хв", "показ", {"at": TOMORROW, "remind": timedelta(minutes=45)}),
        ("remind Maria of the invoice", "remind Maria of the invoice", {}),
        ('"Maria Lopez" tomorrow 12:00 the invoice', "the invoice", {"customer": "Maria Lopez", "at": TOMORROW}),
        ("«Марія» завтра о 12 рахунок", "рахунок", {"customer": "Марія", "at": TOMORROW}),
        ("maria@home.ua the invoice", "the invoice", {"customer": "maria@home.ua"}),
        ("write to maria@home.ua", "write to maria@home.ua", {}),
    ],
)
def test_the_parts_of_a_plan_are_read(words: str, title: str, more: dict[str, object]) -> None:
    read = planwords.read(words, None, "Europe/Kyiv", NOW)
    told = {name: value for name in planwords.PlanWords.__slots__ if (value := getattr(read, name))}
    assert told == {"title": title, **more}


@pytest.mark.parametrize(
    ("words", "outcome", "minutes"),
    [
        ("agreed 30m", "agreed", 30),
        ("agreed, 1h 30m", "agreed", 90),
        ("домовилися на пʼятницю 45 хв", "домовилися на пʼятницю", 45),
        ("півгодини домовилися", "домовилися", 30),
        ("20 min", "", 20),
        ("agreed", "agreed", None),
        ("", "", None),
        ("they call back in 2 hours", "they call back in 2 hours", None),
        ("delivered 3 days", "delivered 3 days", None),
        ("2 cartridges", "2 cartridges", None),
    ],
)
def test_what_came_of_it_is_told_from_how_long_it_took(words: str, outcome: str, minutes: int | None) -> None:
    assert planwords.took(words) == (outcome, minutes)


def test_a_call_for_a_customer_is_planned_and_shown(office: Office, chat: Chatting, case: int) -> None:
    chat.say('/call "maria l" tomorrow 10:00 about the invoice')
    text = chat.card_text(office.newest())
    assert "📞" in text
    assert "👤 Maria Lopez" in text
    assert "⏰ tomorrow 10:00" in text
    assert chat.say('/call "Petro" tomorrow 10:00 x').error == "contact.nobody"
    office.customer("Maria Bondar", Channel.EMAIL, "m@home.ua")
    told = chat.say('/call "Maria" tomorrow 10:00 x')
    assert told.error == "contact.ambiguous"
    assert "Maria Bondar, Maria Lopez" in told.text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("/meet", "What is the appointment about, and when?"),
        ("/meet demo", "When is the appointment?"),
        ("/meet tomorrow 16-15 demo", "I do not understand the time “16-15”"),
        ("/meet monday 11 boxes", "“monday 11” could be an hour or a number of something"),
        ("/call", "What is the call about, and when?"),
        ("/move", "Which one, and to when?"),
        ("/done", "Which one is done?"),
        ("/calloff", "Which one is called off?"),
    ],
)
def test_what_is_not_understood_is_named(office: Office, chat: Chatting, words: str, error: str) -> None:
    before = len(office.owed())
    assert error in chat.say(words).text
    assert len(office.owed()) == before


def test_an_appointment_says_who_is_invited_and_lets_that_be_taken_back(
    office: Office, chat: Chatting, case: int
) -> None:
    told = chat.say(f"/meet {case} tomorrow 15:00-16:00 Demo @ Office 3 remind 1h")
    meeting = office.item(case + 1)
    assert meeting.kind is WorkKind.APPOINTMENT
    assert "an invitation with these words goes to Maria Lopez (mail)" in told.text
    text = chat.card_text(meeting.number)
    for line in (
        "⏰ tomorrow 15:00–16:00",
        "📍 Office 3",
        "✉️ The customer is invited",
        "🔔 Reminder 1:00 h before",
    ):
        assert line in text
    assert "the customer is not invited" in chat.press("uninvite", *told.args("uninvite")).text
    assert "✉️" not in chat.card_text(meeting.number)
    assert chat.press("uninvite", meeting.number).error == "appointment.gone"


def test_a_call_asks_what_came_of_it_and_a_task_does_not(office: Office, chat: Chatting) -> None:
    chat.say("/call tomorrow 10:00 about the invoice")
    call = office.newest()
    assert "What came of" in chat.press("done", call).text
    chat.say("agreed on Friday 30m")
    assert "Outcome: agreed on Friday\n⏱ 30 min" in chat.card_text(call)
    chat.say("/call tomorrow 10:00 again")
    call = office.newest()
    chat.press("done", call)
    assert "is done" in chat.press("finish", call).toast
    assert "answer no case" in chat.say("hello").text, "no question is left behind"
    chat.say("/task tomorrow order paper")
    assert "is done" in chat.press("done", office.newest()).toast


def test_an_activity_is_moved_by_words_and_by_button(office: Office, chat: Chatting) -> None:
    chat.say("/call tomorrow 10:00 about the invoice")
    call = office.newest()
    chat.say(f"/move {call} friday 15:00")
    assert office.item(call).planned_at == datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    asked = chat.say(f"/move {call}")
    assert asked.verbs == ["move", "move", "cancel"]
    assert "is at another time now: 6 Mar, 16:00" in chat.press("move", call, "in_1h").text
    chat.press("move_ask", call)
    chat.press("move", call, "in_tomorrow")
    assert office.item(call).planned_at == datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    chat.press("move_ask", call)
    assert chat.say("some day").error == "when.unknown"
    chat.say("thursday 9:30")
    assert office.item(call).planned_at == datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    assert chat.press("move", call, "nonsense").error == "button.outdated"


def test_what_is_called_off_says_why(office: Office, chat: Chatting, case: int) -> None:
    chat.say(f"/call {case} tomorrow 10:00 about the invoice")
    call = office.newest()
    chat.say(f"/calloff {call} they are ill")
    assert "🚫 Called off today 12:00\nWhy: they are ill" in chat.card_text(call)
    assert "called off: they are ill" in chat.say(f"/history {call}").text
    assert f"call №{call} called off" in chat.say(f"/history {case}").text


def test_resolving_a_case_lists_what_is_still_planned_and_loses_no_words(
    office: Office, chat: Chatting, case: int
) -> None:
    chat.say(f"/task {case} tomorrow 10:00 order paper")
    task = office.newest()
    told = chat.say(f"/resolve {case} a new cartridge")
    assert f"Still planned for №{case}:\n🗓 tomorrow 10:00: ☑️ №{task} order paper" in told.text
    assert "a new cartridge" in chat.card_text(case)
    assert office.item(task).open
    assert f"Called off: №{task}" in chat.press("close_planned", *told.args("close_planned")).text
    assert not office.item(task).open
    assert "Nothing is planned any more" in chat.press("close_planned", case).text


def test_closing_a_case_tells_of_its_parts_and_of_what_is_planned_together(
    office: Office, chat: Chatting, case: int
) -> None:
    part = office.open_case(office.customer("Ivan"))
    chat.say(f"/parent {part} {case}")
    chat.say(f"/task {case} tomorrow 10:00 order paper")
    for close in (lambda: chat.say(f"/cancel_case {case} a double"), lambda: chat.press("resolve", case)):
        told = close()
        assert f"its parts are still open: №{part}" in told.text
        assert f"Still planned for №{case}:" in told.text
        assert told.args("close_planned") == (case,)
        chat.say(f"/reopen {case}")
        chat.say(f"/accept {case}")


def test_an_activity_that_is_resolved_takes_the_time_before_the_words(office: Office, chat: Chatting) -> None:
    chat.say("/call tomorrow 10:00 about the invoice")
    call = office.newest()
    chat.say(f"/resolve {call} 1h30m agreed on Friday")
    assert "Outcome: agreed on Friday\n⏱ 1:30 h" in chat.card_text(call)
    assert "resolved: agreed on Friday (it took 1:30 h)" in chat.say(f"/history {call}").text


def test_ones_day_and_week_are_shown_in_both_languages(office: Office, chat: Chatting, case: int) -> None:
    chat.say("/call 15:00 the invoice")
    chat.say(f"/meet {case} tomorrow 10-11 Demo")
    chat.say("/task water the plants")
    chat.say(f"/snooze {case} tomorrow 9:00 parts")
    first, meeting = case + 1, case + 2
    today = chat.say("/today")
    assert f"🗓 <b>Today</b>\n\n<b>Mon, 2 Mar</b> · 1\n15:00 📞 №{first} the invoice\n\nWithout a time: 1" in today.text
    assert "week" in today.verbs
    week = chat.press("week", 0).text
    assert f"<b>Tue, 3 Mar</b> · 2\n09:00 💤 №{case} The printer is silent\n10:00–11:00 📅 №{meeting} Demo" in week
    assert "<b>Sun, 8 Mar</b> · –" in week
    uk = Chatting(office, office.join("Mila", Role.MANAGER), "uk").say("/today olena").text
    assert "🗓 <b>Сьогодні: Olena</b>\n\n<b>пн, 2 бер" in uk
    assert chat.say("/today mila").error == "right.missing"


def test_what_is_overdue_stands_first(office: Office, chat: Chatting) -> None:
    chat.say("/call 15:00 the invoice")
    call = office.newest()
    office.clock.advance(timedelta(days=1))
    assert f"⚠️ <b>Overdue</b> · 1\nyesterday 15:00 📞 №{call} the invoice" in chat.say("/today").text


def test_the_reminder_says_when_it_begins(office: Office, chat: Chatting, olena: Representative) -> None:
    from core.activities import reminders

    chat.say("/meet 15:00 Demo")
    office.clock.advance(timedelta(hours=2, minutes=45))
    office.desk.run(reminders.remind, office.newest())
    assert office.owed(person_id=olena.id)[-1].facts["why"]["key"] == "card.why.comes"
