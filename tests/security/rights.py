"""Who may do what, written by hand and read by people: one row for each thing that can be written or pressed.

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
edit changed       | /edit {mine} priority urgent | does  does  does  | no    no    no
edit               | /edit {other}                | tells tells tells | no    no    no
edit another's     | /edit {other} type problem   | no    does  does  | no    no    no
categories         | /categories                  | tells tells tells | no    no    no
categories new     | /categories Lamps            | no    does  does  | no    no    no
file               | /file {other}                | tells tells tells | no    no    no
file sent          | /file {other} 1              | tells tells tells | no    no    no
file unknown       | /file {other} 7              | no    no    no    | no    no    no
merge              | /merge {mine} INTO {snoozed} | does  does  does  | no    no    no
merge another's    | /merge {other} INTO {mine}   | no    does  does  | no    no    no
merge into anoth.  | /merge {mine} INTO {other}   | no    does  does  | no    no    no
merge into itself  | /merge {mine} INTO {mine}    | no    no    no    | no    no    no
split              | /split {other}               | tells tells tells | no    no    no
link               | /link {mine} {other}         | does  does  does  | no    no    no
link another's     | /link {other} {mine}         | no    does  does  | no    no    no
link itself        | /link {mine} {mine}          | no    no    no    | no    no    no
link an address    | /link ivan@home.example      | no    no    no    | does  does  does
link what is known | /link letters@far.example    | no    no    no    | does  does  does
link one of ours   | /link {ours}                 | no    no    no    | no    no    no
code               | /code 12345678               | no    no    no    | no    no    no
parent             | /parent {mine} {other}       | does  does  does  | no    no    no
parent of another's| /parent {other} {mine}       | no    does  does  | no    no    no
cancel_case        | /cancel_case {mine} A double | does  does  does  | no    no    no
cancel_case other  | /cancel_case {other} Mistake | no    does  does  | no    no    no
cancel_case free   | /cancel_case {free} Mistake  | no    no    no    | no    no    no
accept             | /accept {free}               | does  does  does  | no    no    no
accept several     | /accept {free} {other}       | does  does  does  | no    no    no
accept another's   | /accept {other}              | no    no    no    | no    no    no
steal              | /steal {other} They are ill  | does  does  does  | no    no    no
steal what is free | /steal {free} They are ill   | no    no    no    | no    no    no
reply              | /reply {mine} Hello          | does  does  does  | no    no    no
reply another's    | /reply {other} Hello         | no    no    no    | no    no    no
t                  | /t {mine} refund             | does  does  does  | no    no    no
t unknown          | /t {mine} nothing            | no    no    no    | no    no    no
t private          | /t {secret} refund           | no    does  does  | no    no    no
templates          | /templates                   | tells tells tells | no    no    no
templates for one  | /templates {other}           | tells tells tells | no    no    no
template_new       | /template_new hello: Hello!  | does  does  does  | no    no    no
template_new field | /template_new hello: {{sum}} | no    no    no    | no    no    no
template_edit      | /template_edit refund: Hello!| no    does  does  | no    no    no
template_edit other| /template_edit theirs: Hello!| no    no    no    | no    no    no
template_drop      | /template_drop refund        | no    does  does  | no    no    no
template_drop other| /template_drop theirs        | no    no    no    | no    no    no
note               | /note {mine} Look            | does  does  does  | no    no    no
note another's     | /note {other} Look           | does  does  does  | no    no    no
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
progress of a kind | /progress letters            | tells tells tells | no    no    no
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
snooze             | /snooze {mine} 2h            | does  does  does  | no    no    no
snooze another's   | /snooze {other} 2h           | no    does  does  | no    no    no
missed             | /missed 1                    | tells tells tells | no    no    no
digest             | /digest now                  | tells tells tells | no    no    no
digest off         | /digest off                  | does  does  does  | no    no    no
watch              | /watch VIP                   | does  does  does  | no    no    no
history            | /history {other}             | tells tells tells | no    no    no
people             | /people                      | tells tells tells | no    no    no
spam               | /spam {mine}                 | does  does  does  | no    no    no
spam another's     | /spam {other}                | no    does  does  | no    no    no
ban                | /ban {mine}                  | does  does  does  | no    no    no
unban              | /unban {banned}              | does  does  does  | no    no    no
email              | /email {mine} new@home.ua    | does  does  does  | no    no    no
via                | /via {mine}                  | tells tells tells | no    no    no
via telegram       | /via {mine} telegram         | does  does  does  | no    no    no
via by no way      | /via {mine} email            | no    no    no    | no    no    no
via another's      | /via {other} telegram        | no    does  does  | no    no    no
copy               | /copy {mine} x@far.example   | does  does  does  | no    no    no
copy another's     | /copy {other} x@far.example  | no    does  does  | no    no    no
copy private       | /copy {secret} x@far.example | no    does  does  | no    no    no
copy one of ours   | /copy {mine} {ours}          | no    no    no    | no    no    no
copy who is there  | /copy {mine} boss@far.example| no    no    no    | no    no    no
uncopy             | /uncopy {mine}               | does  does  does  | no    no    no
uncopy nobody      | /uncopy {snoozed}            | no    no    no    | no    no    no
uncopy another's   | /uncopy {other} x@far.example| no    no    no    | no    no    no
contact_merge      | /contact_merge {free} INTO {mine} | no tells tells | no    no    no
contact_merge same | /contact_merge {free} INTO {other}| no no    no    | no    no    no
contact_export     | /contact_export {free}       | no    does  does  | no    no    no
contact_erase      | /contact_erase gone@far.example | no tells tells | no    no    no
contact_erase open | /contact_erase {free}        | no    no    no    | no    no    no
accounts           | /accounts                    | tells tells tells | no    no    no
account            | /account Acme                | tells tells tells | no    no    no
account of a case  | /account {free}              | tells tells tells | no    no    no
account of a secret| /account {secret}            | no    tells tells | no    no    no
account unknown    | /account Nothing             | no    no    no    | no    no    no
account_new        | /account_new Umbrella        | no    does  does  | no    no    no
account_edit       | /account_edit Acme           | no    tells tells | no    no    no
account_edit owner | /account_edit Acme owner taras | no  does  does  | no    no    no
account_edit level | /account_edit Acme level Gold | no   does  does  | no    no    no
account_edit part  | /account_edit Globex parent Acme | no does  does  | no    no    no
account_edit itself| /account_edit Acme parent Acme | no  no    no    | no    no    no
account_edit alias | /account_edit Acme alias Anvils | no does  does  | no    no    no
account_join       | /account_join {mine} Acme    | no    does  does  | no    no    no
account_leave      | /account_leave {free}        | no    does  does  | no    no    no
account_merge      | /account_merge Globex INTO Acme | no tells tells | no    no    no
account_merge same | /account_merge Acme INTO acme| no    no    no    | no    no    no
account_close      | /account_close Globex        | no    does  does  | no    no    no
account_close open | /account_close Acme          | no    no    no    | no    no    no
letters            | /letters                     | tells tells tells | no    no    no
senders            | /senders                     | tells tells tells | no    no    no
senders said       | /senders block spam.example  | no    does  does  | no    no    no
senders wrong      | /senders accept spam         | no    no    no    | no    no    no
queue_new          | /queue_new Press             | no    does  does  | no    no    no
queue_missed       | /queue_missed VIP 5          | no    does  does  | no    no    no
away               | /away until tomorrow 9:00    | does  does  does  | no    no    no
back               | /back                        | tells tells tells | no    no    no
cap                | /cap 5                       | does  does  does  | no    no    no
mailbox            | /mailbox a@home.example      | does  does  does  | no    no    no
skills             | /skills taras                | tells tells tells | no    no    no
skills of your own | /skills +printers            | does  does  does  | no    no    no
skills of others   | /skills taras +printers      | no    does  does  | no    no    no
dismiss            | /dismiss taras to anybody    | no    no    does  | no    no    no
dismiss no heir    | /dismiss taras               | no    no    no    | no    no    no
queue_edit         | /queue_edit VIP              | no    tells tells | no    no    no
queue_edit changed | /queue_edit VIP priority low | no    does  does  | no    no    no
queue_edit keep    | /queue_edit VIP keep 365     | no    does  does  | no    no    no
queue_edit sign    | /queue_edit VIP signature VIP| no    does  does  | no    no    no
queue_edit own     | /queue_edit Assigned name X  | no    no    no    | no    no    no
queue_close        | /queue_close Empty           | no    does  does  | no    no    no
queue_close full   | /queue_close VIP             | no    no    no    | no    no    no
queue_merge        | /queue_merge Empty INTO VIP  | no    does  does  | no    no    no
queue_merge itself | /queue_merge VIP INTO vip    | no    no    no    | no    no    no
queue_unmerge      | /queue_unmerge Gone          | no    does  does  | no    no    no
queue_split        | /queue_split VIP INTO P {free}| no   does  does  | no    no    no
queue private      | /queue Secret                | no    tells tells | no    no    no
case private       | /case {secret}               | no    tells tells | no    no    no
accept private     | /accept {secret}             | no    does  does  | no    no    no
note private       | /note {secret} Look          | no    does  does  | no    no    no
history private    | /history {secret}            | no    tells tells | no    no    no
forward private    | /forward {mine} Secret       | no    does  does  | no    no    no
bind               | /bind VIP                    | no    tells tells | no    no    no
unbind             | /unbind VIP                  | no    tells tells | no    no    no
levels             | /levels                      | tells tells tells | no    no    no
level              | /level Gold                  | tells tells tells | no    no    no
level changed      | /level Gold pause off        | no    does  does  | no    no    no
level given up     | /level Gold off              | no    does  does  | no    no    no
level_new          | /level_new Silver first 2h   | no    does  does  | no    no    no
level_use          | /level_use Gold VIP          | no    does  does  | no    no    no
level_use for one  | /level_use Gold №{other}     | no    does  does  | no    no    no
hours              | /hours                       | tells tells tells | no    no    no
hours changed      | /hours mon-sat 10-16         | no    does  does  | no    no    no
closures           | /closures                    | tells tells tells | no    no    no
closures more      | /closures 25.12 Christmas    | no    does  does  | no    no    no
closures fewer     | /closures remove {closure}   | no    does  does  | no    no    no
invite             | /invite manager              | no    no    does  | no    no    no
invitations        | /invitations                 | no    no    tells | no    no    no
me                 | /me                          | tells tells tells | no    no    no
me changed         | /me uk                       | does  does  does  | no    no    no
signature          | /signature                   | tells tells tells | no    no    no
signature changed  | /signature Olena             | does  does  does  | no    no    no
signature unclear  | /signature en:               | no    no    no    | no    no    no
me quiet           | /me quiet 22:00-8:00         | does  does  does  | no    no    no
me news            | /me news                     | tells tells tells | no    no    no
me news never off  | /me news assigned off        | no    no    no    | no    no    no
cancel             | /cancel                      | tells tells tells | no    no    no
help               | /help                        | tells tells tells | tells tells tells
start              | /start                       | tells tells tells | tells tells tells
start invited      | /start {token}               | does  does  does  | does  does  does
start with a guess | /start guessed-token         | no    no    no    | no    no    no
start with one used| /start {used}                | no    no    no    | no    no    no
new                | /new Zoe: The scanner        | does  does  does    | own   own   own
new without whom   | /new The scanner             | no    no    no    | own   own   own
my                 | /my                          | no    no    no    | tells tells tells
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
edit               | edit:{other}:priority        | tells tells tells | no    no    no
edit title         | edit:{mine}:title            | does  does  does  | no    no    no
edit_set           | edit_set:{mine}:type:problem | does  does  does  | no    no    no
edit_set another's | edit_set:{other}:type:problem| no    does  does  | no    no    no
edit_set unknown   | edit_set:{mine}:type:lamp    | no    no    no    | no    no    no
tab                | tab:{other}:talk             | tells tells tells | no    no    no
tab notes          | tab:{other}:notes            | tells tells tells | no    no    no
tab work           | tab:{other}:work             | tells tells tells | no    no    no
tab files          | tab:{other}:files            | tells tells tells | no    no    no
tab history        | tab:{other}:history          | tells tells tells | no    no    no
tab customer       | tab:{other}:customer         | tells tells tells | no    no    no
tab unknown        | tab:{other}:lamp             | no    no    no    | no    no    no
file               | file:{other}:1               | tells tells tells | no    no    no
file unknown       | file:{mine}:1                | no    no    no    | no    no    no
merge_yes          | merge_yes:{mine}             | tells tells tells | no    no    no
contact_merge      | contact_merge:{petro}:{ivan} | no    does  does  | no    no    no
contact_merge same | contact_merge:{ivan}:{ivan}  | no    no    no    | no    no    no
contact_erase      | contact_erase:{gone}         | no    does  does  | no    no    no
contact_erase open | contact_erase:{petro}        | no    no    no    | no    no    no
accounts           | accounts:0                   | tells tells tells | no    no    no
account            | account:{acme}               | tells tells tells | no    no    no
account unknown    | account:77:0                 | no    no    no    | no    no    no
account_merge      | account_merge:{globex}:{acme}| no    does  does  | no    no    no
account_merge same | account_merge:{acme}:{acme}  | no    no    no    | no    no    no
via_menu           | via_menu:{other}             | tells tells tells | no    no    no
via_menu private   | via_menu:{secret}            | no    tells tells | no    no    no
via                | via:{mine}:telegram          | does  does  does  | no    no    no
via another's      | via:{other}:telegram         | no    does  does  | no    no    no
via unknown        | via:{mine}:pigeon            | no    no    no    | no    no    no
join               | join:{beside}:{mine}         | does  does  does  | no    no    no
join into another's| join:{beside}:{other}        | no    does  does  | no    no    no
join without mail  | join:{free}:{mine}           | no    no    no    | no    no    no
letter_join        | letter_join:{naming}:0       | does  does  does  | no    no    no
letter_join none   | letter_join:{letter}:0       | no    no    no    | no    no    no
split              | split:{mine}:{answer}        | does  does  does  | no    no    no
split another's    | split:{other}:{their_answer} | no    does  does  | no    no    no
split of no case   | split:{mine}:{entry}         | no    no    no    | no    no    no
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
answer             | answer:{mine}                | does  does  does  | no    no    no
note               | note:{other}                 | does  does  does  | no    no    no
undo               | undo:{mine}:{answer}         | does  does  does  | no    no    no
alone              | alone:{mine}:{answer}        | tells tells tells | no    no    no
alone another's    | alone:{other}:{their_answer} | no    no    no    | no    no    no
undo another's     | undo:{other}:{their_answer}  | no    no    no    | no    no    no
templates          | templates:{other}:0          | tells tells tells | no    no    no
templates private  | templates:{secret}:0         | no    tells tells | no    no    no
template           | template:{mine}:{template}   | does  does  does  | no    no    no
template another's | template:{mine}:{their_template} | no no    no    | no    no    no
unsent_send        | unsent_send:{unsent}         | does  does  does  | no    no    no
unsent_send other  | unsent_send:{their_unsent}   | no    no    no    | no    no    no
unsent_edit        | unsent_edit:{unsent}         | does  does  does  | no    no    no
unsent_edit other  | unsent_edit:{their_unsent}   | no    no    no    | no    no    no
unsent_drop        | unsent_drop:{unsent}         | does  does  does  | no    no    no
unsent_drop other  | unsent_drop:{their_unsent}   | no    no    no    | no    no    no
new_for            | new_for:0                    | tells tells tells | no    no    no
tell_opened        | tell_opened:{phoned}         | does  does  does  | no    no    no
tell_opened again  | tell_opened:{mine}           | no    no    no    | no    no    no
tell_opened another| tell_opened:{other}          | no    no    no    | no    no    no
which              | which:{mine}                 | tells tells tells | no    no    no
cancel             | cancel                       | tells tells tells | no    no    no
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
snooze_ask         | snooze_ask:{mine}            | does  does  does  | no    no    no
snooze             | snooze:{mine}:in_1h          | does  does  does  | no    no    no
snooze another's   | snooze:{other}:in_1h         | no    does  does  | no    no    no
snooze_skip        | snooze_skip:{mine}           | tells tells tells | no    no    no
regards            | regards:{other}              | tells tells tells | no    no    no
files              | files:{other}                | tells tells tells | no    no    no
watch              | watch:{queue}                | does  does  does  | no    no    no
watch somebody's   | watch:{personal}             | no    no    no    | no    no    no
hand_over          | hand_over:{taras}            | does  does  does  | no    no    no
hand_over to gone  | hand_over:{danylo}           | no    no    no    | no    no    no
locale             | locale:uk                    | does  does  does  | does  does  does
locale unknown     | locale:xx                    | no    no    no    | no    no    no
help               | help:work                    | tells tells tells | no    no    no
presence           | presence:away                | does  does  does  | no    no    no
news               | news                         | tells tells tells | no    no    no
news_set           | news_set:answers:off         | does  does  does  | no    no    no
news_set never off | news_set:assigned:off        | no    no    no    | no    no    no
news_set unknown   | news_set:lamp:off            | no    no    no    | no    no    no
letters            | letters:0                    | tells tells tells | no    no    no
letter             | letter:{letter}:0            | does  does  does  | no    no    no
sender_block       | sender_block:{letter}:0      | no    does  does  | no    no    no
sender_accept      | sender_accept:{letter}:0     | no    does  does  | no    no    no
senders            | senders:0                    | tells tells tells | no    no    no
sender_drop        | sender_drop:{sender}:0       | no    does  does  | no    no    no
invitations        | invitations:0                | no    no    tells | no    no    no
revoke             | revoke:{invitation}:0        | no    no    does  | no    no    no
queue_edit         | queue_edit:{queue}           | no    tells tells | no    no    no
queue_edit personal| queue_edit:{personal}        | no    no    no    | no    no    no
queue_set          | queue_set:{queue}:priority:low| no   does  does  | no    no    no
queue_set personal | queue_set:{personal}:priority:low| no no    no    | no    no    no
unmerge            | unmerge:{merge}              | no    does  does  | no    no    no
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
closure_remove     | closure_remove:{closure}     | no    does  does  | no    no    no
my_close           | my_close:{own}               | no    no    no    | does  no    no
my_close another's | my_close:{other}             | no    no    no    | no    no    no
my_move            | my_move:{own}:{said}:{own2}  | no    no    no    | does  no    no
my_move to foreign | my_move:{own}:{said}:{other} | no    no    no    | no    no    no
my_move of foreign | my_move:{other}:{entry}:{own}| no    no    no    | no    no    no
not_solved         | not_solved:{own_closed}      | no    no    no    | does  no    no
not_solved foreign | not_solved:{their_closed}    | no    no    no    | no    no    no
rate               | rate:{own_closed}:5          | no    no    no    | does  no    no
rate low           | rate:{own_closed}:1          | no    no    no    | does  no    no
rate beyond        | rate:{own_closed}:6          | no    no    no    | no    no    no
rate unasked       | rate:{own}:5                 | no    no    no    | no    no    no
rate foreign       | rate:{their_closed}:5        | no    no    no    | no    no    no
rate_words unrated | rate_words:{own_closed}      | no    no    no    | no    no    no
rate_words foreign | rate_words:{their_closed}    | no    no    no    | no    no    no
outdated           | outdated                     | no    no    no    | no    no    no
"""

#: Words while a dialogue of that name is open in the chat: its state, then the words.
FORMS = """
answer             | {mine}  Hello                | does  does  does  | own   own   own
answer another's   | {other} Hello                | no    no    no    | own   own   own
note               | {mine}  Look                 | does  does  does  | own   own   own
snooze             | {mine}  2h                   | does  does  does  | own   own   own
snooze another's   | {other} 2h                   | no    does  does  | own   own   own
snooze_why         | {snoozed} Waits for parts    | does  does  does  | own   own   own
task               | {mine}  Call them tomorrow   | does  does  does  | own   own   own
steal              | {other} They are ill         | does  does  does  | own   own   own
edit_title         | {mine}  The lamp             | does  does  does  | own   own   own
edit_title another | {other} The lamp             | no    does  does  | own   own   own
edit_product       | {mine}  LJ 400               | does  does  does  | own   own   own
done               | {task}  Agreed 30m           | does  does  does  | own   own   own
move               | {task}  tomorrow 10:00       | does  does  does  | own   own   own
move another's     | {their_task} tomorrow 10:00  | no    does  does  | own   own   own
which              | {mine}  Hello                | does  does  does  | own   own   own
select             | {mine}  Hello                | does  does  does  | own   own   own
select another's   | {other} Hello                | no    does  does  | own   own   own
select private     | {secret} Hello               | no    does  does  | own   own   own
new_for            | {mine}  Zoe: the scanner     | does  does  does  | own   own   own
new_whom           | {mine}  Hello                | does  does  does  | own   own   own
new                | {mine}  The scanner          | -     -     -     | own   own   own
code               | {mine}  The scanner          | -     -     -     | own   own   own
code guessed       | {mine}  12345678             | -     -     -     | no    no    no
rating             | {own_rated} It was quick     | -     -     -     | does  own   own
rating foreign     | {their_closed} It was quick  | -     -     -     | own   own   own
"""

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
unbind             | /unbind VIP                  | no    does  does  | tells tells tells
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
