"""HTML of a bot → text and entities, with offsets in UTF-16 code units (bots/api#html-style).

It is read as strictly as Telegram reads it, and refused in its words: `parse_html` in td/telegram/MessageEntity.cpp of
github.com/tdlib/td, for the page tells what is allowed and not what is said of the rest.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

Entity = dict[str, Any]

#: The tags that there are, and the entity each makes (bots/api#messageentity).
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler",
    "tg-emoji": "custom_emoji",
}  # fmt: skip

#: "The API currently supports only the following named HTML entities" (bots/api#html-style); others stay as written.
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<number>[0-9]*)|(?P<name>[A-Za-z]*));?")
_LONGEST = 10  # characters of a number, as Telegram has it
_SURROGATE = re.compile("[\ud800-\udfff]")

_SPACE = r" \t\r\n\v\0"
_SPACES = re.compile(f"[{_SPACE}]*")
_TAG = re.compile(f"[^{_SPACE}>]*")
_ATTRIBUTE = re.compile(f"[^{_SPACE}=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag that is open: where it began, and the one attribute that counts."""

    name: str
    given: str
    offset: int
    place: int

    def entity(self, text: str) -> Entity | None:
        """Make the entity of it, now that it ends; None when there is nothing in it."""
        length = utf16_length(text) - self.offset
        kind = _KINDS[self.name]
        extra: Entity = {}
        if self.name == "a":
            extra = {"url": self.given or text[self.place :]}
        elif self.name == "blockquote" and self.given:
            kind = "expandable_blockquote"
        elif self.name == "tg-emoji":
            if not self.given.isdecimal() or not int(self.given):
                raise _unparsed("Invalid custom emoji identifier specified")
            extra = {"custom_emoji_id": self.given}
        return {"type": kind, **extra, "offset": self.offset, "length": length} if length else None


class _Reader:
    """Reads one text from left to right; a place is an index into it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text = ""
        self._entities: list[Entity] = []
        self._open: list[_Tag] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            tag = self._source.find("<", self._at)
            end = len(self._source) if tag < 0 else tag
            self._text += _decoded(self._source[self._at : end])
            self._at = end
            if self._source.startswith("</", end):
                self._end_tag()
            elif tag >= 0:
                self._open.append(self._start_tag())
        if self._open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return self._text, sorted(self._entities, key=lambda one: (one["offset"], -one["length"]))

    def _next(self) -> str:
        """Look at the next character; empty at the end."""
        return self._source[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Read on over what fits, which may be nothing."""
        found = pattern.match(self._source, self._at)
        assert found is not None  # noqa: S101 - every pattern fits nothing at all
        self._at = found.end()
        return found[0]

    def _start_tag(self) -> _Tag:
        begin = self._at
        self._at += 1
        name = self._take(_TAG).lower()
        if not self._next():
            raise self._wrong("Unclosed start tag", begin)
        if name not in _KINDS:
            raise self._wrong(f'Unsupported start tag "{name}"', begin)
        given = ""
        self._take(_SPACES)
        while self._next() != ">":
            attribute, value = self._attribute(name, begin)
            given = _counting(name, attribute, value) or given
            self._take(_SPACES)
        self._at += 1
        if name == "span" and given != "spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', begin)
        return _Tag(name, given, utf16_length(self._text), len(self._text))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._take(_ATTRIBUTE)
        if not name:
            raise self._wrong(f'Empty attribute name in the tag "{tag}"', begin)
        self._take(_SPACES)
        value = ""
        if self._next() == "=":
            self._at += 1
            self._take(_SPACES)
            value = self._value()
        if not self._next():
            raise self._wrong("Unclosed start tag", begin)
        return name, value

    def _value(self) -> str:
        """Read a value: in quotes with references, or a token of letters, digits, periods and hyphens."""
        quote = self._next()
        if quote not in {'"', "'"}:
            start = self._at
            token = self._take(_TOKEN)
            if self._next() not in {*" \t\r\n\v\0", ">", ""}:
                raise self._wrong("Unexpected end of name token", start)
            return token.lower()
        end = self._source.find(quote, self._at + 1)
        end = len(self._source) if end < 0 else end
        value, self._at = self._source[self._at + 1 : end], end + 1
        return _decoded(value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._wrong("Unexpected end tag", begin)
        self._at += 2
        name = self._take(_TAG).lower()
        self._take(_SPACES)
        if self._next() != ">":
            raise self._wrong("Unclosed end tag", begin)
        self._at += 1
        tag = self._open.pop()
        if name not in {"", tag.name}:
            raise self._wrong("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{name}>"')
        entity = tag.entity(self._text)
        if entity is not None:
            self._entities.append(entity)

    def _wrong(self, what: str, place: int, more: str = "") -> ApiError:
        offset_bytes = len(self._source[:place].encode("utf-8", "surrogatepass"))
        return _unparsed(f"{what} at byte offset {offset_bytes}{more}")


def _unparsed(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")


def _counting(tag: str, attribute: str, value: str) -> str:
    """Take the attribute that a tag is known for; empty for any other (bots/api#html-style)."""
    match tag, attribute:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return attribute
        case _:
            return ""


def _decoded(text: str) -> str:
    decoded = _REFERENCE.sub(_meant, text)
    if _SURROGATE.search(decoded):
        raise bad_request("strings must be encoded in UTF-8")
    return decoded


def _meant(found: re.Match[str]) -> str:
    """Say what a reference stands for; one that is none stays as it is written."""
    if found["name"] is not None:
        return _NAMES.get(found["name"], found[0])
    code = int(found["hex"] or "0", 16) if found["hex"] is not None else int(found["number"] or "0")
    short = len(found[0].rstrip(";")) < _LONGEST
    return chr(code) if short and 0 < code < sys.maxunicode else found[0]


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """Read formatted text; only HTML is known, other modes are refused."""
    if not mode:
        return text, []
    if mode.upper() != "HTML":
        raise bad_request("unsupported parse_mode")
    return _Reader(text).read()


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take blanks off both edges, and move what is marked (`fix_formatted_text` in td/telegram/MessageEntity.cpp).

    Blanks at the beginning go only as far as nothing of them is marked.
    """
    units = text.rstrip().encode("utf-16-le")
    first = min((one["offset"] for one in entities), default=len(units) // 2)
    lead = units[: 2 * first].decode("utf-16-le")
    cut = len(lead) - len(lead.lstrip(" \n"))  # each is one unit
    left = len(units) // 2 - cut
    moved = [
        one | {"offset": one["offset"] - cut, "length": min(one["length"], left - one["offset"] + cut)}
        for one in entities
    ]
    return units[2 * cut :].decode("utf-16-le"), [one for one in moved if one["length"] > 0]
