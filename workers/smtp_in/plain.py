"""The commands that bring nearly every letter, in the form that nearly every client gives them."""

from __future__ import annotations

import re

from aiosmtpd.smtp import Envelope as Dialogue
from aiosmtpd.smtp import Session

from workers.smtp_in.house import House

#: Octets of a command that is dealt with here (RFC 5321, section 4.5.3.1.4).
_LENGTH = 510

OK = b"250 2.0.0 OK\r\n"
SEND_IT = b"354 End the letter with <CR><LF>.<CR><LF>\r\n"

_ADDRESS = rb"<([!#-'*+./\w=?^-~-]+@[\w.-]+)>"
_MAIL = re.compile(
    rb"MAIL FROM:" + _ADDRESS + rb"(?: SIZE=(\d{1,12}))?( BODY=(?:7BIT|8BITMIME))?", re.IGNORECASE | re.ASCII
)
_RCPT = re.compile(rb"RCPT TO:" + _ADDRESS, re.IGNORECASE | re.ASCII)


class PlainCommands:
    """Says yes to MAIL, RCPT and DATA at once, without the coroutines of the library.

    It knows no other answer: what it does not say yes to, it leaves untouched to the library, which says why not. Both
    keep what was said in the same envelope.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._left = house.limits.transactions

    def agree(self, command: bytes, client: str, session: Session, dialogue: Dialogue) -> bytes | None:
        """Take a command, without its line end, and answer it; None when it is not for here."""
        if not session.host_name or len(command) > _LENGTH:
            return None
        if not dialogue.mail_from:
            return OK if self._mail(command, client, session, dialogue) else None
        if command.upper() == b"DATA":
            return SEND_IT if dialogue.rcpt_tos else None
        return OK if self._rcpt(command, dialogue) else None

    def _mail(self, command: bytes, client: str, session: Session, dialogue: Dialogue) -> bool:
        found = _MAIL.fullmatch(command)
        if not found or self._left < 1 or ((found[2] or found[3]) and not session.extended_smtp):
            return False
        sender, guests = found[1].decode("ascii"), self._house.guests
        if int(found[2] or 0) > self._house.limits.size_bytes:
            return False
        if guests.hold_back(sender, client):  # the library asks again, counts and says so
            return False
        guests.may_send(sender, client)
        guests.may_bring(client)
        self._left -= 1
        dialogue.mail_from = sender
        dialogue.smtp_utf8 = False
        return True

    def _rcpt(self, command: bytes, dialogue: Dialogue) -> bool:
        found = _RCPT.fullmatch(command)
        if not found or len(dialogue.rcpt_tos) >= self._house.limits.recipients:
            return False
        recipient = found[1].decode("ascii")
        if not self._house.is_known(recipient):
            return False
        dialogue.rcpt_tos.append(recipient)
        return True
