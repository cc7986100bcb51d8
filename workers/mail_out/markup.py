"""The words of a letter as a small HTML page: paragraphs, quotes and links, and nothing that is fetched or runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

#: What is shown as a link; what ends a sentence or closes a bracket after it is not of the address.
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\x00-\x20\x7f-\xa0]{3,2000}", re.IGNORECASE)
_AFTER = ".,;:!?)]}»”’*_"

#: The line before a signature (RFC 3676, section 4.3).
SIGNATURE_LINE = "-- "

#: Levels of quoting that are drawn; what is deeper stands in the last of them.
_DEEPEST = 5

_QUOTE = '<blockquote style="margin:0 0 0 .6em;padding-left:.6em;border-left:2px solid #bbb;color:#555">'
_PICTURE = '<p><img src="cid:{}" alt="{}" style="max-width:100%"></p>\n'
_SIGNATURE = '<p style="color:#777">'
_SPACES = re.compile(r"(?<= ) |(?<=\n) |^ |\t")
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def as_html(text: str, language: str, pictures: Sequence[tuple[str, str]] = (), below: str = "") -> str:
    """Draw plain words: what they are is escaped, and spaces stay where they stand.

    Args:
        text: lines ended by a line feed.
        language: of the words, as an IETF tag.
        pictures: that stand after the words, each by its Content-ID (RFC 2392) and its name.
        below: what follows them, such as a signature.
    """
    shown = "".join(_PICTURE.format(escape(quote(cid, safe="@")), escape(name)) for cid, name in pictures)
    body = _drawn(text) + shown + _drawn(below)
    page = f'<html lang="{escape(language)}"><head><meta charset="utf-8"></head>\n<body>\n{body}</body></html>\n'
    return f"<!DOCTYPE html>\n{page}"


def _drawn(text: str) -> str:
    return "".join(_blocks(_UNSHOWN.sub("", text).split("\n"), 0))


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    """Draw lines as paragraphs, what begins with `>` as a quote in them."""
    for quoted, group in groupby(lines, key=lambda line: depth < _DEEPEST and line.startswith(">")):
        block = list(group)
        if quoted:
            yield f"{_QUOTE}\n{''.join(_blocks([_unquoted(line) for line in block], depth + 1))}</blockquote>\n"
        else:
            yield from _paragraphs(block)


def _unquoted(line: str) -> str:
    return line[1:].removeprefix(" ")


def _paragraphs(lines: list[str]) -> Iterator[str]:
    for blank, group in groupby(lines, key=lambda line: not line.strip() and line != SIGNATURE_LINE):
        if blank:
            continue
        block = list(group)
        if SIGNATURE_LINE in block:
            at = block.index(SIGNATURE_LINE)
            if at:
                yield f"<p>{_inline(block[:at])}</p>\n"
            yield f"{_SIGNATURE}{_inline(block[at:])}</p>\n"
        else:
            yield f"<p>{_inline(block)}</p>\n"


def _inline(lines: list[str]) -> str:
    """Escape what stands in a paragraph, and make links of what is one."""
    text, at, drawn = "\n".join(lines), 0, []
    for found in _LINK.finditer(text):
        link = _cut(found[0])
        drawn.append(_plain(text[at : found.start()]))
        drawn.append(f'<a href="{escape(link)}">{escape(link)}</a>')
        at = found.start() + len(link)
    drawn.append(_plain(text[at:]))
    return "".join(drawn).replace("\n", "<br>\n")


def _cut(link: str) -> str:
    """Leave what follows a link in a sentence; a bracket that was opened in it is of it."""
    while link and link[-1] in _AFTER and not (link[-1] == ")" and link.count("(") >= link.count(")")):
        link = link[:-1]
    return link


def _plain(text: str) -> str:
    kept = _SPACES.sub(lambda found: "\xa0" * (4 if found[0] == "\t" else 1), text)
    return escape(kept).replace("\xa0", "&nbsp;")
