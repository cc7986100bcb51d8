"""Fetches letters: each is on disk before the mailbox hears that it was read, and what is on disk is fetched once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import structlog

from core.desk import Desk
from core.errors import TryLater
from core.inbox import mailboxes
from core.inbox.mailboxes import MailboxView
from core.mailbox import MailboxAddress
from workers.mail_in import imap, pop
from workers.mail_in.imap import LOOK_S, ImapBox
from workers.mail_in.letters import Sorter
from workers.mail_in.pop import PopBox

#: After a failure, in seconds; twice as long each time, up to the longest.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0

#: Letters between two times that they are marked as read.
_AT_ONCE = 50

#: What a server, a broken connection or answers that make no sense may raise.
_FAILURES = (OSError, EOFError, ValueError, IndexError, TypeError, imap.Failure, pop.Failure, TryLater)

log = structlog.get_logger(__name__)


class Fetcher:
    """Fetches what is in a mailbox and what comes into it, until told to stop.

    Args:
        opens: opens a folder of IMAP.
    """

    def __init__(
        self, desk: Desk, where: MailboxAddress, sorter: Sorter, opens: Callable[[MailboxAddress], ImapBox] = ImapBox
    ) -> None:
        self._opens = opens
        self._desk = desk
        self._where = where
        self._sorter = sorter
        self._visit: Callable[[Event], None] = self._imap if where.protocol == "imap" else self._pop
        self._well = False

    def run(self, stop: Event) -> None:
        """Visit the mailbox again and again; while it is away, at longer and longer intervals."""
        pause_s = FIRST_PAUSE_S
        while not stop.is_set():
            try:
                self._visit(stop)
            except _FAILURES as error:
                if self._well:
                    pause_s = FIRST_PAUSE_S
                self._well = False
                log.warning("mailbox_away", host=self._where.host, error=type(error).__name__, again_s=pause_s)
                stop.wait(pause_s)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)

    # --- IMAP -------------------------------------------------------------------------------------

    def _imap(self, stop: Event) -> None:
        box = self._opens(self._where)
        try:
            view = self._desk.run(mailboxes.open_mailbox, self._where.name)
            if view.validity != box.validity:
                view = self._desk.run(mailboxes.begin_numbers, view.id, box.validity, box.greatest)
            self._mark(box, view)  # should we have ended between keeping and marking
            log.info("mailbox_open", host=self._where.host, idles=box.idles)
            while not stop.is_set():
                # What comes while something is asked may be told then and not while we wait: look until nothing is new.
                while self._take_numbered(box, view.id, stop):
                    pass
                self._well = True
                if not stop.is_set():
                    box.wait(stop)
        finally:
            box.close()

    def _take_numbered(self, box: ImapBox, mailbox: int, stop: Event) -> bool:
        """Keep what is new; returns whether anything was kept, and nobody wants us to stop.

        What the server lists and does not give is no news: to look for it at once, again and again, would be all we do.
        """
        view = self._desk.look(mailboxes.view_of, mailbox)
        numbers = self._wanted(box, view)
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            sizes = box.sizes(some)
            for number in some:
                if stop.is_set():
                    return False
                self._keep_numbered(box, view, number, sizes.get(number, 0))
            self._mark(box, self._desk.look(mailboxes.view_of, mailbox))
        return self._desk.look(mailboxes.view_of, mailbox).last > view.last

    @staticmethod
    def _wanted(box: ImapBox, view: MailboxView) -> list[int]:
        if view.last >= view.unread_until:
            return box.after(view.last)
        unread = box.unread(view.since - timedelta(days=1) if view.since else None)
        return [one for one in box.after(view.last) if one > view.unread_until or one in unread]

    def _keep_numbered(self, box: ImapBox, view: MailboxView, number: int, size: int) -> None:
        large = size > self._sorter.size_bytes
        raw = box.head(number) if large else box.letter(number)
        if raw is None:
            return  # somebody has deleted it meanwhile
        new = self._sorter.letter(self._sorter.stand_in(raw, size) if large else raw)
        row = self._desk.run(mailboxes.keep_numbered, view.id, view.validity or 0, number, new)
        log.info("letter_fetched", row=row, bytes=size)

    def _mark(self, box: ImapBox, view: MailboxView) -> None:
        """Mark as read what was kept; one that is too large was kept as a letter that says so."""
        if view.last > view.marked:
            box.mark(view.marked + 1, view.last)
            self._desk.run(mailboxes.marked, view.id, view.validity or 0, view.last)

    # --- POP3 -------------------------------------------------------------------------------------

    def _pop(self, stop: Event) -> None:
        view = self._desk.run(mailboxes.open_mailbox, self._where.name)
        box = PopBox(self._where)
        try:
            there = self._take_named(box, view, stop)
            box.end()
        finally:
            box.close()
        gone = self._desk.look(mailboxes.kept_names, view.id) - there
        self._desk.run(mailboxes.forget_names, view.id, gone)
        self._well = True
        stop.wait(LOOK_S)

    def _take_named(self, box: PopBox, view: MailboxView, stop: Event) -> set[str]:
        """Keep what is new, and have deleted what was kept; returns what was there."""
        known, there, sizes = self._desk.look(mailboxes.kept_names, view.id), box.names(), box.sizes()
        for name, number in there.items():
            if stop.is_set():
                break
            size = sizes.get(number, 0)
            large = size > self._sorter.size_bytes
            if name not in known:
                raw = self._sorter.stand_in(box.head(number), size) if large else box.letter(number)
                row = self._desk.run(mailboxes.keep_named, view.id, name, self._sorter.letter(raw))
                log.info("letter_fetched", row=row, bytes=size)
            if not self._where.keeps and not large:  # of what is too large only the headers were kept
                box.delete(number)
        return set(there)
