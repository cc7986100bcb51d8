"""Which case a letter answers: our marks in addresses, Message-IDs and subject tell, or the letters it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.cases.conversations import cases_of_conversation, entries_by_message_ids
from core.cases.parties import is_nothing_else, takes_part, was_brought
from core.cases.queries import may_add_to
from core.customers.addresses import contact_behind
from core.desk import Tx
from core.intake.letter import Letter
from core.intake.parse.headers import speakable
from core.intake.rules.conversation import continues_one, conversation_of
from core.intake.tags import read_address, read_message_id, read_subject
from core.outbox.model import Channel
from core.work.model import Work

#: So many references are looked up, the latest.
_REFERENCES = 50

_MARK = re.compile(r"\s*\[#\d{1,12}\.[a-z2-7]{8}\]", re.IGNORECASE)


def named_cases(tx: Tx, recipient: str, letter: Letter) -> list[int]:
    """List the cases that a letter names, the surest first; that it names one gives its sender no right to it.

    Of one that was merged, the case that goes on stands in its place.
    """
    secret = tx.house.secret
    references = [*letter.in_reply_to, *reversed(letter.references)][:_REFERENCES]
    found: list[int | None] = [read_address(secret, recipient)]
    found += [read_message_id(secret, one) for one in references]
    found += _by_letters(tx, references)
    conversation = conversation_of(letter)
    if conversation is not None and continues_one(letter):
        found += cases_of_conversation(tx, conversation)
    found.append(read_subject(secret, letter.subject))
    numbers = dict.fromkeys(number for number in found if number is not None)
    rows = [row for number in numbers if (row := tx.session.get(Work, number)) is not None]
    return list(dict.fromkeys(row.merged_into_id or row.id for row in rows))


def _by_letters(tx: Tx, references: list[str]) -> list[int]:
    """Find the cases of the letters referred to, in the order of the references."""
    known = entries_by_message_ids(tx, references)
    return [number for reference in references for message_id, number in known if message_id == reference]


def case_of(tx: Tx, numbers: Iterable[int], contact: int) -> int | None:
    """Choose the first of the named cases that a contact's words may join: as its customer, or who takes part in it."""
    return next((one for one in numbers if may_add_to(tx, one, contact) or takes_part(tx, one, contact)), None)


def proves(tx: Tx, numbers: Sequence[int], contact: int) -> bool:
    """Tell whether an answer to the named cases shows that an address is a contact's, of whom it was only said.

    It does to one of their own. Who takes part in a case got our letters because of the address alone, whoever that is;
    so to those it shows nothing, unless nothing is known of the contact but the address.
    """
    return any(may_add_to(tx, one, contact) for one in numbers) or is_nothing_else(tx, contact)


def joins(tx: Tx, recipient: str, letter: Letter) -> bool:
    """Tell whether a letter names a case that its sender, known already, is on."""
    if letter.from_ is None:
        return False
    address = speakable(letter.from_.address)
    contact = contact_behind(tx, Channel.EMAIL, address)
    if contact is None:
        return False
    numbers = named_cases(tx, recipient, letter)
    return case_of(tx, numbers, contact) is not None or any(was_brought(tx, one, address) for one in numbers)


def bare_subject(subject: str) -> str:
    """Take our marks off a subject."""
    return _MARK.sub("", subject).strip()
