"""A stranger's words for one line: they cannot begin another one, nor turn what stands beside them."""

from __future__ import annotations

import re
import unicodedata

#: Marks that let what follows be read backwards: `gpj.exe` after one of them looks like `exe.jpg`.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """Put a text into one line: control characters and line ends become blanks, and nothing turns its direction."""
    shown = "".join(
        " " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in text if one not in _TURNING
    )
    return re.sub(r"\s+", " ", shown).strip()
