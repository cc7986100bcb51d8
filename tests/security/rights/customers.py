"""Customers and their accounts: what is kept of them, and what they may do themselves."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
code               | /code 12345678               | no    no    no    | no    no    no
spam               | /spam {mine}                 | does  does  does  | no    no    no
spam another's     | /spam {other}                | no    does  does  | no    no    no
ban                | /ban {mine}                  | does  does  does  | no    no    no
unban              | /unban {banned}              | does  does  does  | no    no    no
email              | /email {mine} new@home.ua    | does  does  does  | no    no    no
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
my                 | /my                          | no    no    no    | tells tells tells
"""

BUTTONS = """
contact_merge      | contact_merge:{petro}:{ivan} | no    does  does  | no    no    no
contact_merge same | contact_merge:{ivan}:{ivan}  | no    no    no    | no    no    no
contact_erase      | contact_erase:{gone}         | no    does  does  | no    no    no
contact_erase open | contact_erase:{petro}        | no    no    no    | no    no    no
accounts           | accounts:0                   | tells tells tells | no    no    no
account            | account:{acme}               | tells tells tells | no    no    no
account unknown    | account:77:0                 | no    no    no    | no    no    no
account_merge      | account_merge:{globex}:{acme}| no    does  does  | no    no    no
account_merge same | account_merge:{acme}:{acme}  | no    no    no    | no    no    no
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
"""

#: Words while a dialogue of that name is open in the chat: its state, then the words.
FORMS = """
code               | {mine}  The scanner          | -     -     -     | own   own   own
code guessed       | {mine}  12345678             | -     -     -     | no    no    no
rating             | {own_rated} It was quick     | -     -     -     | does  own   own
rating foreign     | {their_closed} It was quick  | -     -     -     | own   own   own
"""
