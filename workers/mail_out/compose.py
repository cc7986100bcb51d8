"""An outgoing letter, from values to bytes; nothing in a value can become a header (RFC 5322, 2045, 3834)."""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from core.cases.names import file_name
from core.intake.rules.loop import OWN_MARK
from workers.mail_out.markup import as_html

#: Message-IDs that a letter refers to, the oldest and the latest of them (RFC 5322, section 3.6.4).
REFERENCES = 20

#: A longer word is encoded, for only encoded words can be folded anywhere.
_WORD_LENGTH = 60

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to be attached."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutgoingCalendar:
    """What a calendar reads in a letter: an iCalendar object, and its method (RFC 6047, section 2.4)."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to be written.

    Attributes:
        from_name, from_address: shown as the sender.
        reply_to: where an answer goes: our address with the tag of the case.
        message_id, references: without brackets; the last reference is what is answered.
        automatic: written by the desk itself: marked, so that nobody answers it automatically (RFC 3834, section 5).
        domain: ours, for the mark by which the desk knows its own letters.
        below: what stands under the words and the pictures: a signature, what was said before.
        pictures: shown after the words; who reads plain words has them as files.
        calendar: shown beside the words, and attached as a file.
        language: of the words, as an IETF tag.
        cc: the addresses of who else gets it.
    """

    from_name: str
    from_address: str
    reply_to: str
    to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    domain: str
    references: tuple[str, ...] = ()
    below: str = ""
    pictures: tuple[OutgoingFile, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False
    calendar: OutgoingCalendar | None = None
    language: str = "en"
    cc: tuple[str, ...] = ()


def compose(letter: Outgoing) -> bytes:
    """Write a letter as bytes, lines ended as SMTP wants them.

    Raises:
        ValueError: an address is none.
    """
    text, below = (one.replace("\r\n", "\n").replace("\r", "\n") for one in (letter.text, letter.below))
    shown = [(_content_id(letter, at), _file_name(one.name)) for at, one in enumerate(letter.pictures)]
    # Whoever cannot or will not see the page reads the words as they were written, down to the last space.
    page = as_html(text, letter.language, shown, below)
    parts = [_text_part("plain", text + below), _text_part("html", page)]
    if letter.calendar is not None:
        parts.append(_calendar_part(letter.calendar))
    body = _multipart("alternative", parts, letter.message_id)
    if letter.pictures:
        # Around both kinds of words, so that programs which show plain words list the pictures as files.
        pictures = (_picture_part(one, cid) for one, (cid, _) in zip(letter.pictures, shown, strict=True))
        body = _multipart("related", [body, *pictures], letter.message_id, of="multipart/alternative")
    if letter.files:
        body = _multipart("mixed", [body, *(_file_part(one) for one in letter.files)], letter.message_id)
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(letter))
    return head.encode() + b"MIME-Version: 1.0\r\n" + body


def _text_part(kind: str, text: str) -> bytes:
    """Write words as quoted-printable; the library takes three times as long over them."""
    lines = b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + lines


def _calendar_part(calendar: OutgoingCalendar) -> bytes:
    part = MIMEPart(policy=SMTP)
    part.set_content(calendar.content, "text", "calendar", params={"method": calendar.method, "charset": "utf-8"})
    return part.as_bytes()


def _multipart(kind: str, parts: list[bytes], message_id: str, of: str = "") -> bytes:
    """Put parts between lines that cannot stand in them: `=_` is in no quoted-printable and no base64 (RFC 2045).

    The line end before such a line is of it, and not of the part (RFC 2046, section 5.1.1).
    """
    boundary = f"=_{kind}_{sha256(message_id.encode()).hexdigest()[:24]}"
    between = f"--{boundary}\r\n".encode()
    what = f'\r\n type="{of}";' if of else ""  # of the first part, which is shown (RFC 2387, section 3.1)
    inside = b"".join(between + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind};{what}\r\n boundary="{boundary}"\r\n\r\n'.encode()
        + inside
        + f"--{boundary}--\r\n".encode()
    )


def _headers(letter: Outgoing) -> Iterator[tuple[str, str]]:
    """List the headers, encoded by us: the library decodes encoded words in what it is given, line ends and all."""
    yield "From", f"{_phrase(letter.from_name)}<{_address(letter.from_address)}>"
    yield "To", _address(letter.to)
    if letter.cc:
        yield "Cc", ",\r\n ".join(_address(one) for one in letter.cc)
    yield "Reply-To", f"{_phrase(letter.from_name)}<{_address(letter.reply_to)}>"
    yield "Subject", _unstructured(letter.subject, "Subject")
    yield "Date", format_datetime(letter.at)
    yield "Message-ID", f"<{_identifier(letter.message_id)}>"
    references = [_identifier(one) for one in letter.references if _identifier(one)]
    if references:
        kept = references if len(references) <= REFERENCES else [references[0], *references[1 - REFERENCES :]]
        yield "In-Reply-To", f"<{references[-1]}>"
        yield "References", "\r\n ".join(f"<{one}>" for one in kept)
    if letter.automatic:
        yield "Auto-Submitted", "auto-replied"
        yield "X-Auto-Response-Suppress", "All"
    yield OWN_MARK, _line(letter.domain)


def _unstructured(text: str, name: str) -> str:
    """Encode words where they are not plain or too long for a line, and fold (RFC 2047, section 5)."""
    line = _line(text)
    plain = line.isascii() and "=?" not in line and all(len(word) <= _WORD_LENGTH for word in line.split())
    return Header(line, "us-ascii" if plain else "utf-8", 76, name).encode(linesep="\r\n")


def _phrase(text: str) -> str:
    """Encode a name that stands before an address (RFC 5322, section 3.2.5)."""
    line = _line(text)
    if re.fullmatch(r"[A-Za-z0-9 ]{1,60}", line):
        return f"{line} "
    return f"{Header(line, 'utf-8', 76, 'Reply-To').encode(linesep=chr(13) + chr(10))}\r\n " if line else ""


def _content_id(letter: Outgoing, place: int) -> str:
    """Name a picture as no other of any letter is named."""
    return f"p{place + 1}.{_identifier(letter.message_id)}"


def _picture_part(file: OutgoingFile, cid: str) -> bytes:
    return _file_part(file, "inline", f"<{cid}>")


def _file_part(file: OutgoingFile, disposition: str = "attachment", cid: str | None = None) -> bytes:
    kind = _line(file.content_type).split(";")[0].strip().lower()
    main, _, sub = kind.partition("/")
    if not re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) or main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    part = MIMEPart(policy=SMTP)
    named = _file_name(file.name)
    part.set_content(file.content, main, sub, disposition=disposition, filename=named, cid=cid)
    return part.as_bytes()


def _file_name(name: str) -> str:
    # What looks like an encoded word would be decoded by the library, line ends and all.
    return file_name(name.replace("=?", "=_"))


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _address(text: str) -> str:
    clean = text.strip()
    if _CONTROL.search(clean) or clean.count("@") != 1 or re.search(r"[\s<>,;:\"()]", clean):
        msg = "that is no mail address"
        raise ValueError(msg)
    return clean


def _identifier(text: str) -> str:
    return re.sub(r"[^\x21-\x7e]|[<>]", "", text)[:500]
