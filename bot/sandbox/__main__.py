"""Run the local Bot API: `python -m bot.sandbox --port 8081`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.sandbox.model import Person
from bot.sandbox.server import start


async def serve(arguments: argparse.Namespace, people: list[Person]) -> None:
    """Listen until told to stop."""
    running = await start(arguments.host, arguments.port, limits=not arguments.no_limits, zone=arguments.zone)
    for person in people:
        running.sandbox.world.add_person(person)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    sys.stdout.write(f"Bot API at {running.address}\n")
    sys.stdout.flush()
    await stopping.wait()
    await running.stop()


def main() -> None:
    """Read the options and listen."""
    parser = argparse.ArgumentParser(description="A local Bot API with a chat page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--no-limits", action="store_true", help="without Telegram's limits on sending")
    parser.add_argument("--zone", default="", help="time zone of the page; that of the browser unless told otherwise")
    parser.add_argument("--people", help="JSON file: [{id, first_name, language, …}]")
    arguments = parser.parse_args()
    known = json.loads(Path(arguments.people).read_text(encoding="utf-8")) if arguments.people else []
    try:
        asyncio.run(serve(arguments, [Person(**one) for one in known]))
    except OSError as error:
        sys.exit(f"Cannot listen on {arguments.host}:{arguments.port}: {error.strerror}. Choose another --port.")


if __name__ == "__main__":
    main()
