"""The harness itself: what it draws, keeps and compares."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from core.outbox.model import Channel
from tests.faults import fault_letters
from tests.faults.count import Tally, Told, _compare
from tests.faults.harness import Case, Control, Edition, Given, Outcome, Run, cases
from tests.faults.kills import plan
from tests.faults.results import Results


async def _live(given: Given) -> Outcome:
    return Outcome(("lost: a letter",) if given.off else ())


_RUN = Run(
    "example",
    _live,
    numbers={"letters": 1000, "kills": 5},
    small={"letters": 10},
    seeds=(7, 8),
    controls=(Control("sweep", ("lost",)), Control("lock", ("twice",), edition=Edition.FULL)),
)
_CASE = Case(_RUN, _RUN.numbers, 7)


def test_a_seed_draws_the_same_kills_each_time_and_each_part_in_turn() -> None:
    victims = ["bot", "intake", "worker"]
    drawn = plan(7, victims, 6, 1000)
    assert drawn == plan(7, victims[::-1], 6, 1000)
    assert drawn != plan(8, victims, 6, 1000)
    assert sorted(kill.victim for kill in drawn[:3]) == sorted(kill.victim for kill in drawn[3:]) == victims
    assert [kill.after for kill in drawn] == sorted(kill.after for kill in drawn)


def test_only_the_full_edition_plays_every_seed_and_control() -> None:
    assert cases(_RUN, Edition.QUICK) == []
    told = [(case.name, case.seed, case.numbers["letters"]) for case in cases(_RUN, Edition.SMALL)]
    assert told == [("example", 7, 10), ("example without sweep", 7, 10)]
    assert [(case.name, case.seed, case.numbers["letters"]) for case in cases(_RUN, Edition.FULL)] == [
        ("example", 7, 1000),
        ("example", 8, 1000),
        ("example without sweep", 7, 10),
        ("example without lock", 7, 10),
    ]


async def test_a_control_that_breaks_no_promise_of_its_kind_is_a_fault(tmp_path: Path) -> None:
    faults = [case.faults((await case.live(tmp_path)).broken) for case in cases(_RUN, Edition.FULL)]
    assert [bool(one) for one in faults] == [False, False, False, True]
    assert _CASE.faults(("twice: a letter",)) == ["twice: a letter"]


def test_what_was_done_is_found_again_by_numbers_seed_and_commit(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl", "abc")
    kept = results.keep(_CASE, Outcome(("lost: a letter",), {"letters": 1000}), 12.34)
    assert results.find(_CASE) == kept
    assert (kept["faults"], kept["took_s"], kept["broken"]) == (1, 12.3, ["lost: a letter"])
    assert results.find(replace(_CASE, seed=8)) is None
    assert results.find(replace(_CASE, numbers={"letters": 10})) is None
    assert replace(results, commit="def").find(_CASE) is None
    assert replace(results, commit="def", any_commit=True).find(_CASE) == kept


def test_a_repeat_counts_as_explained_only_where_an_outcome_was_unknown() -> None:
    due = {"customer": Told({(Channel.EMAIL, number): 1 for number in (1, 2, 3)})}
    heard = {"customer": Told({(Channel.EMAIL, 1): 2, (Channel.EMAIL, 2): 2})}
    tally = Tally()
    _compare(tally, due, heard, Told({(Channel.EMAIL, 1): 1, (Channel.TELEGRAM, 2): 1}))
    assert (tally.untold, tally.untraced, tally.repeats) == (["customer of №3"], ["№2 by email"], 2)


@pytest.mark.long
async def test_changed_letters_go_on_where_they_were_interrupted(tmp_path: Path) -> None:
    run = fault_letters.RUNS[0]
    case = Case(run, {"letters": 2_003}, 1)
    going = Results(tmp_path / "results.jsonl", "abc").going(case)
    before = {
        "first": 10_000_000,
        "letters": 2_000,
        "broken": [],
        "kinds": {"bounce": 4},
        "slowest_s": 70,
        "grown_mb": 0,
    }
    going.write_text(json.dumps(before) + '\n{"first": 10002000, "lett\n')
    outcome = await case.live(tmp_path, going)
    assert outcome.broken == ()
    assert (outcome.figures["letters"], outcome.figures["slowest ms"]) == (2_003, 70_000)
    assert [json.loads(line)["letters"] for line in going.read_text().splitlines()[2:]] == [3]


def test_what_a_run_that_came_to_no_end_has_done_goes_with_its_result(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl", "abc")
    going = results.going(_CASE)
    going.write_text("half of it")
    assert going != Results(tmp_path / "results.jsonl", "abd").going(_CASE)
    results.keep(_CASE, Outcome(), 1)
    assert not going.exists()


def test_a_letter_that_is_read_without_end_is_given_up_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_end(_raw: bytes) -> list[str]:
        while True:
            with suppress(Exception):
                sum(range(1000))

    monkeypatch.setattr(fault_letters, "_GIVEN_UP_S", 0.05)
    assert fault_letters._try(without_end, b"", Counter()) == []
