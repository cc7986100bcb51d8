"""A bot without one of its protections: see `tests.faults.unprotected`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

from bot import app, courier, drawing
from bot.inbox import Keeper
from bot.sending import Fate, Result
from bot.sending import send as send_with_care
from core.errors import TryLater
from core.inbox import updates


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


def inbox() -> None:
    """Handle updates as they come, without keeping them: they are confirmed before anything has come of them."""
    rows = count(1)

    async def hand_on(keeper: Keeper, raws: Sequence[dict[str, Any]]) -> None:
        for raw in raws:
            await keeper._lanes.put(next(rows), json.dumps(raw))

    async def nothing(_keeper: Keeper) -> None:
        """There is nothing that an earlier run kept."""

    Keeper.keep, Keeper.resume = hand_on, nothing
    updates.settle_updates = app.settle_updates = lambda *_: True


def offset() -> None:
    """Confirm updates though the database was away."""
    keep = Keeper.keep

    async def careless(keeper: Keeper, raws: Sequence[dict[str, Any]]) -> None:
        with suppress(TryLater):
            await keep(keeper, raws)

    Keeper.keep = careless


OFF = {"marks": marks, "unknown": unknown, "inbox": inbox, "offset": offset}
