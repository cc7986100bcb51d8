"""How the desk says that something may have come before."""

from __future__ import annotations

from datetime import UTC, datetime

from core.texts.said import said
from core.texts.say import Reader, say_html

REPEATED = say_html(said("text.repeat"), Reader("en", "Europe/Kyiv", datetime(2026, 1, 1, tzinfo=UTC)))
