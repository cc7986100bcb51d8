"""Appointments with the customer of a case: they are invited, and told when it is moved or called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update

from core.activities import actions as activities
from core.activities import finishing, queries
from core.activities.model import Activity
from core.activities.rules import MEETINGS
from core.activities.views import Plan
from core.calendars.invitation import Invitation
from core.cases.model import Case
from core.cases.telling import customer_of
from core.customers import actions as customers
from core.desk import Tx
from core.errors import Refused
from core.history.actions import record
from core.outbox.actions import Message, To, owe, withdraw
from core.outbox.model import Channel, OwedKind
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.texts.said import Notice, said
from core.work import cards, placing
from core.work.actions import check_may_move, lock_open
from core.work.model import Work
from core.work.rules import WorkState
from core.work.views import ItemView


class Told(StrEnum):
    """Whether the customer of a case is told of an appointment, or why not."""

    INVITED = "invited"
    HUSHED = "hushed"
    OF_ANOTHER = "of_another"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class PlannedView:
    """What was just planned.

    Attributes:
        told: None where there is no customer to be told.
        name, channel: of the customer.
    """

    item: ItemView
    told: Told | None = None
    name: str = ""
    channel: Channel | None = None


def plan(tx: Tx, what: Plan, by: Representative) -> PlannedView:
    """Plan an activity; the customer of the case that a meeting regards is invited, like an answer after a while.

    Nobody is invited to the case of somebody else, nor machines and strangers.

    Raises:
        As `core.activities.actions.plan`.
    """
    item = activities.plan(tx, what, by)
    if what.kind not in MEETINGS or what.regarding is None:
        return PlannedView(item)
    case = tx.session.get_one(Case, what.regarding)
    name = customers.get(tx, case.contact_id).name
    holder = placing.holder_of(tx, tx.session.get_one(Work, case.work_id))
    if case.hushed:
        return PlannedView(item, Told.HUSHED, name)
    if holder is not None and holder.id != by.id and not may(by.role, Right.MOVE_ANY):
        return PlannedView(item, Told.OF_ANOTHER, holder.name)
    to = customer_of(tx, case)
    if to is None:
        return PlannedView(item, Told.NO_WAY, name)
    check(by.role, Right.ANSWER)
    activity = tx.session.get_one(Activity, item.number)
    activity.uid = f"appointment-{item.number}@{tx.house.domain}"
    _owe(tx, activity, to, "appointment.invited", by)
    record(tx, "invited", by.actor, work=case.work_id, task=item.number, channel=str(to.channel))
    return PlannedView(item, Told.INVITED, name, to.channel)


def uninvite(tx: Tx, number: int, by: Representative) -> None:
    """Take an invitation back before it has gone out: the appointment stays, and the customer hears nothing of it.

    Raises:
        NotFound: there is no such item.
        Refused: `appointment.gone`: it is on its way, or there is none; `item.taken` and the like.
    """
    check(by.role, Right.PLAN)
    work, queue = lock_open(tx, number, by)
    check_may_move(tx, work, queue, by)
    activity = tx.session.get(Activity, number)
    row = activity.invitation_id if activity is not None and not activity.invited else None
    if activity is None or row is None or not withdraw(tx, row):
        raise Refused("appointment.gone", number=number)
    activity.invitation_id = None
    record(tx, "uninvited", by.actor, work=activity.regarding_id, task=number)
    cards.changed(tx, number)


def move(tx: Tx, number: int, at: datetime, by: Representative, *, until: datetime | None = None) -> ItemView:
    """Move an activity; the customer who was invited to it is told.

    Raises:
        As `core.activities.actions.move`.
    """
    item = activities.move(tx, number, at, by, until=until)
    _tell(tx, number, "appointment.moved", by)
    return item


def call_off(tx: Tx, number: int, by: Representative, why: str = "") -> None:
    """Call an activity off; the customer who was invited to it is told.

    Raises:
        As `core.activities.finishing.call_off`.
    """
    finishing.call_off(tx, number, by, why)
    _tell(tx, number, "appointment.called_off", by)


def invite_again(tx: Tx, number: int, by: Representative) -> None:
    """After an activity was opened again: if it is still to come, the customer who was invited to it is told."""
    activity = tx.session.get(Activity, number)
    if activity is not None and activity.due_at is not None and activity.due_at > tx.now:
        _tell(tx, number, "appointment.again", by)


def keep_invited(tx: Tx, case: int, contact: int) -> None:
    """Before a case goes on in that of another customer: who was invited goes on being told of their appointments."""
    invited = Activity.regarding_id == case, Activity.invitation_id.is_not(None), Activity.contact_id.is_(None)
    tx.session.execute(update(Activity).where(*invited).values(contact_id=contact))


def close_planned(tx: Tx, case: int, by: Representative) -> tuple[list[int], list[int]]:
    """Call off what is planned for a case that is closed; returns what was called off, and what others must.

    Raises:
        Refused: `appointment.case_open`: the case is open again.
    """
    check(by.role, Right.PLAN)
    work = tx.lock(Work, case)
    if work is None or work.state is WorkState.OPEN:
        raise Refused("appointment.case_open", number=case)
    done: list[int] = []
    left: list[int] = []
    for one in queries.open_of(tx, case):
        try:
            call_off(tx, one.number, by)
        except Refused:
            left.append(one.number)
        else:
            done.append(one.number)
    return done, left


def _tell(tx: Tx, number: int, key: str, by: Representative) -> None:
    """Tell the customer who was invited what has become of an appointment, in the place of what has not gone out yet.

    Who has heard of nothing yet is told nothing but how it is now; nothing at all, where it is called off.
    """
    activity = tx.session.get_one(Activity, number)
    if activity.invitation_id is None or activity.regarding_id is None:
        return
    if not withdraw(tx, activity.invitation_id):
        activity.invited = True
    if not activity.invited:
        if key == "appointment.called_off":
            return
        key = "appointment.invited"
    else:
        activity.sequence += 1
        activity.answer = activity.answered_at = None  # it was an answer to what is no more
    case = tx.session.get_one(Case, activity.regarding_id)
    other = activity.contact_id if activity.contact_id != case.contact_id else None
    to = customer_of(tx, case) if other is None else customers.other_way(tx, other)
    if to is not None:
        _owe(tx, activity, to, key, by)


def _owe(tx: Tx, activity: Activity, to: To, key: str, by: Representative) -> None:
    """Owe the customer the words and what their calendar reads; it can be taken back as long as an answer."""
    assert activity.due_at is not None and activity.ends_at is not None and activity.uid  # noqa: S101, PT018 - appointments have all
    title = tx.session.get_one(Work, activity.work_id).title
    lines = [said(key, title=title), said("appointment.time", at=activity.due_at, until=activity.ends_at)]
    if activity.place:
        lines.append(said("appointment.place", place=activity.place))
    words = Notice((*lines, said("appointment.with", name=by.name)))
    told = Invitation(
        "CANCEL" if key == "appointment.called_off" else "REQUEST",
        activity.uid,
        activity.sequence,
        title,
        activity.due_at,
        activity.ends_at,
        activity.place or "",
    )
    facts = words.to_json() | {"calendar": told.to_json()}
    due_at = tx.now + tx.house.undo
    row = owe(tx, to, Message(OwedKind.NOTICE, facts, work=activity.regarding_id, due_at=due_at))
    tx.session.flush()
    activity.invitation_id = row.id
    cards.changed(tx, activity.work_id)
