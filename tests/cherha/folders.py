"""Desks in folders, as somebody finds them who gives a command."""

from __future__ import annotations

from pathlib import Path

from core.history.actions import CLI
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState
from core.settings import read_settings
from core.work.queues import new_queue
from tests.core.databases import newest_sqlite


def ready(folder: Path) -> None:
    """Make the database of a desk in a folder."""
    newest_sqlite(folder / "var" / "cherha.sqlite3")


def letter_aside(folder: Path) -> int:
    """Put a letter that was set aside into the desk in a folder."""
    from datetime import UTC, datetime

    from cherha.database import open_desk

    with open_desk(read_settings(data=folder / "var"), migrate=False) as desk:
        new = NewLetter(
            "desk@localhost", "shop@example.com", "127.0.0.1", datetime.now(UTC), 3, "aa", "<1@example>", b"raw"
        )
        row = desk.run(keep_letter, new)
        desk.run(settle_letter, row, InboxState.SET_ASIDE, "automatic")
        desk.run(new_queue, "VIP", None, CLI)
    return row
