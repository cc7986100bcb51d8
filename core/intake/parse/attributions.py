"""How mail programs announce what they quote: attributions, lines above an original, blocks of headers."""

from __future__ import annotations

import re

#: What a language puts before the date of an attribution.
_PREFIX = (
    r"On|At|Le|El|Il|Em(?:\ data)?|Am|Op|Den|Dne|Dňa|W\ dniu|Dnia|Pe|Í|På|Vào|Dana|дана|La|În|Στις|Στη[νς]?|Pada(?:\ tanggal)?|Kuupäev"
    r"|V|На|בתאריך|في|ในวันที่"
)

#: Days of the week as they stand at the head of an attribution, followed by a comma or a stop.
_DAY = (
    r"mon|tue|wed|thu|fri|sat|sun|man|tir|tirs|ons|tor|tors|fre|lør|lör|søn|sön|ma|ti|ke|to|pe|la|su|lun|mar|mer|mié|mie|jue|jeu|vie|ven"
    r"|sáb|sab|sam|dom|dim|pon|wt|śr|czw|pt|sob|niedz|di|mi|do|fr|sa|so|mo|wo|vr|za|zo|po|út|st|čt|pá|ne|uto|sri|čet|pet|sub|ned|pzt|sal"
    r"|çar|per|cum|cmt|paz|dg|dl|dt|dc|dj|dv|ds|пон|уто|сре|чет|пет|суб|нед"
)

#: How an attribution begins, on its own line: with a date, or with what a language puts before one.
BEGINS = re.compile(
    rf"""[ \t*_\u200e\u200f\u202a-\u202e]{{0,6}}(?:-+[ \t]*)?(?:
        (?:{_PREFIX})[ \t]
      | (?:(?:у|в|во)[ \t]+)?(?:пн|вт|ср|чт|пт|сб|нд|вс|понеділок|вівторок|серед[ау]|четвер|п['’ʼ]?ятниц[яю]|субот[ау]|неділ[яю]
          |понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)\b[.,]?[ \t]
      | (?:mon|tues|wednes|thurs|fri|satur|sun)day,[ \t]
      | (?:{_DAY})(?:\b[.,]+[ \t]|[ \t]+(?=\d))
      | \d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}\b
      | \d{{1,2}}\.?[ \t]+[^\W\d_]{{3,14}}\.?,?[ \t]+\d{{4}}\b
      | \d{{4}}[ \t]*[年년]
      | [在于於][ \t]*\d{{4}}
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: A day with its year, or a time of day: every attribution that begins with a date has one.
WHEN = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{4}\s*[年년]|\d{1,2}[:.]\d{2}\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")

#: A time of day: of an attribution in several lines the first has it, and a sentence that begins with a date has none.
TIME = re.compile(r"(?<![\d./-])\d{1,2}(?::\d{2}|[.h]\d{2}(?![./-]?\d))")

_VERB = r"""(?:wrote|writes|sent|schrieb|skrev|(?:a\ )?écrit|escribió|ha\ escrit|va\ escriure|(?:ha\ )?scritto|escreveu|schreef|geschreven
    |napsal\(?a?\)?|napísal\(?a?\)?|pisze|napisał\(?a?\)?|a\ scris|kirjoitti|kirjutas|rašė|rakstīja|(?:je\ )?napisa(?:o|la)(?:\ je)?|(?:đã\ )?viết
    |пише|написав|написала|пишет|написал\(?а?\)?|написа(?:о|ла)?|yazdı|(?:ezt\ )?írta|έγραψε|menulis|skrifaði|님이\ 작성|작성|כתבה?|كتب|เขียนว่า
    |写道|寫道|のメッセージ|のメール)"""
_ADDRESSED = r"<[ \t]*[^<>\s]+@[^<>\s]+[ \t]*>"

#: How an attribution ends: "… wrote:", or with an address.
ENDS = re.compile(
    rf"(?:{_VERB}(?![^\W\d_])[^:：]{{0,80}}?[ \t]*[:：]|{_ADDRESSED}[ \t]*(?:{_VERB})?[ \t]*[:：]|{_VERB}[ \t]*-{{2,}})[ \t*_\u200e\u200f\u202a-\u202e]*\Z",
    re.IGNORECASE | re.VERBOSE,
)

#: The same without its colon: an address and a verb, or, if what follows is quoted, an address alone.
ENDS_BARE = re.compile(
    rf"(?:(?P<address>{_ADDRESSED})[ \t]*(?P<verb>{_VERB})?|[ \t]{_VERB})[ \t*_]*\Z", re.IGNORECASE | re.VERBOSE
)
ADDRESS = re.compile(r"[^\s<>()\[\]@]{1,100}@[\w.-]+\.\w")

#: A day with its year, and a time of day; people who tell what they wrote, or who wrote to them, are no program. Of
#: the words that stand before somebody else only small ones count: written large, some are names.
TO_THE_MINUTE = re.compile(
    r"(?=.*(?:\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b))(?=.*\b\d{1,2}[:.]\d{2}\b)"
    r"(?!.*\b(?:I|we|ich|wir|я|ми|мы)\b)"
    r"(?!.*\b(?-i:my|your|our|me|us|mir|mich|uns|mein\w{0,2}|unser\w{0,2}|[Ii]hr|[Ii]hre[rn]?|euer|eure[rn]?|[Вв]аш\w{0,3}|наш\w{0,3}"
    r"|мені|нам|мій|моя|мне|мой)\b)",
    re.IGNORECASE,
)

#: Lines that only programs write: a date with its zone and a name; "---- name wrote ----".
BY_PROGRAM = re.compile(
    rf"[ \t]*(?:\d{{4}}-\d\d-\d\d[ \t]+\d{{1,2}}:\d\d[ \t]+(?:GMT|UTC)[+-]\d\d:?\d\d[ \t][^:]{{1,80}}"
    rf"|-{{3,}}[ \t]*[^-]{{2,80}}[ \t]{_VERB}[ \t]*-{{3,}})[ \t]*\Z",
    re.IGNORECASE | re.VERBOSE,
)

#: An attribution that stands behind what its sender wrote, on one line.
SHARED = re.compile(r"(?P<own>[^-]*[^\s-])[ \t]*-{3,}[ \t]+(?P<rest>\S.*)\Z")

#: An attribution without a date: a name, an address, and a verb if there is one.
SOMEBODY = re.compile(
    rf"[ \t*_]{{0,4}}(?:-{{2,}}[ \t]*)?[\"']?[^<>@:,;.!?]{{0,80}}[\"']?[ \t]*<[ \t]*[^<>\s]+@[^<>\s]+[ \t]*>[ \t]*(?P<verb>{_VERB}(?:[ \t]+(?:am|om|op|den)[ \t][^:：]{{0,40}}\d[:.]\d\d[^:：]{{0,10}})?)?[ \t]*[:：][ \t*_]*\Z",
    re.IGNORECASE | re.VERBOSE,
)
SOMEBODY_BEGINS = re.compile(
    rf"[ \t]*[^<>@:,;.!?]{{2,80}}<[^<>\s]+@[^<>\s]+>[ \t]*(?:{_VERB}[ \t]|于|,[ \t]*\d)", re.IGNORECASE | re.VERBOSE
)
_SOMEBODY_AT = re.compile(rf"[ \t]*[^<>@:;!?]{{0,80}}{_ADDRESSED}[^<>@]{{4,160}}[:：][ \t*_]*\Z")
_HAS_VERB = re.compile(_VERB, re.IGNORECASE | re.VERBOSE)

#: A character that is no colon, but for those of times.
_PART = r"(?:[^:：]|(?<=\d):(?=\d\d))"

#: The barest attribution: somebody wrote; believed only right above what is marked as quoted.
SAID = re.compile(
    rf"(?!.*\b(?:I|we|ich|wir|я|ми|мы)\b)(?:{_PART}{{1,120}}[ \t>]{_VERB}(?![^\W\d_])|(?:Quoting|Zitat\ von|Citando|Citat\ av)[ \t]){_PART}{{0,80}}[:：][ \t]*\Z",
    re.IGNORECASE | re.VERBOSE,
)

#: The line above a quote of GroupWise, which marks nothing besides.
GROUPWISE = re.compile(r">>>[ \t][^<>]{1,100}(?:<[^<>\s]+@[^<>\s]+>)?[^<>]{0,60}\d[:.]\d\d[^<>]{0,20}>>>[ \t]*\Z")

#: Where the first of several lines of an attribution ends a sentence, it is the sender's own.
SENTENCE = re.compile(r"[.!?…;:][\"'»”)]*\s*\Z")

_ORIGINALS = r"""Original\ Message|Original\ Appointment|Reply\ message|Forwarded\ message|Forwarded\ by
          |Message\ d'origine|Message\ original|Message\ transféré|Ursprüngliche\ Nachricht|Weitergeleitete\ Nachricht
          |Original-?Nachricht|Mensaje\ (?:original|reenviado)|Mensagem\ (?:original|encaminhada)|Messaggio\ (?:originale|inoltrato)
          |Oorspronkelijk\ bericht|Doorgestuurd\ bericht|Wiadomość\ (?:oryginalna|przekazana)|Przekazana\ wiadomość
          |(?:Oprindelig|Videresendt)\ (?:meddelelse|besked)|(?:Opprinnelig|Videresendt)\ melding|(?:Alkuperäinen|Välitetty)\ viesti
          |Исходное\ сообщение|Оригінальне\ повідомлення|Початкове\ повідомлення|Пересылаемое\ сообщение|Переслане\ повідомлення
          |Originalmeddelande|Ursprungligt\ meddelande|Vidarebefordrat\ meddelande|Původní\ zpráva|Pôvodná\ správa|Eredeti\ üzenet
          |(?:Orijinal|Özgün)\ (?:ileti|mesaj)|Αρχικό\ μήνυμα|Mesaj(?:ul)?\ original|Izvorna\ poruka|Izvirno\ sporočilo|Оригинално\ съобщение
          |원본\ (?:메시지|메일)|元のメッセージ|原始邮件|原始郵件"""

#: A line above a forwarded or quoted original.
ORIGINAL = re.compile(
    rf"""[ \t]*\**(?:
        [-=]{{2,}}[ \t]*(?:{_ORIGINALS}).{{0,60}}
      | -{{2,}}[ \t]*(?:Antwort|Reply)[ \t]*-{{2,}}
      | (?:Begin\ forwarded\ message|Début\ du\ message\ (?:réexpédié|transféré)|Anfang\ der\ weitergeleiteten\ (?:Nachricht|E-Mail)
          |Inizio\ messaggio\ inoltrato|(?:Inicio|Comienzo)\ del\ mensaje\ reenviado|Początek\ przekazywanej\ wiadomości
          |Початок\ (?:пере(?:слан|адресован)ого)\ (?:повідомлення|листа)|Начало\ пере(?:слан|адресован)ного\ (?:сообщения|письма)
          |Start\ på\ videresendt\ besked|Vidarebefordrat\ brev)[ \t]*:
    )[ \t]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)

#: A line that may stand above a block of headers, and says nothing alone: a rule, with words in it or not.
RULE = re.compile(r"[ \t]*(?:_{10,}|-{10,}|={4,}|-{3,}[ \t]*[^-]{3,60}-{3,})[ \t]*\Z")

#: The header lines that a program puts above a quote: who, when, to whom, what about.
_HEADERS = {
    "who": r"From|Von|De|De\ la|Da|Van|Od|Fra|Från|Від|От(?:\ кого)?|Lähettäjä|Feladó|Kimden|Gönderen|Από|Expéditeur|Mittente|Saatja|Nuo|Dari|Từ"
    r"|보낸\ ?사람|发件人|差出人|寄件者|寄件人",
    "when": r"Sent|Date|Gesendet|Datum|Envoyé|Enviado|Enviada|Inviato|Verzonden|Data|Wysłano|Sendt|Skickat|Надіслано|Дата|Отправлено"
    r"|Fecha|Message\ du|Lähetetty|Päiväys|Odesláno|Odoslané|Poslano|Küldve|Elküldve|Gönderildi|Tarih|Στάλθηκε|Ημερομηνία|Trimis"
    r"|Saadetud|Nosūtīts|Išsiųsta|Изпратено|Послато|Dikirim|Đã\ gửi|보낸\ ?날짜|发送时间|日期|送信日時|日時|寄件日期",
    "whom": r"To|Cc|An|À|A|Para|Aan|Do|Til|Till|Кому|Копія|Копия|Reply-To|Copie(?:\ à)?|Kopie|Kopia|Komu|Vastaanottaja|Címzett|Kime|Alıcı"
    r"|Προς|Către|Adresaat|Kam|Kepada|Đến|До|За|받는\ ?사람|收件人|收件者|抄送|宛先",
    "what": r"Subject|Betreff|Objet|Sujet|Asunto|Assunto|Oggetto|Onderwerp|Temat|Emne|Ämne|Тема|Aihe|Předmět|Predmet|Zadeva|Tárgy|Konu|Θέμα"
    r"|Subiect|Teema|Temats|Tema|Относно|Предмет|Perihal|Chủ\ đề|제목|主题|主旨|件名",
}
HEADER = re.compile(
    r"[ \t]*\**(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _HEADERS.items()) + r")\**[ \t]*[:：]\**",
    re.IGNORECASE | re.VERBOSE,
)

#: A line of a form that somebody filled in on a site; programs name whoever did above it as headers would.
FORM = re.compile(
    r"[ \t]*\**(?:Message|Comments?|Question|Enquiry|Inquiry|Phone|Telephone|Tel|Company|Name|Order|Nachricht|Telefon|Firma|Frage"
    r"|Повідомлення|Коментар|Питання|Запитання|Телефон|Тел|Ім['’ʼ]я|Компанія|Замовлення"
    r"|Сообщение|Комментарий|Вопрос|Имя|Компания|Заказ)\.?\**[ \t]*[:：]",
    re.IGNORECASE,
)

#: A date as headers of mail have it (RFC 5322, section 3.3), which nobody writes by hand.
FULL_DATE = re.compile(r"\b[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}")

#: Where to write above: what stands below such a line is the desk's or a program's own.
MARKER = re.compile(
    r"[ \t]*(?:[#=*-]{2,})?[ \t]*(?:please )?(?:reply|write|type your (?:reply|response)|відповідайте|пишіть|ответьте)\b"
    r".{0,40}\b(?:above|over|вище|выше)\b.{0,10}\b(?:line|лінії|рядка|риски|линии|строки|черты)\b.{0,40}\Z",
    re.IGNORECASE,
)


def is_certain(attribution: str) -> bool:
    """Tell whether an attribution is believed with nothing quoted below: it has an address, or is to the minute."""
    return ADDRESS.search(attribution) is not None or TO_THE_MINUTE.match(attribution) is not None


def somebody_then(joined: str) -> bool | None:
    """Tell whether a line is a name, an address and a time: None if not, else whether it also says "wrote"."""
    if not joined.rstrip(" \t*_").endswith((":", "：")) or _SOMEBODY_AT.match(joined) is None:
        return None
    if _YEAR.search(joined) is None or TIME.search(joined) is None:
        return None
    return _HAS_VERB.search(joined) is not None
