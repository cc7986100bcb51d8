"""The actor that understands letters; bytes are read, parsed and kept outside the transaction that settles a letter."""

from __future__ import annotations

from collections.abc import Callable

from dramatiq import Broker

from core.cases.views import NewFile
from core.desk import Desk
from core.inbox.actions import failed_letter, raw_letter
from core.intake.actions import Content, understand
from core.intake.letter import Attachment, Letter
from core.intake.parse import parse
from core.intake.rules.identity import content_hash
from core.store.files import FileStore
from workers.actors.edge import declare

#: What Telegram shows as a picture (core.telegram.org/bots/api#sendphoto: up to 10 MB).
_PICTURES = {"image/jpeg", "image/png"}
_PICTURE_BYTES = 10 * 1024 * 1024


def declare_understanding(broker: Broker, desk: Desk, files: FileStore) -> None:
    """Make the actor `understand` known to a broker."""
    declare(broker, "understand", understander(desk, files), lambda row, why: desk.run(failed_letter, row, why))


def understander(desk: Desk, files: FileStore) -> Callable[[int], str | None]:
    """Make what understands the letter of a row, and says what it became; None when it was settled before."""

    def do(row: int) -> str | None:
        found = desk.look(raw_letter, row, files)
        if found is None:
            return None
        _, raw = found
        letter = parse(raw)
        content = Content(content_hash(raw), keep_files(files, letter))
        return desk.run(understand, row, letter, content)

    return do


def keep_files(files: FileStore, letter: Letter) -> tuple[NewFile, ...]:
    """Keep the attachments of a letter, so that they are on disk before anything refers to them.

    Raises:
        OSError: the disk is full.
    """
    return tuple(_keep(files, one) for one in (*letter.attachments, *letter.inline) if one.content)


def _keep(files: FileStore, one: Attachment) -> NewFile:
    size = len(one.content)
    kind = "photo" if one.content_type in _PICTURES and size <= _PICTURE_BYTES else "document"
    return NewFile(kind, one.name, one.content_type, size, digest=files.keep(one.content))
