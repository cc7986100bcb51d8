"""Who may do what, written by hand and read by people: one row for each thing that can be written or pressed.

Each part of the product has a file.

The first word of a row is the handler, in the tables of `bot/commands.py`; what follows it tells rows of one handler
apart. In braces stand things of the desk in `tests/security/world.py`. The six columns are a representative, a
manager, an administrator, a customer, a dismissed representative and a stranger:

    does    it is done: something changes
    tells   something is told, and nothing changes
    own     the words become a message of a case of their own, and of no other
    no      it is refused: nothing changes, and nothing is told but that
    -       there is no such situation
"""

from __future__ import annotations

from tests.security.rights import activities, cases, customers, queues, staff, work

_PARTS = (work, cases, activities, customers, queues, staff)

COMMANDS = "".join(part.COMMANDS for part in _PARTS)
BUTTONS = "".join(part.BUTTONS for part in _PARTS)
FORMS = "".join(getattr(part, "FORMS", "") for part in _PARTS)

#: What is found by who types the bot's name and words in any chat; `none` is an empty answer, and nothing else.
INLINE = """
words              | elephant                     | tells tells tells | none  none  none
a number           | {other}                      | tells tells tells | none  none  none
words in private   | private                      | none  tells tells | none  none  none
their own          | lamp                         | tells tells tells | none  none  none
no words           |                              | none  none  none  | none  none  none
an unknown queue   | in:Nothing elephant          | no    no    no    | none  none  none
"""

#: What is said and pressed in a group that the queue VIP is shown in (`private`: the private one). `none`: nothing is
#: told and nothing changes; members of the staff press with their own rights, whoever else is in the group with none.
GROUPS = """
accept             | accept:{free}                | does  does  does  | no    no    no
accept another's   | accept:{other}               | no    no    no    | no    no    no
accept elsewhere   | accept:{own}                 | tells tells tells | no    no    no
accept private     | accept:{secret}              | no    does  does  | no    no    no
assign_menu        | assign_menu:{free}:0         | tells tells tells | no    no    no
assign_menu elsew. | assign_menu:{own}:0          | tells tells tells | no    no    no
assign_menu private| assign_menu:{secret}:0       | no    tells tells | no    no    no
forward_menu       | forward_menu:{free}:0        | tells tells tells | no    no    no
forward_menu priv. | forward_menu:{secret}:0      | no    tells tells | no    no    no
resolve            | resolve:{mine}               | none  none  none  | none  none  none
case               | case:{other}                 | none  none  none  | none  none  none
outdated           | outdated                     | none  none  none  | none  none  none
bind               | /bind Empty                  | no    does  does  | tells tells tells
bind a second      | /bind Secret                 | no    does  does  | tells tells tells
bind shown here    | /bind VIP                    | no    no    no    | tells tells tells
bind personal      | /bind Assigned               | no    no    no    | tells tells tells
bind merged        | /bind Gone                   | no    no    no    | tells tells tells
bind unknown       | /bind Nothing                | no    no    no    | tells tells tells
bind lists         | /bind                        | no    tells tells | tells tells tells
rebind from afar   | /bind VIP                    | no    does  does  | tells tells tells
unbind             | /unbind VIP                  | no    does  does  | tells tells tells
unbind the only    | /unbind                      | no    does  does  | tells tells tells
unbind another     | /unbind Empty                | no    no    no    | tells tells tells
unbind from afar   | /unbind VIP                  | no    no    no    | tells tells tells
case said          | /case {other}                | tells tells tells | tells tells tells
start said         | /start {token}               | tells tells tells | tells tells tells
words              | Look at the lamp             | none  none  none  | none  none  none
"""

#: What Telegram may tell the bot of; there is nothing of channels, businesses or payments.
UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]

#: The handlers that show work, or begin with it: none does for whoever may not see any.
SHOW_WORK = (
    "split file new edit categories assigned progress queues queue case missed digest watch history people note forward"
    " assign today week find via t"
)
BUTTONS_SHOW_WORK = (
    "tab file edit assigned progress queues queue case history whole missed card forward_menu assign_menu answer note"
    " plan via_menu snooze_ask snooze_skip regards files watch move_ask today week steal templates template select"
)
