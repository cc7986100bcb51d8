"""Where in a text a quote begins: at a marker, a line above an original, a block of headers or an attribution."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.intake.parse import attributions as marks

#: Characters of a line that are looked at; an attribution is no longer, in all its lines.
LOOK_AT = 400

#: Lines at which a quote may begin; in what is longer than a book chapter all further lines without a mark are kept.
LINES = 20_000

#: Attributions that are looked for to their end; it takes 0.1 ms, and no letter has so many.
_TRIES = 1_000

#: An attribution is broken into no more lines.
_BROKEN_INTO = 4

#: Lines of a block of headers.
_HEADER_LINES = 6

#: What may stand behind the end of an attribution: stars of bold text, marks of direction.
_TRAIL = " \t*_\u200e\u200f\u202c"

#: A quick look first: most lines have none of these, and most texts none of the words that every marker has.
_MAY_START = re.compile(r"[:：<>\d_=-]")
_ABOVE = ("above", "over", "вище", "выше")

_QUOTED = re.compile(
    r"[ \t]{0,3}>(?![ \t]*[:：][ \t]*\Z)"
)  # not the end of an attribution that is broken in an address

#: What a program prompts with, where a quote would have shallower lines too.
_PROMPT = re.compile(r">>>(?: |\Z)(?!>)")

#: A link that a program broke off a quoted line, and a quoted line that ends within one.
_ONLY_LINK = re.compile(r"[ \t]*[(<]https?://[^\s()<>]*[)>][ \t]*>?[ \t]*\Z")
_OPEN_LINK = re.compile(r"[(<]https?://[^\s()<>]*\Z")
_LINK_ENDS = re.compile(r"[ \t]*[^\s()<>]*[)>][ \t]*>?[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Start:
    """Where a quote begins.

    Attributes:
        end: the line after what announces it.
        certain: it needs no `>` to be believed.
        bare: what announces it says nothing where nothing is quoted below.
        own: what its sender wrote before it on the same line.
    """

    end: int
    certain: bool
    bare: bool = False
    own: str = ""


class Page:
    """The lines of a text; every question about them takes time in proportion to the lines it is about.

    Attributes:
        heads: the beginning of each line, which is all that is looked at.
        quoted: which lines are marked as quoted, or belong to one that is.
        words: which lines are not empty.
    """

    def __init__(self, lines: list[str]) -> None:
        self.heads = [line[:LOOK_AT] for line in lines]
        self.words = [bool(line.strip()) for line in lines]
        self.quoted = [_QUOTED.match(head) is not None and marks.GROUPWISE.match(head) is None for head in self.heads]
        if all(_PROMPT.match(head) for head, quoted in zip(self.heads, self.quoted, strict=True) if quoted):
            self.quoted = [False] * len(lines)
        for at in range(1, len(lines) - 1):
            if not self.quoted[at] and self.words[at] and self.quoted[at - 1] and self.quoted[at + 1]:
                self.quoted[at] = self._is_broken_off(at)
        self._tries = _TRIES
        small = "\n".join(self.heads).lower()
        self._may_mark = any(word in small for word in _ABOVE)

    def _is_broken_off(self, at: int) -> bool:
        """Tell whether a line between quoted ones is a link, or the end of one, that a program broke off."""
        if _ONLY_LINK.match(self.heads[at]):
            return True
        return (
            _OPEN_LINK.search(self.heads[at - 1].rstrip()) is not None and _LINK_ENDS.match(self.heads[at]) is not None
        )

    def is_own(self, at: int) -> bool:
        """Tell whether a line has words that are not marked as quoted."""
        return self.words[at] and not self.quoted[at]

    def next_words(self, at: int) -> int:
        """Find the next line with words, not far below; the number of lines when there is none."""
        near = range(at, min(at + _HEADER_LINES, len(self.heads)))
        return next((one for one in near if self.words[one]), len(self.heads))

    def start(self, at: int) -> Start | None:
        """Tell whether a quote begins on a line."""
        if at >= LINES:
            return None
        head = self.heads[at]
        if self._may_mark and marks.MARKER.match(head):
            return Start(at + 1, certain=True)
        if not _MAY_START.search(head):
            return None
        if marks.GROUPWISE.match(head):
            return Start(at + 1, certain=True, bare=True)
        if marks.BY_PROGRAM.match(head):
            return Start(at + 1, certain=not at or not self.words[at - 1], bare=True)
        original = marks.ORIGINAL.match(head) is not None
        if original or marks.RULE.match(head):
            below = self.next_words(at + 1)
            block = self._headers(below) if below < len(self.heads) else None
            return Start(at + 1, certain=True) if original and block is None else block
        return self._headers(at) or self._attribution(at) or self._shared(at) or self._said(at)

    def _headers(self, at: int) -> Start | None:
        block = self.block(at)
        return Start(block[0], certain=True) if block else None

    def block(self, at: int) -> tuple[int, dict[str, str]] | None:
        """Find a block of header lines: who, when and what about; or who by an address, with one of the others.

        Returns:
            The line after it, and its lines by what they tell: `who`, `when`, `whom`, `what`.
        """
        first = marks.HEADER.match(self.heads[at])
        if first is None or first.lastgroup == "whom":  # no block begins with whom
            return None
        found: dict[str, str] = {}
        end = at
        for one in range(at, min(at + _HEADER_LINES, len(self.heads))):
            header = marks.HEADER.match(self.heads[one])
            kind = header.lastgroup if header else None
            # An empty line, and a second line of who or when, belong to another block: the first may be the sender's.
            if not self.words[one] or (kind in found and kind != "whom"):
                break
            if kind is not None:
                found.setdefault(kind, self.heads[one])
                end = one + 1
        if any(marks.FORM.match(one) for one in self.heads[at : end + 1]):
            return None  # a form of a site, with what somebody says in it
        by_address = marks.ADDRESS.search(found.get("who", "")) is not None
        full = by_address and (len(found) >= 3 or marks.FULL_DATE.search(found.get("when", "")))  # noqa: PLR2004 - kinds
        return (end, found) if full or {"who", "when", "what"} <= found.keys() else None

    def _attribution(self, at: int) -> Start | None:
        """Find an attribution, which may be broken into several lines."""
        if marks.BEGINS.match(self.heads[at]):
            for end in range(at + 1, min(at + _BROKEN_INTO, len(self.heads)) + 1):
                if not self.is_own(end - 1) or (end > at + 1 and not marks.TIME.search(self.heads[at])):
                    break
                start = self._ends(at, end)
                if start is not None:
                    return start
        return self._somebody(at)

    def _ends(self, at: int, end: int) -> Start | None:
        """Tell whether what begins on one line as an attribution ends before another as one does."""
        last = self.heads[end - 1].rstrip(_TRAIL)
        if not last.endswith((":", "：", "-", ">")) and self._is_followed_by_own(end):
            return None  # a quick look first: most lines end no attribution
        joined = self._joined(at, end)
        if not marks.WHEN.search(joined) or self._tries <= 0:
            return None
        self._tries -= 1
        if marks.ENDS.search(joined):
            return None if self._is_later(at, end) else Start(end, marks.is_certain(joined), bare=True)
        return self._without_colon(joined, end)

    def _is_followed_by_own(self, end: int) -> bool:
        return end < len(self.heads) and self.is_own(end)

    def _without_colon(self, joined: str, end: int) -> Start | None:
        """Believe an attribution that lacks its colon if an empty line or a quoted one follows."""
        found = None if self._is_followed_by_own(end) else marks.ENDS_BARE.search(joined)
        if found is None:
            return None
        certain = found["verb"] is not None and marks.TO_THE_MINUTE.match(joined) is not None
        return Start(end, certain=certain, bare=True)

    def _somebody(self, at: int) -> Start | None:
        """Find an attribution that begins with a name, in one line or in two."""
        if "<" not in self.heads[at]:
            return None
        end, joined = at + 1, self.heads[at]
        found = marks.SOMEBODY.match(joined)
        broken = found is None and marks.SOMEBODY_BEGINS.match(joined) is not None
        if broken and not joined.rstrip().endswith((":", "：")) and end < len(self.heads) and self.is_own(end):
            end, joined = at + 2, self._joined(at, at + 2)
            found = marks.SOMEBODY.match(joined)
        is_first = not at or not self.words[at - 1]
        if found is not None:
            return Start(end, certain=found["verb"] is not None and is_first, bare=found["verb"] is not None)
        says = marks.somebody_then(joined)
        return None if says is None else Start(end, certain=says and is_first, bare=says)

    def _shared(self, at: int) -> Start | None:
        """Find an attribution behind the last words of the sender, on their line."""
        found = marks.SHARED.match(self.heads[at]) if "--- " in self.heads[at] else None
        if found is None or not marks.BEGINS.match(found["rest"]):
            return None
        is_one = marks.ENDS.search(found["rest"]) and marks.WHEN.search(found["rest"])
        return Start(at + 1, certain=False, own=found["own"]) if is_one else None

    def _said(self, at: int) -> Start | None:
        """Find "Somebody wrote:", which is one only right above what is quoted."""
        is_above = at + 1 < len(self.heads) and self.quoted[at + 1] and (not at or not self.words[at - 1])
        found = is_above and self.heads[at].rstrip().endswith((":", "：")) and marks.SAID.match(self.heads[at])
        return Start(at + 1, certain=False) if found else None

    def _joined(self, at: int, end: int) -> str:
        return " ".join(head.strip() for head in self.heads[at:end])[: LOOK_AT + 1]

    def _is_later(self, at: int, end: int) -> bool:
        """Tell whether an attribution of several lines begins on a later one, and the lines above are the sender's."""
        for later in range(at + 1, end):
            rest = self._joined(later, end)
            if marks.BEGINS.match(rest) and marks.ENDS.search(rest) and marks.WHEN.search(rest):
                return True
            if marks.SENTENCE.search(self.heads[later - 1]) and marks.SOMEBODY.match(rest):
                return True
        return False
