"""A bot without one of its protections: see `tests.faults.unprotected`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import courier, drawing
from bot.sending import Fate, Result
from bot.sending import send as send_with_care


def marks() -> None:
    """Send again without saying that it is a repeat."""
    drawing._marked = lambda text, *_: drawing.fitting(text)
    drawing._marked_whole = lambda drawn, *_: drawn


def unknown() -> None:
    """Take for sent what may have been sent."""

    async def send(*what: Any, **how: Any) -> Result:
        result = await send_with_care(*what, **how)
        return replace(result, fate=Fate.SENT) if result.fate is Fate.UNKNOWN else result

    courier.send = send


OFF = {"marks": marks, "unknown": unknown}
