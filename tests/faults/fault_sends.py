"""Fault 4: messages to many chats, while the Bot API and the way to it do everything wrong."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from core.desk import Tx
from core.outbox.actions import To, owe_notice
from core.outbox.model import Channel, Owed, OwedState
from core.texts.said import notice
from tests.faults.desks import FaultDesk, desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.marks import REPEATED
from tests.faults.proxy import Kind, Odds, Proxy

#: Of all calls so many meet each fault of the Bot API, which lasts so many seconds; see `bot.sandbox.limits.Fault`.
_CHANCES = {
    "429": (0.02, 1), "500": (0.01, 0), "502": (0.01, 0), "drop": (0.02, 0), "lost": (0.03, 0), "hang": (0.003, 2),
    "slow": (0.0015, 17),
}  # fmt: skip

#: And so the connections are cut besides: each of them, sooner or later.
_ODDS = Odds(chance=1.0, within=8_000, stall_s=3.0, delay_s=0.3)

#: Those faults after which a message was executed and its answer lost.
_ANSWER_LOST = {"lost", "slow"}

#: Nothing may stand still for so long, the wait after a few unknown outcomes in a row included.
_PATIENCE_S = 60.0

#: Rows that may wait at once: more would only make the looking slow.
_AT_MOST = 3000

_WORDS = re.compile(r"Message \d{4} to \d+")


@dataclass
class Sends:
    """What was owed to whom, as those who owed it remember: the only truth that the chats are held against.

    Attributes:
        owed: the messages of each chat, in order.
        rows: which row each of them is.
    """

    owed: dict[int, list[str]] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)

    async def owe(self, house: FaultDesk, chats: list[int], turns: int) -> None:
        """Owe every chat so many messages, turn by turn."""
        for turn in range(turns):
            while await house.look(_waiting) > _AT_MOST:
                await asyncio.sleep(0.5)
            texts = {chat: f"Message {turn:04} to {chat}" for chat in chats}
            self.rows |= await asyncio.to_thread(house.on_desk, lambda one, texts=texts: one.run(_owe, texts))
            for chat, text in texts.items():
                self.owed.setdefault(chat, []).append(text)


def _owe(tx: Tx, texts: dict[int, str]) -> dict[int, str]:
    to = {text: To(Channel.TELEGRAM, str(chat)) for chat, text in texts.items()}
    return {owe_notice(tx, to[text], notice("text.quote", text=text)).id: text for text in texts.values()}


def _waiting(tx: Tx) -> int:
    pending = Owed.state.in_((OwedState.OWED, OwedState.UNKNOWN))
    return tx.session.scalar(select(func.count()).where(pending)) or 0


async def _wait_until_sent(house: FaultDesk) -> None:
    """Wait until nothing is owed any more, or nothing was sent for so long."""
    loop = asyncio.get_running_loop()
    end, least = loop.time() + _PATIENCE_S, None
    while (left := await house.look(_waiting)) and loop.time() < end:
        if least is None or left < least:
            end, least = loop.time() + _PATIENCE_S, left
        await asyncio.sleep(0.3)


@dataclass
class Seen:
    """What the Bot API and the proxy wrote down, and what the desk said of its tries.

    Attributes:
        got: what each chat got, in order: the message, and whether it was marked as a repeat.
        unknown: how often the desk said of a message that nobody knows whether it went out.
        lost: how often the answer to a message was kept back, by message.
        cuts: connections that were cut.
    """

    got: dict[int, list[tuple[str, bool]]]
    unknown: Counter[str]
    lost: Counter[str]
    cuts: Counter[Kind]


def _see(house: FaultDesk, sends: Sends, cuts: Counter[Kind]) -> Seen:
    got: dict[int, list[tuple[str, bool]]] = {chat: [] for chat in sends.owed}
    for call in house.api.sandbox.world.log:
        found = _WORDS.search(call["text"] or "")
        if found:
            got[call["chat_id"]].append((found[0], REPEATED in call["text"]))
    told = [json.loads(line) for line in house.log().splitlines() if '"message_out"' in line]
    unknown = Counter(sends.rows[one["row"]] for one in told if one["fate"] == "unknown")
    struck = [one for one in house.api.sandbox.faults.struck if one["kind"] in _ANSWER_LOST]
    lost = Counter(found[0] for one in struck if (found := _WORDS.search(one["text"] or "")))
    return Seen(got, unknown, lost, cuts)


def _check(sends: Sends, seen: Seen) -> Outcome:
    broken: list[str] = []
    extra: Counter[str] = Counter()
    for chat, texts in sends.owed.items():
        times = Counter(text for text, _ in seen.got[chat])
        broken += [f"lost: {text}" for text in texts if text not in times]
        broken += [f"unmarked: {text}" for text in _unmarked(seen.got[chat])]
        order = [text for text, _ in seen.got[chat]]
        broken += [f"disordered: {chat}"] if order != sorted(order) else []
        extra += Counter({text: more - 1 for text, more in times.items()})
    broken += [f"untraced: {text}" for text in sorted(extra - seen.unknown)]
    ends = sum(times for kind, times in seen.cuts.items() if kind is not Kind.DELAY)
    by_cuts = (extra - seen.lost).total()
    broken += [f"untraced: {by_cuts} repeats after {ends} cuts"] if by_cuts > ends else []
    figures = {"sends": len(sends.rows), "repeats": extra.total(), "unknown": seen.unknown.total()}
    cuts = {str(kind): float(seen.cuts[kind]) for kind in Kind}
    return Outcome(tuple(broken), {**figures, "answers_lost": seen.lost.total(), **cuts})


def _unmarked(got: list[tuple[str, bool]]) -> list[str]:
    """List what came once more without saying so."""
    before: set[str] = set()
    found = []
    for text, marked in got:
        if text in before and not marked:
            found.append(text)
        before.add(text)
    return found


async def _live(given: Given) -> Outcome:
    sends, chats = Sends(), given.numbers["chats"]
    async with (
        Proxy(seed=given.seed) as proxy,
        desk(given, "embedded", before_api=proxy, send_lease_s="60", log_level="INFO", log_json="true") as house,
    ):
        people = [await house.client.person(f"Reader {number:03}", started=True) for number in range(chats)]
        house.api.sandbox.faults.begin_at(given.seed)
        for kind, (chance, seconds) in _CHANCES.items():
            if seconds > given.numbers["longest_s"]:
                continue
            await house.client.fault(kind, method="sendMessage", times=None, chance=chance, seconds=seconds)
        proxy.let_through(_ODDS)
        await sends.owe(house, people, given.numbers["sends"] // chats)
        await _wait_until_sent(house)
        return _check(sends, _see(house, sends, proxy.done))


_FEW = {"sends": 100, "chats": 50}

RUNS = [
    Run(
        "sends",
        _live,
        numbers={"sends": 10_000, "chats": 250, "longest_s": 20},
        small={"sends": 200, "chats": 50, "longest_s": 5},
        seeds=(1, 2, 3),
        controls=(Control("marks", ("unmarked",), _FEW), Control("unknown", ("lost",), _FEW, Edition.FULL)),
        minutes=6,
    ),
]
