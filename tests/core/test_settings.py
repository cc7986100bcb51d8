from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.settings import misspelt_names, read_settings
from workers.mail_out.relay import read_relay


def _faults(**given: str) -> list[str]:
    with pytest.raises(Misconfigured) as told:
        read_settings(_env_file=None, **given)
    return told.value.faults


def test_all_faults_are_told_together_and_no_secret_with_them() -> None:
    faults = _faults(
        timezone="Mars", locale="xx", lease_s="0", smtp_listen="here", log_level="loud", webhook_url="ftp://x",
        webhook_secret="not allowed: é", telegram_token="123:hush",
    )  # fmt: skip
    for name in ("TIMEZONE", "LOCALE", "LEASE_S", "SMTP_LISTEN", "LOG_LEVEL", "WEBHOOK_URL", "WEBHOOK_SECRET"):
        assert any(f"CHERHA_{name}" in fault for fault in faults), name
    assert "hush" not in "".join(faults)
    assert "é" not in "".join(faults)


@pytest.mark.parametrize("faulty", ["ftp://desk.example/hook", "https://"])
def test_a_faulty_webhook_does_not_hide_that_its_secret_is_missing(faulty: str) -> None:
    faults = _faults(webhook_url=faulty, webhook_listen="")
    assert [fault.partition(":")[0] for fault in faults] == [
        "CHERHA_WEBHOOK_URL", "CHERHA_WEBHOOK_SECRET", "CHERHA_WEBHOOK_LISTEN",
    ]  # fmt: skip
    assert "web address" in faults[0] or "https://" in faults[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql+psycopg://cherha:pa@ssWORD@postgres:5432/cherha"),
        ("database_url", "postgresql+psycopg://cherha:p@ss/WORD@postgres/cherha"),
        ("redis_url", "redis://:12/ssWORD@host:6379/0"),
        ("redis_url", "redis://:12#ssWORD@host:6379/0"),
        ("smtp_relay", "smtp://user:12/ssWORD@host:587"),
        ("smtp_relay", "smtp://user:12?ssWORD@host:587"),
    ],
)
def test_a_password_that_would_be_taken_for_a_part_of_the_host_is_refused_and_not_shown(name: str, value: str) -> None:
    (fault,) = _faults(**{name: value})
    assert "%40" in fault
    assert "ssWORD" not in fault


def test_no_address_with_a_password_is_shown_when_the_settings_are_printed() -> None:
    read = read_settings(
        _env_file=None,
        database_url="postgresql+psycopg://cherha:hunter2@postgres/cherha", redis_url="redis://:hunter2@valkey/0",
        smtp_relay="smtp://desk:hunter2@mail.example.com", telegram_token="123456:" + "hunter2" * 5,
    )  # fmt: skip
    assert "hunter2" not in f"{read!r} {read} {read.house(b'hunter2')!r}"


def test_what_only_the_machine_knows_is_told_with_the_faults_of_the_values() -> None:
    with pytest.raises(Misconfigured) as told:
        read_settings(
            _env_file=None, locale="xx", data="/somewhere", also=lambda read: [f"{read.data} is full", read.locale]
        )
    assert told.value.faults[1:] == ["/somewhere is full", "en"]
    assert read_settings(_env_file=None, also=lambda _read: []).locale == "en"


def test_a_webhook_needs_its_secret() -> None:
    (fault,) = _faults(webhook_url="https://desk.example/hook")
    assert "CHERHA_WEBHOOK_SECRET" in fault
    read = read_settings(_env_file=None, webhook_url="https://desk.example/hook", webhook_secret="s3cret_-")
    assert read.webhook_secret.get_secret_value() == "s3cret_-"
    assert "s3cret" not in repr(read)


def test_addresses_are_whole_and_may_have_queues() -> None:
    read = read_settings(
        _env_file=None, mail_domain="Example.com", mail_addresses="Support, vip=VIP,info@other.example"
    )
    assert read.addresses == {"support@example.com": None, "vip@example.com": "VIP", "info@other.example": None}
    assert read.house(b"x").reply_address == "support@example.com"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("log_json", "maybe", "write true or false"),
        ("auto_assign", "", "write true or false"),
        ("mail_size_mb", "big", "write a whole number from 1 to 100"),
        ("workers", "2.5", "write a whole number from 1 to 64"),
        ("workers", "0", "write a whole number from 1 to 64"),
        ("undo_s", "x", "write a number from 0 to 300"),
        ("lease_s", "nan", "write a number above 0, up to 600"),
        ("mail_addresses", "@@", "'@@' is no mail address; write support"),
        ("mail_addresses", "desk,vip=", "'vip=' is no mail address; write support"),
        ("mail_domain", "a b", "'a b' is no domain; write one such as example.com"),
        ("mail_domain", "", "'' is no domain; write one such as example.com"),
        ("telegram_api", "foo", "'foo' is no web address; write one such as https://api.telegram.org"),
        ("webhook_listen", "8443", "write one such as 127.0.0.1:8443"),
        ("smtp_listen", "127.0.0.1:99999", "write one such as 127.0.0.1:8025"),
        ("redis_url", "foo", "write one such as redis://127.0.0.1:6379/0"),
        ("redis_url", "redis://host:port/0", "write one such as redis://127.0.0.1:6379/0"),
        ("database_url", "mysql://desk@host/desk", "write one such as postgresql+psycopg://"),
        ("database_url", "nonsense", "write one such as postgresql+psycopg://"),
        ("smtp_relay", "mail.example.com", "write it as smtp://"),
        ("smtp_relay", "smtp://host:port", "write it as smtp://"),
        ("smtp_relay", "smtp://host?tls=maybe", "tls is one of starttls, implicit and none"),
        ("smtp_tls_cert", "/nowhere/chain.pem", "there is no file /nowhere/chain.pem"),
        ("smtp_tls_key", "/nowhere/key.pem", "set CHERHA_SMTP_TLS_CERT too"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_what_to_write(name: str, value: str, told: str) -> None:
    (fault,) = _faults(**{name: value})
    assert fault.startswith(f"CHERHA_{name.upper()}: ")
    assert told in fault
    assert "nput" not in fault  # as the library would say


@pytest.mark.parametrize("token", ["xyz", "123:hush", "botfather:" + "a" * 35, "123456:" + "a" * 34 + "é"])
def test_a_token_of_another_form_is_refused_and_not_shown(token: str) -> None:
    (fault,) = _faults(telegram_token=token)
    assert "CHERHA_TELEGRAM_TOKEN" in fault
    assert token.rsplit(":", maxsplit=1)[-1] not in fault


@pytest.mark.parametrize("name", ["database_url", "redis_url", "smtp_relay"])
def test_an_address_that_is_none_is_told_without_its_password(name: str) -> None:
    (fault,) = _faults(**{name: "nosuch://desk:hunter2@host/0"})
    assert "hunter2" not in fault


@pytest.mark.parametrize(
    "url",
    [
        "smtp://127.0.0.1:2525?tls=none", "smtps://user:p%40ss@mail.example.com", "smtp://mail.example.com",
        "smtp://user:password@host:587?tls=starttls&x=1", "smtp://[::1]:25",
    ],
)  # fmt: skip
def test_what_the_settings_take_for_a_relay_the_relay_takes_too(url: str) -> None:
    read_relay(read_settings(_env_file=None, smtp_relay=url).smtp_relay)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql+psycopg://desk@%2Fvar%2Frun/desk"), ("database_url", "sqlite:////tmp/a b.sqlite3"),
        ("redis_url", "unix:///run/redis.sock?db=1"), ("redis_url", "rediss://:secret@host:6380/1"),
        ("telegram_api", "http://127.0.0.1:8081/"), ("smtp_listen", "[::1]:25"), ("smtp_listen", ""),
        ("telegram_token", "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"), ("smtp_tls_key", ""),
        ("mail_addresses", "підтримка, first.last+x=New queue"), ("mail_domain", "пошта.укр"),
    ],
)  # fmt: skip
def test_what_may_be_written_is_taken(name: str, value: str) -> None:
    read_settings(_env_file=None, **{name: value})


def test_a_webhook_needs_somewhere_to_listen() -> None:
    (fault,) = _faults(webhook_url="https://desk.example/hook", webhook_secret="s", webhook_listen="")
    assert "CHERHA_WEBHOOK_LISTEN" in fault


def test_a_misspelt_name_is_told_with_the_nearest_right_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHERHA_TIMEZON", "Europe/Kyiv")
    monkeypatch.setenv("CHERHA_TEST_ANYTHING", "1")
    (tmp_path / ".env").write_text("CHERHA_LOCALE=uk\nexport CHERHA_MAIL_ADRESSES=desk\nCHERHA_QQQ=1\nOTHER=1\n")
    told = misspelt_names(tmp_path / ".env")
    assert [one.partition(" ")[0] for one in told] == ["CHERHA_MAIL_ADRESSES", "CHERHA_QQQ", "CHERHA_TIMEZON"]
    assert "Did you mean CHERHA_MAIL_ADDRESSES?" in told[0]
    assert "docs/operations.md" in told[1]
    assert "Did you mean CHERHA_TIMEZONE?" in told[2]


def test_a_file_of_settings_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"CHERHA_LOCALE=\xff")
    with pytest.raises(Misconfigured, match=r"\.env"):
        read_settings()
    assert misspelt_names() == []
