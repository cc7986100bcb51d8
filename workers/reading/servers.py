"""May the server that brought a letter send for the domain of its envelope (SPF, RFC 7208)?"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import spf

from workers.reading.names import Asking, Away

#: Characters of a label, and of a name (RFC 1035, section 2.3.4).
_LABEL, _NAME = 63, 253


def envelope_domain(mail_from: str, helo: str) -> str:
    """Tell which domain is asked: of a letter without a sender, that which the client named itself by (section 2.4)."""
    return (mail_from.strip("<> ").rpartition("@")[2] or helo).casefold().rstrip(".")


def is_of_internet(peer: str) -> bool:
    """Tell whether a client is out there; one of this machine, this house or a mailbox passes on others' letters."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_global


def spf_result(asking: Asking, peer: str, mail_from: str, helo: str) -> str:
    """Check a client's right to send.

    Args:
        peer: the client's address, which must be of the internet.
        mail_from: the sender of the envelope; empty where there is none.
        helo: how the client named itself.

    Returns:
        The result in the words of the RFC: pass, fail, softfail, neutral, none, permerror; temperror while name servers
        are away.
    """
    named = helo or envelope_domain(mail_from, helo)
    return str(_Query(asking, peer, mail_from.strip("<> "), named).check()[0])


class _Query(spf.query):  # type: ignore[misc] # the library has no types
    """The library's own reckoning, with questions that are asked by us, within our bounds."""

    def __init__(self, asking: Asking, peer: str, sender: str, helo: str) -> None:
        self._asking = asking
        super().__init__(peer, sender, helo, strict=True)

    def dns(self, name: Any, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:  # noqa: ARG002 - the library's
        """Ask for records; the name server follows other names by itself."""
        wanted = str(name).rstrip(".").lower()
        if len(wanted) > _NAME or not all(0 < len(label) <= _LABEL for label in wanted.split(".")):
            return []
        try:
            found = [_as_library(one, qtype) for one in self._asking.ask(wanted, qtype)]
        except Away as error:
            raise spf.TempError("no answer") from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many questions for nothing")
        return found


def _as_library(record: Any, qtype: str) -> Any:
    """Write a record as the library wants it."""
    match qtype:
        case "MX":
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
        case "TXT" | "SPF":
            return record.strings
        case _:
            return record.address
