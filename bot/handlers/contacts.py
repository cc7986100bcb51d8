"""What is done with customers themselves: merge those that are one person, choose how they are answered."""

from __future__ import annotations

import re

from bot import args
from bot.calls import NOTHING, Reply, StaffCall
from bot.render import contacts as render
from core.cases import channels, contacts, export, forgetting
from core.cases import seeing as cases
from core.customers import finding
from core.errors import Misused
from core.outbox.model import Channel
from core.texts.said import Notice, said

_NUMBER = re.compile(r"[№#nN]?\s?\d{1,12}")
_INTO = re.compile(r"\s+(?:into|до|->|→)\s+", re.IGNORECASE)

#: What the channels are called, and the one that the customer used last.
_CHANNELS: dict[str, Channel | None] = {
    "email": Channel.EMAIL, "mail": Channel.EMAIL, "пошта": Channel.EMAIL, "поштою": Channel.EMAIL,
    "telegram": Channel.TELEGRAM, "chat": Channel.TELEGRAM, "чат": Channel.TELEGRAM, "телеграм": Channel.TELEGRAM,
    "last": None, "останній": None, "останнім": None,
}  # fmt: skip


def meant(call: StaffCall, words: str) -> int:
    """Find the contact that words mean: the customer of the case `№12`, or one by address or name."""
    clean = words.strip()
    if _NUMBER.fullmatch(clean):
        number, _ = args.number(clean, None, "usage.contact_merge")
        return cases.case(call.tx, number, call.by).contact.id
    return finding.the_one(call.tx, clean, call.by).id


def contact_merge(call: StaffCall) -> Reply:
    """`/contact_merge A INTO B`: show both customers, and ask whether they are one person."""
    contacts.may_keep(call.by)  # before it is said how it is written
    parts = _INTO.split(call.words.text)
    if len(parts) != 2 or not all(part.strip() for part in parts):  # noqa: PLR2004 - the one and the other
        raise Misused("usage.contact_merge")
    one, into = (meant(call, part) for part in parts)
    contacts.check_apart(one, into)
    shown = [contacts.card(call.tx, contact, call.by) for contact in (one, into)]
    return Reply(render.ask_merge(shown[0], shown[1]))


def press_merge(call: StaffCall) -> Reply:
    """Merge the two customers that were shown."""
    merged = contacts.merge_by_hand(call.tx, call.words.int_arg(0), call.words.int_arg(1), call.by)
    return Reply(Notice((said("contact.merged_now", name=merged.name),)), replace=True)


def contact_export(call: StaffCall) -> Reply:
    """`/contact_export WHO`: have all that is kept of a customer, as one archive."""
    contacts.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.contact_export")
    export.send_export(call.tx, meant(call, call.words.text), call.by)
    return NOTHING


def contact_erase(call: StaffCall) -> Reply:
    """`/contact_erase WHO`: show a customer, and ask whether all that is known of them is to go."""
    contacts.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.contact_erase")
    contact = meant(call, call.words.text)
    forgetting.check_erasable(call.tx, contact, call.by)
    return Reply(render.ask_erase(contacts.card(call.tx, contact, call.by)))


def press_erase(call: StaffCall) -> Reply:
    """Erase the customer that was shown."""
    contact = call.words.int_arg(0)
    contacts.card(call.tx, contact, call.by)
    forgetting.erase_contact(call.tx, contact, call.by)
    return Reply(Notice((said("contact.erased_now"),)), replace=True)


def via(call: StaffCall) -> Reply:
    """`/via 12 email`: choose by which channel the answers of a case go; without a channel, offer them."""
    number, rest = args.number(call.words.text, call.words.about, "usage.via")
    word = rest.strip().casefold()
    if not word:
        return Reply(render.ask_via(cases.case(call.tx, number, call.by)), work=number)
    if word not in _CHANNELS:
        raise Misused("usage.via")
    return _chosen(call, number, _CHANNELS[word])


def press_via_menu(call: StaffCall) -> Reply:
    """Offer the channels by which the answers of a case can go."""
    number = call.words.int_arg(0)
    return Reply(render.ask_via(cases.case(call.tx, number, call.by)), work=number)


def press_via(call: StaffCall) -> Reply:
    """Choose by which channel the answers of a case go."""
    word = call.words.word_arg(1)
    if word not in _CHANNELS:
        raise Misused("button.outdated")
    return _chosen(call, call.words.int_arg(0), _CHANNELS[word])


def _chosen(call: StaffCall, number: int, channel: Channel | None) -> Reply:
    channels.choose_channel(call.tx, number, channel, call.by)
    told = said("via.chosen", number=number, channel=said(f"channel.{channel}")) if channel else None
    return Reply(Notice((told or said("via.last", number=number),)), work=number)
