"""Every button that can be pressed and every question that can be answered, each with things of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.callback import VERSION, unpack
from core.desk import Desk
from core.work.drafts import drop_draft, keep_draft
from tests.bench.asking import Ask, Asker
from tests.bench.ground import STAFF_CHAT
from tests.scale.things import CHIEF, Things

#: An act by its name.
Act = tuple[str, Ask]

#: What is pressed besides the buttons in the life of a card: the name of an act and its data, in braces things of
#: `tests.scale.things`.
BUTTONS = """
assigned           assigned:0
progress           progress:0
queues             queues
queue              queue:2:0
case               case:{case}
regards            regards:{case}
tab                tab:{case}:talk
tab notes          tab:{case}:notes
tab work           tab:{case}:work
tab files          tab:{case}:files
tab history        tab:{case}:history
tab customer       tab:{case}:customer
history            history:{case}:0
whole              whole:{case}:{entry}
missed             missed:7:0
file               file:{with_file}:1
pick_all           pick_all:1{choosing}
pick_page          pick_page:8{choosing}
pick_again         pick_again{choosing}
pick_back          pick_back{choosing}
pick_do accept     pick_do:accept{chosen}
pick_do            pick_do:resolve{chosen}
pick_to            pick_to:forward:0{chosen}
pick_to assign     pick_to:assign:0{chosen}
pick_forward       pick_forward:3{chosen}
pick_assign        pick_assign:5{chosen}
edit               edit:{case}:priority
edit title         edit:{case}:title
edit_set           edit_set:{mine}:type:problem
steal              steal:{theirs}
note               note:{case}
undo               undo:{mine}:{answer}
alone              alone:{letters}:{answer_in_copy}
templates          templates:{case}:0
template           template:{mine}:{template}
unsent_send        unsent_send:{unsent}
unsent_edit        unsent_edit:{unsent}
unsent_drop        unsent_drop:{unsent}
new_for            new_for:{customer}{new_whom}
new_for nobody     new_for:0{new_whom}
tell_opened        tell_opened:{phoned}
which              which:{mine}{which}
split              split:{mine}:{answer}
merge_yes          merge_yes:{mine}{merging}
join               join:{letter_case}:{mine}
letter_join        letter_join:{naming}:0
via_menu           via_menu:{case}
via                via:{mine}:telegram
contact_merge      contact_merge:{customer}:{customer2}
contact_erase      contact_erase:{nobody}
accounts           accounts:0
account            account:{account}
account_merge      account_merge:{account}:{account2}
plan               plan:{mine}
done               done:{task}
done of a meeting  done:{meeting}
finish             finish:{meeting}
move_ask           move_ask:{task}
move               move:{task}:in_1h
call_off           call_off:{meeting}
uninvite           uninvite:{meeting}
close_planned      close_planned:{ended}
today              today:0
week               week:0
snooze_ask         snooze_ask:{mine}
snooze             snooze:{mine}:in_1h
snooze_skip        snooze_skip:{snoozed}
watch              watch:9
letters            letters:0
letter             letter:{letter}:0
sender_block       sender_block:{letter}:0
sender_accept      sender_accept:{letter}:0
senders            senders:0
sender_drop        sender_drop:{rule}:0
queue_edit         queue_edit:2
queue_set          queue_set:2:priority:low
unmerge            unmerge:{merge}
closure_remove     closure_remove:{closure}
invitations        invitations:0
revoke             revoke:{invitation}:0
help               help:work
news               news
news_set           news_set:answers:off
cancel             cancel
presence           presence:away
hand_over          hand_over:7
locale             locale:en
"""

#: What is asked of the staff, about what, and what they answer.
FORMS = """
answer             {mine}     Hello
note               {case}     Look
edit_title         {mine}     The lamp
edit_product       {mine}     LJ 400
steal              {theirs}   They are ill
snooze             {mine}     2h
snooze_why         {snoozed}  Waits for parts
task               {mine}     Call them tomorrow
done               {task}     Agreed 30m
move               {task}     tomorrow 10:00
new_for            {case}     Yevhen: the scanner
"""

#: What customers press.
CUSTOMERS_BUTTONS = """
my_close           my_close:{own}
my_move            my_move:{own}:{said}:{own2}
not_solved         not_solved:{own_closed}
rate               rate:{own_closed}:5
rate low           rate:{own_closed}:1
rate_words         rate_words:{own_rated}
locale             locale:en{known}
"""

#: What customers whom the desk knows say, besides the first words of a new one.
CUSTOMERS_COMMANDS = """
/start             /start{known}
/link              /link ivan@far.example{known}
/code              /code {code}
"""

#: What is asked of customers, about what, and what they answer.
CUSTOMERS_FORMS = """
new                {own}        The scanner
code               {own}        {code}
rating             {own_rated}  It was quick
"""

#: What is said and pressed in a group that shows a queue.
GROUPS = """
/bind              /bind Queue 20
press accept       accept:{in_group}
press assign_menu  assign_menu:{in_group}:0
press forward_menu forward_menu:{in_group}:0
/unbind            /unbind Queue 20
"""

#: A group of the staff.
_GROUP = -500

#: What the first column of each table takes.
_WIDTH = 19

_CHAT = STAFF_CHAT + CHIEF


class Presses:
    """Acts by buttons and by answers to questions; `/cancel` and the like are never in the way of one."""

    def __init__(self, desk: Desk, asker: Asker, make: Callable[[], Things]) -> None:
        self.desk = desk
        self.asker = asker
        self._things = make

    def everything(self) -> Iterator[Act]:
        """Press it all, in this order."""
        for acts in (self.buttons, self.forms, self.of_customers, self.in_groups):
            yield from acts()

    def buttons(self) -> Iterator[Act]:
        """Press every button that the life of one card does not have."""
        for name, of, data in self._rows(BUTTONS):
            yield f"press {name}", self._pressed(CHIEF, _CHAT, data.format_map(of))

    def forms(self) -> Iterator[Act]:
        """Answer what was asked."""
        for name, of, row in self._rows(FORMS):
            about, words = row.split(maxsplit=1)
            self._asked(_CHAT, name, about, of)
            yield f"words for {name}", self.asker.says(CHIEF, _CHAT, words)

    def of_customers(self) -> Iterator[Act]:
        """Let customers press their buttons and answer what they were asked."""
        for name, of, row in self._rows(CUSTOMERS_BUTTONS):
            data, chat = row.format_map(of), of.number("chat")
            yield f"customer's press {name}", self._pressed(chat, chat, data)
        for name, of, row in self._rows(CUSTOMERS_COMMANDS):
            said = row.format_map(of)
            yield f"customer's {name}", self.asker.says(of.number("chat"), of.number("chat"), said)
        for name, of, row in self._rows(CUSTOMERS_FORMS):
            about, words = row.split(maxsplit=1)
            chat = of.number("chat")
            self._asked(chat, name, about, of)
            yield f"customer's words for {name}", self.asker.says(chat, chat, words.format_map(of))

    def in_groups(self) -> Iterator[Act]:
        """Show a queue in a group, press the buttons of its cards, and show it no more."""
        for name, of, row in self._rows(GROUPS):
            said = row.format_map(of)
            ask = self.asker.says(CHIEF, _GROUP, said) if name[0] == "/" else self._pressed(CHIEF, _GROUP, said)
            yield f"in a group, {name}", ask

    def _rows(self, table: str) -> Iterator[tuple[str, Things, str]]:
        """Read a table, with no question left open in the chief's chat: a row is begun when the one before is done."""
        for line in table.strip().splitlines():
            self.desk.run(drop_draft, _CHAT)
            yield line[:_WIDTH].strip(), self._things(), line[_WIDTH:].strip()

    def _pressed(self, user: int, chat: int, data: str) -> Ask:
        verb, args = unpack(f"{VERSION}:{data}") or ("", ())
        return self.asker.presses(user, verb, *args, chat=chat)

    def _asked(self, chat: int, form: str, about: str, of: Things) -> None:
        self.desk.run(keep_draft, chat, form, {"number": int(about.format_map(of))})
