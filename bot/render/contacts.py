"""Customers themselves: what is shown of them before something is done with them that cannot be undone."""

from __future__ import annotations

from bot.render.tabs import way_line
from core.cases.contacts import ContactCard
from core.cases.views import CaseView
from core.texts.said import Button, Notice, Rows, Said, said


def contact_lines(card: ContactCard) -> list[Said]:
    """Show who a customer is: their name, how they are reached, and how much they asked for."""
    lines = [said("contact.head", name=card.contact.name)]
    lines += [way_line(one) for one in card.ways] or [said("customer_tab.no_way")]
    if card.contact.banned:
        lines.append(said("customer_tab.banned"))
    return [*lines, said("contact.cases", count=card.cases)]


def ask_merge(one: ContactCard, into: ContactCard) -> Notice:
    """Ask whether two customers are one person."""
    ask = said("contact.ask_merge", name=one.contact.name, into=into.contact.name)
    buttons: Rows = (
        (
            Button(said("button.merge"), "contact_merge", (one.contact.id, into.contact.id)),
            Button(said("button.cancel"), "cancel"),
        ),
    )
    return Notice((*contact_lines(one), *contact_lines(into), ask), buttons)


def ask_erase(card: ContactCard) -> Notice:
    """Ask whether a customer is to be erased."""
    ask = said("contact.ask_erase", name=card.contact.name)
    buttons: Rows = (
        (Button(said("button.erase"), "contact_erase", (card.contact.id,)), Button(said("button.cancel"), "cancel")),
    )
    return Notice((*contact_lines(card), ask), buttons)


def ask_via(case: CaseView) -> Notice:
    """Ask by which channel the answers of a case are to go."""
    now = said(f"channel.{case.answer_by}") if case.answer_by else said("via.by_last")
    return Notice((said("via.ask", number=case.number, now=now),), via_buttons(case))


def via_buttons(case: CaseView) -> Rows:
    """Offer the channels by which the answers of a case can go, but for the one that is chosen."""
    chosen = str(case.answer_by or "last")
    return (
        tuple(
            Button(said(f"button.via_{word}"), "via", (case.number, word))
            for word in ("last", "telegram", "email")
            if word != chosen
        ),
    )
