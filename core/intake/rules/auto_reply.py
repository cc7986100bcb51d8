"""Is it somebody's automatic answer, such as a vacation notice (RFC 3834, RFC 5230)?"""

from __future__ import annotations

import re

from core.intake.letter import Letter

_HEADERS = frozenset(
    {"x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-mail-autoreply", "x-auto-response",
    "x-autoreply-from",
    "x-vacation", "x-autorespond-subject", "x-mail-autorespond", "x-ooo"}
)  # fmt: skip

#: What stands before the words of a subject: answers, names of lists, numbers of requests.
_BEFORE = r"^\s*(?:(?:re|aw|antw|sv|odp|fwd?|wg|tr|ha|ответ|відп)\s*(?:\[\d+\])?:\s*|\[[^\]]{0,60}\]\s*)*"

#: Subjects that only machines begin with.
_BEGINS = re.compile(
    _BEFORE + r"[\W_]*(?:auto(?:matic|mated)?[ -]?(?:reply|response|respons|responder|answer|acknowledge?ment"
    r"|email reply)\b|auto(?:reply|response"
    r"|respons)\b|auto:|out of (?:the )?(?:office|town)\b|ooo\b ?[:-]|o\.o\.o|vacation(?::| (?:reply|notice"
    r"|response|message))|(?:i am |i['’]m )?(?:currently )?away (?:from|until|till)\b"
    r"|on (?:vacation|holidays?|(?:annual |parental |maternity |sick )?leave)\b|(?:annual|maternity"
    r"|parental) leave\b|not in (?:the )?office"
    r"|abwesen|nicht im (?:büro|haus)|im urlaub|urlaubs?(?:notiz|meldung|abwesenheit)|automatische? (?:antwort"
    r"|reactie|e-?mail)|autom\. antwort"
    r"|auto-?antwort|réponse automatique|r[ée]ponse d['’]absence|absen(?:ce|t)\b(?: du bureau| :|:)"
    r"|message d['’]absence|notification d['’]absence"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausencia|ausente|resposta autom[aá]tica"
    r"|fora do escrit[oó]rio|aus[eê]ncia"
    r"|risposta automatica|fuori (?:ufficio|sede)|automatisch antwoord|afwezig|niet aanwezig|autosvar"
    r"|automatiskt? svar|frånvaro|fraværsmelding|fravær"
    r"|ikke til stede|poissa|automaattinen|automatyczna odpowied|autoodpowied|odpowiedź automatyczna|poza biurem"
    r"|nieobecno|automatická odpov[eě]"
    r"|mimo kancelář|automatikus válasz|házon kívül|răspuns automat|otomatik (?:yanıt|cevap)|ofis dışı"
    r"|αυτόματη απάντηση|automatski odgovor"
    r"|автоматична відповідь|автовідповід|автоматичний лист|відсутн\w+ (?:на роботі|в офісі|на робочому)"
    r"|я у відпустці|у відпустці"
    r"|поза офісом|автоматически\w* ответ|автоответ|нет (?:в офисе|на рабочем)|вне офиса|я в отпуске|в отпуске"
    r"|автоматичен отговор"
    r"|自動返信|自動応答|不在(?:通知|のお知らせ|連絡|届)?"
    r"|自动回复|自动答复|自動回覆|外出|休假|자동 ?(?:회신|응답|답장)|부재중|מענה אוטומטי|رد تلقائي"
    r"|ตอบกลับอัตโนมัติ)",
    re.IGNORECASE,
)

#: Subjects that say it anywhere, of what the machine puts a name before.
_SAYS = re.compile(
    r"\bis (?:currently )?(?:out of (?:the )?office|on (?:vacation|holiday|leave)|away)\b"
    r"|\bout[- ]of[- ]office (?:auto|reply|response|message|notification)"
    r"|\((?:out of office|auto-?reply|automatic reply|vacation)\)|(?:vacation|auto(?:matic|mated)?"
    r"|away)[ -](?:response|reply|autoreply)\b|\bautoreply\b"
    r"|\bist (?:abwesend|nicht im (?:büro|haus)|außer haus)|est absente?\b|(?:está|estará) (?:ausente|fuera de)"
    r"|jest nieobecn",
    re.IGNORECASE,
)


#: What subjects are about where a header says already that a machine wrote it.
_ABOUT = re.compile(
    r"out[- ]of[- ](?:the )?(?:office|town)|\b(?:vacation|holidays?|(?:annual|parental|maternity|sick) leave"
    r"|away from)\b"
    r"|abwesen|urlaub|absence|absent|fuera de (?:la )?oficina|vacaciones|fora do|férias|poza biurem|urlop|ferie"
    r"|vakantie"
    r"|semester|dovolen|szabads|відпуст|відсутн|отпуск|отсутств|不在|休暇|休假|휴가|부재",
    re.IGNORECASE,
)


def is_auto_reply(letter: Letter) -> bool:
    """Tell whether a machine answered in somebody's place."""
    submitted = letter.header("auto-submitted").strip().lower()
    if submitted.startswith(("auto-replied", "auto_replied", "auto-reply")) or "vacation" in submitted:
        return True
    if any(letter.header(name).strip().lower() not in {"", "no"} for name in _HEADERS & letter.headers.keys()):
        return True
    if letter.header("precedence").strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    if letter.header("x-apple-action").strip().lower() == "vacation":
        return True
    # Exchange writes both into what an inbox rule or an absence assistant answers.
    if letter.header("x-ms-exchange-inbox-rules-loop") and letter.header("x-auto-response-suppress"):
        return True
    if (
        letter.header("x-post-messageclass").strip().lower().startswith("9")
        or "oof" in letter.header("x-messageclass").lower()
    ):
        return True
    return subject_says_so(letter.subject, answered=bool(submitted and submitted != "no"))


def subject_says_so(subject: str, *, answered: bool = False) -> bool:
    """Tell by the subject alone.

    Args:
        answered: a header says that a machine wrote it; else a subject that asks is taken for that of a person.
    """
    if _BEGINS.match(subject[:300]) or (answered and _ABOUT.search(subject[:300])):
        return True
    return _SAYS.search(subject[:300]) is not None and (answered or not subject.rstrip().endswith("?"))
