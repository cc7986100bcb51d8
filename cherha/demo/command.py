"""`cherha demo`: a whole desk to try, with a chat page instead of Telegram."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cherha.console import FAILED, err, out, own_command, plainly
from core.errors import Misconfigured

if TYPE_CHECKING:
    from cherha.demo.folder import DemoFolder


def demo(
    tour: Annotated[bool, typer.Option("--tour", help="Play the whole journey by itself, print it, and exit.")] = False,
    port: Annotated[int, typer.Option(help="Of the chat page; another is taken when it is busy.")] = 8080,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="For the demo's data, emptied first; var/demo unless told otherwise, a temporary one for --tour."
        ),
    ] = None,
) -> None:
    """Start a whole desk to try: a chat page with a customer and two representatives, and a real mail door.

    Needs no token and nobody outside this machine: everything listens on 127.0.0.1 only.
    """
    from core import log

    with plainly():
        zone = _zone_of_no_real_desk()
        log.set_up("WARNING")
        code = _run_tour(folder, zone) if tour else _run_demo(folder, zone, port)
    raise typer.Exit(code)


def _zone_of_no_real_desk() -> str:
    """Take the time zone from the settings, and refuse a real token in them."""
    from core.settings import read_settings

    read = read_settings()
    if read.telegram_token.get_secret_value():
        raise Misconfigured(
            ["A real token is set (CHERHA_TELEGRAM_TOKEN, perhaps in .env); the demo is not for it. Use cherha run."]
        )
    return read.timezone


def _run_demo(folder: Path | None, zone: str, port: int) -> int:
    from cherha.demo.folder import USUAL, held

    with held(folder) as own:
        if not folder and own.path != USUAL.resolve():
            out.print(f"A demo is running in {USUAL} already; this one is another, in {_short(own.path)}.")
        return asyncio.run(_demo(own, zone, port))


def _run_tour(folder: Path | None, zone: str) -> int:
    """Play the tour in a folder of its own, which stays only when something went wrong."""
    from cherha.demo.folder import held

    own_folder = folder or Path(tempfile.mkdtemp(prefix="cherha-tour-"))
    with held(own_folder) as own:
        code = asyncio.run(_tour(own, zone))
    if not folder and code == 0:
        shutil.rmtree(own_folder, ignore_errors=True)
    return code


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


async def _demo(folder: DemoFolder, zone: str, port: int) -> int:
    from cherha.demo.house import DemoDesk

    out.print("Starting a desk to try …")
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with DemoDesk(folder, zone, page_port=port) as desk:
        out.print(
            f"\n[green]✓[/] Open [bold]{desk.page}[/]: Іван is a customer, Olena and Taras are representatives."
            "\n  1. Write something as Іван.   2. Press Accept (Прийняти) where the case appears."
            "\n  3. Reply to the card to answer.   4. Try /help."
            f"\n\n  Letters go in at 127.0.0.1:{desk.smtp_port} for desk@demo.example and vip@demo.example:"
            f'\n  {own_command()} mail send --door 127.0.0.1:{desk.smtp_port} --to desk@demo.example --text "Hello"'
            f"\n  Letters of the desk come out in {_short(folder.path / 'mailbox')}."
            "\n\n  Ctrl+C ends it."
        )
        waits = [asyncio.ensure_future(stopping.wait()), asyncio.ensure_future(desk.ended())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
        if not stopping.is_set():
            err.print(f"[red]✗[/] A part of the desk has ended by itself; see {_short(folder.path / 'desk.log')}.")
            return FAILED
    return 0


async def _tour(folder: DemoFolder, zone: str) -> int:
    from bot.sandbox.client import SandboxClient
    from cherha.demo.house import DemoDesk
    from cherha.demo.tour import Tour

    out.print("Starting a desk for the tour …")
    async with DemoDesk(folder, zone, smtp_port=0) as desk, SandboxClient(desk.page) as client:
        try:
            await Tour(desk, client, out.print).play()
        except (TimeoutError, LookupError, AssertionError, OSError) as error:
            err.print(f"\n[red]✗[/] This did not come true: {error}\n  The desk's log is {folder.path / 'desk.log'}.")
            sys.stderr.flush()
            return FAILED
    out.print("\n[green]✓[/] The tour is over: every step came true.")
    return 0
