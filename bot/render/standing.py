"""What every card says of an item, whoever reads it: what it is, whose it is, and where it stands."""

from __future__ import annotations

from core.activities.views import ActivityView
from core.cases.views import CaseView
from core.texts.said import Said, said
from core.work.rules import PRIORITIES, QueueKind
from core.work.views import ItemView, QueueView

_PLACES = {
    QueueKind.PUBLIC: "card.place_public",
    QueueKind.ASSIGNED: "card.place_assigned",
    QueueKind.IN_PROGRESS: "card.place_progress",
}


def head(shown: CaseView | ActivityView) -> Said:
    """Name an item by its number and title, as what it is."""
    item = shown.item
    if isinstance(shown, ActivityView):
        return said("card.head_activity", mark=said(f"mark.kind_{item.kind}"), number=item.number, title=item.title)
    urgent = PRIORITIES.get(item.priority) == "urgent"
    return said("card.head_urgent" if urgent else "card.head", number=item.number, title=item.title)


def customer(case: CaseView) -> Said:
    """Say who the customer of a case is, by which channel they are answered, and since when it is there."""
    channel = said(f"channel.{case.reply_channel or 'none'}")
    return said("card.customer", name=case.contact.name, channel=channel, at=case.item.created_at)


def account_lines(case: CaseView) -> list[Said]:
    """Say which organisation the customer of a case belongs to, if to any."""
    return [said("card.account", name=case.account.name)] if case.account is not None else []


def place(item: ItemView, queue: QueueView) -> Said:
    """Say in which queue an open item stands, and since when."""
    return said(_PLACES[queue.kind], name=queue.owner_name, queue=queue.name, since=item.since)
