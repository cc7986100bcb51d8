"""How mail programs have said that a letter did not arrive, in the languages they speak."""

from __future__ import annotations

import re

#: Subjects of bounces, from their beginning; where `Re:` or `Fwd:` stands first, somebody talks about one.
SUBJECT = re.compile(
    r"undeliver|delivery[ _](?:status|fail|report|notification|problem|error|has failed|incomplete|delay"
    r"|unsuccessful|subsystem)"
    r"|returned? (?:(?:e-?)?mail|message|to sender)|(?:(?:e-?)?mail|message) (?:returned|undeliverable"
    r"|not delivered|status"
    r"|error|bounced)"
    r"|failure (?:notice|notification|delivery)|failed (?:mail|delivery|message)|delivery failure|permanent delivery"
    r"|mail (?:delivery|could not|system|failure|error|delayed)|mail undeliverable|non[- ]?(?:deliver|remis)"
    r"|(?:could|can|was) ?not (?:be )?(?:deliver|send|sent)|unable to deliver|rejected"
    r"|message (?:you sent )?(?:was )?blocked"
    r"|warning:? ?-*(?:could not|message|(?:e-?)?mail|your)|considered unsolicited|delayed|quota (?:exceeded|warning)"
    r"|user (?:unknown|not found)|mailbox (?:full|unavailable)|problem (?:delivering|with (?:your )?(?:(?:e-?)?mail"
    r"|message))"
    r"|see transcript|nondeliverable|mail returned|banned|virus (?:found|detected|alert|in\b)|\bnd[nr]\b|spam mail from"
    r"|not (?:a )?member\b"
    r"|unmatched to a registered|unzustellbar|nicht zugestellt|zustellung (?:fehlgeschlagen|verzögert)|échec|non remis"
    r"|impossible de (?:remettre|livrer)|no (?:se ha )?entregad|no se pudo entregar|error de entrega|não entregue"
    r"|falha na entrega|non recapitabile|mancat[ao] (?:recapito|consegna)|onbestelbaar|niet bezorgd|niedostarcz"
    r"|не ?доставлен|недоставлен|не удалось доставить|не вдалося доставити|помилка доставки|ошибка доставки"
    r"|повернен\w* лист"
    r"|возвращен\w* письм|не может быть доставлен"
    r"|不能投递|退信|系统退信|投递失败|配信|メールエラー|エラー通知|送信できません|배달 실패|반송",
    re.IGNORECASE,
)

#: Sentences of machines about a letter that did not arrive.
SENTENCE = re.compile(
    r"(?:could|can|was|were|has|have|may)(?:n['’]t| ?not)(?: yet)? (?:been? |be )?(?:deliver|sent to|reach)"
    r"|(?:un|not )able to (?:be )?deliver|not be delivered|did not reach|did not receive (?:your|a copy|this)"
    r"|undeliverable|undelivered"
    r"|delivery (?:to the following|of the (?:(?:e-?)?mail|message) (?:was|has been)|has failed|failed|attempt|of your"
    r"|error|problem|status|was aborted|is delayed"
    r"|temporarily)"
    r"|failed (?:recipient|address|to deliver|permanently)|fail(?:ed|ure) (?:in|of|to) deliver|problem delivering"
    r"|delivery errors"
    r"|permanent (?:fatal )?errors?|fatal errors|transient (?:non-)?fatal|transcript of (?:the )?session"
    r"|returned (?:mail|message|to you)"
    r"|(?:user|mailbox|recipient|address|account|addressee|host|domain)(?: name)?(?: is| was| are)? ?(?:unknown"
    r"|not found|unavailable"
    r"|disabled|inactive|rejected|invalid|full|does ?n['o]t exist|over ?quota|not local|refused|not listed|suspended)"
    r"|(?:unknown|invalid|no such|bad|nonexistent) (?:or illegal )?(?:user|recipient|address|addressee|host|mailbox"
    r"|person|alias|account|domain)"
    r"|mail(?:box)?(?: size)? (?:quota|is full|limit)|over(?:\s|-)?quota|quota (?:exceeded|violation)"
    r"|(?:has )?exceeded (?:his|her|its|the|their)"
    r"|(?:message|(?:e-?)?mail)(?: that)? (?:you sent )?(?:\S+ ){0,4}(?:was|been|is) (?:automatically )?(?:reject"
    r"|block|bounc|return|refus|delay|discard|quarantin)"
    r"|rejected (?:by|because|for the|your|as)|has been blocked|automatically rejected|too many hops|mail loop"
    r"|(?:not|n['’]t) (?:a )?member of|non-?members? (?:are|is|may)|not allowed to (?:post|send)|not registered"
    r"|connection (?:timed out|refused)|(?:host|domain) not found|retry time ?out|message (?:delayed|expired)"
    r"|delivery expired"
    r"|\b[45]\d\d[ -]\(?#?[45]\.\d{1,3}\.\d{1,3}\b|smtp error|said: [45]\d\d|status: [45]\.\d"
    r"|error code:? ?[45]\d\d|#[45]\.\d\.\d"
    r"|konnte nicht (?:zugestellt|übermittelt)|nicht zugestellt|fehlgeschlagen|n['’]a pas (?:pu )?(?:être"
    r"|été) (?:remis|livr|distribu)"
    r"|échec de la remise|no (?:se )?pudo (?:ser )?entreg|no se ha podido entregar|não (?:pôde|pode) ser entregue"
    r"|non (?:è stato|può essere)"
    r" (?:possibile )?(?:consegna|recapita)|kon niet (?:worden )?(?:bezorgd|afgeleverd)|nie (?:mogła|mogło|można"
    r"|została) (?:zostać )?"
    r"(?:dostarcz|być)|не (?:може|може бути|вдалося|було|был\w?|может|может быть|удалось|удаётся"
    r"|удается) (?:бути )?достав"
    r"|не доставлен|нет такого пользователя|немає такого користувача"
    r"|送信できません|配信できません|届けられません|宛先不明|存在しません"
    r"|无法(?:投递|送达|发送)|被退回|不存在|배달할 수 없|전송하지 못",
    re.IGNORECASE,
)

#: How machines begin, and people do not.
FORMULA = re.compile(
    r"\W{0,20}(?:sorry[.,!]? )?(?:this (?:message|e-?mail|is an?) (?:was |is |has been )?(?:created |generated )?"
    r"automatic|your (?:message|mail|e-?mail)\s{1,20}(?:to:|could not be delivered to:?\s|did not reach)"
    r"|(?:the following|delivery to the following) (?:message|recipient|address)|delivery has failed to these"
    r"|a message (?:that )?you sent|the original message was received at)",
    re.IGNORECASE,
)

#: What stands between the words of a machine and the letter that comes back.
DIVIDER = re.compile(
    r"^[^\w\n]{0,80}(?:(?:below this line is|the following is|this is|here is|included is"
    r"|start of)[ \t]{1,4})?(?:a copy of )?(?:the |your )?"
    r"(?:first part of the |possibly truncated )?(?:original|returned|undelivered|unsent|old|bounced"
    r"|failed) (?:message|(?:e-?)?mail"
    r"|header)"
    r"|^[ \t]{0,8}[-=*]{2,80}[^\n]{0,30}(?:message|mail|header|text)s? (?:follow|as follows|below|attached|text)"
    r"|^[^\w\n]{0,80}(?:message (?:header|text|content)s?|headers?) (?:follow|of)"
    r"|^[ \t]{0,8}-{1,80} ?(?:this is a copy|below (?:this|the next) line)"
    r"|^[^\w\n]{0,80}(?:here|included|attached) is (?:a |the |your )(?:copy|first|original|returned)"
    r"|^[^\w\n]{0,80}your message (?:reads|follows)",
    re.IGNORECASE | re.MULTILINE,
)

#: The words of a machine that goes on trying.
DELAY = re.compile(
    r"will (?:continue to )?(?:be )?(?:re-?tr(?:y|ied)|attempt|keep trying|continue)|continue(?:d)? (?:to be made"
    r"|trying|attempting)"
    r"|not yet (?:been )?delivered|still (?:be(?:ing)? )?(?:try|attempt|retried)|(?:only|just|is) a warning"
    r"|warning message only"
    r"|no action is required|(?:do|need) not (?:need to )?resend|has been (?:delayed|postponed)|is delayed"
    r"|delivery (?:is )?delayed"
    r"|advisory-only|transient non-fatal|temporarily deferred|wird weiter\w* versucht|verzögert|nouvelle tentative"
    r"|se reintentar"
    r"|ще буде спроб|спроби тривають|попытки продолж|будет продолж|は引き続き|遅延",
    re.IGNORECASE,
)

#: The words of a machine that did deliver.
SUCCESS = re.compile(
    r"success(?:fully)? (?:delivered|relayed|delivery)|(?<!not )(?<!yet )\b(?:was"
    r"|been) (?:successfully )?(?:delivered|relayed) (?:to"
    r"|success)|return receipt",
    re.IGNORECASE,
)

#: How people begin.
GREETING = re.compile(
    r"^\W{0,80}(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten|sehr geehrte|liebe[rs]?"
    r"|servus|bonjour|madame"
    r"|salut|hola|buenos|estimad|olá|prezad|ciao|buongiorno|gentile|dzień|witam|cześć|добр\w+|вітаю|привіт\w*|шановн\w+"
    r"|здравствуйте|привет\w*|уважаем\w+)\b(?!.{0,60}(?:qmail|this is the|i['’]m (?:afraid|sorry)))",
    re.IGNORECASE,
)

#: Subjects of what is answered or passed on.
ANSWERED = re.compile(
    r"^\s*(?:re|aw|antw|sv|vs|odp|ref|r|fwd?|wg|tr|rv|enc|i|vb|doorst|пересл\w*|fw|на|ответ|відп\w*"
    r"|отв)(?:\[\d+\])?\s*:",
    re.IGNORECASE,
)
