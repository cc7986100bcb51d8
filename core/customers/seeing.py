"""What a member of staff may look at of customers: the right is asked here, at every look of theirs."""

from __future__ import annotations

from sqlalchemy import select

from core.customers.actions import search_key, view
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative

#: So many customers are named where words could mean several.
NAMED = 5


def find(tx: Tx, words: str, by: Representative) -> ContactView:
    """Find a customer by a mail address, or by their name or the beginning of it.

    Raises:
        NotFound: `contact.nobody`.
        Refused: `right.missing`, or `contact.ambiguous`, with those it could be.
    """
    check(by.role, Right.SEE_WORK)
    key = search_key(" ".join(words.split()))
    if "@" in key:
        at = ContactAddress.channel == Channel.EMAIL, ContactAddress.address == key
        found = select(Contact).join(ContactAddress, ContactAddress.contact_id == Contact.id).where(*at)
    else:
        found = select(Contact).where(Contact.search_key >= key, Contact.search_key < key + "\U0010ffff")
        found = found.order_by(Contact.search_key != key, Contact.search_key, Contact.id)
    rows = tx.session.scalars(found.limit(NAMED + 1)).all() if key else []
    if not rows:
        raise NotFound("contact.nobody", words=words)
    if len(rows) > 1 and not (rows[0].search_key == key and rows[1].search_key != key):
        raise Refused("contact.ambiguous", words=words, known=[one.name for one in rows[:NAMED]])
    return view(rows[0])
