"""Mail domains at which anybody may have an address: to write from there says nothing of where somebody works."""

from __future__ import annotations

import re

#: Known ones, casefolded; those of a provider in many countries by their form.
_KNOWN = """
126.com 163.com aim.com aol.com bigmir.net bk.ru duck.com email.ua fastmail.com free.fr gmail.com googlemail.com hey.com
i.ua icloud.com inbox.lv inbox.ru internet.ru interia.pl laposte.net libero.it list.ru mac.com mail.com mail.ee mail.ru
me.com meta.ua msn.com o2.pl onet.pl online.ua op.pl orange.fr pm.me proton.me protonmail.ch protonmail.com qq.com
rambler.ru rocketmail.com seznam.cz t-online.de tuta.com tuta.io tutanota.com tutanota.de ua.fm ukr.net web.de wp.pl
ya.ru ymail.com zoho.com zohomail.com
"""
_DOMAINS = frozenset(_KNOWN.split())
_EVERYWHERE = re.compile(r"(?:gmx|hotmail|live|outlook|yahoo|yandex)\.(?:[a-z]{2,3}|com?\.[a-z]{2})")


def is_public(domain: str) -> bool:
    """Tell whether anybody may have an address at a mail domain, which is casefolded."""
    return domain in _DOMAINS or _EVERYWHERE.fullmatch(domain) is not None
