"""A letter of ours did not arrive: the row it was is dead, another way is taken, and who has the case is told."""

from __future__ import annotations

import re

from core.cases.copies import copies_of
from core.cases.delivery import undeliverable
from core.customers.failing import has_failed
from core.desk import Tx
from core.history.actions import DESK, record
from core.intake.letter import Letter
from core.intake.parse.headers import speakable
from core.intake.rules.bounce import Bounce
from core.intake.tags import read_message_id
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.work import cards

_OWN = re.compile(r"case\.\d{1,12}\.(\d{1,15})\.[a-z2-7]{16}@[\w.-]+", re.IGNORECASE)

#: Of whom a report tells (RFC 3464, section 2.3.2; RFC 5965, section 3.2; RFC 8098, section 3.2.4).
_RECIPIENT = re.compile(
    r"^(?:(?:final|original)-recipient[ \t]*:[ \t]*[\w-]+[ \t]*;|original-rcpt-to[ \t]*:)[ \t]*<?([^\s<>]{3,320})>?",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = {"text/rfc822-headers", "message/rfc822"}

#: Characters of a returned letter that are looked at for our Message-ID.
_LOOK_AT = 64 * 1024


def bounced(tx: Tx, letter: Letter, bounce: Bounce) -> int | None:
    """Note that a letter of ours came back.

    Only one that carries our signed Message-ID changes anything: else anybody could have a customer's address blocked
    by writing a bounce of their own.

    Of one that went to several it is about those that it names, and about nobody else of them.

    Returns:
        The number of the case; None when it is about no letter of ours, whatever address it came to: it may be a
        customer who shows us what came back to them, and a person is to see it. Likewise where nobody can tell to which
        of several a letter did not come.
    """
    own = own_letter(tx, letter)
    number = own.work_id if own is not None else None
    if own is None or number is None:
        return None
    copies = copies_of(tx, own, lock=True)
    if bounce.final and copies and not bounce.recipients:
        return None
    failed = [one for one in (own, *copies) if not bounce.recipients or one.address in bounce.recipients]
    if not bounce.final or not failed:
        record(tx, "mail_delayed", DESK, work=number)
        return number
    for one in failed:
        _came_back(tx, one, number, letter, bounce)
    return number


def _came_back(tx: Tx, row: Owed, number: int, letter: Letter, bounce: Bounce) -> None:
    """Note that a letter did not come to the recipient of a row, which is locked."""
    if row.kind is OwedKind.COPY:
        record(tx, "copy_bounced", DESK, work=number, address=row.address)
    else:
        record(tx, "mail_bounced", DESK, work=number)
    if row.state is OwedState.SENT:  # a second bounce of one letter is no second failure
        words = speakable(bounce.reason or letter.subject or "it came back")
        has_failed(tx, row.address, str(bounce.why), words, hard=bounce.hard)
        give_up(tx, row, f"bounced.{bounce.why} {words}")
        cards.changed(tx, number)


def give_up(tx: Tx, row: Owed, error: str) -> None:
    """Say of a locked row that nobody has in hand that it cannot be delivered; another way is taken if there is one."""
    row.state, row.settled_at, row.lease_until, row.error = OwedState.DEAD, tx.now, None, error
    tx.session.flush()
    undeliverable(tx, _parcel(row))


def _parcel(row: Owed) -> Parcel:
    return Parcel(
        id=row.id,
        version=row.version,
        channel=Channel(row.channel),
        address=row.address,
        lane=row.lane,
        kind=OwedKind(row.kind),
        facts=row.facts,
        person_id=row.person_id,
        contact_id=row.contact_id,
        work_id=row.work_id,
        entry_id=row.entry_id,
        sound=row.sound,
        tries=row.tries,
        undrawn=row.undrawn,
        repeat=row.repeats > 0,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def own_letter(tx: Tx, letter: Letter) -> Owed | None:
    """Find the row of the outbox that a bounce or a complaint is about, by our signed Message-ID, and lock it."""
    returned = [
        one.content[:_LOOK_AT].decode("utf-8", "replace")
        for one in (*letter.attachments, *letter.inline)
        if _is_letter(one.name, one.content_type)
    ]
    places = [*letter.in_reply_to, *letter.references, *(one.text for one in letter.reports), *returned, letter.text]
    for place in places:
        for found in _OWN.finditer(place[:_LOOK_AT]):
            if read_message_id(tx.house.secret, found[0]) is not None:
                return tx.lock(Owed, int(found[1]))
    return None


def told_by(tx: Tx, own: Owed, letter: Letter) -> Owed:
    """Tell of which recipient of a letter of ours a machine tells something.

    Where it names nobody, or more than one of them, it is the customer.
    """
    copies = copies_of(tx, own, lock=True)
    if not copies:
        return own
    told = "\n".join(one.text for one in letter.reports if one.content_type not in _HEADERS)
    named = {one.lower() for one in _RECIPIENT.findall(told)}
    if letter.from_ is not None and not named:
        named = {letter.from_.address}
    found = [one for one in copies if one.address in named]
    return found[0] if len(found) == 1 and own.address not in named else own


def _is_letter(name: str, kind: str) -> bool:
    return kind in {"message/rfc822", "message/global", "text/rfc822-headers"} or name.lower().endswith(".eml")
