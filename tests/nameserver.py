"""A small name server on this machine, which says over UDP what a test wants the world to believe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import sleep

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_BYTES = 4096

#: Instead of records: nobody answers, and an answer that is a fault.
SILENT, BROKEN = "(silent)", "(broken)"


class NameServer:
    """Answers from records, by name: each `KIND value`; and counts what it was asked."""

    def __init__(self, records: Mapping[str, list[str]]) -> None:
        self.records = dict(records)
        self.asked: list[str] = []
        self.slow_s = 0.0
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self.port = int(self._line.getsockname()[1])

    def serve(self) -> None:
        """Answer until the line is closed."""
        while True:
            try:
                wire, client = self._line.recvfrom(_BYTES)
            except OSError:
                return
            if not wire:  # hung up
                return
            answer = self._answer(dns.message.from_wire(wire))
            sleep(self.slow_s)
            if answer is not None:
                self._line.sendto(answer.to_wire(max_size=65535), client)

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):  # it is not connected; whoever waits for the line is woken all the same
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        known = self.records.get(name)
        answer = dns.message.make_response(query, recursion_available=True)
        if known == [SILENT]:
            return None
        if known is None or known == [BROKEN]:
            answer.set_rcode(dns.rcode.NXDOMAIN if known is None else dns.rcode.SERVFAIL)
            return answer
        kind = dns.rdatatype.to_text(question.rdtype)
        found = [value for one, value in (record.split(" ", 1) for record in known) if one == kind]
        if found:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        return answer


@contextmanager
def name_server(records: Mapping[str, list[str]]) -> Iterator[NameServer]:
    """Have a name server for the block."""
    server = NameServer(records)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
