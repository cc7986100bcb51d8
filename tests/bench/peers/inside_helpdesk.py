"""A django-helpdesk that makes tickets of the files in a folder, each time a line comes in; run by a Python of its own.

`python -I inside_helpdesk.py FOLDER [--unanswered]`: mail is read from `FOLDER/mail`. It imports nothing of
ours, for nothing of ours is there.
"""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: Django's name for the pages of a site: answers carry links to them.
urlpatterns: list[Any] = []


def _configure(folder: Path) -> None:
    """Configure it as its manual tells, without teams, and with SQLite as ours: WAL, each commit on disk."""
    import django
    from django.conf import settings

    contrib = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
    settings.configure(
        SECRET_KEY="of-a-bench",
        INSTALLED_APPS=[*(f"django.contrib.{one}" for one in contrib), "helpdesk"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "helpdesk.sqlite3",
                "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 30},
            }
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        ROOT_URLCONF=__name__,
        MEDIA_ROOT=folder / "media",
        STATIC_URL="/static/",
        SITE_ID=1,
        USE_TZ=True,
        # What is answered is put into words and goes nowhere: delivery is no part of these figures.
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_FROM_EMAIL="desk@localhost",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()
    logging.getLogger("helpdesk").setLevel(logging.ERROR)  # it warns of each letter that nobody answers


def _open(folder: Path, *, answered: bool) -> None:
    """Make the database, and a queue that is fed from a folder."""
    from django.core.management import call_command
    from django.urls import include, path
    from helpdesk.models import EmailTemplate, Queue

    urlpatterns.append(path("", include("helpdesk.urls")))
    call_command("migrate", verbosity=0)
    if not answered:
        EmailTemplate.objects.all().delete()
    elif not EmailTemplate.objects.filter(template_name="newticket_submitter").exists():
        call_command("loaddata", "emailtemplate.json", verbosity=0)
    Queue.objects.create(
        title="Desk",
        slug="desk",
        email_address="desk@localhost",
        allow_email_submission=True,
        email_box_type="local",
        email_box_local_dir=str(folder / "mail"),
        email_box_interval=0,
        logging_type="none",
    )


def main() -> None:
    """Say what it is when it is ready; for each line that comes in, take the letters and count the tickets."""
    folder = Path(sys.argv[1])
    _configure(folder)
    _open(folder, answered="--unanswered" not in sys.argv[2:])
    from helpdesk.email import process_email
    from helpdesk.models import Ticket

    print(f"ready: django-helpdesk {version('django-helpdesk')}, Django {version('Django')}", flush=True)
    for _line in sys.stdin:
        process_email(quiet=True)
        print(f"tickets: {Ticket.objects.count()}", flush=True)


if __name__ == "__main__":
    main()
