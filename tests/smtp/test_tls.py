"""STARTTLS: offered when there is a certificate, and nothing said before it counts after it."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from pathlib import Path

import pytest

from tests.smtp.conftest import Open
from tests.smtp.people import LETTER, Client, Shelf
from workers.smtp_in import Listen


@pytest.fixture
def listen(certificate: tuple[Path, Path]) -> Listen:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return Listen("localhost", 0, tls=context)


async def test_takes_letters_over_tls_and_offers_no_login(
    open_door: Open, shelf: Shelf, listen: Listen, certificate: tuple[Path, Path]
) -> None:
    door = await open_door(listen=listen)

    def send() -> None:
        with smtplib.SMTP("localhost", door.port) as server:
            server.starttls(context=ssl.create_default_context(cafile=str(certificate[0])))
            server.ehlo()
            assert not server.has_extn("auth")
            assert not server.has_extn("starttls")
            for _ in range(3):
                server.sendmail("a@example.com", ["help@desk.example"], LETTER * 2000)

    await asyncio.to_thread(send)
    assert shelf.bytes == [LETTER * 2000] * 3


async def test_forgets_what_was_sent_ahead_of_tls(
    open_door: Open, listen: Listen, certificate: tuple[Path, Path]
) -> None:
    client = await Client.come((await open_door(listen=listen)).port)
    ahead = b"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.com>\r\n"
    assert (await client.say(ahead)).startswith("220")
    await client.writer.start_tls(ssl.create_default_context(cafile=str(certificate[0])), server_hostname="localhost")
    assert (await client.say("RCPT TO:<help@desk.example>")).startswith("503")
    assert (await client.say("EHLO x")).startswith("250")


async def test_survives_a_client_that_only_pretends_to_speak_tls(open_door: Open, listen: Listen) -> None:
    door = await open_door(listen=listen)
    client = await Client.come(door.port)
    assert (await client.say("STARTTLS")).startswith("220")
    client.writer.write(b"no TLS at all\r\n")
    await client.reader.read()
    other = await Client.come(door.port)
    assert (await other.send()).startswith("250")
