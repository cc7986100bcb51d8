from __future__ import annotations

import tracemalloc
from time import process_time

import pytest

from core.intake.parse import glimpse
from core.intake.reading import glance, read
from core.intake.rules.identity import content_hash
from tests.core.intake import hostile

MB = hostile.MB


@pytest.mark.parametrize("name", sorted(hostile.LETTERS))
def test_a_hostile_letter_is_glanced_at_and_hashed_in_no_time(name: str) -> None:
    raw = hostile.LETTERS[name]()
    began = process_time()
    glance(raw, "eve@example.com")
    content_hash(raw)
    assert process_time() - began < 0.5


@pytest.mark.parametrize("name", ["scripts that never end", "comments that never end", "odd quotes in tags"])
def test_twice_the_html_takes_about_twice_the_time(name: str) -> None:
    raw = hostile.LETTERS[name]()

    def took(size: int) -> float:
        began = process_time()
        read(raw[:size], "")
        return process_time() - began

    assert took(512 * 1024) < 0.2 + took(128 * 1024) * 10


@pytest.mark.parametrize(
    "raw", [hostile.plain(b"\r\n" * 1_000_001), hostile.nested_multiparts(300), hostile.nested_multiparts(90, 300_000)]
)
def test_what_the_parser_may_not_be_given_is_a_file_of_its_letter(raw: bytes) -> None:
    letter = read(raw, "eve@example.com").letter
    assert letter.flags == ("flag.unreadable",)
    assert [(one.name, one.content) for one in letter.attachments] == [("original.eml", raw)]
    assert letter.from_ is not None


def test_what_was_read_in_part_has_its_letter_as_a_file() -> None:
    raw = hostile.many_parts(1000)
    letter = read(raw, "eve@example.com").letter
    assert letter.text.startswith("part 0\npart 1")
    assert letter.flags == ("flag.unreadable",)
    assert letter.attachments[-1].content == raw


def test_a_text_beyond_its_bound_has_its_letter_as_a_file() -> None:
    raw = hostile.plain(b"x" * (MB + 1))
    letter = read(raw, "eve@example.com").letter
    assert letter.attachments[-1].content == raw


def test_a_glimpse_shows_the_first_words_and_keeps_all() -> None:
    raw = hostile.plain(b"Hello \x00 there\r\n" + b"x" * MB)
    letter = glimpse(raw)
    assert letter.own_words.startswith("Hello  there")
    assert len(letter.text) <= 64 * 1024
    assert letter.attachments[0].content == raw


@pytest.mark.parametrize(
    ("field", "automatic"),
    [
        (b"X-Nothing: 1", False),
        (b"Auto-Submitted: auto-replied", True),
        (b"List-Id: <a.b>", True),
        (b"Precedence: bulk", True),
    ],
)
def test_a_glance_tells_a_machine_by_its_headers_and_is_nothing_but_a_case(field: bytes, *, automatic: bool) -> None:
    kind = glance(field + b"\r\n" + hostile.plain(b"hello"), "eve@example.com").kind
    assert kind.automatic is automatic
    others = (kind.bounce, kind.receipt, kind.auto_reply, kind.mailing_list, kind.feedback_report)
    assert not any(others)


def test_a_usual_letter_with_a_large_file_takes_bounded_memory() -> None:
    raw = hostile.zip_like()
    tracemalloc.start()
    read(raw, "")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * len(raw) + 20 * MB


@pytest.mark.timeout(10)
@pytest.mark.parametrize("end", ['<a href="x', "<a href='x", '<a href="x <a href="x', '<a href=""x"'])
def test_a_tag_that_is_never_ended_ends_the_page(end: str) -> None:
    html = f'<p>One</p> 5" wide<p>two</p>{end}'
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert "two" in read(raw, "eve@example.com").letter.text
