"""Names of files that strangers chose, made fit to be saved and shown: values in, values out."""

from __future__ import annotations

import re

from core.texts.lines import one_line

#: Characters of a file's name, its ending included: what is left under the 255 bytes of file systems in Cyrillic.
FILE_NAME_LENGTH = 100

#: Bytes that a file system gives a name; a hundred emoji have 400.
_BYTES = 255

#: Characters of an ending that is kept when a name is cut.
_ENDING_LENGTH = 12

#: What no program of Windows can save (learn.microsoft.com/windows/win32/fileio/naming-a-file).
_DEVICES = re.compile(
    r"(?:con|conin\$|conout\$|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\..*)?", re.IGNORECASE | re.DOTALL
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def file_name(name: str) -> str:
    """Make a name that any system can save as what it looks like: no path, no device, no hidden file, not too long."""
    last = one_line(name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = _FORBIDDEN.sub("_", last).strip(". ")
    if _DEVICES.fullmatch(clean):
        clean = f"_{clean}"
    if len(clean) > FILE_NAME_LENGTH or _bytes(clean) > _BYTES:
        stem, dot, ending = clean.rpartition(".")
        kept = f"{dot}{ending}" if stem and len(ending) <= _ENDING_LENGTH else ""
        clean = clean[: FILE_NAME_LENGTH - len(kept)]
        room = _BYTES - _bytes(kept)
        clean = clean.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip(". ") + kept
    return clean or "file"


def _bytes(name: str) -> int:
    """Count as UTF-8 what may hold half of a surrogate pair, as hostile letters do."""
    return len(name.encode("utf-8", "replace"))
