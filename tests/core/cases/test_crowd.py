"""Everybody at one case at once: nobody deadlocks, nothing is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from structlog.testing import capture_logs

from core.cases import actions as cases
from core.cases import answering, conversations, incoming
from core.cases.rules import EntryKind
from core.errors import DeskError
from core.people.rules import Role
from tests.core.office import Office
from tests.core.races import at_once

ROUNDS = 6


def test_verbs_of_all_kinds_on_one_case_wait_for_each_other_and_run_no_race_again(office: Office) -> None:
    olena, chief, ivan = office.join("Olena"), office.join("Maria", Role.MANAGER), office.customer("Ivan")
    number = office.open_case(ivan)
    verbs: list[Callable[[], object]] = [
        lambda: office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "more")),
        lambda: office.desk.run(answering.answer, number, "words", olena),
        lambda: office.desk.run(answering.note, number, "inside", chief),
        lambda: office.desk.run(cases.resolve, number, chief),
        lambda: office.desk.run(cases.reopen, number, chief),
        lambda: office.desk.run(incoming.close_own, number, ivan),
        lambda: office.desk.run(incoming.not_solved, number, ivan),
    ]
    turns, done = iter(range(len(verbs))), [0] * len(verbs)

    def go() -> None:
        mine = next(turns)
        for _ in range(ROUNDS):
            with contextlib.suppress(DeskError):
                verbs[mine]()
                done[mine] += 1

    with capture_logs() as logs:
        at_once(go, len(verbs))
    assert [line for line in logs if line["event"] == "race_lost"] == []
    assert done[0] == done[2] == ROUNDS
    kinds = [entry.kind for entry in office.desk.look(conversations.conversation, number, limit=99)]
    assert kinds.count(EntryKind.CUSTOMER) == 1 + ROUNDS
    assert kinds.count(EntryKind.NOTE) == ROUNDS
    assert kinds.count(EntryKind.ANSWER) == done[1]
