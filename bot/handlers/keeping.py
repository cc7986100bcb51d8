"""What managers and administrators keep: queues, people, bans, letters that were set aside."""

from __future__ import annotations

import re

from bot import args
from bot.calls import Reply, StaffCall
from bot.render.lists import short
from core.cases import queries as cases
from core.customers import actions as customers
from core.errors import Misused
from core.inbox import actions as inbox
from core.people import actions as people
from core.people.rules import Right, Role, check
from core.texts.said import Button, Notice, Rows, said
from core.work.queues import new_queue


def queue_new(call: StaffCall) -> Reply:
    """`/queue_new NAME`: make a public queue."""
    queue = new_queue(call.tx, call.words.text, call.by)
    rows: Rows = ((Button(said("button.watch"), "watch", (queue.id,)),),)
    return Reply(Notice((said("talk.queue_made", queue=queue.name),), rows))


def invite(call: StaffCall) -> Reply:
    """`/invite ROLE`: make a link that lets one person in, once, within 24 hours."""
    word = call.words.text.casefold() or str(Role.REPRESENTATIVE)
    role = _ROLES.get(word) or next((one for one in Role if word and one.value.startswith(word)), None)
    if role is None:
        raise Misused("usage.invite")
    made = people.invite(call.tx, role, call.by)
    link = f"https://t.me/{call.tx.house.bot_name}?start={made.token}"
    rows: Rows = ((Button(said("button.revoke"), "revoke", (made.id,)),),)
    return Reply(Notice((said("talk.invited", role=said(f"role.{role}"), link=link, at=made.expires_at),), rows))


_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,250}")
_ROLES = {"представник": Role.REPRESENTATIVE, "керівник": Role.MANAGER, "адміністратор": Role.ADMINISTRATOR}


def press_revoke(call: StaffCall) -> Reply:
    """Take an invitation back."""
    people.revoke(call.tx, call.words.int_arg(0), call.by)
    return Reply(Notice((said("talk.revoked"),)), replace=True)


def ban(call: StaffCall) -> Reply:
    """`/ban N`: hear the customer of a case no more."""
    number, _ = args.number(call.words.text, call.words.about, "usage.ban")
    contact = customers.ban(call.tx, cases.case(call.tx, number).contact.id, call.by)
    return Reply(Notice((said("talk.banned", name=contact.name, number=number),)), work=number)


def unban(call: StaffCall) -> Reply:
    """`/unban N`: hear the customer of a case again."""
    number, _ = args.number(call.words.text, call.words.about, "usage.unban")
    contact = customers.unban(call.tx, cases.case(call.tx, number).contact.id, call.by)
    return Reply(Notice((said("talk.unbanned", name=contact.name),)), work=number)


def email(call: StaffCall) -> Reply:
    """`/email N ADDRESS`: note the mail address of a case's customer, for when their chat is closed to us."""
    number, rest = args.number(call.words.text, call.words.about, "usage.email")
    if not _MAIL_ADDRESS.fullmatch(rest):
        raise Misused("usage.email")
    contact = customers.add_address(call.tx, cases.case(call.tx, number).contact.id, rest, call.by)
    return Reply(Notice((said("talk.address_added", name=contact.name, address=rest.casefold()),)), work=number)


def letters(call: StaffCall) -> Reply:
    """`/letters`: letters that were set aside, with why, to be released."""
    check(call.by.role, Right.RELEASE_LETTERS)
    found = inbox.set_aside_letters(call.tx, limit=8)
    if not found:
        return Reply(Notice((said("letters.none"),)), replace=True)
    lines = [said("letters.head", count=inbox.count_set_aside(call.tx))]
    lines += [
        said("letters.line", number=one.id, sender=short(one.sender), at=one.received_at, reason=said(one.reason))
        for one in found
    ]
    rows: Rows = tuple((Button(said("button.release_letter", number=one.id), "letter", (one.id,)),) for one in found)
    return Reply(Notice(tuple(lines), rows), replace=True)


def press_letter(call: StaffCall) -> Reply:
    """Send a letter that was set aside on its way."""
    check(call.by.role, Right.RELEASE_LETTERS)
    inbox.release_letter(call.tx, call.words.int_arg(0), call.by.actor)
    reply = letters(call)
    return Reply(reply.notice, replace=True, toast=said("toast.letter_released"))
