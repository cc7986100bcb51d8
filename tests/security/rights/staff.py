"""Who works here and how they are told of things; the letters and senders of the desk; and the ways in."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
digest             | /digest now                  | tells tells tells | no    no    no
digest off         | /digest off                  | does  does  does  | no    no    no
people             | /people                      | tells tells tells | no    no    no
letters            | /letters                     | tells tells tells | no    no    no
senders            | /senders                     | tells tells tells | no    no    no
senders said       | /senders block spam.example  | no    does  does  | no    no    no
senders wrong      | /senders accept spam         | no    no    no    | no    no    no
away               | /away until tomorrow 9:00    | does  does  does  | no    no    no
back               | /back                        | tells tells tells | no    no    no
cap                | /cap 5                       | does  does  does  | no    no    no
mailbox            | /mailbox a@home.example      | does  does  does  | no    no    no
skills             | /skills taras                | tells tells tells | no    no    no
skills of your own | /skills +printers            | does  does  does  | no    no    no
skills of others   | /skills taras +printers      | no    does  does  | no    no    no
dismiss            | /dismiss taras to anybody    | no    no    does  | no    no    no
dismiss no heir    | /dismiss taras               | no    no    no    | no    no    no
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
"""

BUTTONS = """
cancel             | cancel                       | tells tells tells | no    no    no
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
outdated           | outdated                     | no    no    no    | no    no    no
"""
