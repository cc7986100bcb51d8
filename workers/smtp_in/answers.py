"""What the door says to EHLO, MAIL and RCPT: who may bring how much, and for whom."""

from __future__ import annotations

from aiosmtpd.smtp import MISSING, Session
from aiosmtpd.smtp import Envelope as Dialogue

from workers.smtp_in.conversation import Conversation
from workers.smtp_in.house import House


class Answers:
    """The hooks that the library calls; MISSING lets it go on as it would."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def handle_EHLO(  # noqa: N802 - the library's names and arguments
        self, _server: Conversation, session: Session, _dialogue: Dialogue, hostname: str, offers: list[str]
    ) -> list[str]:
        """Offer what we do, in one packet: pipelining (RFC 2920), and no authentication."""
        session.host_name = hostname
        offered = [offer for offer in offers if not offer.startswith("250-AUTH")]
        return ["\r\n".join([offered[0], "250-PIPELINING", *offered[1:]])]

    async def handle_MAIL(  # noqa: N802 - likewise
        self, server: Conversation, _session: Session, _dialogue: Dialogue, sender: str, _options: list[str]
    ) -> object:
        """Hold back a client or a sender that brings too much: whoever has the letter keeps it and comes again."""
        guests = self._house.guests
        # The sender first: what is refused for its sender is not counted for the client, who may bring others' letters.
        if guests.may_send(sender, server.client) and guests.may_bring(server.client):
            return MISSING
        return "450 4.7.1 Too many letters for now, try again later"

    async def handle_RCPT(  # noqa: N802 - likewise
        self, _server: Conversation, _session: Session, dialogue: Dialogue, recipient: str, _options: list[str]
    ) -> object:
        """Take letters for our own addresses only."""
        if len(dialogue.rcpt_tos) >= self._house.limits.recipients:
            return "452 4.5.3 Too many recipients"
        if not await self._house.is_ours(recipient):
            return "550 5.1.1 No such mailbox here"
        return MISSING
