"""What a Postfix between a desk and its customers is told, and how its mailboxes are read."""

from __future__ import annotations

import asyncio
import mailbox
import smtplib
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

#: The only customer who has a mailbox there.
MARIA = "maria@customer.example"

_PATIENCE_S = 40.0


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A running Postfix: the mail server of customer.example, the relay of the desk, and what is before its door."""

    port: int
    door: int
    _folder: Path

    @staticmethod
    def settings(folder: Path, door: int) -> dict[str, object]:
        """Tell it whose mail goes where, and to try again soon."""
        mailboxes, transport = folder / "mailboxes", folder / "transport"
        mailboxes.write_text(f"{MARIA} maria/\n")
        transport.write_text(f"desk.example smtp:[127.0.0.1]:{door}\n")
        return {
            "mynetworks": "127.0.0.0/8",
            "virtual_mailbox_domains": "customer.example",
            "virtual_mailbox_maps": f"texthash:{mailboxes}",
            "relay_domains": "desk.example",
            "relay_recipient_maps": "",
            "transport_maps": f"texthash:{transport}",
            "relay_transport": "smtp",
            # Whom it does not know it finds out only afterwards, as the servers of others do: so it has to send a DSN.
            "smtpd_reject_unlisted_recipient": "no",
            "queue_run_delay": "1s",
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "2s",
        }

    async def take(self, letter: EmailMessage) -> None:
        """Hand a letter in, as the program of a customer does."""

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
                client.send_message(letter)

        await asyncio.to_thread(send)

    async def wait_for(self, words: str) -> EmailMessage:
        """Wait until a letter with these words lies in Maria's mailbox."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                for letter in await asyncio.to_thread(self._letters):
                    if words in _text_of(letter):
                        return letter
                await asyncio.sleep(0.1)

    def log(self) -> str:
        """Read what it has written down."""
        return (self._folder / "log").read_text()

    def _letters(self) -> list[EmailMessage]:
        place = self._folder / "mail" / "maria"
        if not (place / "new").exists():
            return []
        box = mailbox.Maildir(place, create=False)
        return [message_from_bytes(box.get_bytes(key), EmailMessage, policy=policy.default) for key in box.keys()]  # noqa: SIM118 - it is no dict


def _text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return f"{letter['Subject']}\n{body.get_content() if body else ''}"
