"""Values with parameters, such as `text/plain; charset=utf-8` (RFC 2045, section 5.1; RFC 2231)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from core.intake.parse.charsets import decode

#: Bounds: parameters of a value, and pieces that one is cut into.
PARAMETERS = 100

_PARAMETER = re.compile(
    r"""[ \t\r\n;]*(?P<name>[^\s=;"]{1,100})[ \t]*=[ \t]*(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"?|(?P<plain>[^;]*))[^;]*""",
    re.DOTALL,
)
_PIECE = re.compile(r"(?P<name>[^*]+)(?:\*(?P<number>\d{1,3}))?(?P<extended>\*)?\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """A value, folded to lower case, and its parameters by lower-case name."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def read_value(text: str) -> Value:
    """Read a value and its parameters, forgivingly, in linear time; a parameter said twice counts once, the first."""
    value, _, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(rest)):
        if count >= PARAMETERS:
            break
        said = found["plain"].strip() if found["quoted"] is None else re.sub(r"\\(.)", r"\1", found["quoted"])
        piece = _PIECE.match(found["name"].lower())
        if piece is None:
            continue
        if piece["number"] is None and piece["extended"] is None:
            plain.setdefault(piece["name"], said)
        else:
            known = pieces.setdefault(piece["name"], {})
            known.setdefault(int(piece["number"] or 0), (said, piece["extended"] is not None))
    return Value(value.strip().lower(), plain | {name: _joined(known) for name, known in pieces.items()})


def _joined(pieces: Mapping[int, tuple[str, bool]]) -> str:
    """Put the pieces of a parameter together: the first names the charset of all that are encoded."""
    charset: str | None = None
    content = bytearray()
    for number, (text, extended) in sorted(pieces.items()):
        said = text
        if extended and number == min(pieces) and said.count("'") >= 2:  # noqa: PLR2004 - charset'language'text
            charset, _, said = said.split("'", 2)
        content += unquote_to_bytes(said) if extended else said.encode("utf-8", "surrogateescape")
    return decode(bytes(content), charset or "utf-8")
