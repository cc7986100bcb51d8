"""`cherha worker`: processes that understand letters and send mail."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cherha.console import ends_at_a_signal, out, plainly, settings
from cherha.roles import needs_redis
from cherha.signs import Role, sign_of

if TYPE_CHECKING:
    from core.settings import Settings


def worker(
    processes: Annotated[int, typer.Option(min=1, max=64, help="So many processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=64, help="So many threads in each.")] = 4,
    child: Annotated[bool, typer.Option("--child", hidden=True, help="One of those processes.")] = False,
) -> None:
    """Understand letters and send mail, in several processes. A process that dies is replaced."""
    ends_at_a_signal()
    from cherha.data import folder_faults
    from cherha.serving import in_thread, serve
    from workers.supervisor import Supervisor

    with plainly():
        if child:
            raise typer.Exit(_work(threads))
        read = settings(also=folder_faults)
        needs_redis(read, "worker")
        _check(read)
        command = [sys.executable, "-m", "cherha", "worker", "--child", "--threads", str(threads)]
        family = Supervisor(command, processes)
        told = f"[green]✓[/] {processes} workers of {threads} threads are running."
        code = asyncio.run(serve({"workers": in_thread("supervisor", family.run)}, lambda: out.print(told)))
    raise typer.Exit(code)


def _check(read: Settings) -> None:
    """Find faults here, once, rather than in every child."""
    from cherha.compose import open_parts

    with open_parts(read, migrate=False):
        return


def _work(threads: int) -> int:
    from cherha import compose
    from cherha.serving import serve
    from workers.supervisor import end_with_parent

    end_with_parent()
    with compose.open_parts(settings(hints=False), migrate=False) as parts:
        compose.declare_actors(parts)
        # The children give the sign, not their parent: without any of them no work is done.
        sign = sign_of(parts.settings.data, Role.WORKER)
        return asyncio.run(serve({"workers": compose.worker_service(parts, threads)}, lambda: None, sign=sign))
