"""Who is told of what, and when: at once, later in one line, or not at all; and nothing is lost over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import answering, incoming
from core.errors import Refused
from core.outbox.model import Owed, OwedKind
from core.people import news
from core.people.model import HeldNews
from core.people.quiet import Loudness, News, Quiet, next_minute, quiet_until, too_much
from core.people.rules import Presence
from core.people.views import Representative
from core.texts.said import Notice
from core.work import actions as work
from core.work import editing, queues
from core.work.rules import QueueKind
from tests.core.office import Office, fire_due

NIGHT = Quiet(time(22), time(8))

#: A Monday at 23:00 in Kyiv, in winter.
LATE = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


def summaries(office: Office, person: Representative) -> list[Notice]:
    """List what somebody was told in one message of what was held back."""
    rows = office.owed(person_id=person.id, kind=OwedKind.NOTICE)
    notices = [Notice.from_json(row.facts) for row in rows]
    return [one for one in notices if one.lines[0].key == "meanwhile.head"]


def held(office: Office) -> int:
    return office.desk.look(lambda tx: tx.session.query(HeldNews).count())


def storms(office: Office, at_most: int = 8) -> None:
    office.desk.house = replace(office.desk.house, news_per_minute=at_most)


# --- the rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        (NIGHT, "2026-03-02 23:00", "2026-03-03 08:00"),
        (NIGHT, "2026-03-03 07:59", "2026-03-03 08:00"),
        (NIGHT, "2026-03-03 08:00", None),
        (NIGHT, "2026-03-02 21:59", None),
        (NIGHT, "2026-03-28 23:00", "2026-03-29 08:00"),  # the clocks go forward in this night
        (NIGHT, "2026-10-24 22:00", "2026-10-25 08:00"),  # and back in this one
        (Quiet(time(13), time(14)), "2026-03-02 13:30", "2026-03-02 14:00"),
        (Quiet(time(13), time(14)), "2026-03-02 12:00", None),
        (None, "2026-03-02 23:00", None),
    ],
)
def test_quiet_hours_are_read_on_the_clock_of_the_zone(quiet: Quiet | None, at: str, until: str | None) -> None:
    told = quiet_until(quiet, "Europe/Kyiv", _kyiv(at).astimezone(UTC))
    assert told == (_kyiv(until) if until else None)


def _kyiv(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo("Europe/Kyiv"))


@given(
    st.times(), st.times(), st.integers(0, 366 * 24 * 60),
    st.sampled_from(["Europe/Kyiv", "America/New_York", "UTC", "Asia/Kathmandu"]),
)  # fmt: skip
def test_quiet_hours_end_within_a_day_and_an_hour_and_at_their_end(
    start: time, end: time, minute: int, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    until = quiet_until(Quiet(start, end), zone, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(Quiet(start, end), zone, until) is None or start == end


ITEMS = st.sampled_from([None, 1, 2])
KINDS = st.sampled_from(list(News))


@given(st.dictionaries(st.tuples(KINDS.map(str), ITEMS), st.integers(0, 5)), st.tuples(KINDS, ITEMS))
def test_no_more_is_told_in_a_minute_than_is_allowed(
    told: dict[tuple[str, int | None], int], which: tuple[News, int | None]
) -> None:
    if sum(told.values()) >= 8:
        assert too_much(told, which, 8)
    assert not too_much(told, which, 0)


def test_what_one_item_makes_of_news_leaves_room_for_the_others() -> None:
    told: dict[tuple[str, int | None], int] = {(str(News.ANSWERS), 1): 4, (str(News.ASSIGNED), 1): 1}
    assert too_much(told, (News.ANSWERS, 1), 8)
    assert not too_much(told, (News.ASSIGNED, 2), 8)
    assert not too_much(told, (News.DESK, None), 8)


# --- quiet hours -----------------------------------------------------------------------------------


def test_in_quiet_hours_news_is_kept_and_told_in_one_message_at_their_end(office: Office) -> None:
    olena = office.join("Olena")
    office.clock.at = LATE
    office.desk.run(news.set_quiet, olena, NIGHT)
    ivan = office.customer("Ivan")
    number = office.open_case(ivan)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Hello?"))
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)
    assert office.told(olena) == []
    fire_due(office.desk)
    assert office.told(olena) == []
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    fire_due(office.desk)
    (told,) = summaries(office, olena)
    assert [(line.key, line.facts["count"]) for line in told.lines] == [
        ("meanwhile.head", 2), ("meanwhile.assigned", 1), ("meanwhile.answers", 1)
    ]  # fmt: skip
    assert held(office) == 0
    office.clock.advance(timedelta(minutes=2))
    fire_due(office.desk)
    assert len(summaries(office, olena)) == 1


def test_what_is_urgent_and_who_is_mentioned_pass_through_quiet_hours(office: Office) -> None:
    olena, taras = office.join("Olena"), office.join("Taras", presence=Presence.AWAY)
    office.clock.at = LATE
    office.desk.run(news.set_quiet, taras, NIGHT)
    urgent, usual = office.open_case(), office.open_case()
    office.desk.run(editing_priority, urgent)
    office.desk.run(work.assign, urgent, office.again(taras), olena)
    office.desk.run(work.assign, usual, office.again(taras), olena)
    office.desk.run(answering.note, usual, "@taras look", olena)
    assert office.told(taras) == ["card.why.assigned_by", "card.why.mentioned"]
    assert [row.work_id for row in office.owed(person_id=taras.id)] == [urgent, usual]


def editing_priority(tx: object, number: int) -> None:
    from core.work.model import Work

    tx.lock_one(Work, number).priority = 1  # type: ignore[attr-defined]


def test_who_ends_their_quiet_hours_is_told_at_once_what_was_held_back(office: Office) -> None:
    olena = office.join("Olena")
    office.clock.at = LATE
    office.desk.run(news.set_quiet, olena, NIGHT)
    office.open_case()
    office.desk.run(news.set_quiet, olena, None)
    fire_due(office.desk)
    assert len(summaries(office, olena)) == 1


def test_quiet_hours_of_a_whole_day_are_refused(office: Office) -> None:
    olena = office.join("Olena")
    with pytest.raises(Refused, match=r"quiet\.all_day"):
        office.desk.run(news.set_quiet, olena, Quiet(time(8), time(8)))


# --- choices ---------------------------------------------------------------------------------------


def test_what_is_chosen_silent_comes_without_a_sound_and_what_is_off_not_at_all(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer()
    number = office.open_case(ivan)
    office.desk.run(news.set_loudness, olena, News.ANSWERS, Loudness.SILENT)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Hello?"))
    (row,) = [one for one in office.owed(person_id=olena.id) if one.kind is OwedKind.NOTICE]
    assert not row.sound
    office.desk.run(news.set_loudness, olena, News.ANSWERS, Loudness.OFF)
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Hello??"))
    assert len(office.owed(person_id=olena.id, kind=OwedKind.NOTICE)) == 1
    assert held(office) == 0


def test_what_is_assigned_to_somebody_is_never_off(office: Office) -> None:
    olena = office.join("Olena")
    with pytest.raises(Refused, match=r"news\.never_off"):
        office.desk.run(news.set_loudness, olena, News.ASSIGNED, Loudness.OFF)


def test_the_managers_are_told_where_all_who_watch_a_queue_turned_its_news_off(office: Office) -> None:
    from core.people.rules import Role

    olena, maria = office.join("Olena"), office.join("Maria", Role.MANAGER)
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, olena)
    office.desk.run(news.set_loudness, olena, News.WATCHED, Loudness.OFF)
    office.open_case(queue=vip.id)
    assert office.told(olena) == []
    assert office.told(maria) == ["card.why.new_unwatched"]


# --- storms ----------------------------------------------------------------------------------------


def test_a_storm_of_letters_into_a_watched_queue_is_a_few_cards_and_one_line(office: Office) -> None:
    storms(office)
    olena = office.join("Olena")
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, olena)
    for _ in range(10):
        office.open_case(queue=vip.id)
    assert office.told(olena) == ["card.why.new_in_queue"] * 3
    office.clock.at = next_minute(office.clock())
    fire_due(office.desk)
    (told,) = summaries(office, olena)
    assert [(line.key, line.facts["count"]) for line in told.lines] == [("meanwhile.head", 7), ("meanwhile.watched", 7)]
    assert [(button.verb, button.args) for row in told.buttons for button in row] == [("queue", (vip.id, 0))]


def test_news_of_a_queue_that_became_private_is_counted_and_not_named(office: Office) -> None:
    from core.people.rules import Role

    storms(office)
    olena, maria = office.join("Olena"), office.join("Maria", Role.MANAGER)
    vip = office.queue()
    office.desk.run(queues.watch, vip.id, olena)
    for _ in range(5):
        office.open_case(queue=vip.id)
    office.desk.run(editing.set_members, vip.id, [], maria)
    office.clock.at = next_minute(office.clock())
    fire_due(office.desk)
    (told,) = summaries(office, olena)
    assert [line.key for line in told.lines] == ["meanwhile.head", "meanwhile.elsewhere"]
    assert told.buttons == ()


def test_of_a_storm_within_a_minute_few_messages_come_and_each_event_is_counted(office: Office) -> None:
    storms(office)
    olena = office.join("Olena")
    ivan = office.customer()
    begun = office.clock()
    number = office.open_case(ivan)
    for at in range(119):
        office.clock.at = begun + timedelta(seconds=at * 60 / 119)
        fire_due(office.desk)
        office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "Hello?"))
    for _ in range(4):
        office.clock.at = next_minute(office.clock())
        fire_due(office.desk)
    rows = office.owed(person_id=olena.id)
    told = summaries(office, olena)
    assert len(rows) <= 20
    assert len(rows) - len(told) + sum(one.lines[0].facts["count"] for one in told) == 120
    assert held(office) == 0


def test_pictures_of_what_is_held_back_are_held_back_too(office: Office) -> None:
    from core.cases.views import NewFile

    office.clock.at = LATE
    olena = office.join("Olena")
    office.desk.run(news.set_quiet, olena, NIGHT)
    ivan = office.customer()
    photo = NewFile("photo", "photo.jpg", "image/jpeg", 10, telegram_id="x")
    number = office.open_case(ivan, files=(photo,))
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "", files=(photo,)))
    assert office.owed(person_id=olena.id) == []


def test_what_somebody_asks_for_themselves_counts_for_nothing(office: Office) -> None:
    storms(office, 1)
    olena = office.join("Olena")
    numbers = [office.open_case() for _ in range(3)]
    assert office.told(olena) == ["card.why.new_assigned"]
    assert [office.place(one) for one in numbers] == [(QueueKind.ASSIGNED, olena.id)] * 3
    rows: list[Owed] = office.owed(person_id=olena.id)
    assert [row.news for row in rows] == ["assigned"]
