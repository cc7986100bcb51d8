"""How the command line speaks: plain sentences on the terminal, faults without tracebacks, an exit code that tells."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape

from core.errors import DeskError, Misconfigured

if TYPE_CHECKING:  # what --help does not need is imported when a command runs
    from core.settings import Settings

#: Exit codes: something went wrong; the desk cannot start like this.
FAILED = 1
MISCONFIGURED = 2

#: What starts has so long to end after a signal, and is woken so often until then.
_ENDS_WITHIN_S = 5.0
_WAKES_EVERY_S = 0.5

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def ends_at_a_signal() -> None:
    """Let SIGTERM and SIGINT end this process with 0 from now on, while it starts: what is open is closed.

    Python handles a signal in the main thread when that runs Python next. One that comes just before it falls asleep
    in a call of the system, or while a library waits for a server there, is handled when the call comes back: after
    minutes, perhaps. So a thread of its own hears of it too (`signal.set_wakeup_fd`), wakes the main thread, and ends
    the process for good when it does not end by itself. What serves until a signal takes that over.
    """

    def end(_number: int, _frame: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # it is on its way
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_see_that_it_ends, args=(heard,), name="signals", daemon=True).start()


def _see_that_it_ends(heard: int) -> None:
    number = os.read(heard, 1)[0]
    for _ in range(round(_ENDS_WITHIN_S / _WAKES_EVERY_S)):
        sleep(_WAKES_EVERY_S)
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    os._exit(0)


@contextmanager
def plainly() -> Iterator[None]:
    """Tell every error that a person can do something about as a sentence, and exit with the code it deserves."""
    try:
        yield
    except Misconfigured as error:
        tell_faults(error.faults)
        raise typer.Exit(MISCONFIGURED) from None
    except DeskError as error:
        tell_faults([sentence(error)])
        raise typer.Exit(FAILED) from None


def tell_faults(faults: list[str]) -> None:
    """Print faults, a line each, without the secrets that a server may have repeated in what it refused."""
    from core.log import without_secrets

    for fault in faults:
        err.print(f"[red]✗[/] {escape(without_secrets(fault))}")


def sentence(error: DeskError) -> str:
    """Put an error into English."""
    return words(error.key, **error.facts)


def words(key: str, **facts: object) -> str:
    """Say a sentence by its key, in English."""
    from core import clock
    from core.texts.said import Said
    from core.texts.say import Reader, say_plain

    return say_plain(Said(key, facts), Reader("en", "UTC", clock.now()))


def settings(*, hints: bool = True, also: Callable[[Settings], list[str]] | None = None) -> Settings:
    """Read the settings and set up the log.

    Args:
        hints: tell names that look like settings and are none.
        also: finds more faults, to be told with those of the settings.

    Raises:
        Misconfigured: with every fault.
    """
    from core import log
    from core.settings import misspelt_names, read_settings

    for told in misspelt_names() if hints else []:
        err.print(f"[yellow]![/] {escape(told)}")
    read = read_settings(also=also)
    log.hide(read.secrets)
    log.set_up(read.log_level, as_json=read.log_json, once=True)
    return read


def own_command() -> str:
    """Say how this command was called, so that a line with it can be copied and run in the same folder."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m cherha"
    found = shutil.which(called.name)
    if found and os.path.realpath(found) == os.path.realpath(called):
        return called.name
    here = Path.cwd()
    return shlex.quote(str(called.relative_to(here) if called.is_relative_to(here) else called))


def cannot_listen(error: OSError, address: str, variable: str) -> Misconfigured:
    """Say why an address cannot be listened on, and what to do about it."""
    match error.errno:
        case errno.EADDRINUSE:
            fault = f"{address} is taken by another program. Stop that one, or choose another address with {variable}."
        case errno.EACCES:
            fault = f"This user may not listen on {address}. Take a port above 1023 with {variable}."
        case errno.EADDRNOTAVAIL:
            fault = f"{address} is no address of this machine. Take one that is, or 127.0.0.1, with {variable}."
        case _:
            fault = f"Cannot listen on {address} ({error.strerror or error}). Look at {variable}."
    return Misconfigured([fault])
