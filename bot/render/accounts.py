"""Accounts as lists and as cards, and what came of keeping them, in words and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.lists import NAME_LENGTH, PAGE, item_line, numbers, pages, short
from core.accounts.views import AccountCard, AccountLine, Joined
from core.outbox.model import Channel
from core.texts.said import Button, Notice, Rows, Said, said

__all__ = ["PAGE", "accounts", "ask_merge", "card", "joined", "left", "settings"]


def accounts(words: str, found: Sequence[AccountLine], offset: int, total: int) -> Notice:
    """List a page of accounts with their numbers; the words looked for stand in the first line, for its buttons."""
    if not found:
        return Notice((said("account.none_found", words=words) if words else said("account.none"),))
    head = said("account.list_of", words=words, count=total) if words else said("account.list", count=total)
    lines = [
        head,
        said("account.legend"),
        *(said("account.line", name=one.name, contacts=one.contacts, open=one.open) for one in found),
    ]
    made = [Button(said("text.plain", text=short(one.name, NAME_LENGTH)), "account", (one.id,)) for one in found]
    rows: Rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(tuple(lines), rows + pages(("accounts", (), offset), total))


def card(one: AccountCard, fields: Sequence[Said], offset: int) -> Notice:
    """Show an account: what is said of it, who belongs to it, and their cases with a button for each."""
    lines = [said("account.head", name=one.name), *fields, *_tree(one), *_contacts(one)]
    lines.append(said("account.open", count=one.open_count) if one.open_count else said("account.nothing_open"))
    lines += [item_line(item) for item in one.open]
    if one.resolved:
        lines += [said("account.resolved"), *(item_line(item) for item in one.resolved)]
    rows = numbers([item.number for item in (*one.open, *one.resolved)])
    return Notice(tuple(lines), rows + pages(("account", (one.id,), offset), one.open_count) + _around(one))


def _tree(one: AccountCard) -> list[Said]:
    """Tell the parts of an account, and how much is in all of it."""
    if one.tree is None or not one.tree.parts:
        return []
    names = [name for _, name in one.tree.parts[:PAGE]]
    lines = [said("account.parts", names=names)]
    more = len(one.tree.parts) - len(names)
    lines += [said("text.more", count=more)] if more > 0 else []
    return [*lines, said("account.whole", contacts=one.tree.contacts, open=one.tree.open)]


def _around(one: AccountCard) -> Rows:
    """Make the buttons that lead to what an account is a part of, and to its parts."""
    if one.tree is None:
        return ()
    up: Rows = ((_open(*one.tree.parent),),) if one.tree.parent else ()
    parts = [_open(*part) for part in one.tree.parts[:PAGE]]
    return (*up, *(tuple(parts[start : start + 2]) for start in range(0, len(parts), 2)))


def _contacts(one: AccountCard) -> list[Said]:
    if not one.contact_count:
        return [said("account.no_contacts")]
    lines = [said("account.contacts", count=one.contact_count)]
    for who in one.contacts:
        if who.channel is Channel.EMAIL:
            lines.append(said("account.contact_at", name=who.name, address=who.address))
        else:  # the number of a chat tells nobody anything
            lines.append(said("account.contact", name=who.name))
    more = one.contact_count - len(one.contacts)
    return [*lines, said("text.more", count=more)] if more > 0 else lines


def settings(one: AccountCard, fields: Sequence[Said]) -> Notice:
    """Show how an account is kept: a line a field, and how each is changed."""
    head, how = said("account.settings_head", name=one.name), said("account.settings_how", name=one.name)
    return Notice((head, *fields, how), ((_open(one.id, one.name),),))


def _open(account: int, name: str) -> Button:
    return Button(said("button.account", name=short(name, NAME_LENGTH)), "account", (account,))


def joined(who: Sequence[Joined], account: str, number: int) -> Notice:
    """Tell who belongs to an account now, and to which other they belonged before."""
    lines = [said("account.joined", names=[one.name for one in who], account=account)]
    lines += [said("account.joined_from", name=one.name, account=one.before) for one in who if one.before]
    return Notice(tuple(lines), ((_open(number, account),),))


def left(gone: Sequence[tuple[str, str]]) -> Notice:
    """Tell who belongs to no account any more."""
    return Notice(tuple(said("account.left", name=name, account=account) for name, account in gone))


def ask_merge(one: AccountCard, into: AccountCard) -> Notice:
    """Ask whether two accounts are one."""
    lines = [said("account.merge_line", name=each.name, count=each.contact_count) for each in (one, into)]
    ask = said("account.ask_merge", name=one.name, into=into.name)
    buttons: Rows = (
        (
            Button(said("button.account_merge"), "account_merge", (one.id, into.id)),
            Button(said("button.cancel"), "cancel"),
        ),
    )
    return Notice((*lines, ask), buttons)
