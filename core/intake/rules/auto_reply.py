"""Is it somebody's automatic answer, such as a vacation notice (RFC 3834, RFC 5230)?"""

from __future__ import annotations

import re

from core.intake.letter import Letter

_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-mail-autoreply", "x-auto-response")
_SUBJECT = re.compile(
    r"^\s*(?:\[?auto(?:matic|mated)?[ -]?(?:reply|response|answer)\b|autoreply\b|auto:|out of (?:the )?office\b|ooo:"
    r"|vacation (?:reply|notice|response)|away from (?:the )?office|on (?:vacation|holiday|leave)\b"
    r"|abwesend|abwesenheit|automatische (?:antwort|reactie)|réponse automatique|absence du bureau|respuesta automática"
    r"|fuera de (?:la )?oficina|resposta automática|risposta automatica|automatisch antwoord|autosvar|automaattinen"
    r"|automatyczna odpowiedź|автоматична відповідь|автовідповідь|відсутн\w+ на роботі|я у відпустці"
    r"|автоматический ответ|автоответ|нет в офисе|自動返信|自动回复|自动答复)",
    re.IGNORECASE,
)


def is_auto_reply(letter: Letter) -> bool:
    """Tell whether a machine answered in somebody's place."""
    submitted = re.split(r"[;(\s]", letter.header("auto-submitted").strip(), maxsplit=1)[0].lower()
    if submitted == "auto-replied":
        return True
    if any(letter.header(name) for name in _HEADERS):
        return True
    if letter.header("precedence").strip().lower() == "auto_reply":
        return True
    return _SUBJECT.match(letter.subject) is not None
