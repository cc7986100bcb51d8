"""The checker: what senders and receivers wrote down for themselves, held against each other and against the desk."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.inbox.model import InboxState, Letter
from core.outbox.model import Channel, Owed, OwedState
from tests.faults.crowd import Crowd
from tests.faults.desks import FaultDesk
from tests.faults.harness import Outcome

_NUMBER = re.compile(r"№(\d+)")

#: A letter that waits counts for more than all that is owed because of it: to understand it is a step ahead.
_A_LETTER = 4

#: What was told of which case: the channel and the number.
Told = Counter[tuple[Channel, int]]


@dataclass
class Tally:
    """What is not as it should be; all empty when nothing was lost and nothing came twice.

    Attributes:
        lost: of what was taken, what is not in any case.
        twice: what is there more than once.
        disordered: people whose messages are not in the order of their writing, or in several cases.
        untold: cases of which a customer or the representative was not told.
        untraced: cases of which more was told than an unknown outcome explains.
        repeats: how often customer or representative was told once more than there was to tell.
        marked: repeats that the desk itself knows of: after an unknown outcome.
    """

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[int] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    untraced: list[str] = field(default_factory=list)
    repeats: int = 0
    marked: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is there and everybody was told."""
        return not (self.lost or self.untold)

    def outcome(self, **figures: float) -> Outcome:
        """Tell it as the outcome of a run."""
        broken = [
            f"{kind}: {what}"
            for kind in ("lost", "twice", "disordered", "untold", "untraced")
            for what in getattr(self, kind)
        ]
        return Outcome(tuple(broken), {"repeats": self.repeats, "marked": self.marked, **figures})


def kept_words(tx: Tx) -> list[tuple[int, str]]:
    """List what customers wrote, by case, in order: subjects of letters, words of messages."""
    rows = tx.session.execute(
        select(Entry.work_id, Entry.subject, Entry.text).where(Entry.kind == EntryKind.CUSTOMER).order_by(Entry.id)
    )
    return [(number, subject or text) for number, subject, text in rows]


def _marked(tx: Tx) -> Told:
    query = select(Owed.channel, Owed.work_id, func.sum(Owed.repeats)).group_by(Owed.channel, Owed.work_id)
    return Counter({(channel, number): int(repeats) for channel, number, repeats in tx.session.execute(query)})


def _waiting(tx: Tx) -> int:
    letters = select(func.count()).where(Letter.state == InboxState.KEPT)
    owed = select(func.count()).where(Owed.state.in_((OwedState.OWED, OwedState.UNKNOWN)))
    return (tx.session.scalar(letters) or 0) * _A_LETTER + (tx.session.scalar(owed) or 0)


async def count(crowd: Crowd, representatives: Sequence[int]) -> Tally:
    """Compare the logs of senders and receivers with each other and with the desk."""
    house = crowd.house
    kept: list[tuple[int, str]] = await house.look(kept_words)
    tally = Tally()
    there = Counter(words for _, words in kept)
    wrote = crowd.letters + [text for texts in crowd.messages.values() for text in texts]
    tally.lost = [words for words in wrote if words not in there]
    tally.twice = [words for words, times in there.items() if times > 1]
    for person, texts in crowd.messages.items():
        mine = [(number, words) for number, words in kept if words in texts]
        if len({number for number, _ in mine}) > 1 or [words for _, words in mine] != texts:
            tally.disordered.append(person)
    _compare(tally, _due(kept), heard(house, set(representatives), set(crowd.messages)), await house.look(_marked))
    return tally


def _due(kept: Iterable[tuple[int, str]]) -> dict[str, Told]:
    """Tell who should have heard: the representative of each message, a customer once of each case."""
    chatted = {number for number, words in kept if words.startswith("Words")}
    numbers = [number for number, _ in kept]
    receipts = {(Channel.TELEGRAM if number in chatted else Channel.EMAIL, number) for number in numbers}
    return {"representative": Counter((Channel.TELEGRAM, number) for number in numbers), "customer": Counter(receipts)}


def heard(
    house: FaultDesk, representatives: set[int], customers: set[int], *, calls: int = 0, letters: int = 0
) -> dict[str, Told]:
    """Read in the receivers' own books what reached them, whatever the desk knows of it.

    Args:
        calls, letters: so many at the beginning are left out.
    """
    told: dict[str, Told] = {"representative": Counter(), "customer": Counter()}
    for call in house.api.sandbox.world.log[calls:]:
        found = _NUMBER.search(call["text"] or "")
        if found and call["method"].startswith("send"):
            whom = "representative" if call["chat_id"] in representatives else "customer"
            if whom == "representative" or call["chat_id"] in customers:
                told[whom][Channel.TELEGRAM, int(found[1])] += 1
    for text in house.relayed()[letters:]:
        if found := _NUMBER.search(text):
            told["customer"][Channel.EMAIL, int(found[1])] += 1
    return told


def _compare(tally: Tally, due: dict[str, Told], came: dict[str, Told], marked: Told) -> None:
    extra: Told = Counter()
    for whom, owed in due.items():
        tally.untold += [f"{whom} of №{number}" for _, number in sorted(owed - came[whom])]
        extra += came[whom] - owed
    tally.repeats, tally.marked = extra.total(), marked.total()
    tally.untraced = [f"№{number} by {channel}" for channel, number in sorted(extra - marked)]


async def wait_until_whole(crowd: Crowd, representatives: Sequence[int], *, patience_s: float) -> Tally:
    """Wait until nothing is missing and nothing is on its way, or until nothing more has come for so long, and count.

    However slow the machine, nothing is taken for lost that is late. As long as something is on its way only that is
    counted: to compare all the logs takes the machine from those who bring it.
    """
    loop, house = asyncio.get_running_loop(), crowd.house
    end, least = loop.time() + patience_s, None
    while True:
        waiting = await house.look(_waiting)  # first: what is done with before it is counted is counted
        missing = (1, waiting) if waiting else None
        if missing is None or loop.time() > end:
            tally = await count(crowd, representatives)
            if (tally.whole and not waiting) or loop.time() > end:
                return tally
            missing = missing or (0, len(tally.lost) + len(tally.untold))
        if least is None or missing < least:
            end, least = loop.time() + patience_s, missing
        await asyncio.sleep(0.3)
