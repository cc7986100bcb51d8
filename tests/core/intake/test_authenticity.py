"""What our own mail server found out of a sender is told; what anybody else says about it is not."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.parse import parse
from core.intake.rules.authenticity import authenticity_flags
from core.texts.say import LANGUAGES, has

OURS = "mx.desk.example"


def flags(*results: str, sender: str = "ivan@bank.example", ours: str = OURS) -> tuple[str, ...]:
    fields = [f"Authentication-Results: {one}" for one in results]
    raw = "\r\n".join([*fields, f"From: {sender}", "Subject: x", "", "hello"]).encode()
    return authenticity_flags(parse(raw), ours)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("spf=pass smtp.mailfrom=a.example; dkim=pass header.d=a.example; dmarc=pass (p=none)", "authentic"),
        ("dmarc=fail (p=reject dis=none) header.from=bank.example", "dmarc_failed"),
        ("spf=fail smtp.mailfrom=bank.example", "spf_failed"),
        ('dkim=fail reason="bad; dmarc=pass" header.d=bank.example', "dkim_failed"),
        ("dkim=pass header.d=bank.example", "authentic"),
        ("dkim=pass header.i=@bank.example", "authentic"),
        ("dkim=pass header.d=evil.example", ""),
        ("dkim=fail header.d=list.example; dkim=pass header.d=bank.example", "authentic"),
        ("spf=fail smtp.mailfrom=list.example; dkim=pass header.d=bank.example; dmarc=pass", "authentic"),
        ("spf=softfail; dkim=none; dmarc=none", ""),
        ("spf=fail; dmarc=temperror", "spf_failed"),
        ("dmarc=fail header.from=bank.example; arc=pass", "passed_on"),
        ("spf=fail; arc=pass", "passed_on"),
        ("spf=softfail; arc=pass", ""),
        ("dmarc=pass; arc=pass", "authentic"),
        ("none", ""),
        ("", ""),
        ("(a comment; dmarc=pass) dmarc=fail", "dmarc_failed"),
        ("DMARC/1 = FAIL", "dmarc_failed"),
    ],
)  # fmt: skip
def test_results_are_told_as_flags(result: str, told: str) -> None:
    expected = (f"flag.{told}",) if told else ()
    assert flags(f"{OURS}; {result}") == expected
    assert flags(f"(us) {OURS.upper()} 1;\r\n\t{result}") == expected


def test_a_subdomain_is_signed_by_its_domain_and_not_the_other_way_round() -> None:
    assert flags(f"{OURS}; dkim=pass header.d=bank.example", sender="a@mail.bank.example") == ("flag.authentic",)
    assert flags(f"{OURS}; dkim=pass header.d=mail.bank.example") == ()
    assert flags(f"{OURS}; dkim=pass header.d=ank.example") == ()


def test_two_faults_are_two_flags() -> None:
    assert flags(f"{OURS}; spf=fail; dkim=fail") == ("flag.spf_failed", "flag.dkim_failed")


@pytest.mark.parametrize("other", ["mx.evil.example", f"x.{OURS}", f"{OURS}.evil.example", f'"{OURS}', ""])
def test_nobody_elses_results_are_believed(other: str) -> None:
    assert flags(f"{other}; dmarc=pass") == ()
    assert flags(f"{other}; dmarc=pass", f"{OURS}; dmarc=fail") == ("flag.dmarc_failed",)


def test_what_stands_above_wins_over_what_came_with_the_letter() -> None:
    assert flags(f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass; dkim=pass header.d=bank.example") == (
        "flag.dmarc_failed",
    )
    assert flags(f"{OURS}; spf=pass", f"{OURS}; dmarc=fail") == ("flag.dmarc_failed",), "several fields are one answer"


def test_without_a_server_of_ours_nothing_is_told() -> None:
    assert flags("; dmarc=pass", f"{OURS}; dmarc=pass", ours="") == ()


@given(st.lists(st.text(st.sampled_from('ab;()"\\=.@ \t') | st.characters(exclude_categories=["Cs"])), max_size=4))
def test_whatever_stands_there_is_read(results: list[str]) -> None:
    for flag in flags(
        *(one.replace("\r", " ").replace("\n", " ") for one in results), f"{OURS}; {''.join(results)[:50]}"
    ):
        assert all(has(flag, language) for language in LANGUAGES)


@pytest.mark.parametrize("nasty", ["(" * 16000, '"' * 16000, "dkim=pass;" * 1600, "\\" * 16000, "a=b " * 4000])
def test_hostile_results_take_no_time(nasty: str) -> None:
    begun = process_time()
    flags(*[f"{OURS}; {nasty}"] * 30)
    assert process_time() - begun < 0.5
