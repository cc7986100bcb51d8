"""The journey of a case in chat, over real HTTP, in both shapes and both languages."""

from __future__ import annotations

import asyncio

import pytest

from core.people.rules import Role
from tests.flows.house import PNG, FlowDesk, data


@pytest.mark.parametrize("paced_house", ["embedded", pytest.param("scaled", marks=pytest.mark.long)], indirect=True)
async def test_a_case_goes_its_whole_way_in_chat(paced_house: FlowDesk) -> None:
    house, client = paced_house, paced_house.client
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR, language="uk")
    ivan = await client.person("Іван Мельник", language="uk")
    await client.say(ivan, "Принтер не друкує")
    await client.wait_for(ivan, "звернення №1")
    card = await client.wait_for(olena, "Нове у ваших")
    assert "Принтер не друкує" in card.text

    assert "№1 тепер у вас" in (await client.press_data(olena, card.id, data(card, "accept")) or "")
    await client.wait_for(ivan, "займається Olena Koval")
    redrawn = await client.wait_for(olena, lambda one: one.id == card.id and "У вас у роботі" in one.text)
    assert data(redrawn, "resolve")

    await client.say(olena, "Вимкніть і ввімкніть", reply_to=card.id)
    sending = await client.wait_for(olena, "Надсилається: Іван Мельник")
    assert data(sending, "undo")
    taras = await house.join("Taras Bondar", Role.MANAGER)
    answer = await client.wait_for(ivan, "Вимкніть і ввімкніть", timeout_s=25)
    assert answer.reply_to == 1

    await client.say(olena, "/queue_new Urgent")
    await client.wait_for(olena, "Чергу «Urgent»")
    await client.say(taras, "/watch urg")
    await client.wait_for(taras, "You are told")
    await client.say(olena, "/forward 1 urgent")
    new = await client.wait_for(taras, "New in “Urgent”")
    both = await asyncio.gather(
        client.press_data(olena, card.id, "1:accept:1"), client.press_data(taras, new.id, data(new, "accept"))
    )
    winner = taras if "yours" in (both[1] or "") else olena
    loser = olena if winner == taras else taras
    toast = both[0] if loser == olena else both[1]
    assert ("Taras Bondar" if winner == taras else "Olena Koval") in (toast or "")

    await client.say(winner, "/resolve 1 новий картридж")
    told = await client.wait_for(ivan, "новий картридж")
    await client.press_data(ivan, told.id, data(told, "not_solved"))
    await client.wait_for(winner, lambda one: "📥" in one.text and "№1" in one.text, after=card.id + 3)
    await client.say(winner, "/history 1")
    history = await client.wait_for(winner, "🕘")
    assert "Іван Мельник" in history.text


@pytest.mark.parametrize(
    ("language", "receipt", "mine"), [("en", "request №1", "Your requests"), ("uk", "звернення №1", "Ваші звернення")]
)
async def test_a_customer_reads_their_own_language(
    small_house: FlowDesk, language: str, receipt: str, mine: str
) -> None:
    client = small_house.client
    await small_house.join("Olena", Role.ADMINISTRATOR)
    person = await client.person("Alex", language=language)
    await client.say(person, "12345")
    await client.wait_for(person, receipt)
    await client.say(person, "/my")
    listed = await client.wait_for(person, mine)
    await client.press_data(person, listed.id, "1:my_close:1")
    await client.wait_for(person, "№1", after=listed.id)


@pytest.mark.long
async def test_an_answer_can_be_taken_back_and_edited_before_it_goes(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.say(ivan, "help")
    card = await client.wait_for(olena, "New in your Assigned")
    await client.say(olena, "wrong words", reply_to=card.id)
    sending = await client.wait_for(olena, "On its way to Ivan")
    await client.press(olena, sending, "Undo")
    await client.wait_for(olena, "Taken back")
    said = await client.say(olena, "rihgt words", reply_to=card.id)
    await client.wait_for(olena, "On its way to Ivan", after=sending.id)
    await client.edit(olena, said.id, "right words")
    await client.wait_for(olena, "Changed in")
    answer = await client.wait_for(ivan, "right words", timeout_s=20)
    assert not any("wrong" in one.text or "rihgt" in one.text for one in await client.messages(ivan))
    await client.edit(olena, said.id, "the right words")
    changed = await client.wait_for(ivan, "the right words")
    assert changed.id == answer.id
    assert changed.edited


@pytest.mark.long
async def test_an_album_and_a_batch_of_forwards_are_one_message_each(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.send_files(ivan, [(f"{n}.png", "image/png", PNG) for n in range(3)], caption="three pictures")
    card = await client.wait_for(olena, "three pictures")
    await client.forwards(ivan, ["first forwarded", "second forwarded"])
    notice = await client.wait_for(olena, "second forwarded")
    assert "first forwarded" in notice.text
    stats = await small_house.stats()
    assert sum(stats["cases"].values()) == 1
    assert stats["messages"]["customer"] == 2
    await client.press_data(olena, card.id, "1:files:1")
    await client.wait_for(olena, lambda one: one.file == "photo" and one.id > card.id)


@pytest.mark.long
async def test_plain_words_that_answer_nothing_ask_which_case_is_meant(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.say(ivan, "help me")
    card = await client.wait_for(olena, "New in your Assigned")
    await client.press(olena, card, "Accept")
    await client.say(olena, "here is how")
    asked = await client.wait_for(olena, "Which case")
    await client.press_data(olena, asked.id, "1:which:1")
    await client.wait_for(ivan, "here is how", timeout_s=20)
    assert sum((await small_house.stats())["cases"].values()) == 1


async def test_bad_input_gets_a_sentence_and_loses_nothing(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    for words, answer in (
        ("/accept", "Which one? Example: /accept 12"),
        ("/accept 99", "There is no case or task №99"),
        ("/forward 1", "There is no case or task №1"),
        ("/nonsense", "There is no command /nonsense"),
        ("/digest sometimes", "Examples: /digest now"),
        ("/missed never", "How many days?"),
        ("/me zone Atlantis", "no time zone “Atlantis”"),
    ):
        said = await client.say(olena, words)
        await client.wait_for(olena, answer, after=said.id)
    for forged in ("1:accept:99", "2:accept:1", "1:accept", "nonsense", "1:assign:1:99", "1:queue:1:0"):
        toast = await client.press_data(olena, (await client.last(olena)).id, forged)
        assert toast is not None, forged
    ivan = await client.person("Ivan")
    said = await client.say(ivan, "/queues")
    await client.wait_for(ivan, "There is no command /queues", after=said.id)
    await client.say(ivan, "/etc/hosts is empty")
    await client.wait_for(olena, "/etc/hosts is empty")
    assert sum((await small_house.stats())["cases"].values()) == 1


async def test_groups_are_pointed_to_a_private_chat_and_strangers_buttons_do_nothing(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan, eve = await client.person("Ivan"), await client.person("Eve")
    group = (await client.post("group", title="Everybody", members=[ivan, eve]))["chat_id"]
    await client.post("say", person=ivan, chat=group, text="/start")
    await client.wait_for(group, "private chat")
    await client.say(ivan, "my secret trouble")
    card = await client.wait_for(olena, "my secret trouble")
    for verb in ("accept", "case", "resolve", "my_close", "not_solved", "history", "files"):
        await client.say(eve, "x") if verb == "accept" else None
        await client.press_data(eve, (await client.last(eve)).id, f"1:{verb}:1")
    assert not any("secret" in one.text for one in await client.messages(eve))
    shown = next(one for one in await client.messages(olena) if one.id == card.id)
    assert "Assigned to you" in shown.text


@pytest.mark.long
async def test_spam_bans_a_sender_until_they_are_unbanned(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    eve = await client.person("Eve")
    await client.say(eve, "buy now")
    await client.wait_for(olena, "buy now")
    said = await client.say(olena, "/spam 1")
    await client.wait_for(olena, "Spam", after=said.id)
    await client.say(eve, "buy more")
    said = await client.say(olena, "/unban 1")
    await client.wait_for(olena, "heard again", after=said.id)
    await client.say(eve, "sorry")
    await client.wait_for(olena, "sorry")
    assert not any("buy more" in one.text for one in await client.messages(olena))


@pytest.mark.long
async def test_an_update_that_cannot_be_read_stops_nobody(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.post("update", update={"message": {"message_id": "broken", "chat": 7}})
    await client.say(ivan, "after the broken one")
    await client.wait_for(olena, "after the broken one")
    assert (await small_house.stats())["updates"]["set_aside"] == 1


async def test_a_task_and_a_snooze_are_planned_in_words(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR, language="uk")
    ivan = await client.person("Ivan")
    await client.say(ivan, "broken")
    await client.wait_for(olena, "№1")
    said = await client.say(olena, "/task 1 завтра о 15:00 подзвонити")
    task = await client.wait_for(olena, "подзвонити", after=said.id)
    assert "завтра 15:00" in task.text
    assert "Зроблено" in task.buttons[0][0][0]
    said = await client.say(olena, "/snooze 1 за 2 години чекаємо")
    await client.wait_for(olena, "💤", after=said.id)
    await client.press_data(olena, task.id, data(task, "done"))
    await client.wait_for(olena, lambda one: one.id == task.id and "Закрито" in one.text)


@pytest.mark.long
async def test_when_the_chat_is_closed_the_answer_goes_by_mail(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.say(ivan, "hello")
    card = await client.wait_for(olena, "hello")
    said = await client.say(olena, "/email 1 Ivan@Customer.example")
    await client.wait_for(olena, "ivan@customer.example", after=said.id)
    await client.block(ivan)
    await client.say(olena, "an answer", reply_to=card.id)
    await small_house.mailbox.wait_for("ivan@customer.example", "an answer", timeout_s=30)


@pytest.mark.long
async def test_a_blocked_bot_makes_the_answer_undeliverable_and_somebody_is_told(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan")
    await client.say(ivan, "hello")
    card = await client.wait_for(olena, "hello")
    await client.press(olena, card, "Accept")
    await client.wait_for(ivan, "works on your request")
    await client.say(olena, "an answer", reply_to=card.id)
    await client.wait_for(olena, "On its way to Ivan")
    await client.block(ivan)
    await client.wait_for(olena, "The answer did not arrive", timeout_s=40)
