"""Put a digest into words, and owe it to whom it is due."""

from __future__ import annotations

from core.cases.missed import COUNTED, DEFAULT_DAYS
from core.cases.telling import tell_person
from core.desk import Tx
from core.digests.queries import desk_digest, own_digest
from core.digests.views import DeskDigest, OwnDigest
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.views import ItemView

_BUTTONS: Rows = (
    (
        Button(said("button.assigned"), "assigned", (0,)),
        Button(said("button.progress"), "progress", (0,)),
        Button(said("button.missed"), "missed", (DEFAULT_DAYS, 0)),
    ),
)


def digest(tx: Tx, person: Representative) -> Notice:
    """Make somebody's digest as of now: their own work, and for who may see it the desk.

    Raises:
        Refused: `right.missing`.
    """
    check(person.role, Right.SEE_WORK)
    lines = [said("digest.head", at=tx.now), *_own_lines(own_digest(tx, person.id))]
    if may(person.role, Right.SEE_DESK):
        lines += _desk_lines(desk_digest(tx, person.id))
    return Notice(tuple(lines), _BUTTONS)


def send_digest(tx: Tx, person: Representative) -> None:
    """Owe somebody their digest."""
    tell_person(tx, person.id, digest(tx, person), None)


def _own_lines(own: OwnDigest) -> list[Said]:
    if own.oldest is None:
        return [said("digest.nothing")]
    lines = [said("digest.assigned", count=own.assigned_count, fresh=own.fresh_count)]
    lines += [_item(one) for one in own.fresh]
    lines.append(said("digest.progress", count=own.progress_count))
    if own.missed_count:
        lines.append(said("digest.missed", count=own.missed_count))
        lines += [_item(one) for one in own.missed]
    if own.oldest.number not in {one.number for one in (*own.fresh, *own.missed)}:
        lines.append(said("digest.oldest", number=own.oldest.number, title=own.oldest.title, at=own.oldest.created_at))
    return lines


def _item(one: ItemView) -> Said:
    return said("digest.item", number=one.number, title=one.title, at=one.since)


def _desk_lines(desk: DeskDigest) -> list[Said]:
    lines = [said("digest.desk")]
    lines += [
        said("digest.queue", queue=one.queue.name, waiting=one.waiting, progress=one.in_progress, done=one.done_today)
        for one in desk.queues
    ]
    lines += [
        said("digest.person", name=one.name, assigned=one.assigned, progress=one.in_progress, done=one.done)
        for one in desk.people
    ]
    if desk.missed_count > COUNTED:
        lines.append(said("digest.missed_all_many", most=COUNTED))
    counted = (
        ("digest.missed_all", desk.missed_count if desk.missed_count <= COUNTED else 0),
        ("digest.overdue", desk.overdue_count),
        ("digest.set_aside", desk.set_aside_count),
        ("digest.dead", desk.dead_count),
    )
    return lines + [said(key, count=count) for key, count in counted if count]
