"""Accounts: looked at by everybody, kept by managers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import args
from bot.calls import Reply, StaffCall
from bot.handlers import account_fields
from bot.handlers.contacts import meant
from bot.render import accounts as render
from core.accounts import actions, ending, members, seeing
from core.cases import seeing as cases
from core.customers import accounts as known
from core.customers.accounts import AccountName
from core.errors import Misused, NotFound
from core.texts.said import Notice, said

_INTO = re.compile(r"\s+(?:into|до|->|→)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"[№#nN]?\s?\d{1,12}")
#: A customer who is named without a comma behind: the number of a case, or a mail address.
_ONE = re.compile(r"(?:(?:[№#]\s*|[nN])?\d{1,12}|\S+@\S+?)(?=[\s,;]|$)[\s,;]*")


def accounts(call: StaffCall) -> Reply:
    """`/accounts [WORDS]`: the accounts, or those with some words in their names."""
    return _list(call, call.words.text, 0)


def press_accounts(call: StaffCall) -> Reply:
    """Show another page of the accounts."""
    return _list(call, call.words.quoted, max(0, call.words.int_arg(0)))


def _list(call: StaffCall, words: str, offset: int) -> Reply:
    clean = " ".join(words.split())
    found, total = seeing.accounts(call.tx, clean, call.by, offset=offset, limit=render.PAGE)
    return Reply(render.accounts(clean, found, offset, total), replace=True)


def account(call: StaffCall) -> Reply:
    """`/account NAME`, or `№12` for that of the customer of a case: an account with its customers and cases."""
    words = call.words.text.strip()
    if not words and call.words.about is None:
        raise Misused("usage.account")
    if words and not _NUMBER.fullmatch(words):
        return _card(call, known.find(call.tx, words, call.by).id, 0)
    number, _ = args.number(words, call.words.about, "usage.account")
    contact = cases.case(call.tx, number, call.by).contact.id
    return _card(call, seeing.account_of_case(call.tx, number, contact, call.by), 0)


def press_account(call: StaffCall) -> Reply:
    """Show an account; or another page of its open cases, in the place of the one before."""
    paged = len(call.words.args) > 1
    return replace(_card(call, call.words.int_arg(0), max(0, call.words.int_arg(1))), replace=paged)


def _card(call: StaffCall, number: int, offset: int) -> Reply:
    shown = seeing.card(call.tx, number, call.by, offset=offset, limit=render.PAGE)
    return Reply(render.card(shown, account_fields.told(shown), offset))


def account_new(call: StaffCall) -> Reply:
    """`/account_new NAME`: make an account."""
    actions.may_keep(call.by)  # before it is said how it is written
    if not call.words.text:
        raise Misused("usage.account_new")
    made = actions.new_account(call.tx, call.words.text, call.by)
    return _settings(call, made)


def account_edit(call: StaffCall) -> Reply:
    """`/account_edit NAME [FIELD VALUE]`: show how an account is kept, or change one field of it."""
    actions.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.account_edit")
    found = known.find_before(call.tx, call.words.text, call.by, account_fields.FIELD_WORDS)
    if found.words:
        account_fields.change(call, found.id, found.words)
    return _settings(call, found.id)


def _settings(call: StaffCall, number: int) -> Reply:
    shown = seeing.card(call.tx, number, call.by)
    return Reply(render.settings(shown, [field.line(shown) for field in account_fields.FIELDS]))


def account_join(call: StaffCall) -> Reply:
    """`/account_join 12 ivan@example.com Acme`, or `Ivan, №15 INTO Acme`: let customers belong to an account."""
    actions.may_keep(call.by)
    who, into = _who_and_where(call, _readings(call.words.text.strip()))
    who_now = members.join(call.tx, into.id, [meant(call, one) for one in who], call.by)
    return Reply(render.joined(who_now, into.name, into.id))


def _who_and_where(call: StaffCall, readings: Sequence[tuple[list[str], str]]) -> tuple[list[str], AccountName]:
    """Take the first way to read it in which there is such an account; of none, tell what the last one lacks.

    Raises:
        As `core.customers.accounts.find`; Misused: `usage.account_join`.
    """
    for place, (who, name) in enumerate(readings, 1):
        try:
            return who, known.find(call.tx, name, call.by)
        except NotFound:
            if place == len(readings):
                raise
    raise Misused("usage.account_join")


def _readings(words: str) -> list[tuple[list[str], str]]:
    """Part who is named from the account, in each way that can be meant: a name may have the word in it that parts."""
    who, rest = [], words
    while found := _ONE.match(rest):
        who.append(found[0].strip(" \t\n,;"))
        rest = rest[found.end() :]
    readings = [] if _INTO.match(f" {rest}") else [(who, rest)]
    readings += [(_named(words[: one.start()]), words[one.end() :].strip()) for one in _INTO.finditer(words)]
    return [(some, name) for some, name in readings if some and name]


def _named(words: str) -> list[str]:
    """List customers who are named one after the other: names with commas between, cases and addresses without."""
    whole: list[str] = []
    for part in re.split(r"[,;]", words):
        bare = part.split()
        each = len(bare) > 1 and all(_ONE.fullmatch(one) for one in bare)
        whole += bare if each else [part.strip()] if bare else []
    return whole


def account_leave(call: StaffCall) -> Reply:
    """`/account_leave 12 ivan@example.com`: let customers belong to no account."""
    actions.may_keep(call.by)
    who = _named(call.words.text)
    if not who:
        raise Misused("usage.account_leave")
    return Reply(render.left(members.leave(call.tx, [meant(call, one) for one in who], call.by)))


def account_merge(call: StaffCall) -> Reply:
    """`/account_merge A INTO B`: show both accounts, and ask whether they are one."""
    actions.may_keep(call.by)
    parts = _INTO.split(call.words.text.strip())
    if len(parts) != 2 or not all(part.strip() for part in parts):  # noqa: PLR2004 - the one and the other
        raise Misused("usage.account_merge")
    one, into = (known.find(call.tx, part, call.by).id for part in parts)
    ending.check_apart(one, into, call.by)
    shown = [seeing.card(call.tx, number, call.by) for number in (one, into)]
    return Reply(render.ask_merge(shown[0], shown[1]))


def press_merge(call: StaffCall) -> Reply:
    """Merge the two accounts that were shown."""
    name = ending.merge(call.tx, call.words.int_arg(0), call.words.int_arg(1), call.by)
    return Reply(Notice((said("account.merged_now", name=name),)), replace=True)


def account_close(call: StaffCall) -> Reply:
    """`/account_close NAME`: close an account of which no case is open."""
    actions.may_keep(call.by)
    if not call.words.text:
        raise Misused("usage.account_close")
    found = known.find(call.tx, call.words.text, call.by)
    return Reply(Notice((said("account.closed_now", name=ending.close(call.tx, found.id, call.by)),)))
