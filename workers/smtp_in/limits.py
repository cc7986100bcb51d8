"""What one client, and all of them together, may ask of the door."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """Caps of the door; aiosmtpd has none for most of them.

    Args:
        size_bytes: of a letter; told to clients by SIZE (RFC 1870).
        line_bytes: of a line, its end included. RFC 5321 allows 1,000; senders in the wild know no limit, so
            normal long lines are taken and only what no mail program writes is refused.
        header_bytes: of all header fields of a letter.
        memory_bytes: of a letter; the rest of a larger one goes to a temporary file.
        connections, connections_each: at one time, in all and of one address.
        letters_per_minute: of one address.
        sender_letters_per_minute: of one sender, by whichever client; 0 for as many as come.
        idle_s: between two commands, or two pieces of a letter (RFC 5321, section 4.5.3.2.7).
        keep_s: for a letter to be kept, before the client is told to try again; should it be kept after all, it
            counts once.
        commands: of one kind in a session, other than those that hand over letters.
        transactions: MAIL, RCPT, DATA and RSET in a session, each.
        batch: letters kept in one commit.
        exempt_loopback: the caps per address do not hold for this machine, where our own mail server stands.
    """

    size_bytes: int = 25 * 1024 * 1024
    line_bytes: int = 64 * 1024
    header_bytes: int = 100 * 1024
    memory_bytes: int = 1024 * 1024
    recipients: int = 50
    connections: int = 200
    connections_each: int = 20
    letters_per_minute: int = 300
    sender_letters_per_minute: int = 0
    idle_s: float = 300.0
    session_s: float = 900.0
    keep_s: float = 240.0
    commands: int = 100
    transactions: int = 100_000
    batch: int = 64
    exempt_loopback: bool = True
