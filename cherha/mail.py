"""`cherha mail send`: write a letter to the desk's own door, for trying it out."""

from __future__ import annotations

import mimetypes
import re
import smtplib
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Annotated

import typer

from cherha.console import out, plainly, settings
from core import clock
from core.errors import Misconfigured

_PATIENCE_S = 30.0

app = typer.Typer(help="Write letters to the desk, for trying it out.", no_args_is_help=True)


@app.callback()
def mail() -> None:
    """Write letters to the desk, for trying it out."""


@app.command("send")
def send(  # noqa: PLR0913 - the options of a command
    to: Annotated[str, typer.Option(help="An address of the desk; its first one unless told otherwise.")] = "",
    door: Annotated[str, typer.Option(help="host:port of another door than that of the settings.")] = "",
    sender: Annotated[str, typer.Option("--from", help="Who writes.")] = "Ivan <ivan@example.com>",
    subject: Annotated[str, typer.Option(help="The subject.")] = "A question",
    text: Annotated[str, typer.Option(help="What the letter says.")] = "Good day! I have a question.",
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A whole letter (.eml) to send as it is, instead.")
    ] = None,
    attach: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="A file to attach; may be said again.")
    ] = None,
) -> None:
    """Hand a letter to the desk's own mail door, as a mail server would."""
    with plainly():
        read = settings()
        address = to or next(iter(read.addresses), "")
        if not address:
            raise Misconfigured(["This desk has no mail address. Say --to, or set CHERHA_MAIL_ADDRESSES."])
        raw = file.read_bytes() if file else _letter(address, sender, subject, text, attach or []).as_bytes()
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)  # lines end so on the wire (RFC 5321, section 2.3.8)
        answer = _hand_over(door or read.smtp_listen, address, sender, raw)
        out.print(f"[green]✓[/] {len(raw)} bytes for {address}: {answer}")


def _letter(to: str, sender: str, subject: str, text: str, attach: list[Path]) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Date"] = format_datetime(clock.now().astimezone(UTC))
    letter["Message-ID"] = make_msgid(domain="example.com")
    letter.set_content(text)
    for path in attach:
        kind, _, detail = (mimetypes.guess_type(path.name)[0] or "application/octet-stream").partition("/")
        letter.add_attachment(path.read_bytes(), maintype=kind, subtype=detail, filename=path.name)
    return letter


def _hand_over(where: str, to: str, sender: str, raw: bytes) -> str:
    """Speak SMTP to a door and return its last answer."""
    if not where:
        raise Misconfigured(["This desk takes no letters by SMTP. Set CHERHA_SMTP_LISTEN, such as 127.0.0.1:8025."])
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit():
        raise Misconfigured([f"{where!r} is not host:port, such as 127.0.0.1:8025."])
    envelope_from = EmailMessage()
    envelope_from["From"] = sender
    bare = envelope_from["From"].addresses[0].addr_spec if envelope_from["From"].addresses else ""
    try:
        with smtplib.SMTP(host.strip("[]"), int(port), timeout=_PATIENCE_S) as door:
            door.ehlo_or_helo_if_needed()
            _expect(door.mail(bare))
            _expect(door.rcpt(to), hint=f" Is {to} an address of that desk? Name one that is with --to.")
            code, told = door.data(raw)
            return _expect((code, told))
    except OSError as error:
        fault = f"Nobody listens at {where} ({error.strerror or error}). Start the desk with `cherha run`."
        raise Misconfigured([fault]) from None


def _expect(answer: tuple[int, bytes], *, hint: str = "") -> str:
    code, told = answer
    said = f"{code} {told.decode(errors='replace')}"
    if code >= 400:  # noqa: PLR2004 - RFC 5321, section 4.2.1: from here on replies are refusals
        raise Misconfigured([f"The door says no: {said}.{hint}"])
    return said
