from __future__ import annotations

import pytest

from core.errors import Misconfigured
from core.settings import read_settings


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
