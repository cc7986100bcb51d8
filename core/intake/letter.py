"""A letter, understood: values only, made once by `core.intake.parse` and read by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of a header: the name shown, decoded, and the address, folded to lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is a file; `content_id` is what HTML refers to it by, without brackets.

    `beside` says of a picture that it stands only in what the letter quotes, or in a signature.
    """

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part that machines wrote for machines, such as a delivery status: its type and its text."""

    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Somebody else's letter within a letter: who wrote it, what about, and what they said themselves.

    Attributes:
        said: what whoever forwards it says of it.
    """

    from_: Address
    subject: str
    own_words: str
    said: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar says in a letter.

    Attributes:
        method: REQUEST, REPLY, CANCEL and the like; empty where none is told.
        starts, ends: in UTC; without a zone where none is told, and at midnight of a whole day.
        answer: of a reply: ACCEPTED, DECLINED, TENTATIVE and the like.
    """

    method: str
    uid: str
    sequence: int
    title: str
    starts: datetime | None
    ends: datetime | None
    whole_day: bool
    place: str
    repeats: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says.

    Attributes:
        message_id: with its brackets taken off; None when there is none.
        references: all of References, then In-Reply-To, oldest first, without brackets or doubles.
        headers: every header, by lower-case name, undecoded text, the first of several first.
        text: the whole text, of the best part there is.
        own_words: the same without what it quotes and without a signature; pictures are named where they stand.
        html: as received, never shown as it is.
        reports: parts for machines.
        meeting: what a calendar says in it, if one does.
        flags: keys of sentences on what a reader must know.
        forwarded: the letter that it forwards.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    text: str
    own_words: str
    html: str | None
    attachments: tuple[Attachment, ...]
    inline: tuple[Attachment, ...]
    reports: tuple[Part, ...]
    headers: Mapping[str, tuple[str, ...]]
    flags: tuple[str, ...] = field(default=())
    forwarded: Forwarded | None = None
    meeting: Meeting | None = None

    def header(self, name: str) -> str:
        """Read the first header of a name, or nothing."""
        return self.headers.get(name.lower(), ("",))[0]
