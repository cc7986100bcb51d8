"""What happened is told with who, when and from where, the latest first."""

from __future__ import annotations

from datetime import timedelta

from core.history.actions import CLI, DESK, Actor, record
from core.people.rules import Role
from core.texts.said import said
from core.work import actions as work
from core.work import history
from core.work.rules import QueueKind
from tests.core.office import Office


def _record(office: Office, number: int, verb: str, who: Actor) -> None:
    office.desk.run(lambda tx: record(tx, verb, who, work=number))


def test_the_history_of_an_item_names_people_and_queues(office: Office) -> None:
    olena, taras, ivan = office.join("Olena"), office.join("Taras"), office.customer("Ivan")
    number = office.open_case(ivan, queue=office.queue("VIP").id)
    office.clock.advance(timedelta(minutes=5))
    office.desk.run(work.accept, number, olena)
    office.desk.run(work.assign, number, taras, olena)
    told = office.desk.look(history.history, number)
    assert [(one.verb, one.actor, one.via) for one in told] == [
        ("assigned", "Olena", "telegram"),
        ("accepted", "Olena", "telegram"),
        ("message_in", "Ivan", "telegram"),
        ("opened", "Ivan", "telegram"),
    ]
    olenas, tarases = said("queue.in_progress_of", name="Olena"), said("queue.assigned_of", name="Taras")
    assert told[0].facts == {"origin": olenas, "target": tarases, "to": "Taras"}
    assert told[1].facts == {"origin": "VIP", "target": olenas}
    assert told[1].at == office.clock()
    assert office.desk.look(history.count, number) == 4


def test_the_history_pages(office: Office) -> None:
    number = office.open_case()
    for step in range(5):
        _record(office, number, f"step{step}", DESK)
    paged = [office.desk.look(history.history, number, offset=at, limit=3) for at in (0, 3, 6)]
    assert [one.verb for page in paged for one in page] == [
        "step4",
        "step3",
        "step2",
        "step1",
        "step0",
        "message_in",
        "opened",
    ]


def test_what_the_desk_does_by_itself_has_no_name(office: Office) -> None:
    office.join("Olena", Role.ADMINISTRATOR)
    number = office.open_case()
    for who in (DESK, CLI):
        _record(office, number, "swept", who)
    latest = office.desk.look(history.history, number, limit=2)
    assert [(one.actor, one.via) for one in latest] == [(None, "cli"), (None, "clock")]


def test_a_person_and_a_customer_of_the_same_number_are_told_apart(office: Office) -> None:
    olena, ivan = office.join("Olena"), office.customer("Ivan")
    number = office.open_case(ivan, queue=office.personal(olena, QueueKind.ASSIGNED))
    office.desk.run(work.accept, number, olena)
    names = {one.verb: one.actor for one in office.desk.look(history.history, number)}
    assert (names["accepted"], names["message_in"]) == ("Olena", "Ivan")
