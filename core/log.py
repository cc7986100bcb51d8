"""One set-up of structured logs: a static event name and facts, a line each; never a body or a token."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

import structlog

#: A bot token anywhere in a line, as in the addresses that HTTP libraries like to log: /bot123456:AAH…/getMe.
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[\w-]{20,}")


#: What PostgreSQL adds to an error: the values that it is about, such as an address of a customer.
_DETAIL = re.compile(r"(?:\n|\\n)(?:DETAIL|CONTEXT): .*?(?=\n|\\n|\"|$)")

#: What would end a line, write over it, or turn it round where a log is read.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


#: What is shorter stands in many a line by chance, and is no secret.
_SECRET_LENGTH = 6


class _Hidden:
    """The secrets of this process's desk, as one pattern; None before they are known."""

    pattern: re.Pattern[str] | None = None


def hide(secrets: Iterable[str]) -> None:
    """Let secrets be told in no line from now on, whoever says them: servers repeat what they refuse.

    Args:
        secrets: those of at least six characters are hidden.
    """
    forms = {form for one in secrets if len(one) >= _SECRET_LENGTH for form in (one, json.dumps(one)[1:-1])}
    longest_first = sorted(forms, key=len, reverse=True)
    _Hidden.pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None


def without_secrets(text: str) -> str:
    """Take what `hide` was told of, and every bot token, out of a text."""
    known = _Hidden.pattern.sub("<secret>", text) if _Hidden.pattern else text
    return _TOKEN.sub("<token>", known)


def _escaped(text: str) -> str:
    return _UNSEEN.sub(lambda one: f"\\u{ord(one[0]):04x}", text)


def _legible(_logger: Any, _method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape what could make one event look like two, whoever's words a fact holds."""
    return {name: _escaped(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}


def _redact(_logger: Any, _method: str, line: Any) -> str:
    """Take secrets out of what is ready to be written, whatever brought them; only an event begins at the margin."""
    first, *rest = without_secrets(_DETAIL.sub("", str(line))).split("\n")
    return "\n".join([first, *(f"    {_escaped(one)}" for one in rest)])


class _Lines(structlog.WriteLogger):
    """Writes lines; one that cannot be written, as on a full disk, is lost, and no work with it.

    What wants to log has often just changed or sent something, or is about to say what failed.
    """

    def __init__(self, file: TextIO, *_named: Any) -> None:
        super().__init__(file)

    def msg(self, message: str) -> None:
        """Write a line."""
        with suppress(OSError, ValueError):
            super().msg(message)

    debug = info = warning = error = critical = exception = msg


def set_up(level: str = "INFO", *, as_json: bool = False, once: bool = False) -> None:
    """Send the logs of ours and of the libraries to standard error, a line each.

    Args:
        level: the lowest level shown of ours; libraries are shown from WARNING, for httpx logs addresses
            with the bot token in them at INFO and aiosmtpd logs mail addresses.
        as_json: one JSON object a line instead of the readable form.
        once: it is set up this way for good, so that loggers need not be made anew for each line.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # the prettier ones show the values of variables
            )
        ]
    )
    written: list[structlog.types.Processor] = [_legible, *last, _redact]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("core", "bot", "workers", "cherha"):
        logging.getLogger(ours).setLevel(level)
    # Ours do not take the way through the standard library, which costs as much as all the rest of a line.
    structlog.configure(
        processors=[*shared, *written],
        logger_factory=partial(_Lines, sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=once,
    )
