"""Tasks, calls, letters, chats and meetings, and the days they stand in."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
task               | /task Call them tomorrow     | does  does  does  | no    no    no
task for a case    | /task {other} Call tomorrow  | does  does  does  | no    no    no
call               | /call Ring them tomorrow     | does  does  does  | no    no    no
call for a case    | /call {other} Ring tomorrow  | does  does  does  | no    no    no
call a customer    | /call "Petro" Ring tomorrow  | does  does  does  | no    no    no
meet               | /meet {mine} tomorrow Demo   | does  does  does  | no    no    no
meet another's     | /meet {other} tomorrow Demo  | does  does  does  | no    no    no
serve              | /serve {mine} tomorrow Look  | does  does  does  | no    no    no
serve with another | /serve {other} tomorrow Look with taras | does does does | no no no
serve in private   | /serve {secret} tomorrow Look| no    does  does  | no    no    no
write              | /write {other} tomorrow Hi   | does  does  does  | no    no    no
write a customer   | /write "Petro" tomorrow Hi   | does  does  does  | no    no    no
chat               | /chat {other} tomorrow Hi    | does  does  does  | no    no    no
log                | /log {other} call in Price   | does  does  does  | no    no    no
log in private     | /log {secret} call in Price  | no    does  does  | no    no    no
done               | /done {task} Agreed 30m      | does  does  does  | no    no    no
done another's     | /done {their_task} Agreed    | no    does  does  | no    no    no
done with a case   | /done {mine} Agreed          | no    no    no    | no    no    no
move               | /move {task} tomorrow 10:00  | does  does  does  | no    no    no
move another's     | /move {their_task} tomorrow  | no    does  does  | no    no    no
calloff            | /calloff {task} They are ill | does  does  does  | no    no    no
calloff another's  | /calloff {their_task}        | no    does  does  | no    no    no
today              | /today                       | tells tells tells | no    no    no
today of another   | /today taras                 | no    tells tells | no    no    no
week               | /week                        | tells tells tells | no    no    no
week of another    | /week taras                  | no    tells tells | no    no    no
"""

BUTTONS = """
plan               | plan:{mine}                  | does  does  does  | no    no    no
done               | done:{task}                  | does  does  does  | no    no    no
done another's     | done:{their_task}            | no    does  does  | no    no    no
done of a meeting  | done:{meeting}               | does  does  does  | no    no    no
finish             | finish:{meeting}             | does  does  does  | no    no    no
finish another's   | finish:{their_task}          | no    does  does  | no    no    no
move_ask           | move_ask:{task}              | does  does  does  | no    no    no
move               | move:{task}:in_1h            | does  does  does  | no    no    no
move another's     | move:{their_task}:in_1h      | no    does  does  | no    no    no
call_off           | call_off:{meeting}           | does  does  does  | no    no    no
call_off another's | call_off:{their_meeting}     | no    does  does  | no    no    no
uninvite           | uninvite:{meeting}           | does  does  does  | no    no    no
uninvite another's | uninvite:{their_meeting}     | no    does  does  | no    no    no
close_planned      | close_planned:{ended}        | does  does  does  | no    no    no
close_planned open | close_planned:{mine}         | no    no    no    | no    no    no
today              | today:0                      | tells tells tells | no    no    no
today of another   | today:{taras}                | no    tells tells | no    no    no
week               | week:0                       | tells tells tells | no    no    no
week of another    | week:{taras}                 | no    tells tells | no    no    no
"""

#: Words while a dialogue of that name is open in the chat: its state, then the words.
FORMS = """
task               | {mine}  Call them tomorrow   | does  does  does  | own   own   own
done               | {task}  Agreed 30m           | does  does  does  | own   own   own
move               | {task}  tomorrow 10:00       | does  does  does  | own   own   own
move another's     | {their_task} tomorrow 10:00  | no    does  does  | own   own   own
"""
