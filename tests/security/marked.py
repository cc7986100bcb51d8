"""The secrets of the desk, and the words of its people, marked so that each is found wherever it may have got to."""

from __future__ import annotations

#: By the setting that holds each; of keys in files it is what stands in the file.
SECRETS = {
    "telegram_token": "4242:MARKED-token-of-the-bot-0123456789",
    "telegram_api": "MARKED-password-of-the-bot-api",
    "secret": "MARKED-secret-of-the-house",
    "webhook_secret": "MARKED-secret-of-the-webhook",
    "webhook_url": "MARKED-password-of-the-webhook",
    "database_url": "MARKED-password-of-the-database",
    "redis_url": "MARKED-password-of-redis",
    "smtp_relay": "MARKED-password-of-the-relay",
    "mailbox": "MARKED-password-of-the-mailbox",
    "smtp_tls_key": "MARKEDkeyOfTheDoor",
    "dkim_key": "MARKEDkeyThatSigns",
    "smime_keys": "MARKEDkeyOfSMIME",
    "pgp_keys": "MARKEDkeyOfPGP",
}

#: What customers and staff wrote and where they can be reached; INFO tells none of it.
WORDS = (
    "MARKED-words",
    "MARKED-answer",
    "MARKED-note",
    "marked.address@customer.example",
    "MARKED-name",
    "marked-file",
)


def silent_about(written: str, *, words: bool = True) -> None:
    """Insist that no secret, and none of the words, is in what was written."""
    told = [one for one in SECRETS.values() if one in written or one.partition(":")[2] in written.split()]
    assert not told
    assert not [one for one in (WORDS if words else ()) if one in written]
    assert SECRETS["telegram_token"].partition(":")[2] not in written
