"""Who sends it, by the look of the address alone: a daemon of the mail, a service, or somebody."""

from __future__ import annotations

import re
from enum import Enum, auto

from core.intake.letter import Letter


class Sender(Enum):
    """Who writes: what only tells of mail, what may be a machine or its keeper, and everybody else."""

    DAEMON = auto()
    SERVICE = auto()
    SOMEBODY = auto()


#: Names of programs that tell of mail and write nothing else. `poostmaster` is what some of them call themselves.
_DAEMON = re.compile(
    r"^(?:mailer|mail|mta|smtp|lmtp|delivery)[._-]?(?:daemon|delivery|deliver|subsystem|system|error|errors|failure)\b"
    r"|^(?:mdaemon|mmdf|uucp|maildeliver\w*|mail[._]delivery[._]\w+|bounced?|bounces?-?handler|ndr)\b",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"^\W*(?:mail(?:er)?[ _-]?daemon|(?:(?:e-?)?mail|internet mail|message) deliver\w* (?:sub-?)?(?:system|service"
    r"|agent)"
    r"|mail(?:er)? (?:sub-?system|transfer agent|error|failure)|delivery (?:sub-?system|status|failure)"
    r"|mail deliver\w*\b"
    r"|ndr\b|mmsc ndr|postmaster notify|система (?:доставки|доставляння)|почтовая система|служба доставки"
    r"|mailzustell\w*|système de (?:remise|messagerie))",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"^(?:po+st[._-]?master|hostmaster|mailer|mailadm\w*|mail-?admin|sysadmin|root|daemon|abuse"
    r"|(?:do-?not|no)[._-]?reply|notifications?|list-?(?:serv|master|manager)\w*|majordomo|sympa|mailman|ezmlm|fml)\b"
    r"|smtp|anti-?(?:virus|spam)|mail[._-]?(?:gateway|server|service|system|scan|router|sweeper|marshal|filter|guard)"
    r"|(?:-|\.)(?:admin|owner|request|bounces?|help|manager)$",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"^(?:po+st[._-]?master|hostmaster|mailer|mailadm\w*|mail-?admin|sysadmin|daemon)\b|smtp|anti-?(?:virus|spam)"
    r"|mail[._-]?(?:gateway|server|service|system|scan|router|sweeper|marshal|filter|guard)",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"^(?:po+st[._-]?master|mailer|daemon)\b|smtp|anti-?(?:virus|spam)"
    r"|mail[._-]?(?:gateway|server|service|system|scan|router|sweeper|marshal|filter|guard)",
    re.IGNORECASE,
)
_SERVICE_NAME = re.compile(
    r"^\W*(?:po+st[ -]?master|(?:system|(?:e-?)?mail|server|network) administrat\w+|administrat\w+"
    r"|microsoft (?:outlook|exchange)"
    r"|(?:the )?post ?office\b|mms mail|mail (?:connector|relay|hub|exchanger|agent)\b"
    r"|automat(?:ed|ic) (?:response|reply|mail)|mail(?:er)? (?:service|server|gateway|router)|(?:anti-?)?(?:virus"
    r"|spam)\b"
    r"|системный администратор|системний адміністратор|administrateur système|systemadministrator)",
    re.IGNORECASE,
)


def sender_of(letter: Letter) -> Sender:
    """Tell who writes by the names they use."""
    if letter.from_ is None or not letter.from_.address:
        # Some write the null sender there as they would in the envelope.
        return Sender.DAEMON if letter.header("from").strip() == "<>" else Sender.SERVICE
    local, name = letter.from_.address.split("@")[0], letter.from_.name
    if _DAEMON.search(local) or _DAEMON_NAME.match(name):
        return Sender.DAEMON
    if _SERVICE.search(local) or _SERVICE_NAME.match(name):
        return Sender.SERVICE
    return Sender.SOMEBODY


def is_of_service(address: str) -> bool:
    """Tell whether a daemon of the mail or a service has an address, by the look of it."""
    local = address.partition("@")[0]
    return _DAEMON.search(local) is not None or _SERVICE.search(local) is not None


def keeps_mail(letter: Letter) -> bool:
    """Tell of a service whether it is one of mail: nobody at all, the postmaster, a gateway; and not a shop."""
    if letter.from_ is None or not letter.from_.address:
        return True
    local = letter.from_.address.split("@")[0]
    return _OF_MAIL.search(local) is not None or _SERVICE_NAME.match(letter.from_.name) is not None


def may_be_person(letter: Letter) -> bool:
    """Tell of a service of mail whether people write by this name too: administrators do; of none nobody knows."""
    return letter.from_ is None or _PROGRAMS.search(letter.from_.address.split("@")[0]) is None
