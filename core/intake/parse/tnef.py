"""winmail.dat: what Outlook packs away from everybody else (MS-OXTNEF), unpacked by a library within bounds."""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.intake.parse.charsets import decode

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

#: An object's level, name and length; its content and a checksum follow.
_OBJECT = struct.Struct("<BII")

#: How many properties follow, of at least so many bytes each.
_COUNT, _PROPERTY_BYTES = struct.Struct("<I"), 4

_SIGNATURE = b"\x78\x9f\x3e\x22"
_FIRST_OBJECT = 6

#: Bytes that the library may copy: it copies what is left of the file for each object.
_COPIED_BYTES = 512 * 1024 * 1024


#: What the library throws over files that are not whole, for which it is not written, or nested too deep.
_BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, NameError, struct.error, ArithmeticError, AssertionError),
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was in it: its files by name, its text and its HTML, empty where there is none."""

    files: tuple[tuple[str, bytes], ...]
    text: str
    html: str


def unpacked(content: bytes) -> Unpacked | None:
    """Unpack it; None if it cannot be read, or is beyond the bounds."""
    if not content.startswith(_SIGNATURE) or not _is_within_bounds(content):
        return None
    try:
        read = _library()(content, do_checksum=False)
        files = tuple((_name(one, read.codepage), bytes(one.data or b"")) for one in read.attachments)
        return Unpacked(files, _text(read.body), _text(read.htmlbody))
    except _BROKEN:
        return None


@cache
def _library() -> Any:
    """Import the library, which few letters need, and let it believe no count of more than there is.

    It goes on counting behind the end of the data, up to 2³² times, and keeps a value for each.
    """
    from tnefparse import TNEF, mapi, tnef

    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    decode_mapi, parse_property = mapi.decode_mapi, mapi.parse_property

    def decode(data: bytes, codepage: str = "cp1252", starting_offset: int | None = None) -> Any:
        at = starting_offset or 0
        if _COUNT.unpack_from(data, at)[0] * _PROPERTY_BYTES > len(data) - at:
            raise ValueError("more properties than there is data")
        return decode_mapi(data, codepage, starting_offset)

    def parse(data: bytes, offset: int, *more: Any) -> Any:
        if offset >= len(data):
            raise ValueError("a value behind the end of the data")
        return parse_property(data, offset, *more)

    tnef.decode_mapi, mapi.parse_property = decode, parse
    return TNEF


def _name(file: Any, codepage: str | None) -> str:
    """Read the name of a file; the library takes the short one for UTF-8, which it never is beyond ASCII."""
    try:
        name = file.long_filename()
    except UnicodeDecodeError:
        name = file._name  # noqa: SLF001 - it has no other way to it
    return decode(name.rstrip(b"\x00"), codepage) if isinstance(name, bytes) else str(name or "").rstrip("\x00")


def _is_within_bounds(content: bytes) -> bool:
    at, copied = _FIRST_OBJECT, 0
    while at + _OBJECT.size < len(content):
        copied += len(content) - at
        if copied > _COPIED_BYTES:
            return False
        at += _OBJECT.size + int(_OBJECT.unpack_from(content, at)[2]) + 2
    return True


def _text(said: object) -> str:
    if isinstance(said, bytes):
        return decode(said, None).rstrip("\x00")
    return said.rstrip("\x00") if isinstance(said, str) else ""
