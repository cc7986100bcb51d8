"""Bytes → text, whatever the letter says they are; nothing is ever refused."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Names that Python does not know, and names that mean more than they say: GB2312 is sent for all of GB18030, latin-1
#: for cp1252 (WHATWG Encoding, section 4.2).
_ALIASES = {
    "gb2312": "gb18030", "x-gbk": "gb18030", "gbk": "gb18030", "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8", "x-unknown": "", "unknown-8bit": "", "default": "", "x-user-defined": "cp1252",
    "iso-8859-8-i": "iso-8859-8", "ks_c_5601-1987": "cp949", "x-sjis": "shift_jis", "windows-874": "cp874",
    "cp-850": "cp850", "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7", "ansi": "cp1252", "x-windows-949": "cp949",
}  # fmt: skip

#: Codecs of Python's that are no charsets of letters: of names of hosts, in quadratic time, and of its own sources.
_NONE = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"}

#: Bytes that are looked at to guess a charset.
_SAMPLE_BYTES = 4096

#: Characters beyond ASCII that are right, for each place that is wrong: in no other charset do so many look like UTF-8.
_RIGHT_FOR_WRONG = 4

#: A guess takes up to 30 ms, so there are not many for one letter; outside of `guessing` there is none.
_GUESSES = 20
_left: ContextVar[int] = ContextVar("guesses_left", default=0)


@contextmanager
def guessing() -> Iterator[None]:
    """Let `decode` guess, as often as one letter is worth it."""
    before = _left.set(_GUESSES)
    try:
        yield
    finally:
        _left.reset(before)


def codec(name: str | None) -> str | None:
    """Find Python's codec for a charset's name; None when nobody knows it."""
    word = (name or "").strip().strip("\"'").lower()
    word = _ALIASES.get(word, word)
    if not word:
        return None
    try:
        info = codecs.lookup(word)
    except (LookupError, ValueError):
        return None
    is_charset = info._is_text_encoding and info.name not in _NONE  # noqa: SLF001 - as bytes.decode itself asks
    return info.name if is_charset else None


def decode(raw: bytes, declared: str | None) -> str:
    """Decode as declared; else as UTF-8; else as it looks; else as cp1252, with marks for what has no meaning."""
    known = codec(declared)
    for name in (known, "utf-8"):
        if name is not None:
            try:
                return raw.decode(name)
            except (UnicodeError, ValueError):
                continue
    if known not in {None, "utf-8", "cp1252"}:
        return raw.decode(str(known), "replace")
    broken = None if known == "cp1252" else _broken_utf_8(raw, is_declared=known is not None)
    return _as_it_looks(raw) if broken is None else broken


def _as_it_looks(raw: bytes) -> str:
    guess = _guess(raw)
    if guess is not None:
        try:
            return raw.decode(guess)
        except (UnicodeError, LookupError):
            pass
    return raw.decode("cp1252", "replace")


def _broken_utf_8(raw: bytes, *, is_declared: bool) -> str | None:
    """Tell what it says if it is UTF-8 with a few broken places, such as one that was cut at its end; else None."""
    text = raw.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(one > "\x7f" for one in text[:_SAMPLE_BYTES]) - text[:_SAMPLE_BYTES].count("\ufffd")
    # A single letter of another charset at the end looks like a cut one of two or three bytes.
    was_cut = is_declared and wrong == 1 and text.endswith("\ufffd") and raw[-1:] >= b"\xf0"
    return text if was_cut or right >= _RIGHT_FOR_WRONG * wrong else None


def _guess(raw: bytes) -> str | None:
    left = _left.get()
    if not left:
        return None
    from charset_normalizer import from_bytes  # 5 MB and 40 ms that few letters need

    _left.set(left - 1)
    best = from_bytes(raw[:_SAMPLE_BYTES]).best()
    return best.encoding if best is not None else None
