"""HTML → the text a person would read, with what is quoted marked by `>`."""

from __future__ import annotations

import re

import html2text

#: Characters of HTML that are turned into text; a longer letter is cut.
LENGTH = 512 * 1024

_UNSEEN = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def to_text(html: str) -> str:
    """Put HTML into plain text; links keep their words, pictures go."""
    maker = html2text.HTML2Text(bodywidth=0)
    maker.ignore_images = True
    maker.ignore_emphasis = True
    maker.ignore_links = True
    maker.single_line_break = True
    maker.unicode_snob = True
    maker.escape_snob = False
    try:
        text = maker.handle(_UNSEEN.sub(" ", html[:LENGTH]))
    except Exception:  # noqa: BLE001 - a bug of the library on hostile HTML must not lose the letter
        text = re.sub(r"<[^>]*>", " ", html[:LENGTH])
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
