"""How figures of peers are told, and that a peer that is not there is a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.peers import cases, doors, helpdesk, postfix
from tests.bench.peers.missing import Missing
from tests.bench.peers.postfix import Taken
from tests.bench.rates import Rate, median


def test_a_rate_is_made_of_what_all_letters_took_and_cost() -> None:
    assert Rate.of(200, took_s=4, cpu_s=1) == Rate(per_second=50, cpu_ms=5)


def test_the_median_of_each_figure_may_be_of_another_round() -> None:
    assert median([Rate(1, 30), Rate(2, 10), Rate(9, 20)]) == Rate(2, 20)


def test_the_first_is_set_beside_each_of_the_others() -> None:
    lines = cases.table({"ours": Rate(200, 5), "theirs": Rate(50, 15), "also theirs": Rate(100, 10)})
    assert lines[2:] == [
        "| ours | 200 | 5.0 | – | – |",
        "| theirs | 50 | 15.0 | 4.00 | 0.33 |",
        "| also theirs | 100 | 10.0 | 2.00 | 0.50 |",
    ]


def test_the_door_is_told_beside_both_figures_of_postfix_and_the_ratios_are_those_of_the_medians() -> None:
    taken = [Taken(Rate(one, 2), Rate(one / 2, 2)) for one in (100, 400, 1000)]
    pairs = list(zip([Rate(900, 1), Rate(800, 1), Rate(100, 1)], taken, strict=True))
    assert doors.row(16, pairs) == "| 16 | 5 KB | 800 | 400 | 2.00 | 200 | 4.00 | 1.00 | 2.00 | 0.50 |"
    assert len(doors.HEAD) == doors.row(16, pairs).count("|") - 1


def test_an_instance_of_postfix_keeps_all_that_is_its_own_below_its_folder(tmp_path: Path) -> None:
    lines = postfix.main_cf(tmp_path, owner=65534).splitlines()
    settings = dict(line.split(" = ", 1) for line in lines)
    for name in ("queue_directory", "data_directory", "maillog_file", "virtual_mailbox_base"):
        assert Path(settings[name]).is_relative_to(tmp_path)
    assert settings["virtual_mailbox_maps"].endswith("/"), "a Maildir, not one file"


@pytest.mark.long
def test_a_helpdesk_that_cannot_be_installed_is_a_sentence_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHERHA_BENCH_DIR", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    said: list[str] = []
    for _ in range(2):
        with pytest.raises(Missing, match="django-helpdesk is left out"):
            helpdesk.python(said.append)
    assert said == ["(django-helpdesk is being installed)"] * 2
