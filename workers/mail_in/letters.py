"""A letter out of a mailbox, with what its headers tell of the envelope that the mailbox has thrown away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.desk import Desk
from core.inbox.actions import IN_ROW_BYTES, NewLetter
from core.intake.parse.headers import addresses, block_of, read_headers
from core.intake.rules.identity import message_id_of
from core.intake.tags import untagged
from core.store.files import FileStore
from core.texts.said import said
from core.texts.say import Reader, say_plain
from workers.smtp_in.letters import Knows

#: Who a letter was for, the surest first.
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to", "to", "cc")

#: So many of them are looked up.
_LOOKED_UP = 20

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_OF_BODY = re.compile(rb"(?im)^(?:content-[a-z-]+|mime-version)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Sorter:
    """Puts what was fetched into what is kept.

    Attributes:
        fallback: the address that the mailbox is for, where the headers name none of ours.
        size_bytes: of the largest letter.
    """

    desk: Desk
    files: FileStore
    knows: Knows
    fallback: str
    host: str
    size_bytes: int

    def letter(self, raw: bytes) -> NewLetter:
        """Make of the bytes of a letter what is kept; the file of a large one is kept first.

        Raises:
            OSError: the disk is full.
            TryLater: the database is away.
        """
        headers = read_headers(raw)
        large = len(raw) > IN_ROW_BYTES
        return NewLetter(
            recipient=_speakable(self._recipient(headers)),
            mail_from=_speakable(_sender(headers)),
            peer=self.host,
            received_at=self.desk.now(),
            size=len(raw),
            digest=hashlib.sha256(raw).hexdigest(),
            message_id=message_id_of(block_of(raw)),
            raw=None if large else raw,
            file=self.files.keep(raw) if large else None,
        )

    def stand_in(self, head: bytes, size: int) -> bytes:
        """Write a letter in the place of one that is too large: its headers, and where it is."""
        house = self.desk.house
        facts = {"size": round(size / 2**20), "most": round(self.size_bytes / 2**20), "host": self.host}
        words = say_plain(said("fetch.too_large", **facts), Reader(house.locale, house.zone, self.desk.now()))
        kept = _OF_BODY.sub(b"", block_of(head) + b"\r\n").strip(b"\r\n")
        return kept + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode() + b"\r\n"

    def _recipient(self, headers: dict[str, tuple[str, ...]]) -> str:
        """Choose the address that a letter was for: one of ours, one with a tag before others."""
        ours = [one for one in _named(headers) if self.knows(one)]
        return next((one for one in ours if untagged(one) != one), ours[0] if ours else self.fallback)


def _named(headers: dict[str, tuple[str, ...]]) -> Iterator[str]:
    found = (one.address for name in _RECIPIENTS for one in addresses(headers.get(name, ())))
    yield from list(dict.fromkeys(found))[:_LOOKED_UP]


def _sender(headers: dict[str, tuple[str, ...]]) -> str:
    """Tell the sender of the envelope, empty for machines; the From where the server has not written it down."""
    for path in headers.get("return-path", ())[:1]:
        return next((one.address for one in addresses((path,))), "")
    return next((one.address for one in addresses(headers.get("from", ()))), "")


def _speakable(text: str) -> str:
    return _UNSPEAKABLE.sub("", text)
