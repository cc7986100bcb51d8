"""What the sender wrote now, without what the letter quotes and without a signature.

Losing a customer's word is worse than keeping a quote: where it cannot be told, all is kept. A line is looked at for at
most `LOOK_AT` characters, and kept whole.
"""

from __future__ import annotations

import re

from core.intake.parse.signatures import without_signature
from core.intake.parse.starts import Page


def own_words(text: str, *, answers: bool = True) -> str:
    """Take quotes and signature away; all of the text, if nothing would be left.

    Args:
        answers: whether it answers or forwards a letter. In one that does not, what is marked is no quote where nobody
            is named whose words it is: a command, more than a hundred, an indented paragraph.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = "\n".join(without_signature(_own_lines(lines, Page(lines), answers=answers))).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", words.rstrip()) or text.strip()


def _own_lines(lines: list[str], page: Page, *, answers: bool) -> list[str]:
    """Choose the lines that are the sender's own."""
    # What stands below a quote, but above the signature, counts as written below it.
    last_own = max((at for at in range(len(without_signature(page.heads))) if page.is_own(at)), default=-1)
    kept: list[tuple[int, str]] = []
    has_own, at = False, 0
    while at < len(lines):
        start = page.start(at) if page.is_own(at) else None
        if start is None:
            has_own = has_own or page.is_own(at)
            kept.append((at, lines[at]))
            at += 1
            continue
        answers = True  # somebody is quoted
        below = page.next_words(start.end)
        is_quote = below < len(lines) and page.quoted[below]
        if start.own and is_quote:
            kept.append((at, start.own))
            has_own = True
        if has_own and (last_own < below if is_quote else start.certain):
            break
        if not is_quote:
            # An attribution with the answer below it says nothing; a block of headers may be what the letter is about.
            says_nothing = start.certain and start.bare and below < len(lines)
            kept += [] if says_nothing else [(one, lines[one]) for one in range(at, start.end)]
            has_own = has_own or not says_nothing
        at = start.end
    return [line for at, line in kept if not answers or not page.quoted[at] or not (has_own or last_own >= 0)]
