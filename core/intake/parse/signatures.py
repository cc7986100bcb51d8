"""The end of a letter that is no words of its sender: a signature (RFC 3676, section 4.3), lines of mobile programs."""

from __future__ import annotations

import re

#: Lines of a signature; what is longer is no signature.
_LINES = 20

#: Characters of a line that are looked at.
_LOOK_AT = 400

_SIGNATURE = re.compile(r"[ \t]*--[ \t]*\Z")
_MOBILE = re.compile(
    r"[ \t]*(?:Get Outlook for\b|Téléchargez Outlook pour\b|Holen Sie sich Outlook\b"
    r"|(?:Sent (?:from|with|via|using)|Envoyé (?:de|depuis|à partir (?:de|d['’]))|Von meinem|Gesendet (?:von|mit)|Enviado (?:desde|do|de)"
    r"|Inviato (?:da|dal)|Verzonden (?:vanaf|met|van)|Надіслано (?:з|із|через)|Отправлено (?:с|из|через)|Wysłane z|Sendt fra|Skickat från"
    r"|Lähetetty|Odesláno z|Odoslané z|Elküldve|Trimis (?:de pe|din)|Poslano (?:iz|s))(?:\b|(?<=['’])).{0,40}?"
    r"\b(?:i(?:Phone|Pad|Pod|OS)|Android\w*|Samsung|Galaxy|Huawei|Xiaomi|Redmi|Black ?Berry|Nokia|Windows|Outlook|Yahoo"
    r"|Gmail|Mail|Mobile|Handy|phone|smartphone|tablet|Proton\w*|Thunderbird|Mailbox|Spark|WebMail|телефону?|телефона|смартфон\w*"
    r"|мобільн\w*|мобильн\w*|Пошти|Почты)\b)",
    re.IGNORECASE,
)

#: What a line of a mobile program has besides: a link, a dot; in words after a comma or a colon somebody says something.
_LINK = re.compile(r"[<(]?\bhttps?://[^\s<>()]{0,300}[>)]?|<[^<>]{0,300}>")
_SAYS = re.compile(r"[,:;?!]|(?:\w+\W+){6}")


def _is_of_mobile(line: str) -> bool:
    head = _LINK.sub("", line[:_LOOK_AT])
    found = _MOBILE.match(head)
    return found is not None and re.search(r"[:;?!]", found[0]) is None and _SAYS.search(head[found.end() :]) is None


def without_signature(lines: list[str]) -> list[str]:
    """Take off what stands below the last `-- `, and lines of mobile programs at the end; all, if nothing were left."""
    for at in range(len(lines) - 1, max(0, len(lines) - _LINES - 2), -1):
        if _SIGNATURE.match(lines[at][:_LOOK_AT]) and any(line.strip() for line in lines[:at]):
            lines = lines[:at]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_of_mobile(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines
