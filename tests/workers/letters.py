"""Letters as they come off the wire, made in a line each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import select

from core.cases.model import Case, Entry
from core.desk import Tx
from core.inbox.actions import NewLetter, keep_letter
from core.inbox.model import InboxState, Letter
from core.intake.rules.identity import message_id_of
from core.store.files import FileStore
from tests.core.office import Office
from workers.actors.understanding import understander

_numbers = count(1)


@dataclass
class Post:
    """Brings letters to the desk of an office, and looks at what they became."""

    office: Office
    folder: Path
    files: FileStore = field(init=False)

    def __post_init__(self) -> None:
        self.files = FileStore(self.folder)
        self.understand = understander(self.office.desk, self.files)

    def keep(
        self, raw: bytes, to: str = "desk@localhost", mail_from: str = "ivan@example.com", peer: str = "127.0.0.1"
    ) -> int:
        """Keep a letter as the door does."""
        new = NewLetter(
            recipient=to,
            mail_from=mail_from,
            peer=peer,
            received_at=self.office.clock.at,
            size=len(raw),
            digest=hashlib.sha256(raw).hexdigest(),
            message_id=message_id_of(raw),
            raw=raw,
        )
        return self.office.desk.run(keep_letter, new)

    def bring(self, raw: bytes, to: str = "desk@localhost", mail_from: str = "ivan@example.com") -> Letter:
        """Keep a letter and let it be understood."""
        row = self.keep(raw, to, mail_from)
        self.understand(row)
        return self.row(row)

    def row(self, row: int) -> Letter:
        """Look at the row of a letter."""
        return self.office.desk.look(lambda tx: tx.session.get_one(Letter, row))

    def cases(self) -> list[Case]:
        """List all cases."""
        return self.office.desk.look(lambda tx: list(tx.session.scalars(select(Case).order_by(Case.work_id))))

    def entries(self, number: int | None) -> list[Entry]:
        """List the messages of a case."""

        def find(tx: Tx) -> list[Entry]:
            return list(tx.session.scalars(select(Entry).where(Entry.work_id == number).order_by(Entry.id)))

        return self.office.desk.look(find)

    def states(self) -> list[InboxState]:
        """List what became of all letters, in order."""
        return self.office.desk.look(lambda tx: list(tx.session.scalars(select(Letter.state).order_by(Letter.id))))


def letter(  # noqa: PLR0913 - the parts of a letter, each of which may be left out
    text: str = "The printer is silent",
    *,
    sender: str = "Ivan <ivan@example.com>",
    subject: str = "Printer",
    message_id: str | None = "",
    headers: tuple[str, ...] = (),
    to: str = "desk@localhost",
    kind: str = "text/plain",
) -> bytes:
    """Write a letter; it has a Message-ID of its own unless told otherwise, None for none at all."""
    own = f"{next(_numbers)}@example.com" if message_id == "" else message_id
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Message-ID: <{own}>"] if own else []
    lines += [*headers, "MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*lines, "", text, ""]).encode()
