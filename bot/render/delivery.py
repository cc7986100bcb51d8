"""What has become of an answer, in a line below it."""

from __future__ import annotations

from core.cases.telling import excerpt
from core.cases.views import Delivery
from core.outbox.model import Channel, OwedState
from core.texts.said import Said, said

#: Characters that are shown of what a mail server said.
TOLD_LENGTH = 120


def delivery_line(one: Delivery) -> Said:
    """Say how far an answer has come, and what keeps it."""
    error = excerpt(one.error, TOLD_LENGTH)
    if one.state is OwedState.SENT and one.channel is Channel.EMAIL:
        if one.told:
            return said("delivery.handed_over_told", at=one.settled_at, told=excerpt(one.told, TOLD_LENGTH))
        return said("delivery.handed_over")
    if one.state is OwedState.DEAD and error:
        return said("delivery.dead_for", error=error)
    if one.state is OwedState.OWED and one.failing_since is not None and one.channel is Channel.EMAIL:
        tried = {"count": one.tries, "since": one.failing_since, "error": error or "—", "next": one.next_at}
        return said("delivery.failing", **tried)
    if one.state is OwedState.OWED and one.domain_error is not None:
        return said("delivery.waits", error=excerpt(one.domain_error, TOLD_LENGTH))
    return said(f"delivery.{one.state}")


def copy_lines(one: Delivery) -> list[Said]:
    """Say to whom else an answer goes, and how far it has come there; each for itself."""
    return [said("delivery.copy", address=each.address, state=delivery_line(each)) for each in one.copies]
