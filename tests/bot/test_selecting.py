"""Several items at once: by their numbers in words, and chosen in a list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import args
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import relations
from core.people.views import Representative
from core.texts.say import LANGUAGES
from core.work.rules import QueueKind
from tests.bot.chatting import Chatting, Told
from tests.core.office import Office


@pytest.fixture
def vip(office: Office) -> int:
    return office.queue("VIP").id


def _open(office: Office, count: int, queue: int) -> list[int]:
    return [office.open_case(queue=queue) for _ in range(count)]


# --- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("12 15 18", ([12, 15, 18], "")),
        ("12, 15; №18 VIP", ([12, 15, 18], "VIP")),
        ("#12 #15: done", ([12, 15], ": done")),
        ("12 12", ([12], "")),
        ("12", None),
        ("12 VIP", None),
        ("12 30m", None),
        ("12 9:00", None),
        ("12 15.5 kg", None),
        ("12 2nd line", None),
        ("", None),
    ],
)
def test_several_numbers_are_read(words: str, read: tuple[list[int], str] | None) -> None:
    assert args.several(words) == read


@pytest.mark.parametrize("locale", LANGUAGES)
def test_several_are_accepted_and_told_in_one_message(
    office: Office, olena: Representative, taras: Representative, vip: int, locale: str
) -> None:
    one, two, three = _open(office, 3, vip)
    office.desk.run(cases.accept, two, taras)
    told = Chatting(office, olena, locale).say(f"/accept {one} {two} {three}")
    assert f"№{one}, №{three}" in told.text
    assert f"№{two} – " in told.text
    assert "Taras" in told.text
    assert office.place(three) == (QueueKind.IN_PROGRESS, olena.id)


def test_what_is_left_open_of_those_that_are_resolved_is_told_and_called_off_case_by_case(
    office: Office, chat: Chatting, olena: Representative, vip: int
) -> None:
    one, two, three, child, both = _open(office, 5, vip)
    office.desk.run(relations.set_parent, child, one, olena)
    office.desk.run(relations.set_parent, both, one, olena)
    task = office.desk.run(activities.plan_task, "Call them", olena, regarding=one).number
    other = office.desk.run(activities.plan_task, "Ask the supplier", olena, regarding=two).number
    told = chat.say(f"/resolve {one} {two} {three} {both}")
    assert f"№{one} №{two} №{three} №{both}".replace(" ", ", ") in told.text
    assert f"№{child}" in told.text
    assert f"Still planned for №{one}:" in told.text
    assert "Ask the supplier" in told.text
    assert f"Still planned for №{three}" not in told.text
    assert [args for row in told.buttons for verb, args in row if verb == "close_planned"] == [(one, 1), (two, 1)]
    assert f"№{task}" in chat.press("close_planned", *told.args("close_planned")).text
    assert not office.item(task).open
    assert office.item(other).open


def test_several_are_forwarded_assigned_and_resolved(
    office: Office, chat: Chatting, taras: Representative, vip: int
) -> None:
    one, two = _open(office, 2, office.queue("Printers").id)
    assert "Forwarded to “VIP”" in chat.say(f"/forward {one} {two} vip").text
    assert "Assigned to Taras" in chat.say(f"/assign {one}, {two} taras").text
    assert office.place(one) == (QueueKind.ASSIGNED, taras.id)
    told = Chatting(office, taras).say(f"/resolve {one} {two}: 15m Repaired")
    assert f"Resolved: №{one}, №{two}" in told.text
    assert office.facts(two, "resolved")["minutes"] == 15
    assert office.facts(two, "resolved")["resolution"] == "Repaired"


def test_a_number_among_the_words_of_one_is_no_item(office: Office, chat: Chatting, vip: int) -> None:
    one, two = _open(office, 2, vip)
    chat.say(f"/resolve {one} 2 cartridges replaced")
    assert office.facts(one, "resolved")["resolution"] == "2 cartridges replaced"
    office.queue(f"{two} floor")
    chat.say(f"/assign {two} olena")
    chat.say(f"/forward {two} {two} floor")
    assert office.item(two).queue is not None
    assert office.item(two).queue.name == f"{two} floor"  # type: ignore[union-attr]


def test_where_nothing_could_be_done_it_is_said(
    office: Office, chat: Chatting, taras: Representative, vip: int
) -> None:
    one, two = _open(office, 2, vip)
    for number in (one, two):
        office.desk.run(cases.accept, number, taras)
    told = chat.say(f"/accept {one} {two}")
    assert "Nothing was done" in told.text
    assert told.text.count("✖️") == 2


def test_more_than_fifty_are_refused(chat: Chatting) -> None:
    assert chat.say("/accept " + " ".join(str(one) for one in range(1, 52))).error == "bulk.too_many"


# --- a list -------------------------------------------------------------------------------------------


def _picked(told: Told) -> list[int | str]:
    return [args[0] for row in told.buttons for verb, args in row if verb == "pick"]


def test_items_are_chosen_on_several_pages_and_accepted(
    office: Office, chat: Chatting, olena: Representative, vip: int
) -> None:
    numbers = _open(office, 10, vip)
    told = chat.say("/queue VIP")
    marked = chat.press("select", *told.args("select"), message_id=7)
    assert _picked(marked) == numbers[:8]
    assert "pick_do" not in marked.verbs
    for number in numbers[:2]:
        marked = chat.press("pick", number, message_id=7)
    assert "2 selected" in marked.text
    marked = chat.press("pick", numbers[0], message_id=7)
    assert "1 selected" in marked.text
    marked = chat.press("pick_page", *marked.args("pick_page"), message_id=7)
    assert _picked(marked) == numbers[8:]
    marked = chat.press("pick_all", 1, message_id=7)
    assert "3 selected" in marked.text
    done = chat.press("pick_do", "accept", message_id=7)
    assert f"Accepted: №{numbers[1]}, №{numbers[8]}, №{numbers[9]}" in done.text
    assert office.place(numbers[9]) == (QueueKind.IN_PROGRESS, olena.id)
    assert done.verbs == ["queue"]
    assert "7" in chat.press("queue", *done.args("queue")).text


def test_what_is_chosen_is_forwarded_to_a_queue_and_assigned_to_somebody(
    office: Office, chat: Chatting, taras: Representative, vip: int
) -> None:
    one = office.open_case(queue=office.queue("Printers").id)
    chat.say(f"/assign {one} olena")
    chat.press("select", "assigned", 0, 0)
    chat.press("pick", one)
    asked = chat.press("pick_to", "forward", 0)
    again = chat.press("pick_again")
    assert "1 selected" in again.text
    assert (vip,) in [args for row in asked.buttons for verb, args in row if verb == "pick_forward"]
    assert "Forwarded to “VIP”" in chat.press("pick_forward", vip).text
    assert office.place(one) == (QueueKind.PUBLIC, None)
    chat.press("select", "queue", vip, 0)
    chat.press("pick_all", 1)
    asked = chat.press("pick_to", "assign", 0)
    assert "Assigned to Taras" in chat.press("pick_assign", taras.id).text
    assert office.place(one) == (QueueKind.ASSIGNED, taras.id)
    assert "pick_assign" in asked.verbs


def test_a_search_keeps_its_words_while_items_are_chosen(office: Office, chat: Chatting, vip: int) -> None:
    one = office.open_case(text="The scanner hums", queue=vip)
    found = chat.say("/find scanner")
    marked = chat.press("select", *found.args("select"), quoted="scanner")
    assert "<code>scanner</code>" in marked.text
    chat.press("pick", one, quoted="scanner")
    assert f"Resolved: №{one}" in chat.press("pick_do", "resolve", quoted="scanner").text


def test_what_is_in_progress_is_not_offered_to_be_accepted(office: Office, chat: Chatting, vip: int) -> None:
    (one,) = _open(office, 1, vip)
    chat.say(f"/accept {one}")
    chat.press("select", "progress", 0, 0)
    marked = chat.press("pick", one)
    assert ("pick_do", ("accept",)) not in [pair for row in marked.buttons for pair in row]
    assert "resolve" in marked.args("pick_do")


def test_a_choice_that_is_over_is_said_to_be(office: Office, chat: Chatting, vip: int) -> None:
    (one,) = _open(office, 1, vip)
    assert chat.press("pick", one).error == "select.over"
    chat.press("select", "queue", vip, 0, message_id=7)
    assert chat.press("pick", one, message_id=8).error == "select.over"  # another list
    assert chat.press("pick_do", "accept", message_id=7).error == "select.none"
    assert "select" in chat.press("pick_back", message_id=7).verbs
    assert chat.press("pick", one, message_id=7).error == "select.over"
    chat.press("select", "queue", vip, 0, message_id=7)
    office.clock.advance(timedelta(hours=2))
    assert chat.press("pick", one, message_id=7).error == "select.over"


def test_one_that_was_taken_meanwhile_says_why_and_stays_chosen(
    office: Office, chat: Chatting, taras: Representative, vip: int
) -> None:
    (one,) = _open(office, 1, vip)
    chat.press("select", "queue", vip, 0)
    chat.press("pick", one)
    office.desk.run(cases.accept, one, taras)
    assert chat.press("pick_do", "accept").error == "item.taken"


def test_an_empty_list_has_nothing_to_select(chat: Chatting) -> None:
    assert "select" not in chat.say("/assigned").verbs
