"""Change how a public queue is kept: its names, words, addresses, members, and what its cases start with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people import queries as people
from core.people.absence import skill as read_skill
from core.people.views import Representative
from core.texts.lines import one_line
from core.texts.say import LANGUAGES
from core.work import cards, names, privacy
from core.work.giving import first_of
from core.work.model import MailAddress, Queue, QueueMember, QueueName, Work
from core.work.queues import may_keep
from core.work.rules import PRIORITIES, Copied, First, Policy, QueueKind
from core.work.shifting import lock_kept, personal_queues

#: The longest time in Assigned, in minutes of work: two weeks of five days.
MOST_MINUTES = 4_800

#: Characters of a description.
DESCRIPTION_LENGTH = 300

_ADDRESS = re.compile(r"[^\s@<>,;:\"()+]{1,64}@([^\s@<>,;:\"()]{1,250})")


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """All that can be said of how a queue is kept.

    Attributes:
        members: their handles; None while it is for everybody.
        priority, locale, missed_after_days: None where the desk's own hold.
    """

    id: int
    name: str
    aliases: tuple[str, ...]
    description: str
    addresses: tuple[str, ...]
    members: tuple[str, ...] | None
    priority: int | None
    missed_after_days: int | None
    locale: str | None
    policy: Policy = Policy.MANUAL
    skill: str | None = None
    accept_within: int | None = None
    keep_days: int | None = None
    first: frozenset[First] = frozenset()
    signatures: tuple[tuple[str, str], ...] = ()
    quotes: bool = False
    strangers_aside: bool = False
    copied: Copied = Copied.IGNORE


def settings_of(tx: Tx, queue: int, by: Representative) -> QueueSettings:
    """Show how a public queue is kept.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    may_keep(by)
    row = tx.session.get(Queue, queue)
    if row is None or row.closed_at is not None or row.kind is not QueueKind.PUBLIC:
        raise NotFound("queue.gone")
    addresses = select(MailAddress.address).where(MailAddress.queue_id == queue).order_by(MailAddress.address)
    return QueueSettings(
        queue,
        row.name or "",
        tuple(names.aliases(tx, queue)),
        row.description or "",
        tuple(tx.session.scalars(addresses)),
        _handles(tx, queue) if row.private else None,
        row.priority,
        row.missed_after_days,
        row.locale,
        Policy(row.policy),
        row.skill,
        row.accept_within,
        row.keep_days,
        first_of(row),
        tuple((row.signatures or {}).items()),
        row.quotes,
        row.strangers_aside,
        Copied(row.copied),
    )


def _handles(tx: Tx, queue: int) -> tuple[str, ...]:
    """List the members of a queue who still work here."""
    return tuple(people.get(tx, one).handle for one in privacy.members(tx, queue) if people.works_here(tx, one))


def _edited(tx: Tx, row: Queue, by: Representative, field: str, **facts: Any) -> None:
    tx.session.flush()
    record(tx, "queue_edited", by.actor, subject=("queue", row.id), field=field, **facts)


def rename(tx: Tx, queue: int, name: str, by: Representative) -> None:
    """Give a queue another name; it is found by the old one as well, which stays as an alias.

    Raises:
        Refused: `right.missing`; the name is another queue's, or what people call their own two.
        Misused: `queue.name`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    clean, before = names.clean_name(name), row.name
    known = tx.session.get(QueueName, names.key_of(clean))
    if known is not None and known.queue_id == queue:
        known.name = clean
    else:
        names.check_free(tx, clean)
        names.take_name(tx, queue, clean)
    row.name, row.name_key = clean, names.key_of(clean)
    _edited(tx, row, by, "name", before=before, after=clean)


def add_alias(tx: Tx, queue: int, name: str, by: Representative) -> None:
    """Let a queue be found by another name too.

    Raises:
        As `rename`.
    """
    row = lock_kept(tx, queue, by)
    clean = names.clean_name(name)
    names.check_free(tx, clean)
    names.take_name(tx, queue, clean)
    _edited(tx, row, by, "aliases", added=clean)


def remove_alias(tx: Tx, queue: int, name: str, by: Representative) -> None:
    """Let a queue no longer be found by an alias.

    Raises:
        Refused: `right.missing`; `queue.own_name`: it is its name, which can only be changed.
        NotFound: `queue.gone`; `queue.no_alias`.
    """
    row = lock_kept(tx, queue, by)
    known = tx.session.get(QueueName, names.key_of(name))
    if known is None or known.queue_id != queue:
        raise NotFound("queue.no_alias", name=" ".join(name.split()), queue=row.name)
    if known.key == row.name_key:
        raise Refused("queue.own_name", queue=row.name)
    tx.session.delete(known)
    _edited(tx, row, by, "aliases", removed=known.name)


def describe(tx: Tx, queue: int, words: str, by: Representative) -> None:
    """Say what a queue is for; no words take that away.

    Raises:
        Refused: `right.missing`.
        Misused: `queue.description_long`.
        NotFound: `queue.gone`.
    """
    row, clean = lock_kept(tx, queue, by), " ".join(words.split())
    if len(clean) > DESCRIPTION_LENGTH:
        raise Misused("queue.description_long", limit=DESCRIPTION_LENGTH, length=len(clean))
    row.description = clean or None
    _edited(tx, row, by, "description", after=clean)


def set_priority(tx: Tx, queue: int, priority: int | None, by: Representative) -> None:
    """Say which priority new cases of a queue start with; None takes the usual one.

    Raises:
        Refused: `right.missing`.
        Misused: `queue.priority`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    if priority is not None and priority not in PRIORITIES:
        raise Misused("queue.priority")
    before, row.priority = row.priority, priority
    _edited(tx, row, by, "priority", before=before, after=priority)


def set_locale(tx: Tx, queue: int, locale: str | None, by: Representative) -> None:
    """Say in which language customers of a queue are answered whose own nobody can tell; None takes the desk's.

    Raises:
        Refused: `right.missing`.
        Misused: `queue.language`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    if locale is not None and locale not in LANGUAGES:
        raise Misused("queue.language")
    before, row.locale = row.locale, locale
    _edited(tx, row, by, "language", before=before, after=locale)


def set_strangers_aside(tx: Tx, queue: int, aside: bool, by: Representative) -> None:
    """Say whether letters to the addresses of a queue, of senders that nobody knows, wait for a person.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    before, row.strangers_aside = row.strangers_aside, aside
    _edited(tx, row, by, "unknown", before=before, after=aside)


def set_policy(
    tx: Tx, queue: int, policy: Policy, skill: str | None, by: Representative, *, first: Collection[First] = ()
) -> None:
    """Say how a queue gives out what is new in it, and what somebody must know about for that, if anything.

    Args:
        first: new cases go first to the owner of their customer's account, or to who last solved one of the customer's.

    Raises:
        Refused: `right.missing`.
        Misused: `usage.skills`; `usage.queue_give`: nobody is chosen, so that nobody need know anything.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    if policy is Policy.MANUAL and skill and not first:
        raise Misused("usage.queue_give")
    row.policy, row.skill = policy, read_skill(skill) if skill else None
    row.to_owner, row.to_last = First.OWNER in first, First.LAST in first
    _edited(tx, row, by, "give", after=str(policy), skill=row.skill, first=sorted(first))


def set_accept_within(tx: Tx, queue: int, minutes: int | None, by: Representative) -> None:
    """Say how many minutes of work what came out of a queue may lie in somebody's Assigned; None for any number.

    Raises:
        Refused: `right.missing`; `queue.accept_within`: nobody waits so long.
        NotFound: `queue.gone`.
    """
    row = lock_kept(tx, queue, by)
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refused("queue.accept_within", most=MOST_MINUTES)
    before, row.accept_within = row.accept_within, minutes
    _edited(tx, row, by, "accept", before=before, after=minutes)


def add_address(tx: Tx, queue: int, address: str, by: Representative) -> None:
    """Let letters to an address of ours start in a queue; it may be new, at a domain that is ours.

    Raises:
        Refused: `right.missing`; `queue.address_foreign`: no address at that domain is ours.
        Misused: `queue.address`: it is none.
        NotFound: `queue.gone`.
    """
    row, clean = lock_kept(tx, queue, by), address.strip().casefold()
    found = _ADDRESS.fullmatch(clean)
    if found is None or one_line(clean) != clean:
        raise Misused("queue.address")
    known = tx.session.get(MailAddress, clean)
    if known is None:
        ours = {one.rpartition("@")[2] for one in tx.session.scalars(select(MailAddress.address))}
        ours.add(tx.house.domain.casefold())
        if found[1] not in ours:
            raise Refused("queue.address_foreign", address=clean, domains=sorted(ours))
        known = MailAddress(address=clean, in_settings=False)
        tx.session.add(known)
    before, known.queue_id, known.by_chat = known.queue_id, queue, True
    _edited(tx, row, by, "mail", added=clean, before=before)


def remove_address(tx: Tx, queue: int, address: str, by: Representative) -> None:
    """Let an address that was made in chat be ours no more.

    Raises:
        Refused: `right.missing`; `queue.address_of_settings`: whoever runs the desk keeps it; it can be moved.
        NotFound: `queue.gone`; `queue.no_address`.
    """
    row, clean = lock_kept(tx, queue, by), address.strip().casefold()
    known = tx.session.get(MailAddress, clean)
    if known is None or known.queue_id != queue:
        raise NotFound("queue.no_address", address=clean, queue=row.name)
    if known.in_settings:
        raise Refused("queue.address_of_settings", address=clean)
    tx.session.delete(known)
    _edited(tx, row, by, "mail", removed=clean)


def members_of(tx: Tx, queue: int, by: Representative) -> list[int]:
    """List the members of a queue; none while it is for everybody.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
    """
    return privacy.members(tx, queue) if lock_kept(tx, queue, by).private else []


def set_members(tx: Tx, queue: int, persons: Iterable[int] | None, by: Representative) -> None:
    """Say who sees a queue and its items besides the managers; None opens it to everybody.

    Raises:
        Refused: `right.missing`; `queue.in_group`: it would be private, and a group would go on seeing it.
        NotFound: `queue.gone`; `person.unknown`: one of them does not work here.
    """
    row = lock_kept(tx, queue, by)
    if persons is not None and not row.private and row.group_chat_id is not None:
        raise Refused("queue.in_group", queue=row.name)
    wanted = sorted(set(persons)) if persons is not None else []
    for one in wanted:
        if not people.works_here(tx, one):
            raise NotFound("person.unknown", word=str(one), known=[each.handle for each in people.staff(tx)])
    before = privacy.members(tx, queue) if row.private else None
    tx.session.execute(delete(QueueMember).where(QueueMember.queue_id == queue))
    tx.session.add_all(QueueMember(queue_id=queue, person_id=one) for one in wanted)
    row.private = persons is not None
    tx.session.flush()
    cards.changed_all(tx, _belonging(tx, queue))  # those in the chats of who sees it no more as well
    _edited(tx, row, by, "members", before=before, after=wanted if row.private else None)


def _belonging(tx: Tx, queue: int) -> Sequence[int]:
    """List the open items that belong to a queue, whoever has them."""
    found = select(Work.id).where(Work.queue_id.in_([queue, *personal_queues(tx)]), Work.home_id == queue)
    return tx.session.scalars(found).all()
