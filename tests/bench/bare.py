"""The floor: a bare aiosmtpd whose handler throws every letter away."""

from __future__ import annotations

import asyncio
import sys

from aiosmtpd.smtp import SMTP


class _Discard:
    async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    handler = _Discard()
    # A fixed host name: looking one up for each connection would be unfair to the floor.
    await loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop), "127.0.0.1", port)
    print("open", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
