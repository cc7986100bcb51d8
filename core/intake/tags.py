"""Signed marks that name a case: in the address that answers go to, and in our Message-IDs.

A mark says which case is meant and that we made it; it gives nobody a right to the case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_TAG = re.compile(r"c(\d{1,12})\.([a-z2-7]{8})", re.IGNORECASE)
_ADDRESS = re.compile(r"([^+@\s]+)\+([^@\s]+)@(\S+)")
_MESSAGE_ID = re.compile(r"case\.(\d{1,12})\.(\d{1,15})\.([a-z2-7]{16})@\S+", re.IGNORECASE)
_SUBJECT = re.compile(r"\[#(\d{1,12})\.([a-z2-7]{8})\]", re.IGNORECASE)


def _mark(secret: bytes, what: str, length: int) -> str:
    digest = hmac.new(secret, what.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:length]


def make_tag(secret: bytes, number: int) -> str:
    """Make the tag of a case, such as `c123.abcdefgh`; base32, so that case does not matter (RFC 5321, section 2.4)."""
    return f"c{number}.{_mark(secret, f'tag:{number}', 8)}"


def read_tag(secret: bytes, text: str) -> int | None:
    """Read the number of a case out of a tag that we made; None for any other."""
    found = _TAG.fullmatch(text.strip())
    if found is None or not hmac.compare_digest(make_tag(secret, int(found[1])), text.strip().lower()):
        return None
    return int(found[1])


def tagged_address(secret: bytes, address: str, number: int) -> str:
    """Put the tag of a case into an address of ours as a sub-address (RFC 5233)."""
    local, _, domain = address.partition("@")
    return f"{local}+{make_tag(secret, number)}@{domain}"


def untagged(address: str) -> str:
    """Take a sub-address off."""
    found = _ADDRESS.fullmatch(address.strip())
    return f"{found[1]}@{found[3]}".lower() if found else address.strip().lower()


def read_address(secret: bytes, address: str) -> int | None:
    """Read the number of a case out of the sub-address of a tagged address."""
    found = _ADDRESS.fullmatch(address.strip())
    return read_tag(secret, found[2]) if found else None


def subject_tag(secret: bytes, number: int) -> str:
    """Make the mark for a subject, such as `[#123.abcdefgh]`."""
    return f"[#{number}.{_mark(secret, f'tag:{number}', 8)}]"


def read_subject(secret: bytes, subject: str) -> int | None:
    """Read the number of a case out of a subject that has a mark of ours."""
    for found in _SUBJECT.finditer(subject):
        number = read_tag(secret, f"c{found[1]}.{found[2]}")
        if number is not None:
            return number
    return None


def make_message_id(secret: bytes, number: int, row: int, domain: str) -> str:
    """Make the Message-ID, without brackets, of the letter that a row of the outbox becomes."""
    return f"case.{number}.{row}.{_mark(secret, f'mid:{number}.{row}', 16)}@{domain}"


def read_message_id(secret: bytes, message_id: str) -> int | None:
    """Read the number of a case out of a Message-ID that we made; None for any other."""
    found = _MESSAGE_ID.fullmatch(message_id.strip("<> "))
    if found is None:
        return None
    expected = _mark(secret, f"mid:{int(found[1])}.{int(found[2])}", 16)
    return int(found[1]) if hmac.compare_digest(expected, found[3].lower()) else None
