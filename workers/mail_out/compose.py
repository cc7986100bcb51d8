"""An outgoing letter, from values to bytes; nothing in a value can become a header (RFC 5322, 2045, 3834)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core.intake.rules.loop import OWN_MARK

#: Message-IDs that a letter refers to, the oldest and the latest of them (RFC 5322, section 3.6.4).
REFERENCES = 20

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to be attached."""

    name: str
    content_type: str
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
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False


def compose(letter: Outgoing) -> bytes:
    """Write a letter as bytes, lines ended as SMTP wants them.

    Raises:
        ValueError: an address is none.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_line(letter.from_name), addr_spec=_address(letter.from_address))
    message["To"] = Address(addr_spec=_address(letter.to))
    message["Reply-To"] = Address(_line(letter.from_name), addr_spec=_address(letter.reply_to))
    message["Subject"] = _line(letter.subject)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{_identifier(letter.message_id)}>"
    references = [_identifier(one) for one in letter.references if _identifier(one)]
    if references:
        kept = references if len(references) <= REFERENCES else [references[0], *references[1 - REFERENCES :]]
        message["In-Reply-To"] = f"<{references[-1]}>"
        message["References"] = " ".join(f"<{one}>" for one in kept)
    if letter.automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message[OWN_MARK] = _line(letter.domain)
    message.set_content(letter.text.rstrip() + "\n", charset="utf-8", cte="quoted-printable")
    for file in letter.files:
        _attach(message, file)
    return message.as_bytes()


def _attach(message: EmailMessage, file: OutgoingFile) -> None:
    kind = _line(file.content_type).split(";")[0].strip().lower()
    main, _, sub = kind.partition("/")
    if not re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) or main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    message.add_attachment(file.content, maintype=main, subtype=sub, filename=_line(file.name) or "file")


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
