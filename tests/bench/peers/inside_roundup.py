"""A Roundup that makes issues of the files in a folder, each time a line comes in; run by a Python of its own.

`python -I inside_roundup.py FOLDER`: mail is read from `FOLDER/mail`. It imports nothing of ours, for
nothing of ours is there.
"""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from email import message_from_bytes
from email.utils import parseaddr
from importlib.metadata import version
from pathlib import Path
from typing import Any

_SETTINGS = {
    "RDBMS_BACKEND": "sqlite",  # with WAL and each commit on disk, as it does by itself
    "TRACKER_WEB": "http://localhost/",
    "MAIL_DOMAIN": "localhost",
    "MAIL_HOST": "localhost",
    "ADMIN_EMAIL": "admin@localhost",
    "TRACKER_EMAIL": "desk@localhost",
    # Nobody is answered, and no issue is looked for that has the same subject.
    "MESSAGES_TO_AUTHOR": "no",
    "MAILGW_SUBJECT_CONTENT_MATCH": "never",
    # By default the password of each new user takes longer than all else of a letter.
    "PASSWORD_PBKDF2_DEFAULT_ROUNDS": "1000",
}


def _open(folder: Path) -> Any:
    """Make a tracker from the classic template, open to whoever writes, and keep it in memory."""
    from roundup import configuration, init, instance, password

    home, share = folder / "tracker", Path(sys.prefix) / "share" / "roundup" / "templates" / "classic"
    init.install(str(home), str(share))
    schema = home / "schema.py"
    schema.write_text(f"{schema.read_text()}\ndb.security.addPermissionToRole('Anonymous', 'Email Access')\n")
    config = configuration.CoreConfig()
    for name, value in _SETTINGS.items():
        config[name] = value
    config.save(str(home / "config.ini"))
    tracker = instance.open(str(home))
    tracker.init(password.Password("of-a-bench", config=tracker.config))
    logging.getLogger("roundup").setLevel(logging.ERROR)
    return instance.open(str(home), optimize=True)


def _meet(tracker: Any, letters: list[Path]) -> None:
    """Make users of the senders."""
    db = tracker.open("admin")
    for letter in letters:
        address = parseaddr(message_from_bytes(letter.read_bytes())["from"])[1]
        db.user.create(username=address, address=address, roles="User")
    db.commit()
    db.close()


def _take(tracker: Any, gateway: Any, letters: list[Path]) -> int:
    """Hand the letters to the mail gateway, and count the issues."""
    for letter in letters:
        with letter.open("rb") as file:
            gateway.main(file)
        letter.unlink()
    db = tracker.open("admin")
    try:
        return len(db.issue.list())
    finally:
        db.close()


def main() -> None:
    """Say what it is when it is ready; for each line that comes in, take the letters and count the issues."""
    folder = Path(sys.argv[1])
    tracker = _open(folder)
    from roundup.mailgw import MailGW

    gateway = MailGW(tracker, Namespace(default_class="issue", set_value=[]))
    gateway.trapExceptions = 0
    print(f"ready: Roundup {version('roundup')}", flush=True)
    for line in sys.stdin:
        letters = sorted((folder / "mail").iterdir())
        if line.strip() == "meet":
            _meet(tracker, letters)
            print("met:", flush=True)
        else:
            print(f"tickets: {_take(tracker, gateway, letters)}", flush=True)


if __name__ == "__main__":
    main()
