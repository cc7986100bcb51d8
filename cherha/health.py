"""Whether one part of the desk does its work: what a container's health check asks."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from cherha.checks import QUICK, Check, Finding, Verdict, greeting
from cherha.database import open_database
from cherha.signs import STALE_S, Role, age_s, sign_of
from core import clock
from core.errors import Misconfigured
from core.settings import Settings
from core.timers.model import Lease
from workers.scheduler import LEASE_NAME


def of(role: Role) -> tuple[Check, ...]:
    """List what is looked at for a part, besides what all of them need."""
    work: dict[Role, tuple[Check, ...]] = {
        Role.RUN: (_clock, _bot, _door),
        Role.BOT: (_bot,),
        Role.INTAKE: (_door,),
        Role.FETCH: (),
        Role.WORKER: (),
        Role.SCHEDULER: (_clock,),
    }
    return (*QUICK, lambda settings: _sign(settings, role), *work[role])


def _sign(settings: Settings, role: Role) -> Iterator[Finding]:
    """Look whether the part has given a sign of life lately; of the workers, any of them."""
    age = age_s(sign_of(settings.data, role))
    if age is None:
        yield Finding(Verdict.FAULT, role, f"It does not run here: start `cherha {role}`.")
    elif age > STALE_S:
        yield Finding(
            Verdict.FAULT, role, f"It gave no sign of life for {age:.0f} s: it hangs, or is dead. Restart it."
        )
    else:
        yield Finding(Verdict.FINE, role, f"gave a sign of life {age:.0f} s ago")


def _clock(settings: Settings) -> Iterator[Finding]:
    """Look whether a scheduler holds the lease: this one, or the one that it stands by for."""
    yield _lease(settings, LEASE_NAME, "clock")


def _bot(settings: Settings) -> Iterator[Finding]:
    """Look whether a bot holds the lease of its token: this one, or the one that it stands by for."""
    token = settings.telegram_token.get_secret_value()
    if token:
        yield _lease(settings, f"bot:{token.partition(':')[0]}", "live bot")


def _lease(settings: Settings, name: str, about: str) -> Finding:
    try:
        with open_database(settings, migrate=False) as engines, engines.look.connect() as connection:
            query = text("SELECT until FROM lease WHERE name = :name").columns(until=Lease.until.type)
            until = connection.execute(query, {"name": name}).scalar()
    except Misconfigured as error:
        return Finding(Verdict.FAULT, about, error.faults[0])
    if until is None or until < clock.now():
        return Finding(Verdict.FAULT, about, "Nobody does this work now. Look at the logs, and restart it.")
    return Finding(Verdict.FINE, about, "somebody does this work, for the lease is renewed")


def _door(settings: Settings) -> Iterator[Finding]:
    """Look whether the mail doors greet as ours do."""
    for address in (settings.smtp_listen, settings.lmtp_listen):
        if address:
            host, _, port = address.rpartition(":")
            if greeting(host.strip("[]"), int(port)) == f"220 {settings.mail_domain} Cherha":
                yield Finding(Verdict.FINE, "mail door", f"{address} is open")
            else:
                yield Finding(
                    Verdict.FAULT, "mail door", f"{address} does not greet. Look at the logs, and restart it."
                )
