"""The decoder says the same as a simple reading line by line, wherever the chunks end."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from workers.smtp_in.decoding import Decoder, Fault
from workers.smtp_in.limits import DoorLimits

LIMITS = replace(DoorLimits(), size_bytes=120, line_bytes=20, header_bytes=40)
PARTS = st.sampled_from([b"\r", b"\n", b"\r\n", b"\r\n", b".", b"..", b"a", b"c" * 9, b"d" * 19, b"\r\n.", b"\0"])


def read_simply(stream: bytes) -> tuple[bytes | None, Fault | None, bytes]:
    """What came of a whole stream: content, fault, and what follows the letter; no content when it has no end."""
    end = (b"\r\n" + stream).find(b"\r\n.\r\n")
    if end < 0:
        return None, None, b""
    content = re.sub(rb"(\A|\r\n)\.", rb"\1", stream[:end])
    return content, judge(content), stream[end + 3 :]


def judge(content: bytes) -> Fault | None:
    faults = set()
    if len(content) > LIMITS.size_bytes:
        faults.add(Fault.TOO_LARGE)
    if re.search(rb"\r(?!\n)|(?<!\r)\n", content):
        faults.add(Fault.BARE_LINE_END)
    if len((b"\r\n" + content).partition(b"\r\n\r\n")[0][2:]) > LIMITS.header_bytes:
        faults.add(Fault.LONG_HEADER)
    if any(len(line) > LIMITS.line_bytes for line in re.findall(rb"[^\n]*\n|[^\n]+\Z", content)):
        faults.add(Fault.LONG_LINE)
    return min(faults, key=str, default=None)


def decode(stream: bytes, cuts: list[int]) -> tuple[bytes | None, Fault | None, bytes]:
    decoder, content, start = Decoder(LIMITS), b"", 0
    for cut in [*sorted(cut for cut in cuts if cut < len(stream)), len(stream)]:
        piece = decoder.feed(stream[start:cut])
        content += piece.content
        start = cut
        if piece.rest is not None:
            return content, decoder.fault, piece.rest + stream[cut:]
    return None, decoder.fault, b""


@given(st.lists(PARTS, max_size=30).map(b"".join), st.lists(st.integers(0, 200), max_size=12))
@example(b".\r\nQUIT\r\n", [1, 2])
@example(b"a: b\r\n\r\n..x\r\n.\r\n", list(range(20)))
@example(b"d" * 20 + b"\r\n.\r\n", [19])
def test_agrees_with_a_simple_reading_however_the_stream_is_cut(body: bytes, cuts: list[int]) -> None:
    stream = body + b"\r\n.\r\nNOOP\r\n"
    content, fault, rest = read_simply(stream)
    got, got_fault, got_rest = decode(stream, cuts)
    assert got_rest == rest
    assert (got_fault is None) == (fault is None)
    if fault is None:
        assert got == content


@given(st.integers(1, 60), st.integers(1, 25), st.integers(1, 300))
def test_holds_a_long_line_against_the_cap_wherever_it_stands(before: int, over: int, step: int) -> None:
    limits = replace(DoorLimits(), line_bytes=50)
    for length, fault in ((48, None), (49 + over, Fault.LONG_LINE)):
        stream = b"a: b\r\n\r\n" + b"short\r\n" * before + b"x" * length + b"\r\n" + b"short\r\n" * 20 + b".\r\n"
        decoder = Decoder(limits)
        for start in range(0, len(stream), step):
            decoder.feed(stream[start : start + step])
        assert decoder.fault is fault


def test_keeps_no_content_of_a_letter_at_fault() -> None:
    decoder = Decoder(LIMITS)
    assert decoder.feed(b"a\nb\r\n").content == b""
    assert decoder.feed(b"more\r\n.\r\n").content == b""
    assert decoder.fault is Fault.BARE_LINE_END
