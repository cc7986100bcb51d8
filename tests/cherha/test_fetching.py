"""A desk that fetches its letters is killed again and again: none is lost, and none becomes two cases."""

from __future__ import annotations

import json
import random
from pathlib import Path
from time import sleep

import pytest

from tests.cherha.processes import cherha, running
from tests.mail_in.mailboxes import imap_server
from tests.waiting import until
from tests.workers.letters import letter

LETTERS, KILLS = 30, 4


def _stats(folder: Path, **settings: str) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = json.loads(cherha(folder, "stats", "--json", **settings).stdout)
    return told


@pytest.mark.long
def test_a_desk_that_is_killed_while_it_fetches_loses_nothing_and_makes_no_second_case(tmp_path: Path) -> None:
    chance = random.Random(7)
    with imap_server() as server:
        settings = {"mailbox": server.url, "smtp_listen": "", "mail_domain": "desk.example"}
        server.deliver(*(letter(f"Letter {number}") for number in range(LETTERS)))
        for _ in range(KILLS):
            with running(tmp_path, "run", **settings) as desk:
                desk.wait_for("running")
                sleep(chance.uniform(0.05, 0.6))
                desk.process.kill()
        with running(tmp_path, "run", **settings) as desk:
            desk.wait_for("fetched from 127.0.0.1")
            until(lambda: server.unread() == 0, 40, 0.2)
            until(lambda: _stats(tmp_path, **settings)["letters"]["kept"] == 0, 40, 0.2)
            stats = _stats(tmp_path, **settings)
            assert (sum(stats["letters"].values()), sum(stats["cases"].values())) == (LETTERS, LETTERS)
            assert desk.end() == 0


def test_what_fetches_alone_says_what_it_needs(tmp_path: Path) -> None:
    told = cherha(tmp_path, "fetch")
    assert told.returncode == 2
    assert "CHERHA_MAILBOX" in told.stdout + told.stderr
    told = cherha(tmp_path, "fetch", mailbox="imap://a:b@127.0.0.1:1?tls=none")
    assert "CHERHA_REDIS_URL" in told.stdout + told.stderr


def test_the_doctor_finds_a_mailbox_that_cannot_be_read(tmp_path: Path) -> None:
    with imap_server() as server:
        assert "its letters can be read" in cherha(tmp_path, "doctor", mailbox=server.url).stdout
        wrong = cherha(tmp_path, "doctor", mailbox=server.url.replace("open", "s3cret"))
        assert "refuses the user, password or folder" in wrong.stdout
        assert "s3cret" not in wrong.stdout + wrong.stderr
    assert "cannot be spoken to" in cherha(tmp_path, "doctor", mailbox=server.url).stdout
