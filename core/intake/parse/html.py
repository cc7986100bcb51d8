"""HTML → the text a person would read, with what is quoted marked by `>`, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

#: Elements whose content nobody sees, by what ends them (HTML standard, sections 13.2.5.2 and 13.2.5.3).
_UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")}

#: Elements that stand on lines of their own, and those with an empty line around them besides.
_LINES = {
    "address", "article", "aside", "body", "center", "dd", "div", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "header", "hr", "html", "legend", "li", "main", "nav", "option", "section", "tbody", "tfoot", "thead", "tr",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}

#: Quotes and lists deeper than this look like this deep.
_DEPTH = 20

#: Instead of a number, of a list that has none.
_UNNUMBERED = -1

#: An address behind words that is longer than this is of no use to a person.
_ADDRESS_LENGTH = 2000

#: Pieces of a line, and characters of each, that are looked at for what ends an attribution.
_ATTRIBUTION = 20

#: So many `>` in quoted values are looked past for the end of a tag.
_LOOK_PAST = 8

#: So many tags are understood; a page of some hundred screens has no more, and each takes 10 µs.
_TAGS = 40_000

_TAG = re.compile(r"<[^<>]*>")
_NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,30}")
_HREF = re.compile(r"\shref\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
_SRC = re.compile(r"\ssrc\s*=\s*(?=[\"']?cid:)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
_FOLLOWED = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_INDIFFERENT = re.compile(r"(?:https?://|mailto:)(?:www\.)?|\s")
_BLOCK_QUOTE = re.compile(r"<(/?)blockquote\b([^<>]*)", re.IGNORECASE)
_CITES = re.compile(r"\b(?:type|class|id|cite)\s*=", re.IGNORECASE)
_BORDERLESS = re.compile(r"\bborder\s*:\s*(?:none|0)|\bborder-left\s*:\s*(?:none|0)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def to_text(html: str, pictures: Mapping[str, str] | None = None) -> str:
    """Put HTML into plain text; a link keeps its address where its words are others.

    Args:
        pictures: the names of those that came with the letter, by what HTML refers to them by; they are named where
            they stand, and all others go.
    """
    page = _Page(bare=_bare_quotes(html), pictures=pictures or {})
    for tag, content in _tokens(html):
        if not tag:
            page.say(_unescaped(content))
        elif tag.startswith("/"):
            page.end(tag[1:])
        else:
            page.start(tag, content)
    return page.text()


def picture_mark(name: str) -> str:
    """Write what stands in a text in the place of a picture."""
    return f"[picture: {name}]"


def _bare_quotes(html: str) -> int:
    """Count the outer block quotes of which nobody knows whether they quote or indent."""
    depth = count = 0
    for found in _BLOCK_QUOTE.finditer(html):
        count += not depth and not found[1] and _quotes(found[2]) is None
        depth = max(0, depth - 1) if found[1] else depth + 1
    return count


def _quotes(attributes: str) -> bool | None:
    """Tell whether a block quote quotes; programs that indent what their writer says make one too, without a border."""
    if _CITES.search(attributes) is not None:
        return True
    if _BORDERLESS.search(attributes) is not None:
        return False
    return True if "border" in attributes.lower() else None


def _unescaped(text: str) -> str:
    """Put character references into characters; a number that no character has is none that Python should read."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    """Cut HTML into texts, as ("", text), and tags, as (lower-case name, with a slash if it ends; attributes)."""
    finder = _Finder(html)
    at = 0
    for _ in range(_TAGS):
        opened = html.find("<", at)
        if opened < 0:
            break
        if opened > at:
            yield "", html[at:opened]
        name = _NAME.match(html, opened + 1)
        if name is None:
            at = finder.after_markup(opened)
            if at == opened + 1:
                yield "", "<"
            continue
        end = finder.tag_end(name.end())
        if end < 0:
            yield "", html[opened:]
            return
        tag = name[0].lower()
        yield tag, html[name.end() : end]
        at = finder.after_unseen(tag, end + 1) if tag in _UNSEEN else end + 1
    if at < len(html):
        yield "", _TAG.sub(" ", html[at:]) if html.find("<", at) >= 0 else html[at:]


class _Finder:
    """Looks ahead in HTML, and looks only once for what is not there: else a flood of openings takes quadratic time."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._absent: set[str] = set()

    def _find(self, what: str, at: int) -> int:
        found = -1 if what in self._absent else self._html.find(what, at)
        if found < 0:
            self._absent.add(what)
        return found

    def after_markup(self, opened: int) -> int:
        """Pass a comment, a declaration or an instruction; a `<` that opens none of them is a character."""
        html = self._html
        if html.startswith("<!--", opened):
            end = self._find("-->", opened + 2)  # `<!-->` is a whole comment
            return end + 3 if end >= 0 else opened + 4
        if html[opened + 1 : opened + 2] in {"!", "?", "/"}:
            end = self._find(">", opened)
            return end + 1 if end >= 0 else opened + 2
        return opened + 1

    def tag_end(self, at: int) -> int:
        """Find the `>` that ends a tag, not one in a quoted value; -1 where there is none."""
        first = end = self._find(">", at)
        if first < 0:
            return -1
        seen = ""
        for _ in range(_LOOK_PAST):
            seen += self._html[at:end]
            if seen.count('"') % 2 == 0 and ('"' in seen or seen.count("'") % 2 == 0):
                return end
            at, end = end, self._html.find(">", end + 1)
            if end < 0:
                break
        return first

    def after_unseen(self, name: str, at: int) -> int:
        """Find the end tag of an element that nobody sees; what is not ended is seen, for no word may be lost."""
        found = None if name in self._absent else _UNSEEN[name].search(self._html, at)
        if found is None:
            self._absent.add(name)
            return at
        return found.start()


@dataclass(slots=True)
class _Page:
    """A page of text while it is written: breaks are owed until the next word comes.

    Attributes:
        line: the pieces of the line that is being written; a line begins with its marks and has words.
        owed: line ends before the next word: 1 for a new line, 2 for an empty one between.
        link: the address of a link that has begun, and where its words begin.
        in_row: the row of a table that is being written has words already.
        bare: outer block quotes to come that may quote or indent: the last is a quote, as is one below an attribution.
        quotes: of each block quote that is open, whether it quotes; `quoted` is how many do.
    """

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    owed: int = 0
    bullet: str = ""
    depth: int = 0
    lists: list[int] = field(default_factory=list)
    verbatim: int = 0
    link: tuple[str, int, int] | None = None
    in_row: bool = False
    cell: bool = False
    pictures: Mapping[str, str] = field(default_factory=dict)
    bare: int = 0
    quotes: list[bool] = field(default_factory=list)
    quoted: int = 0

    def say(self, text: str) -> None:
        """Write words; white space is one space except where it counts."""
        if self.verbatim:
            for number, one in enumerate(text.replace("\r\n", "\n").split("\n")):
                self.owed = min(2, self.owed + 1) if number else self.owed
                self._put(one)
            return
        words = _SPACES.sub(" ", text)
        if not words.strip():
            self.owed = 2 if "\xa0" in words and (self.owed or not self.line) else self.owed
            words = " "
        if self.owed or not self.line or self.line[-1].endswith(" "):
            words = words.lstrip(" ")
        self._put(words)

    def _put(self, words: str) -> None:
        if not words:
            return
        if self.cell and self.in_row and self.line:
            self.owed = 0
            self.line.append(" | ")
        elif self.owed:
            self._break()
        if not self.line:
            self.line.append("> " * self.depth + self.bullet)
            self.bullet = ""
        self.line.append(words)
        self.cell, self.in_row = False, True

    def _break(self) -> None:
        """Pay the breaks that are owed; there are none above the first word."""
        if self.line:
            self.lines.append("".join(self.line).rstrip())
        if self.lines and self.owed > 1:
            self.lines.append("")
        self.line, self.owed = [], 0

    def start(self, tag: str, attributes: str) -> None:
        """Begin an element."""
        if tag == "br":
            self.owed = min(2, self.owed + 1)
        elif tag in _PARAGRAPHS:
            # Word writes every line as a paragraph without a margin.
            self.owed = max(self.owed, 1 if self.lists or self.cell or "MsoNormal" in attributes else 2)
            self._quote(attributes) if tag == "blockquote" else self._deeper(tag, 1)
        elif tag in _LINES:
            self.owed = max(self.owed, 1)
            self.in_row = self.in_row and tag != "tr"
            self.bullet = self._bullet() if tag == "li" else self.bullet
        elif tag in {"td", "th"}:
            self.cell = True
        elif tag == "img" and self.pictures:
            self._picture(attributes)
        elif tag == "a":
            self.link = (_address(attributes), len(self.lines), len(self.line))

    def _picture(self, attributes: str) -> None:
        """Name a picture that came with the letter."""
        found = _SRC.search(attributes)
        named = unquote(_unescaped(found[1].strip("\"'")))[len("cid:") :].strip() if found else ""
        name = self.pictures.get(named)
        if name:
            self.say(picture_mark(name))

    def end(self, tag: str) -> None:
        """End an element; one that never began ends nothing."""
        if tag in _PARAGRAPHS:
            self.owed = max(self.owed, 1 if tag == "p" or len(self.lists) > 1 else 2)
            self._deeper(tag, -1)
        elif tag in _LINES:
            self.owed = max(self.owed, 1)
            self.bullet = "" if tag == "li" else self.bullet
        elif tag == "a" and self.link is not None:
            self._end_link(*self.link)
            self.link = None

    def _quote(self, attributes: str) -> None:
        """Begin a block quote."""
        known = _quotes(attributes)
        if known is None and not self.quotes:
            self.bare -= 1
            # Of a line that is not ended only its end is read: as it grows, so would the time for each quote.
            last = "".join(one[-_ATTRIBUTION:] for one in self.line[-_ATTRIBUTION:])
            last = last or next(filter(None, reversed(self.lines[-2:])), "")
            known = self.bare <= 0 or last.rstrip().endswith((":", "：", "-"))
        self.quotes.append(known is not False)
        self._quoting(self.quotes[-1])

    def _quoting(self, step: int) -> None:
        self.quoted += step
        self.depth = min(_DEPTH, self.quoted)

    def _deeper(self, tag: str, step: int) -> None:
        if tag == "blockquote":
            self._quoting(-(self.quotes.pop() if self.quotes else 0))
        elif tag == "pre":
            self.verbatim = max(0, self.verbatim + step)
        elif tag in {"ul", "ol"} and step > 0:
            self.lists.append(0 if tag == "ol" else _UNNUMBERED)
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()

    def _bullet(self) -> str:
        indent = "  " * (min(len(self.lists), _DEPTH) - 1)
        if not self.lists or self.lists[-1] == _UNNUMBERED:
            return f"{indent}• "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1]}. "

    def _end_link(self, address: str, line: int, piece: int) -> None:
        """Write the address after the words of a link, where they do not say it themselves."""
        words = "".join(self.line[piece if line == len(self.lines) else 0 :]).strip()
        if address and words and _bare(address) not in _bare(words):
            self.line.append(f" ({address})")

    def text(self) -> str:
        """Read what was written."""
        return "\n".join([*self.lines, "".join(self.line).rstrip()]).replace("\xa0", " ").strip("\n")


def _address(attributes: str) -> str:
    """Read the address of a link that a person may follow from a letter."""
    found = _HREF.search(attributes)
    address = _unescaped(found[1].strip("\"'")).strip() if found else ""
    return address if len(address) <= _ADDRESS_LENGTH and _FOLLOWED.fullmatch(address) else ""


def _bare(address: str) -> str:
    """Take off what makes no difference to a person."""
    return _INDIFFERENT.sub("", address.casefold()).rstrip("/")
