"""The settings: read once, from the environment or `.env`, every fault told at once, secrets never shown."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, NoDecode, SettingsConfigDict

from core import values
from core.errors import Misconfigured
from core.mailbox import MailboxAddress, read_mailbox
from core.texts.say import LANGUAGES


@dataclass(frozen=True, slots=True)
class House:
    """What the rules of the desk need to know of it; a part of every transaction.

    Attributes:
        locale, zone: of those who have not chosen their own.
        reopen_days: so many days after it was closed a customer's answer opens a case again.
        missed_after_days: after so many days without a change a case is missed.
        domain: of our mail addresses and Message-IDs.
        reply_address: where answers to our mail go; its local part gets the tag of the case.
        authserv_id: how our own mail server signs what it found out about senders; empty where there is none.
        bot_name: the bot's user name at Telegram, for links; empty before it is known.
        secret: signs the tags of cases and our Message-IDs.
        files: the folder of kept files.
        auto_assign: whether new work goes to a person at once; otherwise into the public queue "Intake".
        accept_within: minutes of work after which what the desk gave to somebody goes to another; 0 for never.
        undo: how long an answer can be taken back before it goes out.
        chat_per_minute: messages of one customer in chat that are told of within a minute; 0 for all.
        news_per_minute: of so much somebody on the staff is told within a minute, the rest in one line; 0 for all.
        mail_per_hour: letters of one sender that are understood within an hour; 0 for all.
        spam_score: from such a score on, which the mail server before us gave, a letter is spam; 0 for its word alone.
        mail_bounces: after so many letters in a row that failed for good nothing is sent to an address.
        rating_after: so long after a case was resolved its customer is asked how satisfied they are; no time is never.
        rating_every: for so long a customer who was asked is not asked again, of any case.
        send_lease: longer than any try to send may take; after it the message is tried again, marked as a repeat.
    """

    locale: str = "en"
    zone: str = "Europe/Kyiv"
    missed_after_days: int = 3
    reopen_days: int = 14
    domain: str = "localhost"
    reply_address: str = "desk@localhost"
    authserv_id: str = ""
    bot_name: str = ""
    secret: bytes = field(default=b"not secret", repr=False)
    files: Path = field(default_factory=lambda: Path("var/files"))
    auto_assign: bool = True
    accept_within: int = 0
    undo: timedelta = timedelta(seconds=10)
    send_lease: timedelta = timedelta(seconds=60)
    chat_per_minute: int = 0
    news_per_minute: int = 0
    mail_per_hour: int = 0
    mail_bounces: int = 3
    spam_score: float = 0
    rating_after: timedelta = timedelta(0)
    rating_every: timedelta = timedelta(days=14)


_TELEGRAM = "https://api.telegram.org"

#: What each address to listen on may look like.
_LISTEN_EXAMPLES = {
    "smtp_listen": "127.0.0.1:8025",
    "lmtp_listen": "127.0.0.1:8024",
    "webhook_listen": "127.0.0.1:8443",
}

_PREFIX = "CHERHA_"
_ENV_FILE = Path(".env")

#: Settings that must be given because another is.
_LEANING = {"webhook_secret": "webhook_url", "webhook_listen": "webhook_url", "dkim_selector": "dkim_key"}

#: Names that begin so, after the prefix, are for the tests.
_OF_TESTS = "TEST_"

Words = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting, by its environment variable `CHERHA_…`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=_ENV_FILE, extra="ignore", frozen=True)

    data: Path = Field(Path("var"), description="Folder for the SQLite file, kept files and the secret.")
    database_url: str = Field("", repr=False, description="SQLAlchemy URL; empty: SQLite in the data folder.")
    redis_url: str = Field("", repr=False, description="redis://…; empty: the in-process broker.")
    telegram_token: SecretStr = Field(SecretStr(""), description="The bot's token from @BotFather.")
    telegram_api: str = Field(_TELEGRAM, repr=False, description="Base address of the Bot API.")
    telegram_limits: bool = Field(default=True, description="Obey Telegram's limits on sending.")
    webhook_url: str = Field("", repr=False, description="Public https address that Telegram calls; empty: polling.")
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret that Telegram sends with each update.", validate_default=True
    )
    webhook_listen: str = Field("127.0.0.1:8443", description="Where the webhook listens.")
    smtp_listen: str = Field("127.0.0.1:8025", description="Where letters come in; empty: no mail door.")
    lmtp_listen: str = Field("", description="Where letters come in by LMTP, from your own mail server.")
    smtp_tls_cert: Path | None = Field(None, description="Certificate chain for STARTTLS (PEM).")
    smtp_tls_key: Path | None = Field(None, description="Key of the certificate (PEM).")
    smtp_relay: str = Field(
        "", repr=False, description="smtp://user:password@host:587?tls=starttls; empty: mail waits."
    )
    dkim_key: Path | None = Field(None, description="Key that our letters are signed with (PEM); empty: they are not.")
    dkim_selector: str = Field(
        "", description="Under which name its record is published, such as cherha.", validate_default=True
    )
    mailbox: str = Field("", repr=False, description="imaps://user:password@host/INBOX, to fetch letters from.")
    mail_domain: str = Field("localhost", description="The domain of our addresses.")
    mail_addresses: Words = Field(("desk",), description="Our addresses, as support@example.com=VIP,info.")
    check_senders: bool = Field(default=False, description="Check SPF, DKIM, DMARC and ARC; asks the name servers.")
    smime_keys: Path | None = Field(None, description="Folder of certificates and keys that open sealed letters (PEM).")
    pgp_keys: Path | None = Field(None, description="Folder of armoured PGP keys that open sealed letters.")
    authserv_id: str = Field("", description="Whose Authentication-Results are believed: our own mail server's name.")
    mail_size_mb: int = Field(25, ge=1, le=100, description="The largest letter, in MB.")
    mail_per_minute: int = Field(120, ge=0, description="Letters of one sender that are taken in a minute; 0: all.")
    mail_per_hour: int = Field(60, ge=0, description="Letters of one sender that are understood in an hour; 0: all.")
    mail_spam_score: float = Field(
        0, ge=0, le=1000, description="Letters with this X-Spam-Score or more are set aside; 0: only flagged ones."
    )
    mail_bounces: int = Field(3, ge=1, le=100, description="So many hard bounces in a row end mail to an address.")
    news_per_minute: int = Field(8, ge=0, description="Of so much one on the staff is told in a minute; 0: of all.")
    chat_per_minute: int = Field(20, ge=0, description="Messages of one customer told of in a minute; 0: all.")
    timezone: str = Field("Europe/Kyiv", description="Time zone of who has not chosen one.")
    locale: str = Field("en", description="Language of who has not chosen one: en or uk.")
    missed_after_days: int = Field(3, ge=1, le=365, description="After so many quiet days a case is missed.")
    reopen_days: int = Field(14, ge=0, le=365, description="For so many days an answer reopens a closed case.")
    auto_assign: bool = Field(default=True, description='false: new work waits in the public queue "Intake".')
    accept_minutes: int = Field(
        0, ge=0, le=10_000, description="Minutes of work until what is not accepted goes to another; 0: never."
    )
    undo_s: float = Field(10, ge=0, le=300, description="How long an answer can be taken back before it goes.")
    rating_after_minutes: int = Field(
        60, ge=0, le=100_000, description="Minutes from resolved until the customer is asked to rate; 0: never."
    )
    rating_every_days: int = Field(14, ge=0, le=365, description="A customer rates at most once in so many days.")
    workers: int = Field(4, ge=1, le=64, description="Worker threads of the embedded desk.")
    secret: SecretStr = Field(SecretStr(""), description="Signs our mail tags; empty: kept in the data folder.")
    lease_s: float = Field(15, gt=0, le=600, description="How long a dead bot or scheduler is waited for.")
    heartbeat_s: float = Field(30, gt=0, le=600, description="How long a dead worker is waited for.")
    send_lease_s: float = Field(60, gt=0, le=600, description="After so long an unanswered try to send is repeated.")
    sweep: bool = Field(default=True, description="Off only to see what would be lost without it.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(default=False, description="One JSON object a line.")

    @field_validator("mail_addresses", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("mail_addresses")
    @classmethod
    def _mail_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(values.mail_address(one) for one in value)

    @field_validator("mail_domain")
    @classmethod
    def _domain(cls, value: str) -> str:
        return values.domain(value)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            msg = f"there is no time zone {value!r}; write one such as Europe/Kyiv"
            raise ValueError(msg) from error
        return value

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        if value not in LANGUAGES:
            msg = f"there is no language {value!r}; write {' or '.join(LANGUAGES)}"
            raise ValueError(msg)
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            msg = f"there is no log level {value!r}; write DEBUG, INFO, WARNING or ERROR"
            raise ValueError(msg)
        return value.upper()

    @field_validator("smtp_listen", "lmtp_listen", "webhook_listen")
    @classmethod
    def _host_and_port(cls, value: str, info: ValidationInfo) -> str:
        name = str(info.field_name)
        if not value and not (name == "webhook_listen" and _given("webhook_url", info)):
            return value
        return values.host_and_port(value, _LISTEN_EXAMPLES[name])

    @field_validator("authserv_id")
    @classmethod
    def _one_name(cls, value: str) -> str:
        return value and values.server_name(value)

    @field_validator("dkim_selector")
    @classmethod
    def _selector_with_key(cls, value: str, info: ValidationInfo) -> str:
        if value or _given("dkim_key", info):
            return values.selector(value)
        return value

    @field_validator("smtp_tls_cert", "smtp_tls_key", "dkim_key", "smime_keys", "pgp_keys", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return value or None

    @field_validator("smtp_tls_cert", "smtp_tls_key", "dkim_key", "smime_keys", "pgp_keys")
    @classmethod
    def _file_there(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value and info.field_name == "smtp_tls_key" and info.data.get("smtp_tls_cert", value) is None:
            msg = "a key is of no use without its certificate; set CHERHA_SMTP_TLS_CERT too"
            raise ValueError(msg)
        there = values.folder_there if str(info.field_name).endswith("_keys") else values.file_there
        return value and there(value)

    @field_validator("database_url", "redis_url", "smtp_relay", "telegram_api", "mailbox")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        match info.field_name:
            case "telegram_api":
                return values.web_address(value, _TELEGRAM)
            case "database_url":
                return value and values.database_address(value)
            case "mailbox":
                return value and values.checked(read_mailbox, value)
            case "redis_url":
                return value and values.redis_address(value)
            case _:
                return value and values.relay_address(value)

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            values.bot_token(value.get_secret_value())
        return value

    @field_validator("webhook_url")
    @classmethod
    def _called_by_telegram(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            msg = "it must begin with https://, for Telegram calls nothing else"
            raise ValueError(msg)
        return value and values.web_address(value, "https://desk.example.com/telegram")

    @field_validator("webhook_secret")
    @classmethod
    def _secret_with_webhook(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        known = re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value())
        if not known and (_given("webhook_url", info) or value.get_secret_value()):
            msg = "a webhook needs a secret of 1 to 256 letters, digits, _ or -"
            raise ValueError(msg)
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.data / 'cherha.sqlite3'}"

    @property
    def secrets(self) -> frozenset[str]:
        """What is to be told nowhere: the secrets, and the passwords in addresses, as they are written and as meant."""
        words = {one.get_secret_value() for one in (self.telegram_token, self.webhook_secret, self.secret)}
        addresses = (self.telegram_api, self.webhook_url, self.redis_url, self.smtp_relay, self.mailbox)
        for one in (*addresses, self.database_url):
            words |= values.passwords(one)
        return frozenset(words - {""})

    @property
    def fetched(self) -> MailboxAddress | None:
        """The mailbox that letters are fetched from, if there is one."""
        return read_mailbox(self.mailbox) if self.mailbox else None

    @property
    def addresses(self) -> dict[str, str | None]:
        """Our mail addresses, casefolded and whole, each with the queue its cases start in, if any.

        That of the mailbox is one of them.
        """
        pairs = (entry.partition("=") for entry in self.mail_addresses)
        ours = {
            (address if "@" in address else f"{address}@{self.mail_domain}").strip().casefold(): queue.strip() or None
            for address, _, queue in pairs
        }
        box = self.fetched
        return ours if box is None else _with_mailbox(ours, box.letters_to(self.mail_domain), box.queue)

    def house(self, secret: bytes, bot_name: str = "") -> House:
        """Tell the rules what they need to know."""
        return House(
            locale=self.locale,
            zone=self.timezone,
            missed_after_days=self.missed_after_days,
            reopen_days=self.reopen_days,
            domain=self.mail_domain,
            reply_address=next(iter(self.addresses), f"desk@{self.mail_domain}"),
            authserv_id=self.authserv_id,
            bot_name=bot_name,
            secret=secret,
            files=self.data / "files",
            auto_assign=self.auto_assign,
            accept_within=self.accept_minutes,
            undo=timedelta(seconds=self.undo_s),
            send_lease=timedelta(seconds=self.send_lease_s),
            chat_per_minute=self.chat_per_minute,
            news_per_minute=self.news_per_minute,
            mail_per_hour=self.mail_per_hour,
            mail_bounces=self.mail_bounces,
            spam_score=self.mail_spam_score,
            rating_after=timedelta(minutes=self.rating_after_minutes),
            rating_every=timedelta(days=self.rating_every_days),
        )


def _with_mailbox(ours: dict[str, str | None], address: str, queue: str | None) -> dict[str, str | None]:
    """Add the address of a mailbox; where it is named among ours, its place there and a queue named there hold."""
    return {**ours, address: ours.get(address) or queue}


def _given(name: str, info: ValidationInfo) -> bool:
    """Tell whether another setting is given; one that is faulty is, and is missing among those that were taken."""
    return bool(info.data.get(name, "faulty"))


def read_settings(*, also: Callable[[Settings], list[str]] | None = None, **given: Any) -> Settings:
    """Read the settings; what is given here wins over the environment.

    Args:
        also: finds the faults that only the machine knows, each as one sentence, to be told with the others; it gets
            the settings with the default in place of what is faulty.

    Raises:
        Misconfigured: with every fault, each as one sentence; values of secrets are not in them.
    """
    try:
        read, faults = _read(given)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise Misconfigured([f"{_ENV_FILE} cannot be read ({reason})."]) from None
    faults += also(read) if also else []
    if faults:
        raise Misconfigured(faults)
    return read


def _read(given: dict[str, Any]) -> tuple[Settings, list[str]]:
    """Read the settings with the default in place of what is faulty, and the faults."""
    try:
        return Settings(**given), []
    except ValidationError as error:
        faulty = {str(fault["loc"][0]) for fault in error.errors()}
        faulty |= {_LEANING[name] for name in faulty & _LEANING.keys()}
        sound = {name: Settings.model_fields[name].get_default() for name in faulty}
        return Settings(**given | sound), [_sentence(fault) for fault in error.errors()]


def _sentence(fault: Any) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "value_error":
        told = str(fault["ctx"]["error"])
    else:  # the library's words are for programmers
        told = values.what_to_write(Settings.model_fields[name])
    return f"{_PREFIX}{name.upper()}: {told}" if name else told


def misspelt_names(env_file: Path = _ENV_FILE) -> list[str]:
    """Find names in the environment and in `.env` that look like settings and are none, each as one sentence."""
    try:
        sources = (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings, env_file=env_file))
    except (OSError, UnicodeError):  # `read_settings` tells it
        return []
    given = {name.upper() for source in sources for name in source.env_vars}
    ours = {name.removeprefix(_PREFIX) for name in given if name.startswith(_PREFIX)}
    known = [name.upper() for name in Settings.model_fields]
    return [_is_none(name, known) for name in sorted(ours.difference(known)) if not name.startswith(_OF_TESTS)]


def _is_none(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"Did you mean {_PREFIX}{near[0]}?" if near else "docs/operations.md lists all that there are."
    return f"{_PREFIX}{name} is no setting and does nothing. {hint}"


def environment_for(**given: str) -> dict[str, str]:
    """Make the environment of a child process: ours without any setting of the desk, and with those that are given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
    return kept | {f"{_PREFIX}{name.upper()}": value for name, value in given.items()}
