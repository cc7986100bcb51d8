"""Who a letter is from, found out by ourselves where no mail server of ours stands before the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from core.inbox.actions import Raw
from core.intake.letter import Letter
from core.intake.reading import Understood
from core.intake.rules.authenticity import has_results, is_of_sender, told_of
from workers.reading.names import Asking, Away, Names
from workers.reading.policies import Policy, organization_of, policy_of
from workers.reading.servers import envelope_domain, is_of_internet, spf_result
from workers.reading.signatures import arc_passes, dkim_results

_PASS, _FAIL, _LATER = "pass", "fail", "temperror"

log = structlog.get_logger(__name__)


def checker(names: Names, authserv_id: str = "") -> Callable[[Raw, Understood], Understood]:
    """Make what adds to a letter what SPF, DKIM, DMARC and ARC say of its sender.

    Nothing that comes of it holds a letter up: where nobody can tell, nothing is told.

    Args:
        names: the name servers that are asked.
        authserv_id: the name of our own mail server; what it has looked at is not looked at again.
    """

    def check(sent: Raw, understood: Understood) -> Understood:
        if has_results(understood.letter, authserv_id):
            return understood
        try:
            flags = sender_flags(sent, understood.letter, names.asking())
        except Exception as error:  # noqa: BLE001 - whatever the libraries make of hostile records, the letter goes on
            log.warning("sender_not_checked", row=sent.row, reason=type(error).__name__)
            return understood
        letter = replace(understood.letter, flags=(*understood.letter.flags, *flags))
        return replace(understood, letter=letter) if flags else understood

    return check


def sender_flags(sent: Raw, letter: Letter, asking: Asking) -> tuple[str, ...]:
    """Tell, as keys of sentences, what a reader is to know of who sent a letter; nothing where nobody can tell.

    A letter that names several senders is nobody's in particular: it is never confirmed.
    """
    domain = _domain_of(letter)
    if not domain or "flag.many_from" in letter.flags:
        return ()
    sender = _Sender(sent, letter, asking, domain)
    found = sender.results()
    told = told_of(letter, found, refuses=sender.refuses)
    if told and found.get("dmarc", ("", ""))[0] != _PASS and arc_passes(sent.content, letter, asking):
        told = told_of(letter, found | {"arc": (_PASS, "")}, refuses=sender.refuses)
    return told


def _domain_of(letter: Letter) -> str:
    """Read the domain of the sender; empty where there is none that anybody could own."""
    domain = letter.from_.address.rpartition("@")[2].rstrip(".") if letter.from_ else ""
    return _as_asked(domain) if "." in domain else ""


def _as_asked(domain: str) -> str:
    """Write a domain as name servers know it (RFC 5891); empty where they cannot."""
    try:
        return domain.encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return ""


@dataclass(slots=True)
class _Sender:
    """The sender of a letter, and what is asked about them.

    Attributes:
        away: nobody can tell what the owner of their domain wants.
    """

    sent: Raw
    letter: Letter
    asking: Asking
    domain: str
    policy: Policy | None = None
    away: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the owner of the domain wishes that what is not confirmed is refused."""
        return self.policy is not None and self.policy.refuse

    def results(self) -> dict[str, tuple[str, str]]:
        """Ask what there is to ask: by method the result and the domain, of those where somebody can tell.

        Whose server brought the letter is asked only where it matters: else whoever sent it would choose whom we wait
        for.
        """
        try:
            self.policy = policy_of(self.domain, self.asking.texts)
        except Away:
            self.away = True
        signed = dkim_results(self.sent.content, self.letter, self.asking, self._signs)
        best = next((one for one in signed if one[0] == _PASS), None) or next(iter(signed), None)
        found = {} if best is None else {"dkim": best}
        if self.policy is not None:
            return found | self._dmarc([result for result, _ in signed])
        if not self.away and is_of_internet(self.sent.peer):
            found["spf"] = self._came(), self._envelope
        return found

    @property
    def _envelope(self) -> str:
        return _as_asked(envelope_domain(self.sent.mail_from, self.sent.helo))

    def _came(self) -> str:
        return spf_result(self.asking, self.sent.peer, self.sent.mail_from, self.sent.helo)

    def _dmarc(self, signed: list[str]) -> dict[str, tuple[str, str]]:
        """Tell whether the owner of the domain confirms the letter; nothing where that depends on what nobody knows."""
        if _PASS in signed:
            return {"dmarc": (_PASS, self.domain)}
        if not is_of_internet(self.sent.peer):
            return {}
        of_owner = self._brings(self._envelope)
        came = self._came() if of_owner else ""
        if came == _PASS:
            return {"dmarc": (_PASS, self.domain)}
        known = _LATER not in signed and of_owner is not None and came != _LATER
        return {"dmarc": (_FAIL, self.domain)} if known else {}

    def _signs(self, domain: str) -> bool:
        """Tell whether a signature of a domain speaks for the sender.

        Raises:
            Away: nobody can tell.
        """
        if self.policy is None:
            return is_of_sender(self.letter, domain)
        return self._is_owners(domain, strict=self.policy.strict_dkim)

    def _brings(self, domain: str) -> bool | None:
        """Tell whether a domain of an envelope speaks for the sender; None where nobody can tell."""
        try:
            return bool(self.policy and domain and self._is_owners(domain, strict=self.policy.strict_spf))
        except Away:
            return None

    def _is_owners(self, domain: str, *, strict: bool) -> bool:
        if domain == self.domain or strict or self.policy is None:
            return domain == self.domain
        owner = self.policy.organization
        below = domain == owner or domain.endswith(f".{owner}")
        return below and organization_of(domain, self.asking.texts) == owner
