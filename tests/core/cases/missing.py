"""Cases that will be missed in a moment, unless something happens."""

from __future__ import annotations

from datetime import timedelta

from core.customers.views import ContactView
from tests.core.office import Office

DAY = timedelta(days=1)

#: After so many quiet days a case is missed.
DAYS = 3


def nearly_missed(office: Office, contact: ContactView) -> int:
    """Open a case, and let all the time pass but a second."""
    number = office.open_case(contact)
    office.clock.advance(DAYS * DAY - timedelta(seconds=1))
    return number
