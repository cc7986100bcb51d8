"""Signatures of letters (DKIM), and of those who passed them on (ARC), checked by ourselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from core.intake.letter import Letter
from workers.reading.names import Asking, Away

#: Tells whether a domain speaks for the sender of a letter; may raise `Away`.
Speaks = Callable[[str], bool]

#: The library names domains in its log.
_SILENT = logging.Logger("dkim", logging.CRITICAL + 1)  # noqa: LOG001 - one that nobody listens to

#: Signatures that are looked at, those who passed a letter on, and bytes of a letter that is worth it.
_LOOKED_AT, _PASSED_ON, _BYTES = 3, 5, 2 * 1024 * 1024

#: The library takes time by the square of a run of blanks, of which the ends of folded lines are some in a header, and
#: of the length of a signature; and by how many fields are signed times how many there are. It holds all others up
#: meanwhile. A letter that goes beyond these bounds is not checked.
_BLANKS, _HEAD_BLANKS = re.compile(rb"[\t ]{200}"), re.compile(rb"\s{200}")
_HEAD_BYTES, _FIELDS, _SIGNATURE_BYTES = 64 * 1024, 500, 4096

#: Characters of a key: of 4,096 bits, which is the most that must be known (RFC 8301, section 3.2), it has 800.
_KEY_BYTES = 1000

_HEAD_END = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"\n(?![\t ])")
_SIGNATURE = re.compile(
    rb"^(?:dkim-signature|arc-seal|arc-message-signature):[^\n]*(?:\n[\t ][^\n]*)*", re.IGNORECASE | re.MULTILINE
)


def dkim_results(raw: bytes, letter: Letter, asking: Asking, speaks: Speaks) -> list[tuple[str, str]]:
    """Check the signatures of those who speak for the sender: what came of each, and of which domain it is.

    Signatures of others, such as a mailing list, say nothing of the sender; nor does one of a part of the body.

    Returns:
        For each `pass`, `fail`, or `temperror` where nobody can tell now.
    """
    count = len(letter.headers.get("dkim-signature", ()))
    if not count or is_odd(raw):
        return []
    found = (_dkim_result(raw, place, asking, speaks) for place in range(min(count, _LOOKED_AT)))
    return [one for one in found if one is not None]


def arc_passes(raw: bytes, letter: Letter, asking: Asking) -> bool:
    """Tell whether a letter came through a whole chain of others who sign that it was right (RFC 8617)."""
    seals = len(letter.headers.get("arc-seal", ()))
    if not 0 < seals <= _PASSED_ON or is_odd(raw):
        return False
    library = _library()
    try:
        return bool(library.ARC(raw, logger=_SILENT).verify(dnsfunc=_Asked(asking))[0] == library.CV_Pass)
    except (library.DKIMException, ValueError, LookupError, Away):
        return False


def is_odd(raw: bytes) -> bool:
    """Tell whether a letter takes too long to check."""
    if len(raw) > _BYTES or _BLANKS.search(raw):
        return True
    ends = _HEAD_END.search(raw)
    head = raw[: ends.start()] if ends else raw
    if len(head) > _HEAD_BYTES or _HEAD_BLANKS.search(head) or len(_FIELD.findall(head)) >= _FIELDS:
        return True
    return any(len(one[0]) > _SIGNATURE_BYTES for one in _SIGNATURE.finditer(head))


def _dkim_result(raw: bytes, place: int, asking: Asking, speaks: Speaks) -> tuple[str, str] | None:
    """Check one signature; None where it is not the sender's, or none."""
    library = _library()
    asked = _Asked(asking)
    try:
        made = library.DKIM(raw, logger=_SILENT)
        prepared, fields = made.verify_headerprep(place), made.signature_fields
        domain = fields[b"d"].decode("ascii").casefold() if prepared else ""
        if not prepared or b"l" in fields or not speaks(domain):
            return None
    except Away:
        return "temperror", ""
    except (library.DKIMException, ValueError, LookupError):  # it has not the form of one
        return None
    try:
        right = bool(made.verify(place, dnsfunc=asked))
    except library.ValidationError:
        right = False
    except Away:
        return "temperror", domain
    except (library.DKIMException, ValueError, LookupError):  # a record that is none
        return None
    return ("pass" if right else "fail", domain) if asked.answered else None


def _library() -> Any:
    import dkim

    return dkim


class _Asked:
    """Asks the name servers for a key, and remembers whether they knew one."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.answered = False

    def __call__(self, name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG002 - the library's
        found = next(iter(self._asking.texts(name.decode("ascii"))), b"")[: _KEY_BYTES + 1]
        if not found or len(found) > _KEY_BYTES:  # to reckon with a larger one takes seconds
            return None
        self.answered = True
        return found
