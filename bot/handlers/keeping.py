"""What managers and administrators keep: queues, people, bans, letters that were set aside."""

from __future__ import annotations

from dataclasses import replace

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import keeping as render
from bot.render import lists
from core.cases import actions as case_actions
from core.cases import letters as aside
from core.cases import seeing as cases
from core.customers import actions as customers
from core.customers.rules import is_mail_address
from core.errors import Misused
from core.people import actions as people
from core.people import seeing as staff
from core.people.rules import Right, Role, may
from core.texts.lines import one_line
from core.texts.said import Button, Notice, Rows, said
from core.work.queues import new_queue


def queue_new(call: StaffCall) -> Reply:
    """`/queue_new NAME`: make a public queue, which you watch."""
    queue = new_queue(call.tx, call.words.text, call.by)
    rows: Rows = ((Button(said("button.unwatch"), "watch", (queue.id,)),),)
    return Reply(Notice((said("talk.queue_made", queue=queue.name),), rows))


def invite(call: StaffCall) -> Reply:
    """`/invite ROLE`: make a link that lets one person in, once, within 24 hours."""
    people.may_invite(call.by)  # before a role is asked for that they could not give
    word = call.words.text.casefold() or str(Role.REPRESENTATIVE)
    role = _ROLES.get(word) or next((one for one in Role if word and one.value.startswith(word)), None)
    if role is None:
        raise Misused("usage.invite")
    made = people.invite(call.tx, role, call.by)
    link = f"https://t.me/{call.tx.house.bot_name}?start={made.token}"
    rows: Rows = ((Button(said("button.revoke"), "revoke", (made.id,)),),)
    told = Notice((said("talk.invited", role=said(f"role.{role}"), link=link, at=made.expires_at),), rows)
    return Reply(told, secret=True)


_ROLES = {"представник": Role.REPRESENTATIVE, "керівник": Role.MANAGER, "адміністратор": Role.ADMINISTRATOR}


def press_revoke(call: StaffCall) -> Reply:
    """Take an invitation back: below its link, or in the list of those that are open."""
    people.revoke(call.tx, call.words.int_arg(0), call.by)
    if len(call.words.args) > 1:
        return replace(_invitations(call, call.words.int_arg(1)), toast=said("talk.revoked"))
    return Reply(Notice((said("talk.revoked"),)), replace=True)


def invitations(call: StaffCall) -> Reply:
    """`/invitations`: those that can still be used, to be revoked."""
    return _invitations(call, call.words.int_arg(0))


def _invitations(call: StaffCall, offset: int) -> Reply:
    total = staff.count_open_invitations(call.tx, call.by)
    offset = lists.page_offset(offset, total)
    found = staff.open_invitations(call.tx, call.by, offset=offset, limit=lists.PAGE)
    return Reply(render.invitations(found, offset, total), replace=True)


def ban(call: StaffCall) -> Reply:
    """`/ban N`: hear the customer of a case no more."""
    number, _ = args.number(call.words.text, call.words.about, "usage.ban")
    contact = customers.ban(call.tx, cases.case(call.tx, number, call.by).contact.id, call.by, work=number)
    return Reply(Notice((said("talk.banned", name=contact.name, number=number),)), work=number)


def unban(call: StaffCall) -> Reply:
    """`/unban N`: hear the customer of a case again."""
    number, _ = args.number(call.words.text, call.words.about, "usage.unban")
    contact = customers.unban(call.tx, cases.case(call.tx, number, call.by).contact.id, call.by, work=number)
    return Reply(Notice((said("talk.unbanned", name=contact.name),)), work=number)


def email(call: StaffCall) -> Reply:
    """`/email N ADDRESS`: note the mail address of a case's customer, for when their chat is closed to us."""
    number, rest = args.number(call.words.text, call.words.about, "usage.email")
    if not is_mail_address(rest) or one_line(rest) != rest:
        raise Misused("usage.email")
    known = cases.case(call.tx, number, call.by).contact.id
    contact = case_actions.add_address(call.tx, number, known, rest, call.by)
    return Reply(Notice((said("talk.address_added", name=contact.name, address=rest.casefold()),)), work=number)


def letters(call: StaffCall) -> Reply:
    """`/letters`: letters that were set aside, with why, to be released."""
    return letters_page(call, call.words.int_arg(0))


def letters_page(call: StaffCall, offset: int) -> Reply:
    """Show a page of the letters that were set aside."""
    total = aside.count_set_aside(call.tx, call.by)
    offset = lists.page_offset(offset, total)
    found = aside.set_aside(call.tx, call.by, offset=offset, limit=lists.PAGE)
    return Reply(render.letters(found, offset, total, keeps=may(call.by.role, Right.KEEP_SENDERS)), replace=True)


def press_letter(call: StaffCall) -> Reply:
    """Send a letter that was set aside on its way."""
    aside.release(call.tx, call.words.int_arg(0), call.by)
    return replace(letters_page(call, call.words.int_arg(1)), toast=said("toast.letter_released"))
