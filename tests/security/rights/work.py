"""Where work is seen, and how it goes from one to another: lists, cards, accepting, forwarding, resolving."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
assigned           | /assigned                    | tells tells tells | no    no    no
progress           | /progress                    | tells tells tells | no    no    no
queues             | /queues                      | tells tells tells | no    no    no
queue              | /queue VIP                   | tells tells tells | no    no    no
queue unknown      | /queue Nothing               | no    no    no    | no    no    no
case               | /case {free}                 | tells tells tells | no    no    no
case another's     | /case {other}                | tells tells tells | no    no    no
find               | /find elephant              | tells tells tells | no    no    no
find a number      | /find {other}               | tells tells tells | no    no    no
accept             | /accept {free}               | does  does  does  | no    no    no
accept several     | /accept {free} {other}       | does  does  does  | no    no    no
accept another's   | /accept {other}              | no    no    no    | no    no    no
steal              | /steal {other} They are ill  | does  does  does  | no    no    no
steal what is free | /steal {free} They are ill   | no    no    no    | no    no    no
forward            | /forward {mine} VIP          | does  does  does  | no    no    no
forward several    | /forward {mine} {other} VIP  | does  does  does  | no    no    no
forward another's  | /forward {other} VIP         | no    does  does  | no    no    no
assign             | /assign {mine} taras         | does  does  does  | no    no    no
assign several     | /assign {mine} {other} taras | does  does  does  | no    no    no
assign another's   | /assign {other} daryna       | no    does  does  | no    no    no
assign to one gone | /assign {mine} danylo        | no    no    no    | no    no    no
reassign           | /reassign {mine} taras       | does  does  does  | no    no    no
reassign another's | /reassign {other} daryna     | no    does  does  | no    no    no
release            | /release {mine}              | does  does  does  | no    no    no
release another's  | /release {other}             | no    does  does  | no    no    no
resolve            | /resolve {mine} Done         | does  does  does  | no    no    no
resolve several    | /resolve {mine} {snoozed}    | does  does  does  | no    no    no
resolve another's  | /resolve {other} Done        | no    does  does  | no    no    no
reopen             | /reopen {closed}             | does  does  does  | no    no    no
progress of a kind | /progress letters            | tells tells tells | no    no    no
snooze             | /snooze {mine} 2h            | does  does  does  | no    no    no
snooze another's   | /snooze {other} 2h           | no    does  does  | no    no    no
missed             | /missed 1                    | tells tells tells | no    no    no
watch              | /watch VIP                   | does  does  does  | no    no    no
history            | /history {other}             | tells tells tells | no    no    no
queue private      | /queue Secret                | no    tells tells | no    no    no
case private       | /case {secret}               | no    tells tells | no    no    no
accept private     | /accept {secret}             | no    does  does  | no    no    no
history private    | /history {secret}            | no    tells tells | no    no    no
forward private    | /forward {mine} Secret       | no    does  does  | no    no    no
"""

BUTTONS = """
assigned           | assigned:0                   | tells tells tells | no    no    no
progress           | progress:0                   | tells tells tells | no    no    no
queues             | queues                       | tells tells tells | no    no    no
queue              | queue:{queue}:0              | tells tells tells | no    no    no
queue of somebody  | queue:{personal}:0           | no    no    no    | no    no    no
case               | case:{other}                 | tells tells tells | no    no    no
history            | history:{other}:0            | tells tells tells | no    no    no
whole              | whole:{other}:{entry}        | tells tells tells | no    no    no
whole of no case   | whole:{mine}:{entry}         | no    no    no    | no    no    no
find               | find:0                       | no    no    no    | no    no    no
missed             | missed:1:0                   | tells tells tells | no    no    no
select             | select:assigned:0:0          | does  does  does  | no    no    no
select of a queue  | select:queue:{queue}:0       | does  does  does  | no    no    no
select private     | select:queue:{hidden}:0      | no    does  does  | no    no    no
select unknown     | select:lamps:0:0             | no    no    no    | no    no    no
pick               | pick:{mine}                  | no    no    no    | no    no    no
pick_all           | pick_all:1                   | no    no    no    | no    no    no
pick_page          | pick_page:0                  | no    no    no    | no    no    no
pick_again         | pick_again                   | no    no    no    | no    no    no
pick_back          | pick_back                    | no    no    no    | no    no    no
pick_do            | pick_do:resolve              | no    no    no    | no    no    no
pick_to            | pick_to:forward:0            | no    no    no    | no    no    no
pick_forward       | pick_forward:{queue}         | no    no    no    | no    no    no
pick_assign        | pick_assign:{taras}          | no    no    no    | no    no    no
card               | card:{other}                 | tells tells tells | no    no    no
accept             | accept:{free}                | does  does  does  | no    no    no
accept another's   | accept:{other}               | no    no    no    | no    no    no
steal              | steal:{other}                | does  does  does  | no    no    no
forward_menu       | forward_menu:{mine}:0        | tells tells tells | no    no    no
forward            | forward:{mine}:{queue}       | does  does  does  | no    no    no
forward another's  | forward:{other}:{queue}      | no    does  does  | no    no    no
forward to no queue| forward:{mine}:{personal}    | no    no    no    | no    no    no
assign_menu        | assign_menu:{mine}:0         | tells tells tells | no    no    no
assign             | assign:{mine}:{taras}        | does  does  does  | no    no    no
assign another's   | assign:{other}:{daryna}      | no    does  does  | no    no    no
assign to one gone | assign:{mine}:{danylo}       | no    no    no    | no    no    no
release            | release:{mine}               | does  does  does  | no    no    no
release another's  | release:{other}              | no    does  does  | no    no    no
resolve            | resolve:{mine}               | does  does  does  | no    no    no
resolve another's  | resolve:{other}              | no    does  does  | no    no    no
reopen             | reopen:{closed}              | does  does  does  | no    no    no
snooze_ask         | snooze_ask:{mine}            | does  does  does  | no    no    no
snooze             | snooze:{mine}:in_1h          | does  does  does  | no    no    no
snooze another's   | snooze:{other}:in_1h         | no    does  does  | no    no    no
snooze_skip        | snooze_skip:{mine}           | tells tells tells | no    no    no
watch              | watch:{queue}                | does  does  does  | no    no    no
watch somebody's   | watch:{personal}             | no    no    no    | no    no    no
hand_over          | hand_over:{taras}            | does  does  does  | no    no    no
hand_over to gone  | hand_over:{danylo}           | no    no    no    | no    no    no
queue private      | queue:{hidden}:0             | no    tells tells | no    no    no
watch private      | watch:{hidden}               | no    does  does  | no    no    no
forward to private | forward:{mine}:{hidden}      | no    does  does  | no    no    no
case private       | case:{secret}                | no    tells tells | no    no    no
whole private      | whole:{secret}:{secret_entry}| no    tells tells | no    no    no
card private       | card:{secret}                | no    tells tells | no    no    no
accept private     | accept:{secret}              | no    does  does  | no    no    no
assign_menu private| assign_menu:{secret}:0       | no    tells tells | no    no    no
history private    | history:{secret}:0           | no    tells tells | no    no    no
resolve private    | resolve:{secret}             | no    does  does  | no    no    no
"""

#: Words while a dialogue of that name is open in the chat: its state, then the words.
FORMS = """
snooze             | {mine}  2h                   | does  does  does  | own   own   own
snooze another's   | {other} 2h                   | no    does  does  | own   own   own
snooze_why         | {snoozed} Waits for parts    | does  does  does  | own   own   own
steal              | {other} They are ill         | does  does  does  | own   own   own
select             | {mine}  Hello                | does  does  does  | own   own   own
select another's   | {other} Hello                | no    does  does  | own   own   own
select private     | {secret} Hello               | no    does  does  | own   own   own
"""
