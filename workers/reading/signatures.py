"""Signatures of letters (DKIM), checked by ourselves where no mail server of ours stands before the desk."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.intake.letter import Letter
from core.intake.reading import Understood
from core.intake.rules.authenticity import is_of_sender

#: Asks the name server for a record: name and seconds of patience in, words or None out.
LookUp = Callable[..., bytes | None]

#: What is known of a letter, and what is found out besides.
Check = Callable[[bytes, Understood], Understood]

#: The library names domains in its log.
_SILENT = logging.Logger("dkim", logging.CRITICAL + 1)  # noqa: LOG001 - one that nobody listens to

#: Signatures that are looked at, seconds for a name server, and bytes of a letter that is worth it.
_LOOKED_AT, _ASK_S, _BYTES = 3, 3, 2 * 1024 * 1024

#: The library takes time by the square of a run of blanks: a letter with a longer one is not checked.
_ODD = re.compile(rb"[\t ]{200}")


def checker(look_up: LookUp | None = None) -> Check:
    """Make what adds to a letter whether the signature of its sender's domain is right.

    Args:
        look_up: asks the name server; the system's unless told otherwise.
    """

    def check(raw: bytes, understood: Understood) -> Understood:
        flags = signature_flags(raw, understood.letter, look_up)
        letter = replace(understood.letter, flags=(*understood.letter.flags, *flags))
        return replace(understood, letter=letter) if flags else understood

    return check


def signature_flags(raw: bytes, letter: Letter, look_up: LookUp | None = None) -> tuple[str, ...]:
    """Tell, as keys of sentences, whether the signature of the sender's domain is right; nothing where nobody can tell.

    Signatures of others, such as a mailing list, say nothing of the sender; nor does one of a part of the body.
    """
    count = len(letter.headers.get("dkim-signature", ()))
    if not count or len(raw) > _BYTES or _ODD.search(raw):
        return ()
    found = {_result(raw, letter, place, look_up) for place in range(min(count, _LOOKED_AT))}
    return ("flag.authentic",) if True in found else ("flag.dkim_failed",) if False in found else ()


def _result(raw: bytes, letter: Letter, place: int, look_up: LookUp | None) -> bool | None:
    """Check one signature; None where it is not the sender's, or cannot be checked."""
    import dkim

    library: Any = dkim
    asked = _Asked(look_up or library.get_txt)
    try:
        made = library.DKIM(raw, logger=_SILENT, timeout=_ASK_S)
        prepared, fields = made.verify_headerprep(place), made.signature_fields
        if not prepared or b"l" in fields or not is_of_sender(letter, fields[b"d"].decode("ascii").casefold()):
            return None
    except (library.DKIMException, ValueError, LookupError):  # it has not the form of one
        return None
    try:
        right = bool(made.verify(place, dnsfunc=asked))
    except library.ValidationError:
        right = False
    except (library.DKIMException, ValueError, LookupError, OSError):  # no name server, or a record that is none
        return None
    return right if asked.answered else None


class _Asked:
    """Asks the name server, and remembers whether it knew."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self.answered = False

    def __call__(self, name: bytes, timeout: int = _ASK_S) -> bytes | None:
        found = self._look_up(name, timeout=timeout)
        self.answered = self.answered or bool(found)
        return found
