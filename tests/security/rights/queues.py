"""Queues as managers keep them, and by what hours and levels work is measured."""

from __future__ import annotations

#                                                   repr. man.  adm.  | cust. dism. stra.
COMMANDS = """
queue_new          | /queue_new Press             | no    does  does  | no    no    no
queue_missed       | /queue_missed VIP 5          | no    does  does  | no    no    no
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
"""

BUTTONS = """
queue_edit         | queue_edit:{queue}           | no    tells tells | no    no    no
queue_edit personal| queue_edit:{personal}        | no    no    no    | no    no    no
queue_set          | queue_set:{queue}:priority:low| no   does  does  | no    no    no
queue_set personal | queue_set:{personal}:priority:low| no no    no    | no    no    no
unmerge            | unmerge:{merge}              | no    does  does  | no    no    no
closure_remove     | closure_remove:{closure}     | no    does  does  | no    no    no
"""
