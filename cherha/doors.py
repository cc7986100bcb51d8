"""The mail doors of a desk, from its settings."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

from cherha.console import cannot_listen
from cherha.data import folder_faults
from core import clock
from core.desk import Desk
from core.errors import Misconfigured
from core.settings import Settings
from core.store.files import FileStore
from workers.keeping import keeper, knower
from workers.smtp_in.door import Door, Listen, Seams
from workers.smtp_in.limits import DoorLimits

#: Less than what the whole process is given.
_CLOSE_S = 8.0

#: No letter takes so long to come in.
_LEFT_S = 24 * 3600.0


class Doors:
    """The doors for SMTP and LMTP: `open` them, then `run` until told to stop.

    Raises:
        Misconfigured: none is wanted, or the certificate cannot be used.
    """

    def __init__(self, settings: Settings, desk: Desk, files: FileStore) -> None:
        limits = replace(
            DoorLimits(),
            size_bytes=settings.mail_size_mb * 1024 * 1024,
            sender_letters_per_minute=settings.mail_per_minute,
        )
        seams = Seams(knower(desk), keeper(desk, files), clock.now, _spool(settings.data))
        wanted = (
            ("CHERHA_SMTP_LISTEN", settings.smtp_listen, False),
            ("CHERHA_LMTP_LISTEN", settings.lmtp_listen, True),
        )
        tls = tls_context(settings)
        self._doors = [
            (variable, address, Door(_listen(settings, address, lmtp, tls), seams, limits))
            for variable, address, lmtp in wanted
            if address
        ]
        if not self._doors:
            raise Misconfigured(["There is no mail door. Set CHERHA_SMTP_LISTEN, such as 127.0.0.1:8025."])

    async def open(self) -> None:
        """Listen.

        Raises:
            Misconfigured: an address is taken, or not ours.
        """
        for variable, address, door in self._doors:
            try:
                await door.start()
            except OSError as error:
                raise cannot_listen(error, address, variable) from None

    async def run(self, stopping: asyncio.Event) -> None:
        """Wait until told to stop; then let what is in hand be kept, and close."""
        await stopping.wait()
        await asyncio.gather(*(door.stop(_CLOSE_S) for _, _, door in self._doors))


def _listen(settings: Settings, address: str, lmtp: bool, tls: ssl.SSLContext | None) -> Listen:
    host, _, port = address.rpartition(":")
    return Listen(host.strip("[]"), int(port), settings.mail_domain, lmtp, tls)


def _spool(data: Path) -> Path:
    """Make the folder for large letters while they come in, and take out what a killed desk left there days ago."""
    folder = data / "spool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        if clock.now().timestamp() - left.stat().st_mtime > _LEFT_S:
            left.unlink(missing_ok=True)
    return folder


def place_faults(settings: Settings) -> list[str]:
    """Say what is wrong with the data folder and with the certificate, if anything is."""
    try:
        tls_context(settings)
    except Misconfigured as error:
        return [*folder_faults(settings), *error.faults]
    return folder_faults(settings)


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Load the certificate of the doors; None without one.

    Raises:
        Misconfigured: it cannot be used.
    """
    if settings.smtp_tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(settings.smtp_tls_cert, settings.smtp_tls_key, password="")  # or it asks the terminal
    except (OSError, ssl.SSLError) as error:
        fault = f"The certificate in CHERHA_SMTP_TLS_CERT and CHERHA_SMTP_TLS_KEY cannot be used ({error})."
        raise Misconfigured([fault]) from None
    return context
