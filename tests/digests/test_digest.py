from __future__ import annotations

from datetime import timedelta

import pytest

from core.cases import actions as cases
from core.digests.actions import digest
from core.people.rules import Role
from core.texts.said import Said
from core.texts.say import Reader, notice_html
from core.work import actions as work
from tests.core.office import Office


def _line(lines: tuple[Said, ...], key: str) -> Said | None:
    return next((line for line in lines if line.key == key), None)


def test_a_representative_reads_what_is_theirs_and_nothing_of_the_desk(office: Office) -> None:
    olena, petro = office.join("Olena"), office.join("Petro")
    vip = office.queue("VIP")
    mine, other = office.open_case(queue=vip.id), office.open_case(queue=vip.id)
    office.desk.run(work.assign, mine, olena, petro)
    office.desk.run(work.assign, other, petro, olena)
    lines = office.desk.look(digest, olena).lines
    assert [line.facts["number"] for line in lines if line.key == "digest.item"] == [mine]
    assert _line(lines, "digest.assigned") == Said("digest.assigned", {"count": 1, "fresh": 1})
    assert _line(lines, "digest.desk") is None


def test_accepted_work_is_told_as_in_progress(office: Office) -> None:
    olena = office.join("Olena")
    office.desk.run(cases.accept, office.open_case(), olena)
    office.open_case()
    lines = office.desk.look(digest, olena).lines
    assert _line(lines, "digest.progress") == Said("digest.progress", {"count": 1})
    assert _line(lines, "digest.assigned") == Said("digest.assigned", {"count": 1, "fresh": 1})


def test_work_that_came_earlier_is_not_called_new(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    office.clock.advance(timedelta(days=2))
    lines = office.desk.look(digest, olena).lines
    assert _line(lines, "digest.assigned") == Said("digest.assigned", {"count": 1, "fresh": 0})
    oldest = _line(lines, "digest.oldest")
    assert oldest is not None
    assert oldest.facts["number"] == number


def test_missed_cases_are_named_to_whom_they_belong(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    office.clock.advance(timedelta(days=4))
    lines = office.desk.look(digest, olena).lines
    assert _line(lines, "digest.missed") == Said("digest.missed", {"count": 1})
    assert [line.facts["number"] for line in lines if line.key == "digest.item"] == [number]


def test_nothing_to_do_is_said_in_one_line(office: Office) -> None:
    olena = office.join("Olena")
    assert [line.key for line in office.desk.look(digest, olena).lines] == ["digest.head", "digest.nothing"]


def test_a_manager_reads_queues_and_people(office: Office) -> None:
    boss = office.join("Boss", Role.MANAGER, presence=None)
    olena = office.join("Olena")
    vip = office.queue("VIP")
    office.open_case(queue=vip.id)
    number = office.open_case(queue=vip.id)
    office.desk.run(cases.accept, number, olena)
    done = office.open_case(queue=vip.id)
    office.desk.run(cases.resolve, done, olena)
    lines = office.desk.look(digest, boss).lines
    assert _line(lines, "digest.queue") == Said(
        "digest.queue", {"queue": "VIP", "waiting": 1, "progress": 1, "done": 1}
    )
    people = {line.facts["name"]: line.facts for line in lines if line.key == "digest.person"}
    assert people["Olena"] == {"name": "Olena", "assigned": 0, "progress": 1, "done": 1}


def test_what_was_done_two_days_ago_is_not_counted(office: Office) -> None:
    boss = office.join("Boss", Role.MANAGER, presence=None)
    olena = office.join("Olena")
    office.desk.run(cases.resolve, office.open_case(queue=office.queue().id), olena)
    office.clock.advance(timedelta(days=2))
    people = [line.facts for line in office.desk.look(digest, boss).lines if line.key == "digest.person"]
    assert [one["done"] for one in people] == [0, 0]


@pytest.mark.parametrize("locale", ["en", "uk"])
def test_every_line_has_words_in_both_languages(office: Office, locale: str) -> None:
    boss = office.join("Boss", Role.MANAGER)
    office.open_case(queue=office.queue("VIP").id)
    office.open_case(text="<b>not a tag</b>")
    office.clock.advance(timedelta(days=4))
    told = notice_html(office.desk.look(digest, boss), Reader(locale, "Europe/Kyiv", office.clock.at))
    assert "digest." not in told
    assert "{" not in told
    assert "&lt;b&gt;" in told


def test_the_oldest_is_not_named_twice(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    lines = office.desk.look(digest, olena).lines
    assert [line.facts["number"] for line in lines if "number" in line.facts] == [number]


@pytest.mark.parametrize("locale", ["en", "uk"])
def test_a_title_that_ends_in_a_full_stop_stands_apart_from_its_age(office: Office, locale: str) -> None:
    olena = office.join("Olena")
    office.open_case(text="It does not print.")
    office.clock.advance(timedelta(days=2))
    told = notice_html(office.desk.look(digest, olena), Reader(locale, "Europe/Kyiv", office.clock.at))
    assert ".," not in told
    assert "It does not print. · " in told


def test_the_button_to_missed_cases_takes_the_days_of_the_desk(office: Office) -> None:
    buttons = office.desk.look(digest, office.join("Olena")).buttons
    assert [(one.verb, one.args) for one in buttons[0]] == [("assigned", (0,)), ("progress", (0,)), ("missed", (-1, 0))]
