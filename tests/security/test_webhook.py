"""The webhook over real HTTP: without the secret nothing is read, and nothing is read past its cap."""

from __future__ import annotations

import ast
import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import webhook as module
from bot.webhook import BODY_BYTES, SECRET_HEADER, webhook

SECRET = "right-secret_0123456789"

#: More than any machine has: whoever waited for it would wait for ever.
ENDLESS_BYTES = 10**12


@dataclass
class Hook:
    """A webhook that listens, and what it was given to keep."""

    port: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)

    async def keep(self, raws: Sequence[dict[str, Any]]) -> None:
        self.kept.extend(raws)

    async def ask(self, *headers: str, body: bytes = b"", last: bool = True) -> str:
        """Send a request, and read the status line of its answer; what comes after `body` never comes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = "\r\n".join(["POST /telegram HTTP/1.1", "Host: desk.example", *headers, "", ""])
        try:
            writer.write(head.encode("latin-1") + body)
            async with asyncio.timeout(5):
                if last:
                    await writer.drain()
                return (await reader.readline()).decode().strip()
        finally:
            writer.close()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    one = Hook()
    runner = web.AppRunner(webhook(one.keep, SECRET), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    one.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    yield one
    await runner.cleanup()


@pytest.mark.parametrize(
    "given",
    [
        None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), f"{SECRET},{SECRET}", "\xff\xfe", "r" * 8000,
    ],
)  # fmt: skip
async def test_whoever_has_not_the_secret_is_refused_before_a_byte_of_the_body_is_read(hook: Hook, given: str) -> None:
    secret = [] if given is None else [f"{SECRET_HEADER}: {given}"]
    answer = await hook.ask(*secret, f"Content-Length: {ENDLESS_BYTES}")
    assert answer.split()[1] == "403"
    assert not hook.kept


async def test_a_body_past_the_cap_is_refused_however_it_comes(hook: Hook) -> None:
    secret = f"{SECRET_HEADER}: {SECRET}"
    body = b'{"x": "' + b"x" * (BODY_BYTES + 1)
    assert "413" in await hook.ask(secret, f"Content-Length: {ENDLESS_BYTES}", body=body, last=False)
    chunk = b"%x\r\n%s\r\n" % (len(body), body)
    assert "413" in await hook.ask(secret, "Transfer-Encoding: chunked", body=chunk, last=False)
    assert not hook.kept


async def test_the_largest_body_that_is_allowed_is_kept(hook: Hook) -> None:
    empty = len(json.dumps({"update_id": 1, "x": ""}))
    body = json.dumps({"update_id": 1, "x": "y" * (BODY_BYTES - empty)}).encode()
    assert len(body) == BODY_BYTES
    answer = await hook.ask(f"{SECRET_HEADER}: {SECRET}", f"Content-Length: {len(body)}", body=body, last=False)
    assert "200" in answer
    assert len(hook.kept) == 1


def test_there_is_no_webhook_without_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook(Hook().keep, "")


def test_the_secret_is_compared_in_constant_time_and_by_nothing_else() -> None:
    tree = ast.parse(Path(module.__file__).read_text())
    compared = [
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "hmac.compare_digest"
        for node in ast.walk(call)
        if isinstance(node, ast.Name) and node.id == "secret"
    ]
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "secret"]
    asked_for = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "not secret"]
    assert len(compared) == 1
    assert len(used) == len(compared) + len(asked_for)
