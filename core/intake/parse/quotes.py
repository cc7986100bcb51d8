"""What the sender wrote now, without what the letter quotes and without a signature.

Losing a customer's word is worse than keeping a quote: where it cannot be told, all is kept.
"""

from __future__ import annotations

import re

#: "On … wrote:", as mail programs say it above what they quote; bounded, so that no text takes long to look at.
_WROTE = re.compile(
    r"""^[ \t>*_]{0,4}(?:
        On\b.{4,400}?\b(?:wrote|writes|schrieb|skrev)\b.{0,40}?[:：]
      | (?:Le|El|Il|Em|Am|Op|Den|Dne|W\ dniu|Dnia|Pe|Í|På|Vào|Dana)\b.{4,400}?\b
        (?:a\ écrit|écrit|escribió|ha\ scritto|scritto|escreveu|schrieb|schreef|het\ volgende\ geschreven|skrev
          |napsal\(?a?\)?|pisze|napisał\(?a?\)?|a\ scris|kirjoitti|napísal\(?a?\)?|je\ napisao)\b.{0,60}?[:：]
      | .{4,200}?\b(?:пише|написав(?:ла)?|написала|пишет|написал\(?а?\)?|написала)\b.{0,80}?[:：]
      | .{0,80}\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.{0,120}<[^<>\s]+@[^<>\s]+>\s*[:：]
      | .{0,120}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|schrieb|写道|пише|пишет|написав|написал)?\s*[:：]
      | \d{4}年.{4,120}[:：]
      | 在.{4,200}写道[:：]
    )[ \t]*$""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL,
)

#: A line above a forwarded or quoted original.
_ORIGINAL = re.compile(
    r"""^[ \t>]*(?:
        -{2,}\s*(?:Original\ Message|Original\ Appointment|Reply\ message|Forwarded\ message|Forwarded\ by|Begin\ forwarded
          |Message\ d'origine|Ursprüngliche\ Nachricht|Mensaje\ original|Mensagem\ original|Messaggio\ originale
          |Oorspronkelijk\ bericht|Wiadomość\ oryginalna|Oprindelig\ meddelelse|Исходное\ сообщение|Оригінальне\ повідомлення
          |Пересылаемое\ сообщение|Переслане\ повідомлення|Originalmeddelande|Antwort|Reply|原始邮件).{0,60}-*
      | Begin\ forwarded\ message:
      | _{20,}
      | -{20,}
      | ={20,}
    )[ \t]*$""",
    re.IGNORECASE | re.VERBOSE,
)

#: The header lines that Outlook puts above a quote: the first of a block of them.
_HEADER_FIRST = re.compile(
    r"^[ \t>]*\**(?:From|Von|De|Da|Van|Od|Fra|Från|Від|От|Кому|Lähettäjä|发件人|差出人|寄件者)\**\s*[:：]\**\s*\S",
    re.IGNORECASE,
)
_HEADER_NEXT = re.compile(
    r"^[ \t>]*\**(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|Objet|À|Enviado|Para|Asunto|Assunto|Inviato|A"
    r"|Oggetto|Verzonden|Aan|Onderwerp|Data|Do|Temat|Wysłano|Sendt|Til|Emne|Skickat|Till|Ämne|Надіслано|Дата|Кому|Тема"
    r"|Отправлено|Копія|Копия|Reply-To|发送时间|收件人|主题)\**\s*[:：]",
    re.IGNORECASE,
)

#: Where to write above: what stands below such a line is the desk's or a program's own.
_MARKER = re.compile(
    r"^[ \t]*(?:#{2,}|-{2,}|={2,}|\*{2,})?\s*(?:please )?(?:reply|write|type your (?:reply|response)"
    r"|відповідайте|пишіть|ответьте)\b.{0,40}\b(?:above|over|вище|выше)\b.{0,40}$",
    re.IGNORECASE,
)

_SIGNATURE = re.compile(r"^[ \t]*(?:--|—|–|__)[ \t]*$")
_MOBILE = re.compile(
    r"^[ \t]*(?:Sent (?:from|with|via|using)\b|Get Outlook for\b|Envoyé (?:de|depuis)\b|Von meinem\b|Gesendet von\b"
    r"|Enviado (?:desde|do|de)\b|Inviato da\b|Verzonden (?:vanaf|met)\b|Надіслано з\b|Отправлено (?:с|из)\b|Wysłane z\b"
    r"|Sendt fra\b|Skickat från\b|Lähetetty\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[ \t]{0,3}(?:>|\|(?= ))")

#: Lines of a text that are looked at, and characters of one of them.
LINES, LINE_CHARACTERS = 5000, 2000


def own_words(text: str) -> str:
    """Take quotes and signature away; all of the text, if nothing would be left."""
    lines = [line[:LINE_CHARACTERS] if len(line) > LINE_CHARACTERS else line for line in _lines(text)]
    kept = _without_trailing(_before_quote(lines))
    kept = [line for line in kept if not _QUOTED.match(line)] if _has_own(kept) else kept
    words = "\n".join(_without_signature(kept)).strip()
    words = re.sub(r"\n{3,}", "\n\n", words)
    return words or text.strip()


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:LINES]


def _has_own(lines: list[str]) -> bool:
    return any(line.strip() and not _QUOTED.match(line) for line in lines)


def _before_quote(lines: list[str]) -> list[str]:
    """Cut where a quote of the whole conversation begins, if own words stand above it."""
    for at, line in enumerate(lines):
        if not line.strip() or not _starts_quote(lines, at):
            continue
        if _has_own(lines[:at]) and not _answers_below(lines, at):
            return lines[:at]
        if not _has_own(lines[:at]):
            return _below(lines, at)
    return lines


def _starts_quote(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _MARKER.match(line):
        return True
    if _ORIGINAL.match(line):
        rest = [one for one in lines[at + 1 : at + 6] if one.strip()]
        ruled = re.fullmatch(r"[ \t>]*[_=-]{20,}[ \t]*", line)
        return not ruled or bool(rest and _HEADER_FIRST.match(rest[0]))
    if _HEADER_FIRST.match(line):
        return sum(1 for one in lines[at + 1 : at + 6] if _HEADER_NEXT.match(one)) >= 2  # noqa: PLR2004 - two make a block
    # The line may be broken in up to three.
    for count in (1, 2, 3):
        joined = " ".join(one.strip() for one in lines[at : at + count])
        if len(joined) < 600 and _WROTE.match(joined):  # noqa: PLR2004 - characters
            following = [one for one in lines[at + count : at + count + 4] if one.strip()]
            certain = count == 1 or bool(following and _QUOTED.match(following[0]))
            return certain or bool(re.search(r"\bwrote\s*:|@", joined))
    return False


def _answers_below(lines: list[str], at: int) -> bool:
    """Tell whether the sender answers between quoted lines below: then nothing may be cut."""
    below = lines[at + 1 :]
    quoted = [number for number, line in enumerate(below) if _QUOTED.match(line)]
    if not quoted:
        return False
    after = [line for line in below[quoted[0] :] if line.strip() and not _QUOTED.match(line)]
    after = _without_signature(after)
    return bool(after) and not any(_starts_quote(below, number) for number in range(quoted[0]))


def _below(lines: list[str], at: int) -> list[str]:
    """Keep what is written below a quote that stands on top; all of it where there is nothing."""
    quoted = [number for number, line in enumerate(lines) if number > at and _QUOTED.match(line)]
    if not quoted:
        return lines
    return lines[:at] + lines[quoted[0] :]


def _without_trailing(lines: list[str]) -> list[str]:
    """Take quoted lines off the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _QUOTED.match(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines


def _without_signature(lines: list[str]) -> list[str]:
    """Take off what stands below `-- ` (RFC 3676, section 4.3) and the lines of mobile programs at the end."""
    for at, line in enumerate(lines):
        if at and _SIGNATURE.match(line) and _has_own(lines[:at]):
            lines = lines[:at]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or _MOBILE.match(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines
