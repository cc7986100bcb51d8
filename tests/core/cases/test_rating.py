"""A customer is asked once a case how satisfied they are, not when nobody should, and a low rating is followed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activities import finishing
from core.calendars.week import read_week
from core.cases import actions as cases
from core.cases import incoming, merging, queries, rating
from core.cases.rules import rating_in, rating_of_letter
from core.customers import actions as customers
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.outbox.model import Channel
from core.people.model import Person
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work.rules import QueueKind
from tests.core.office import Office, fire_due
from tests.core.sla.levels import make_level

AFTER = timedelta(hours=1)


@pytest.fixture
def desk(office: Office) -> Office:
    """A desk that asks."""
    office.desk.house = replace(office.desk.house, rating_after=AFTER, rating_every=timedelta(days=7))
    return office


@pytest.fixture
def olena(desk: Office) -> Representative:
    return desk.join("Olena")


@pytest.fixture
def ivan(desk: Office, olena: Representative) -> ContactView:
    return desk.customer("Ivan")


def _later(desk: Office, span: timedelta = AFTER) -> None:
    desk.clock.advance(span)
    fire_due(desk.desk)


def _asked(desk: Office, number: int) -> int:
    return len([row for row in desk.owed(work_id=number) if "rate" in row.facts])


def test_an_hour_after_the_end_the_customer_is_asked_once(
    desk: Office, ivan: ContactView, olena: Representative
) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk, AFTER - timedelta(seconds=1))
    assert _asked(desk, number) == 0
    _later(desk, timedelta(seconds=1))
    assert _asked(desk, number) == 1
    desk.desk.run(cases.reopen, number, olena)
    desk.desk.run(cases.resolve, number, olena)
    _later(desk, timedelta(days=30))
    assert _asked(desk, number) == 1


def test_a_desk_that_does_not_want_to_know_asks_nobody(desk: Office, ivan: ContactView, olena: Representative) -> None:
    desk.desk.house = replace(desk.desk.house, rating_after=timedelta(0))
    number = desk.resolved_case(ivan, olena)
    _later(desk, timedelta(days=30))
    assert _asked(desk, number) == 0


def test_a_customer_is_asked_of_one_case_within_some_days(
    desk: Office, ivan: ContactView, olena: Representative
) -> None:
    one, two = (desk.resolved_case(ivan, olena) for _ in range(2))
    _later(desk)
    assert (_asked(desk, one), _asked(desk, two)) == (1, 0)
    desk.clock.advance(timedelta(days=7))
    three = desk.resolved_case(ivan, olena)
    _later(desk)
    assert _asked(desk, three) == 1


def test_nobody_is_asked_of_what_is_open_again_and_the_time_counts_from_the_last_end(
    desk: Office, ivan: ContactView, olena: Representative
) -> None:
    number = desk.resolved_case(ivan, olena)
    desk.clock.advance(AFTER / 2)
    desk.desk.run(incoming.add_message, number, ivan, desk.says(ivan, "It is silent again"))
    _later(desk)
    assert _asked(desk, number) == 0
    desk.desk.run(cases.resolve, number, olena)
    _later(desk, AFTER / 2)
    assert _asked(desk, number) == 0
    _later(desk, AFTER / 2)
    assert _asked(desk, number) == 1


def test_nobody_is_asked_of_spam_cancelled_merged_hushed_and_what_they_closed_themselves(
    desk: Office, ivan: ContactView, olena: Representative
) -> None:
    spam, cancelled, merged, into, own = (desk.open_case(ivan) for _ in range(5))
    hushed = desk.open_case(desk.customer("Robot"), automatic=True)
    for number in (cancelled, hushed):
        desk.desk.run(cases.accept, number, olena)
    desk.desk.run(cases.cancel, cancelled, "A mistake", olena)
    desk.desk.run(merging.merge, [merged], into, olena)
    desk.desk.run(incoming.close_own, own, ivan)
    desk.desk.run(cases.resolve, hushed, olena)
    desk.desk.run(cases.mark_spam, spam, olena)
    _later(desk)
    assert [_asked(desk, one) for one in (spam, cancelled, merged, own, hushed)] == [0] * 5


def test_nobody_is_asked_who_is_not_heard(desk: Office, ivan: ContactView, olena: Representative) -> None:
    number = desk.resolved_case(ivan, olena)
    desk.desk.run(customers.ban, ivan.id, olena)
    _later(desk)
    assert _asked(desk, number) == 0


def test_a_rating_is_kept_once_and_told_on_the_case(desk: Office, ivan: ContactView, olena: Representative) -> None:
    number = desk.resolved_case(ivan, olena)
    with pytest.raises(Refused, match=r"rating\.not_asked"):
        desk.desk.run(rating.rate, number, 5, ivan)
    _later(desk)
    desk.desk.run(rating.rate, number, 4, ivan)
    with pytest.raises(Refused, match=r"rating\.given"):
        desk.desk.run(rating.rate, number, 1, ivan)
    desk.desk.run(rating.add_words, number, " It was quick ", ivan)
    with pytest.raises(Refused, match=r"rating\.said"):
        desk.desk.run(rating.add_words, number, "More", ivan)
    case = desk.desk.look(queries.case, number)
    assert (case.satisfaction, case.satisfaction_words) == (4, "It was quick")
    assert not desk.item(number).open
    assert "notice.rating_words" in desk.told(olena)
    assert [verb for verb in desk.verbs(number) if verb.startswith("rat")] == ["rated", "rating_words"]


@pytest.mark.parametrize("wrong", [0, 6, -1])
def test_a_rating_beyond_five_is_none(desk: Office, ivan: ContactView, olena: Representative, wrong: int) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    with pytest.raises(Misused):
        desk.desk.run(rating.rate, number, wrong, ivan)


def test_nobody_rates_the_case_of_another(desk: Office, ivan: ContactView, olena: Representative) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    with pytest.raises(NotFound, match=r"item\.unknown"):
        desk.desk.run(rating.rate, number, 1, desk.customer("Petro"))


@pytest.mark.parametrize("low", [1, 2])
def test_a_low_rating_is_a_task_for_whoever_had_the_case(
    desk: Office, ivan: ContactView, olena: Representative, low: int
) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    desk.desk.run(rating.rate, number, low, ivan)
    task = number + 1
    assert desk.place(task) == (QueueKind.ASSIGNED, olena.id)
    assert desk.item(task).title.startswith(f"№{number} was rated {low} of 5")
    assert desk.told(olena)[-1] == "card.why.rated_low"
    desk.desk.run(cases.accept, task, olena)
    desk.desk.run(finishing.finish, task, olena, "Called them", None)
    assert "task_done" in desk.verbs(number)


@pytest.mark.parametrize(
    ("rated", "due"),
    [
        (datetime(2026, 3, 3, 10, 0, tzinfo=UTC), datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 3, 23, 0, tzinfo=UTC), datetime(2026, 3, 5, 7, 0, tzinfo=UTC)),  # at one in the night
        (datetime(2026, 3, 6, 10, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),  # a Friday
    ],
)
def test_a_low_rating_is_followed_up_when_the_desk_is_open(
    desk: Office, ivan: ContactView, olena: Representative, rated: datetime, due: datetime
) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    desk.clock.at = rated
    desk.desk.run(rating.rate, number, 1, ivan)
    assert desk.item(number + 1).planned_at == due


def test_a_low_rating_is_followed_up_in_the_hours_of_the_service_level(
    desk: Office, ivan: ContactView, olena: Representative
) -> None:
    mila = desk.join("Mila", Role.MANAGER, Presence.AWAY)
    make_level(desk, mila, week=read_week("daily 0-24"))
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    desk.clock.at = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)
    desk.desk.run(rating.rate, number, 1, ivan)
    assert desk.item(number + 1).planned_at == datetime(2026, 3, 4, 23, 0, tzinfo=UTC)


def test_a_good_rating_is_no_task(desk: Office, ivan: ContactView, olena: Representative) -> None:
    number = desk.resolved_case(ivan, olena)
    _later(desk)
    desk.desk.run(rating.rate, number, 3, ivan)
    with pytest.raises(NotFound):
        desk.item(number + 1)


def test_where_the_owner_has_left_a_manager_sees_to_it(desk: Office, ivan: ContactView, olena: Representative) -> None:
    mila = desk.join("Mila", Role.MANAGER)
    number = desk.resolved_case(ivan, olena)
    _later(desk)

    def leave(tx: Tx) -> None:
        tx.session.get_one(Person, olena.id).dismissed_at = tx.now

    desk.desk.run(leave)
    desk.desk.run(rating.rate, number, 1, ivan)
    assert desk.place(number + 1) == (QueueKind.ASSIGNED, mila.id)


def test_by_mail_the_question_goes_by_mail(desk: Office, olena: Representative) -> None:
    maria = desk.customer("Maria", Channel.EMAIL)
    number = desk.resolved_case(maria, olena)
    _later(desk)
    asked = [row for row in desk.owed(work_id=number) if "rate" in row.facts]
    assert [row.channel for row in asked] == [Channel.EMAIL]
    assert desk.desk.run(rating.take_letter, number, maria, 2, "It took a week")
    assert not desk.desk.run(rating.take_letter, number, maria, 5, "")
    case = desk.desk.look(queries.case, number)
    assert (case.satisfaction, case.satisfaction_words) == (2, "It took a week")


@pytest.mark.parametrize(
    ("text", "found"),
    [("5", 5), (" 4/5 ", 4), ("3!", 3), ("1.", 1), ("6", None), ("0", None), ("55", None), ("5 lamps", None),
     ("", None), ("٣", None), ("2 / 5", 2)],
)  # fmt: skip
def test_a_bare_number_is_a_rating(text: str, found: int | None) -> None:
    assert rating_in(text) == found


@pytest.mark.parametrize(
    ("subject", "words", "found"),
    [
        ("Re: Printer", "4\nIt was quick", (4, "It was quick")),
        ("3", "", (3, "")),
        ("3", "Sent from my telephone", (3, "Sent from my telephone")),
        ("Re: Printer", "It hums 4 times", (None, "It hums 4 times")),
        ("Re: 5", "Thanks", (None, "Thanks")),
        ("", "", (None, "")),
    ],
)
def test_a_letter_is_a_rating_by_its_subject_or_its_first_line(
    subject: str, words: str, found: tuple[int | None, str]
) -> None:
    assert rating_of_letter(subject, words) == found


@given(st.text())
def test_whatever_is_written_is_a_rating_from_one_to_five_or_none(text: str) -> None:
    assert rating_in(text) in {None, 1, 2, 3, 4, 5}
    assert rating_of_letter(text, text)[0] in {None, 1, 2, 3, 4, 5}
