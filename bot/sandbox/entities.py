"""HTML of a bot → text and entities, with offsets in UTF-16 code units (bots/api#html-style)."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from bot.sandbox.errors import bad_request

#: The tags that there are, and the entity each makes (bots/api#messageentity).
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, int, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = _KINDS.get(tag)
        if kind is None:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        given = dict(attrs)
        if tag == "blockquote" and "expandable" in given:
            kind = "expandable_blockquote"
        extra = {"url": given.get("href") or ""} if tag == "a" else {}
        self._open.append((tag, utf16_length(self.text), {"type": kind, **extra}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}")
        _, start, entity = self._open.pop()
        length = utf16_length(self.text) - start
        if length:
            self.entities.append({**entity, "offset": start, "length": length})

    def handle_data(self, data: str) -> None:
        self.text += data

    def done(self) -> tuple[str, list[dict[str, Any]]]:
        self.close()
        if self._open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag {self._open[-1][0]}"
            )
        return self.text, sorted(self.entities, key=lambda one: (one["offset"], -one["length"]))


def parse(text: str, mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Read formatted text; only HTML is known, other modes are refused."""
    if not mode:
        return text, []
    if mode.upper() != "HTML":
        raise bad_request("unsupported parse_mode")
    parser = _Parser()
    parser.feed(text)
    return parser.done()
