"""Does it go in circles (RFC 5321, section 6.3), or is it our own?"""

from __future__ import annotations

from core.intake.letter import Letter

#: Hops of an ordinary letter are far fewer.
HOPS = 50

#: The header with which our own letters are marked.
OWN_MARK = "x-cherha-desk"


def goes_in_circles(letter: Letter, domain: str) -> bool:
    """Tell whether it passed too many hosts, or carries our own mark back to us."""
    return len(letter.headers.get("received", ())) > HOPS or letter.header(OWN_MARK).strip().lower() == domain.lower()
