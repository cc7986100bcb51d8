"""Public queues shown in groups of the staff, over HTTP: bound, pressed, moved, lost and found again."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.client import Seen
from core.cases import incoming
from core.cases.views import Incoming
from core.customers.actions import Caller, recognise
from core.desk import Tx
from core.outbox.model import Channel
from core.people.rules import Role
from core.work import cards, queries, queues
from core.work.model import Work
from core.work.rules import QueueKind
from tests.bot.live import TOKEN, LiveBot

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


class Group:
    """A group with members of staff and others in it, as they use it."""

    def __init__(self, bot: LiveBot, chat: int) -> None:
        self.bot = bot
        self.chat = chat

    async def say(self, person: int, text: str, topic: int | None = None) -> None:
        facts = {"topic": topic} if topic else {}
        await self.bot.client.post("say", person=person, text=text, chat=self.chat, **facts)

    async def press(self, person: int, message: Seen, label: str) -> str:
        answer = await self.bot.client.post(
            "press", person=person, message_id=message.id, data=message.data(label), chat=self.chat
        )
        return str(answer["answer"]["text"]) if answer["answer"] else ""

    async def sees(self, words: str, *, without: str = "", after: int = 0) -> Seen:
        """Wait until the group is shown something."""
        return await self.bot.client.wait_for(
            self.chat, lambda one: words in one.text and not (without and without in one.text), after=after
        )

    async def cards(self) -> list[Seen]:
        return [one for one in await self.bot.client.messages(self.chat) if one.from_bot and "№" in one.text]

    async def call(self, method: str, **facts: Any) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.bot.api.address}/bot{TOKEN}/{method}", json={"chat_id": self.chat, **facts}) as told,
        ):
            return (await told.json())["result"]


async def _group(bot: LiveBot, *members: int, kind: str = "supergroup") -> Group:
    made = await bot.client.post("group", title="Everybody", members=list(members), kind=kind)
    return Group(bot, made["chat_id"])


async def _queue(bot: LiveBot, name: str = "VIP") -> int:
    return (await asyncio.to_thread(bot.desk.run, queues.new_queue, name, None)).id


async def _case(bot: LiveBot, name: str, queue: str = "VIP") -> int:
    """Let a letter of a new customer come into a queue; returns the number of their case."""

    def write(tx: Tx) -> int:
        address = f"{name.lower()}@example.com"
        who = recognise(tx, Caller(Channel.EMAIL, address, name, "en"))
        what = Incoming(channel=Channel.EMAIL, address=address, text="It is dark", subject="The lamp")
        return incoming.open_case(tx, who, what, queue=queries.find_queue(tx, queue).id)

    return await asyncio.to_thread(bot.desk.run, write)


def _place(bot: LiveBot, number: int) -> QueueKind | None:
    item = bot.desk.look(queries.item, number)
    return item.queue.kind if item.queue else None


async def test_a_bound_queue_shows_a_card_an_item_which_is_pressed_and_stays_true(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    olena = await bot.join("Olena", Role.REPRESENTATIVE)
    eve = await bot.client.person("Eve")
    await _queue(bot)
    group = await _group(bot, maria, olena, eve)
    before = await _case(bot, "Petro")
    await group.say(maria, "/bind VIP")
    await group.sees("is shown here from now on")
    await group.sees(f"№{before}")
    number = await _case(bot, "Ivan")
    card = await group.sees(f"№{number}")
    assert [label for row in card.buttons for label, _ in row] == ["✅ Accept", "👤 Assign", "➡️ Forward"]
    assert "Only those who work at the desk" in await group.press(eve, card, "Accept")
    assert "№" in await group.press(olena, card, "Accept")
    shown = await group.sees("Olena")
    assert (shown.id, shown.buttons) == (card.id, ())
    await bot.client.wait_for(olena, f"№{number}")
    assert len(await group.cards()) == 2


async def test_assign_and_forward_are_asked_privately_and_the_card_says_where_the_item_went(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await bot.join("Olena", Role.REPRESENTATIVE)
    await _queue(bot)
    await _queue(bot, "Returns")
    group = await _group(bot, maria)
    await group.say(maria, "/bind VIP")
    first, second = await _case(bot, "Ivan"), await _case(bot, "Petro")
    card = await group.sees(f"№{first}")
    assert "private chat" in await group.press(maria, card, "Forward")
    asked = await bot.client.wait_for(
        maria, lambda one: any("Returns" in label for row in one.buttons for label, _ in row)
    )
    await bot.client.press(maria, asked, "Returns")
    shown = await group.sees("Returns")
    assert (shown.id, shown.buttons) == (card.id, ())
    other = await group.sees(f"№{second}")
    assert "private chat" in await group.press(maria, other, "Assign")
    asked = await bot.client.wait_for(
        maria, lambda one: any("Olena" in label for row in one.buttons for label, _ in row)
    )
    await bot.client.press(maria, asked, "Olena")
    assert (await group.sees("Assigned to Olena")).id == other.id


async def test_only_managers_bind_and_unbind_and_elsewhere_it_is_said_where(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    olena = await bot.join("Olena", Role.REPRESENTATIVE)
    eve = await bot.client.person("Eve")
    await _queue(bot)
    group = await _group(bot, maria, olena, eve)
    said = await bot.client.say(maria, "/bind VIP")
    await bot.client.wait_for(maria, "in the group where the queue is to be shown", after=said.id)
    await group.say(eve, "/bind VIP")
    await group.sees("private chat")
    await group.say(olena, "/bind VIP")
    await group.sees("Ask a manager")
    await group.say(maria, "/bind")
    await group.sees("No queue is shown in this group")
    await group.say(maria, "/bind VIP")
    bound = await group.sees("is shown here from now on")
    await group.say(maria, "/bind VIP")
    await group.sees("is shown here already", after=bound.id)
    number = await _case(bot, "Ivan")
    card = await group.sees(f"№{number}")
    await group.say(maria, "/unbind")
    await group.sees("is shown here no more")
    assert "shows no queue any more" in await group.press(olena, card, "Accept")
    assert await asyncio.to_thread(_place, bot, number) is QueueKind.PUBLIC


async def test_cards_of_a_queue_that_a_group_shows_no_more_cannot_be_pressed_there(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    await _queue(bot, "Returns")
    group = await _group(bot, maria)
    await group.say(maria, "/bind VIP")
    number = await _case(bot, "Ivan")
    card = await group.sees(f"№{number}")
    await group.say(maria, "/unbind VIP")
    await group.sees("is shown here no more")
    await group.say(maria, "/bind Returns")
    await group.sees("“Returns” is shown here")
    for label in ("Accept", "Assign", "Forward"):
        assert "not shown in this group any more" in await group.press(maria, card, label)
    assert await asyncio.to_thread(_place, bot, number) is QueueKind.PUBLIC
    other = await _case(bot, "Petro", "Returns")
    shown = await group.sees(f"№{other}")
    assert f"№{other}" in await group.press(maria, shown, "Accept")


async def test_a_private_queue_is_bound_with_a_warning(bot: LiveBot) -> None:
    from core.people import queries as staff
    from core.work import editing

    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    secret = await _queue(bot, "Secret")

    def hide(tx: Any) -> None:
        by = staff.by_telegram(tx, maria)
        assert by is not None
        editing.set_members(tx, secret, [], by)

    await asyncio.to_thread(bot.desk.run, hide)
    group = await _group(bot, maria)
    await group.say(maria, "/bind Secret")
    await group.sees("everybody in this group now sees")


async def test_a_topic_that_vanished_is_made_anew_with_the_cards_that_wait(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    group = await _group(bot, maria)
    topic = (await group.call("createForumTopic", name="Important"))["message_thread_id"]
    await group.say(maria, "/bind VIP", topic)
    assert (await group.sees("is shown here from now on")).raw["message_thread_id"] == topic
    first = await _case(bot, "Ivan")
    assert (await group.sees(f"№{first}")).raw["message_thread_id"] == topic
    await group.call("deleteForumTopic", message_thread_id=topic)
    second = await _case(bot, "Petro")
    shown = await group.sees(f"№{second}")
    anew = shown.raw["message_thread_id"]
    assert anew != topic
    said = await bot.client.say(maria, f"/edit {first} priority urgent")
    await bot.client.wait_for(maria, "№", after=said.id)
    again = await group.sees(f"№{first}")
    assert again.raw["message_thread_id"] == anew
    assert [call["method"] for call in await bot.client.log()].count("createForumTopic") == 2


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_became_a_supergroup_is_followed(bot: LiveBot, told: bool) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    group = await _group(bot, maria, kind="group")
    await group.say(maria, "/bind VIP")
    first = await _case(bot, "Ivan")
    await group.sees(f"№{first}")
    if told:
        new = Group(bot, (await bot.client.post("migrate", chat=group.chat))["chat_id"])
    else:  # the message that tells it was lost: the next call is refused, and says where the group is now
        world = bot.api.sandbox.world
        new = await _group(bot, maria)
        world.chats[group.chat].migrated_to = new.chat
    second = await _case(bot, "Petro")
    card = await new.sees(f"№{second}")
    await new.sees(f"№{first}")
    assert "№" in await new.press(maria, card, "Accept")
    assert (await new.sees("Maria")).id == card.id
    assert len(await new.cards()) == 2


async def test_who_bound_a_queue_is_told_that_the_bot_was_taken_out_of_the_group(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    group = await _group(bot, maria)
    await group.say(maria, "/bind VIP")
    await group.sees("is shown here from now on")
    await bot.client.post("remove", person=maria, chat=group.chat)
    await bot.client.wait_for(maria, "The bot is not in the group any more")


async def test_what_happens_in_a_moment_is_one_edit_of_each_card(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    group = await _group(bot, maria)
    await group.say(maria, "/bind VIP")
    numbers = [await _case(bot, name) for name in ("Ivan", "Petro", "Zoe")]
    for number in numbers:
        await group.sees(f"№{number}")

    def change(tx: Tx, number: int, priority: int) -> None:
        tx.lock_one(Work, number).priority = priority
        cards.changed(tx, number)

    for turn in range(10):
        for number in numbers:
            await asyncio.to_thread(bot.desk.run, change, number, 1 if turn % 2 else 3)
    for number in numbers:
        await group.sees(f"🔴 №{number}")
    calls = [one for one in await bot.client.log() if str(one.get("chat_id")) == str(group.chat)]
    assert len([one for one in calls if one["method"] == "editMessageText"]) <= 3 * 4
    assert len(calls) <= 20


async def test_a_card_that_has_left_its_queue_before_it_could_be_sent_is_not_sent(bot: LiveBot) -> None:
    bot.live()
    maria = await bot.join("Maria", Role.MANAGER)
    await _queue(bot)
    group = await _group(bot, maria)
    await group.say(maria, "/bind VIP")
    await group.sees("is shown here from now on")
    await bot.client.fault("429", chat_id=group.chat, times=1, seconds=2)
    first, second = await _case(bot, "Ivan"), await _case(bot, "Petro")
    said = await bot.client.say(maria, f"/accept {second}")
    await bot.client.wait_for(maria, f"№{second}", after=said.id)
    third = await _case(bot, "Zoe")
    await group.sees(f"№{third}")
    assert [f"№{number}" in "".join(one.text for one in await group.cards()) for number in (first, second)] == [
        True,
        False,
    ]
