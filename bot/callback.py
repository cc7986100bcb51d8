"""Button data: versioned, at most 64 bytes, packed and unpacked by one pair of inverse functions.

It comes back from the outside and may be forged, replayed or outdated: whoever acts on it checks the right again.
"""

from __future__ import annotations

import re

#: The version of the form `1:verb:argument:argument`; data of another version is an outdated button.
VERSION = "1"

#: Bytes that Telegram allows (core.telegram.org/bots/api#inlinekeyboardbutton).
LIMIT_BYTES = 64

_VERB = re.compile(r"[a-z_]{1,24}")
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,30}")

#: Verbs whose first argument is the number of an item; a message with such buttons for one item only is about it.
ABOUT_ITEM = frozenset(
    {
        "accept",
        "split",
        "tab",
        "file",
        "tell_opened",
        "edit",
        "edit_set",
        "release",
        "answer",
        "note",
        "resolve",
        "case",
        "files",
        "plan",
        "snooze_ask",
        "assign_menu",
    }
    | {"forward_menu", "history", "whole", "spam", "reopen", "my_close", "not_solved", "my_case", "undo"}
    | {"move_ask", "call_off"}
)

Args = tuple[int | str, ...]


def pack(verb: str, args: Args = ()) -> str:
    """Put a verb and its arguments (numbers, or short words of ASCII letters) into button data.

    Raises:
        ValueError: it does not fit, or could not be read back.
    """
    data = ":".join([VERSION, verb, *(str(one) for one in args)])
    if len(data.encode()) > LIMIT_BYTES or unpack(data) != (verb, args):
        msg = f"cannot be button data: {data!r}"
        raise ValueError(msg)
    return data


def unpack(data: str) -> tuple[str, Args] | None:
    """Read button data back; None for anything that `pack` could not have made."""
    version, *parts = data.split(":")
    if version != VERSION or not parts or not _VERB.fullmatch(parts[0]) or len(data.encode()) > LIMIT_BYTES:
        return None
    args: list[int | str] = []
    for part in parts[1:]:
        if _NUMBER.fullmatch(part):
            args.append(int(part))
        elif _WORD.fullmatch(part):
            args.append(part)
        else:
            return None
    return parts[0], tuple(args)
