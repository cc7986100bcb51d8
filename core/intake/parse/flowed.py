"""Text that programs broke into lines for transport, as its writer wrote it (RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflowed(text: str, *, delete_space: bool) -> str:
    """Join the lines that end with a space to the next of the same depth of quoting.

    Args:
        delete_space: the spaces that mark such lines are none of the text's own (DelSp=yes).
    """
    written: list[str] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")  # what is stuffed
        is_signature = content == _SIGNATURE
        said = content[:-1] if delete_space and content.endswith(" ") and not is_signature else content
        if open_depth == depth and not is_signature:
            written[-1] += said
        else:
            written.append(f"{'>' * depth} {said}" if depth else said)
        open_depth = depth if content.endswith(" ") and not is_signature else None
    return "\n".join(written)
