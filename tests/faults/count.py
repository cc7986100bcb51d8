"""Count what became of what a crowd wrote: at the desk, and at those who should have been told."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from cherha.demo.mailbox import text_of
from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.outbox.model import Owed
from tests.faults.crowd import Crowd


@dataclass
class Tally:
    """What is not as it should be; all empty when nothing was lost and nothing came twice.

    Attributes:
        lost: of what was taken, what is not in any case.
        twice: what is there more than once.
        disordered: people whose messages are not in the order of their writing, or in several cases.
        untold: cases of which a customer or the representative was not told.
        repeats: how often customer or representative was told once more than there was to tell.
        marked: repeats that the desk itself knows of: after an unknown outcome.
    """

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[int] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    repeats: int = 0
    marked: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is there and everybody was told."""
        return not (self.lost or self.untold)


def _kept(tx: Tx) -> list[tuple[int, str]]:
    rows = tx.session.execute(
        select(Entry.work_id, Entry.subject, Entry.text).where(Entry.kind == EntryKind.CUSTOMER).order_by(Entry.id)
    )
    return [(number, subject or text) for number, subject, text in rows]


def _marked(tx: Tx) -> int:
    return sum(tx.session.scalars(select(Owed.repeats)))


async def count(crowd: Crowd, representative: int) -> Tally:
    """Compare the logs of senders and receivers with each other and with the desk."""
    kept: list[tuple[int, str]] = await asyncio.to_thread(crowd.house.on_desk, lambda desk: desk.look(_kept))
    tally = Tally(marked=await asyncio.to_thread(crowd.house.on_desk, lambda desk: desk.look(_marked)))
    wrote = crowd.letters + [text for texts in crowd.messages.values() for text in texts]
    there = Counter(words for _, words in kept)
    tally.lost = [words for words in wrote if words not in there]
    tally.twice = [words for words, times in there.items() if times > 1]
    for person, texts in crowd.messages.items():
        mine = [(number, words) for number, words in kept if words in texts]
        if len({number for number, _ in mine}) > 1 or [words for _, words in mine] != texts:
            tally.disordered.append(person)
    await _told(crowd, representative, kept, tally)
    return tally


async def _told(crowd: Crowd, representative: int, kept: list[tuple[int, str]], tally: Tally) -> None:
    """Ask those who should have heard: a customer once of each case, the representative of each message."""
    cards = [one.text for one in await crowd.house.client.messages(representative) if one.from_bot]
    receipts = [text_of(one) for one in crowd.house.mailbox.letters]
    for person in crowd.messages:
        receipts += [one.text for one in await crowd.house.client.messages(person) if one.from_bot]
    messages = Counter(number for number, _ in kept)
    for whom, due, texts in (("representative", messages, cards), ("customer", Counter(set(messages)), receipts)):
        heard = Counter(int(found[1]) for text in texts if (found := re.search(r"№(\d+)", text)))
        tally.untold += [f"{whom} of №{number}" for number in sorted(due - heard)]
        tally.repeats += (heard - due).total()


async def wait_until_whole(crowd: Crowd, representative: int, *, patience_s: float) -> Tally:
    """Count until nothing is missing, or until nothing more has come for so long: a slow machine loses nothing."""
    loop = asyncio.get_running_loop()
    end, least = loop.time() + patience_s, None
    while not (tally := await count(crowd, representative)).whole and loop.time() < end:
        missing = len(tally.lost) + len(tally.untold)
        if least is None or missing < least:
            end, least = loop.time() + patience_s, missing
        await asyncio.sleep(0.3)
    return tally
