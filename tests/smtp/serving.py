"""A door in a process of its own that throws away what it is given: `python -m tests.smtp.serving`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from tests.smtp.people import noon
from workers.smtp_in import Door, Envelope, Kept, Listen, Seams


def keep(letters: Sequence[Envelope]) -> list[Kept | Exception]:
    return [Kept(number) for number, _ in enumerate(letters)]


async def serve() -> None:
    door = Door(Listen("127.0.0.1", 0), Seams(lambda _: True, keep, noon))
    await door.start()
    print(door.port, flush=True)  # noqa: T201 - the one line the parent reads
    await asyncio.to_thread(sys.stdin.read)
    await door.stop()


if __name__ == "__main__":
    asyncio.run(serve())
