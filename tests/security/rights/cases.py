"""What a case holds: its fields, what is said in it, its files, and how it goes together with others."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
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
parent             | /parent {mine} {other}       | does  does  does  | no    no    no
parent of another's| /parent {other} {mine}       | no    does  does  | no    no    no
cancel_case        | /cancel_case {mine} A double | does  does  does  | no    no    no
cancel_case other  | /cancel_case {other} Mistake | no    does  does  | no    no    no
cancel_case free   | /cancel_case {free} Mistake  | no    no    no    | no    no    no
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
note private       | /note {secret} Look          | no    does  does  | no    no    no
new                | /new Zoe: The scanner        | does  does  does    | own   own   own
new without whom   | /new The scanner             | no    no    no    | own   own   own
"""

BUTTONS = """
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
regards            | regards:{other}              | tells tells tells | no    no    no
files              | files:{other}                | tells tells tells | no    no    no
"""

#: Words while a dialogue of that name is open in the chat: its state, then the words.
FORMS = """
answer             | {mine}  Hello                | does  does  does  | own   own   own
answer another's   | {other} Hello                | no    no    no    | own   own   own
note               | {mine}  Look                 | does  does  does  | own   own   own
edit_title         | {mine}  The lamp             | does  does  does  | own   own   own
edit_title another | {other} The lamp             | no    does  does  | own   own   own
edit_product       | {mine}  LJ 400               | does  does  does  | own   own   own
which              | {mine}  Hello                | does  does  does  | own   own   own
new_for            | {mine}  Zoe: the scanner     | does  does  does  | own   own   own
new_whom           | {mine}  Hello                | does  does  does  | own   own   own
new                | {mine}  The scanner          | -     -     -     | own   own   own
"""
