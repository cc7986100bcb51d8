"""From the mail door to the desk: letters are kept, many in one commit, and recipients are known or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from time import monotonic

from sqlalchemy import select

from core.desk import Desk, Tx
from core.inbox.actions import NewLetter, keep_letter, keep_letters
from core.intake.rules.identity import message_id_of
from core.store.files import FileStore
from core.work.model import MailAddress
from workers.smtp_in.letters import Envelope, Keep, Kept, Knows

#: So much of a letter is looked at for its Message-ID.
_HEAD_BYTES = 100 * 1024

#: So long an address is taken for ours without asking, and so many are remembered.
_KNOWN_S, _KNOWN = 2.0, 1000

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def keeper(desk: Desk, files: FileStore) -> Keep:
    """Make the door's `keep`: letters of up to 1 MB go into their rows, the file of a larger one is kept first."""

    def keep(letters: Sequence[Envelope]) -> Sequence[Kept | Exception]:
        kept: dict[str, str] = {}
        facts = [_facts(letter, files, kept) for letter in letters]
        good = [fact for fact in facts if not isinstance(fact, OSError)]
        outcomes = iter(desk.run_many(keep_letter, good, keep_letters) if good else ())
        return [fact if isinstance(fact, OSError) else _kept(next(outcomes)) for fact in facts]

    return keep


def knower(desk: Desk) -> Knows:
    """Make the door's `knows`: our addresses, with or without a tag after a plus, and postmaster at their domains.

    An address that is ours is not asked for again for `_KNOWN_S`; one that is not, always, for it may be new.
    """
    known: dict[str, float] = {}

    def knows(recipient: str) -> bool:
        now_s = monotonic()
        if known.get(recipient, 0.0) > now_s:
            return True
        ours = desk.look(is_ours, recipient)
        if ours:
            if len(known) >= _KNOWN:
                known.clear()
            known[recipient] = now_s + _KNOWN_S
        return ours

    return knows


def is_ours(tx: Tx, recipient: str) -> bool:
    """Tell whether letters to an address are for the desk (sub-addresses: RFC 5233; postmaster: RFC 5321, 4.5.1)."""
    local, _, domain = recipient.casefold().rpartition("@")
    base = f"{local.partition('+')[0]}@{domain}"
    if local == "postmaster":
        return any(address.endswith(f"@{domain}") for address in _addresses(tx))
    return tx.session.get(MailAddress, base) is not None


def _addresses(tx: Tx) -> list[str]:
    return list(tx.session.scalars(select(MailAddress.address)))


def _facts(letter: Envelope, files: FileStore, kept: dict[str, str]) -> NewLetter | OSError:
    """Tell what is to be kept; a large letter to many recipients is one file, which is in `kept` by its digest then."""
    try:
        file = None
        if letter.raw is None:
            file = kept[letter.digest] = kept.get(letter.digest) or files.keep(letter.chunks())
    except OSError as error:
        return error
    return NewLetter(
        recipient=_speakable(letter.recipient),
        mail_from=_speakable(letter.mail_from),
        peer=letter.peer,
        received_at=letter.received_at,
        size=letter.size,
        digest=letter.digest,
        message_id=message_id_of(letter.head(_HEAD_BYTES)),
        raw=letter.raw,
        file=file,
        helo=_speakable(letter.helo),
    )


def _speakable(text: str) -> str:
    """Take out what no database keeps as text."""
    return _UNSPEAKABLE.sub("", text)


def _kept(outcome: int | Exception) -> Kept | Exception:
    return Kept(outcome) if isinstance(outcome, int) else outcome
