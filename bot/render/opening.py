"""Who may be meant by a name, and what came of opening a case for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.lists import short
from core.cases.fields import Field, Origin
from core.cases.views import CaseView
from core.customers.finding import FoundContact
from core.outbox.model import Channel
from core.texts.said import Button, Notice, Rows, Said, said

#: Origins that a button corrects: a case opened so is by phone unless told otherwise.
_OTHERWISE = (Origin.IN_PERSON, Origin.CHAT)


def choose_customer(who: str, found: Sequence[FoundContact]) -> Notice:
    """Ask which of several customers is meant, or whether it is a new one."""
    rows: Rows = tuple((Button(_named(one), "new_for", (one.id,)),) for one in found)
    new = Button(said("button.new_customer", name=short(who, 30)), "new_for", (0,))
    return Notice((said("ask.which_customer", name=who),), (*rows, (new,), (Button(said("button.cancel"), "cancel"),)))


def _named(one: FoundContact) -> Said:
    way = _way(one)
    return (
        said("text.plain", text=short(one.name, 40))
        if way is None
        else said("button.customer", name=short(one.name, 30), way=way)
    )


def _way(one: FoundContact) -> Said | None:
    """Say how a customer is reached: a chat has no address that anybody could read."""
    if one.channel is None:
        return None
    if one.channel is Channel.EMAIL:
        return said("text.plain", text=short(one.address or "", 40))
    return said(f"channel.{one.channel}")


def opened(case: CaseView, who: FoundContact) -> Notice:
    """Say for whom a case was opened, with a way to tell them and to correct from where it came."""
    number = case.number
    line = said("talk.opened_for", number=number, name=who.name, way=_way(who) or said("channel.none"))
    tell: Rows = ((Button(said("button.tell_opened"), "tell_opened", (number,)),),) if who.channel else ()
    other = tuple(
        Button(said("button.origin", origin=said(f"value.origin.{one}")), "edit_set", (number, str(Field.ORIGIN), one))
        for one in _OTHERWISE
    )
    return Notice((line,), (*tell, other))
