"""What the sender wrote now, without what the letter quotes and without a signature.

Losing a customer's word is worse than keeping a quote: where it cannot be told, all is kept. A line is looked at for at
most `_LOOK_AT` characters, and kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Characters of a line that are looked at; an attribution is no longer, in all its lines.
_LOOK_AT = 400

#: An attribution is broken into no more lines.
_BROKEN_INTO = 4

#: Lines of a signature; what is longer is no signature.
_SIGNATURE_LINES = 20

#: How an attribution begins, on its own line: with a date, or with what a language puts before one.
_BEGINS = re.compile(
    r"""[ \t*_]{0,4}(?:-{2,}[ \t]*)?(?:
        (?:On|At|Le|El|Il|Em|Am|Op|Den|Dne|W\ dniu|Dnia|Pe|Í|På|Vào|Dana|Em\ data)[ \t]
      | (?:(?:у|в|во)[ \t]+)?(?:пн|вт|ср|чт|пт|сб|нд|вс|понеділок|вівторок|серед[ау]|четвер|п['’ʼ]?ятниц[яю]|субот[ау]|неділ[яю]
          |понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)\b[.,]?[ \t]
      | (?:mon|tues|wednes|thurs|fri|satur|sun)day,[ \t]
      | (?:mon|tue|wed|thu|fri|sat|sun|man|tir|tirs|ons|tor|tors|fre|lør|lör|søn|sön|ma|ti|ke|to|pe|la|su|lun|mar|mer|mié|mie|jue|jeu
          |vie|ven|sáb|sab|sam|dom|dim|pon|wt|śr|czw|pt|sob|niedz|di|mi|do|fr|sa|so|mo|wo|vr|za|zo)\b[.,]+[ \t]
      | \d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b
      | \d{1,2}\.?[ \t]+[^\W\d_]{3,14}\.?,?[ \t]+\d{4}\b
      | \d{4}[ \t]*年
      | 在[ \t]*\d{4}
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: A day with its year, or a time of day: every attribution that begins with a date has one.
_WHEN = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{4}\s*年|\d{1,2}[:.]\d{2}\b")

#: A time of day: of an attribution in several lines the first has it, and a sentence that begins with a date has none.
_TIME = re.compile(r"(?<![\d./-])\d{1,2}(?::\d{2}|[.h]\d{2}(?![./-]?\d))")

#: How an attribution ends: "… wrote:", or with an address.
_VERB = r"""(?:wrote|writes|sent|schrieb|skrev|(?:a\ )?écrit|escribió|ha\ escrit|(?:ha\ )?scritto|escreveu|schreef|geschreven
    |napsal\(?a?\)?|napísal\(?a?\)?|pisze|napisał\(?a?\)?|a\ scris|kirjoitti|je\ napisao|viết|пише|написав|написала|пишет|написал\(?а?\)?
    |写道|のメッセージ)"""
_ENDS = re.compile(
    rf"(?:{_VERB}(?![^\W\d_])[^:：]{{0,80}}?[ \t]*[:：]|<[ \t]*[^<>\s]+@[^<>\s]+[ \t]*>[ \t]*(?:{_VERB})?[ \t]*[:：]|{_VERB}[ \t]*-{{2,}})[ \t*_]*\Z",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]@]{1,100}@[\w.-]+\.\w")

#: A day with its year, and a time of day; people who tell what they wrote themselves are no program.
_TO_THE_MINUTE = re.compile(
    r"(?=.*(?:\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b))(?=.*\b\d{1,2}[:.]\d{2}\b)"
    r"(?!.*\b(?:I|we|ich|wir|я|ми|мы)\b)",
    re.IGNORECASE,
)

#: The same without a date: a name, an address, and a verb if there is one.
_SOMEBODY = re.compile(
    rf"[ \t*_]{{0,4}}(?:-{{2,}}[ \t]*)?[\"']?[^<>@:,;.!?]{{0,80}}[\"']?[ \t]*<[ \t]*[^<>\s]+@[^<>\s]+[ \t]*>[ \t]*(?P<verb>{_VERB}(?:[ \t]+(?:am|om|op|den)[ \t][^:：]{{0,40}}\d[:.]\d\d[^:：]{{0,10}})?)?[ \t]*[:：][ \t*_]*\Z",
    re.IGNORECASE | re.VERBOSE,
)
_SOMEBODY_BEGINS = re.compile(
    rf"[ \t]*[^<>@:,;.!?]{{2,80}}<[^<>\s]+@[^<>\s]+>[ \t]*{_VERB}[ \t]", re.IGNORECASE | re.VERBOSE
)

#: Where the first of several lines of an attribution ends a sentence, it is the sender's own.
_SENTENCE = re.compile(r"[.!?…;:][\"'»”)]*\s*\Z")

#: A line above a forwarded or quoted original.
_ORIGINAL = re.compile(
    r"""[ \t]*\**(?:
        -{2,}[ \t]*(?:Original\ Message|Original\ Appointment|Reply\ message|Forwarded\ message|Forwarded\ by
          |Message\ d'origine|Message\ original|Ursprüngliche\ Nachricht|Mensaje\ original|Mensagem\ original|Messaggio\ originale
          |Oorspronkelijk\ bericht|Wiadomość\ oryginalna|Oprindelig\ (?:meddelelse|besked)|Opprinnelig\ melding|Alkuperäinen\ viesti
          |Исходное\ сообщение|Оригінальне\ повідомлення|Початкове\ повідомлення|Пересылаемое\ сообщение|Переслане\ повідомлення
          |Originalmeddelande|Ursprungligt\ meddelande|原始邮件).{0,60}
      | -{2,}[ \t]*(?:Antwort|Reply)[ \t]*-{2,}
      | Begin\ forwarded\ message:
    )[ \t]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_RULE = re.compile(r"[ \t]*(?:_{10,}|-{10,}|={10,})[ \t]*\Z")

#: The header lines that a program puts above a quote: who, when, to whom, what about.
_HEADERS = {
    "who": r"From|Von|De|Da|Van|Od|Fra|Från|Від|От|Lähettäjä|发件人|差出人|寄件者",
    "when": r"Sent|Date|Gesendet|Datum|Envoyé|Enviado|Enviada|Inviato|Verzonden|Data|Wysłano|Sendt|Skickat|Надіслано|Дата|Отправлено"
    r"|Fecha|Message\ du|发送时间|日期",
    "whom": r"To|Cc|An|À|A|Para|Aan|Do|Til|Till|Кому|Копія|Копия|Reply-To|Lähetetty|收件人",
    "what": r"Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Temat|Emne|Ämne|Тема|Aihe|主题|件名",
}
_HEADER = re.compile(
    r"[ \t]*\**(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _HEADERS.items()) + r")\**[ \t]*[:：]\**",
    re.IGNORECASE | re.VERBOSE,
)
_HEADER_LINES = 6

#: Where to write above: what stands below such a line is the desk's or a program's own.
_MARKER = re.compile(
    r"[ \t]*(?:#{2,}|-{2,}|={2,}|\*{2,})?[ \t]*(?:please )?(?:reply|write|type your (?:reply|response)|відповідайте|пишіть|ответьте)\b"
    r".{0,40}\b(?:above|over|вище|выше)\b.{0,10}\b(?:line|лінії|рядка|риски|линии|строки|черты)\b.{0,40}\Z",
    re.IGNORECASE,
)

#: A quick look first: most lines have none of these, and most texts none of the words that every marker has.
_MAY_START = re.compile(r"[:：\d_=-]")
_ABOVE = ("above", "over", "вище", "выше")

_SIGNATURE = re.compile(r"[ \t]*--[ \t]*\Z")
_MOBILE = re.compile(
    r"[ \t]*(?:Get Outlook for\b|(?:Sent (?:from|with|via|using)|Envoyé (?:de|depuis)|Von meinem|Gesendet (?:von|mit)|Enviado (?:desde|do|de)"
    r"|Inviato (?:da|dal)|Verzonden (?:vanaf|met)|Надіслано (?:з|із|через)|Отправлено (?:с|из|через)|Wysłane z|Sendt fra|Skickat från"
    r"|Lähetetty)\b.{0,40}\b(?:i(?:Phone|Pad|Pod)|Android\w*|Samsung|Galaxy|Huawei|Xiaomi|Redmi|Black ?Berry|Nokia|Windows|Outlook|Yahoo"
    r"|Gmail|Mail|Mobile|Handy|phone|smartphone|tablet|Proton\w*|Thunderbird|Mailbox|Spark|WebMail|телефону?|телефона|смартфон\w*"
    r"|мобільн\w*|мобильн\w*|Пошти|Почты)\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"[ \t]{0,3}>(?![ \t]*[:：][ \t]*\Z)"
)  # not the end of an attribution that is broken in an address


def own_words(text: str) -> str:
    """Take quotes and signature away; all of the text, if nothing would be left."""
    page = _Page(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    words = "\n".join(_without_signature(page.own_lines())).strip()
    return re.sub(r"\n{3,}", "\n\n", words) or text.strip()


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a quote begins: the line after its attribution, and whether it needs no `>` to be believed."""

    end: int
    certain: bool


class _Page:
    """The lines of a text; every question about them takes time in proportion to the lines it is about."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._heads = [line[:_LOOK_AT] for line in lines]
        self._quoted = [_QUOTED.match(head) is not None for head in self._heads]
        self._words = [bool(line.strip()) for line in lines]
        small = "\n".join(self._heads).lower()
        self._may_mark = any(word in small for word in _ABOVE)
        self._last_own = max((at for at in self._ends_with() if self._is_own(at)), default=-1)

    def _ends_with(self) -> range:
        """Tell the lines that count as written below something: those above the signature."""
        return range(len(_without_signature(self._heads)))

    def _is_own(self, at: int) -> bool:
        return self._words[at] and not self._quoted[at]

    def own_lines(self) -> list[str]:
        """Choose the lines that are the sender's own."""
        kept: list[int] = []
        has_own, at = False, 0
        while at < len(self._lines):
            start = self._start(at) if self._is_own(at) else None
            if start is None:
                has_own = has_own or self._is_own(at)
                kept.append(at)
                at += 1
                continue
            below = self._next_words(start.end)
            is_quote = below < len(self._lines) and self._quoted[below]
            if not is_quote and has_own and start.certain:
                break
            if is_quote and has_own and self._last_own < below:
                break
            if not is_quote:
                has_own = True
                kept += range(at, start.end)
            at = start.end
        own = [at for at in kept if not self._quoted[at]] if has_own or self._last_own >= 0 else kept
        return [self._lines[at] for at in own]

    def _next_words(self, at: int) -> int:
        return next(
            (one for one in range(at, min(at + _HEADER_LINES, len(self._lines))) if self._words[one]), len(self._lines)
        )

    def _start(self, at: int) -> _Start | None:
        """Tell whether a quote begins on a line, by the line's own first characters."""
        head = self._heads[at]
        if self._may_mark and _MARKER.match(head):
            return _Start(at + 1, certain=True)
        if not _MAY_START.search(head):
            return None
        original = _ORIGINAL.match(head) is not None
        if original or _RULE.match(head):
            below = self._next_words(at + 1)
            block = self._headers(below) if below < len(self._lines) else None
            return _Start(at + 1, certain=True) if original and block is None else block
        return self._headers(at) or self._attribution(at)

    def _headers(self, at: int) -> _Start | None:
        """Find a block of header lines: who, when and what about; or who by an address, with one of the others."""
        first = _HEADER.match(self._heads[at])
        if first is None or first.lastgroup == "whom":  # no block begins with whom
            return None
        found: dict[str, str] = {}
        end = at
        for one in range(at, min(at + _HEADER_LINES, len(self._lines))):
            header = _HEADER.match(self._heads[one])
            kind = header.lastgroup if header else None
            # An empty line, and a second line of who or when, belong to another block: the first may be the sender's own.
            if not self._words[one] or (kind in found and kind != "whom"):
                break
            if kind is not None:
                found.setdefault(kind, self._heads[one])
                end = one + 1
        by_address = _ADDRESS.search(found.get("who", "")) is not None and len(found) >= 3  # noqa: PLR2004 - kinds
        if {"who", "when", "what"} <= found.keys() or by_address:
            return _Start(end, certain=True)
        return None

    def _attribution(self, at: int) -> _Start | None:
        """Find an attribution, which may be broken into several lines."""
        if _BEGINS.match(self._heads[at]):
            for end in range(at + 1, min(at + _BROKEN_INTO, len(self._lines)) + 1):
                if not self._is_own(end - 1) or (end > at + 1 and not _TIME.search(self._heads[at])):
                    break
                if not self._heads[end - 1].rstrip(" \t*_").endswith((":", "：", "-")):
                    continue  # a quick look first: most lines end no attribution
                joined = self._joined(at, end)
                if _ENDS.search(joined) and _WHEN.search(joined):
                    return None if self._is_later(at, end) else _Start(end, certain=_is_certain(joined))
        return self._somebody(at)

    def _somebody(self, at: int) -> _Start | None:
        """Find an attribution that begins with a name, in one line or in two."""
        if "<" not in self._heads[at]:
            return None
        end, found = at + 1, _SOMEBODY.match(self._heads[at])
        broken = found is None and _SOMEBODY_BEGINS.match(self._heads[at]) is not None
        if broken and end < len(self._lines) and self._is_own(end):
            end, found = at + 2, _SOMEBODY.match(self._joined(at, at + 2))
        if found is None:
            return None
        return _Start(end, certain=found["verb"] is not None and (not at or not self._words[at - 1]))

    def _joined(self, at: int, end: int) -> str:
        return " ".join(head.strip() for head in self._heads[at:end])[: _LOOK_AT + 1]

    def _is_later(self, at: int, end: int) -> bool:
        """Tell whether an attribution of several lines begins on a later one, and the lines above are the sender's."""
        for later in range(at + 1, end):
            rest = self._joined(later, end)
            if _BEGINS.match(rest) and _ENDS.search(rest) and _WHEN.search(rest):
                return True
            if _SENTENCE.search(self._heads[later - 1]) and _SOMEBODY.match(rest):
                return True
        return False


def _is_certain(attribution: str) -> bool:
    return _ADDRESS.search(attribution) is not None or _TO_THE_MINUTE.match(attribution) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """Take off what stands below the last `-- ` (RFC 3676, section 4.3), and lines of mobile programs at the end."""
    for at in range(len(lines) - 1, max(0, len(lines) - _SIGNATURE_LINES - 2), -1):
        if _SIGNATURE.match(lines[at][:_LOOK_AT]) and any(line.strip() for line in lines[:at]):
            lines = lines[:at]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or _MOBILE.match(lines[end - 1][:_LOOK_AT])):
        end -= 1
    return lines[:end] if end else lines
