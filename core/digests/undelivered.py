"""What could not be delivered is shown to a person, once; nothing that was owed ends in silence.

Of a message to a customer whoever has the case is told, or else the managers; of those to a member of staff the other
managers, in one line.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, String, cast, exists, select

from core.activities.actions import TITLE_LENGTH
from core.activities.following import follow_up
from core.cases.model import Entry
from core.cases.telling import excerpt, talk_buttons, tell_person
from core.customers import actions as customers
from core.customers.failing import failing_at
from core.desk import Tx
from core.outbox.actions import Message, owe, owe_notice
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.people import queries as people
from core.people.views import Representative
from core.store.base import is_written
from core.texts.said import Notice, Said, notice, said
from core.texts.say import LANGUAGES, Reader, has, say_plain
from core.timers.actions import set_timer
from core.timers.model import Timer
from core.work.model import Work
from core.work.placing import holder_of, last_holder

#: The timer whose slot is the row that was told of; it does nothing when it is due but be forgotten in the end.
TOLD = "undelivered_told"

#: The timer whose slot is the message of a case for which a task was planned; likewise.
TASKED = "undelivered_task"

#: By when somebody is to have seen to an answer that did not arrive.
SEEN_TO_WITHIN = timedelta(hours=4)

#: Older rows are not looked at any more.
LOOK_BACK = timedelta(days=7)

#: In the facts of a line that tells of messages to somebody else on the staff.
_OF_STAFF = "of_staff"

_TO_TELL = (OwedKind.ANSWER, OwedKind.COPY, OwedKind.NOTICE)

_HEADS = {OwedKind.ANSWER: "undelivered.answer", OwedKind.COPY: "undelivered.copy"}


def untold(tx: Tx, limit: int = 100) -> list[int]:
    """List the rows to customers that are dead and of which nobody knows yet."""
    known = exists().where(Timer.task == TOLD, Timer.slot == cast(Owed.id, String))
    return list(
        tx.session.scalars(
            select(Owed.id)
            .where(
                is_written(Owed.state, OwedState.DEAD),
                Owed.kind.in_(_TO_TELL),
                Owed.contact_id.is_not(None),
                Owed.settled_at > tx.now - LOOK_BACK,
                ~known,
            )
            .order_by(Owed.settled_at)
            .limit(limit)
        )
    )


def tell(tx: Tx, row_id: int) -> bool:
    """Tell who has the item, or else the managers, that a message to its customer could not be delivered.

    Returns:
        Whether it was told now; False when it was before, is not dead, or says nothing new of its address.
    """
    row = tx.session.get(Owed, row_id)
    if row is None or row.state is not OwedState.DEAD or not set_timer(tx, TOLD, str(row_id), tx.now + LOOK_BACK):
        return False
    if "code" in row.facts:
        _tell_asker(tx, row)
        return True
    if _known_to_fail(tx, row):
        return False
    lines = _lines(tx, row)
    if row.kind is OwedKind.ANSWER and row.work_id is not None and not _rerouted(tx, row):
        _plan_task(tx, row, row.work_id)
    what = Notice(tuple(lines), talk_buttons(row.work_id) if row.work_id else ())
    for reader in _readers(tx, row):
        tell_person(tx, reader.id, what, work=row.work_id)
    return True


def _plan_task(tx: Tx, row: Owed, number: int) -> None:
    """Plan a task for whoever has the case, or had it when it was closed, once for an answer of however many parts."""
    work = tx.lock_one(Work, number)
    to = holder_of(tx, work) or last_holder(tx, work)
    if to is None or to.to is None or not set_timer(tx, TASKED, str(row.entry_id), tx.now + LOOK_BACK):
        return
    reader = Reader(to.locale, to.zone, tx.now)
    title = say_plain(said("undelivered.task", number=number, address=row.address), reader)
    why = said("card.why.not_delivered", number=number)
    follow_up(tx, work, title[:TITLE_LENGTH], to, due_at=tx.now + SEEN_TO_WITHIN, why=why)


def _tell_asker(tx: Tx, row: Owed) -> None:
    """Tell the customer who asked for a code, and nobody else: they named the address."""
    to = customers.way_by(tx, row.contact_id, Channel.TELEGRAM) if row.contact_id is not None else None
    if to is not None:
        owe_notice(tx, to, notice("code.not_delivered", address=row.address))


def untold_of(tx: Tx) -> list[int]:
    """List the members of staff to whom something could not be delivered of which nobody knows yet."""
    return list(tx.session.scalars(select(Owed.person_id).where(*_dead_to_staff(tx)).distinct().limit(100)))


def tell_of(tx: Tx, person: int) -> bool:
    """Tell the managers, in one line, that messages to a member of staff could not be delivered.

    One who has left is told of to nobody; where there is no other manager, it is told to themselves, for later.

    Returns:
        Whether anybody was told now.
    """
    rows = tx.session.scalars(select(Owed).where(*_dead_to_staff(tx), Owed.person_id == person).limit(1000)).all()
    new = [row for row in rows if set_timer(tx, TOLD, str(row.id), tx.now + LOOK_BACK)]
    new = [row for row in new if not row.facts.get(_OF_STAFF)]  # of a line that tells of others no line is told
    if not new or not people.works_here(tx, person):
        return False
    about, leaders = people.get(tx, person), people.leaders(tx)
    what = notice("undelivered.to_staff", count=len(new), name=about.name, error=new[-1].error or "—")
    told = [one for one in leaders if one.to and one.id != person] or [one for one in [about] if one.to]
    for one in told:
        assert one.to is not None  # noqa: S101 - those without a chat are left out above
        owe(tx, one.to, Message(OwedKind.NOTICE, what.to_json() | {_OF_STAFF: True}))
    return bool(told)


def _dead_to_staff(tx: Tx) -> list[ColumnElement[bool]]:
    known = exists().where(Timer.task == TOLD, Timer.slot == cast(Owed.id, String))
    return [
        is_written(Owed.state, OwedState.DEAD),
        Owed.person_id.is_not(None),
        Owed.settled_at > tx.now - LOOK_BACK,
        ~known,
    ]


def _readers(tx: Tx, row: Owed) -> list[Representative]:
    work = tx.session.get(Work, row.work_id) if row.work_id else None
    holder = holder_of(tx, work) if work else None
    if holder is not None and holder.to is not None:
        return [holder]
    return people.leaders(tx)


def _lines(tx: Tx, row: Owed) -> list[Said]:
    lines = [
        said(
            _HEADS.get(OwedKind(row.kind), "undelivered.notice"),
            number=row.work_id or "—",
            address=said(f"undelivered.by_{row.channel}", address=row.address),
        )
    ]
    entry = tx.session.get(Entry, row.entry_id) if row.entry_id else None
    if entry is not None and entry.text:
        lines.append(said("text.quote", text=excerpt(entry.text)))
    if row.error:
        lines.append(_why(row.error))
    if row.kind is OwedKind.COPY:
        return [*lines, said("undelivered.others_got_it", number=row.work_id, address=row.address)]
    lines.append(said("undelivered.rerouted" if _rerouted(tx, row) else "undelivered.no_way"))
    return lines


def _why(error: str) -> Said:
    """Say why: a bounce tells it by a key, with the words of the server that refused it after it."""
    key, _, words = error.partition(" ")
    if key.startswith("bounced.") and has(key, LANGUAGES[0]):
        return said("undelivered.why_bounced", why=said(key), words=words)
    return said("undelivered.why", error=error)


def _known_to_fail(tx: Tx, row: Owed) -> bool:
    """Tell of an automatic word whether its reader was told before that nothing arrives at its address."""
    if row.kind is not OwedKind.NOTICE or row.channel is not Channel.EMAIL or row.settled_at is None:
        return False
    fails = failing_at(tx, row.address)
    return fails is not None and fails.since < row.settled_at


def _rerouted(tx: Tx, row: Owed) -> bool:
    """Tell whether it goes another way instead: owed in the transaction in which this one died."""
    other = select(Owed.id).where(
        Owed.work_id == row.work_id,
        Owed.contact_id == row.contact_id,
        Owed.channel != row.channel,
        Owed.created_at == row.settled_at,
    )
    return tx.session.scalar(other.limit(1)) is not None
