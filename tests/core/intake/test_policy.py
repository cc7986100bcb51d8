from __future__ import annotations

import pytest

from core.intake.parse import parse
from core.intake.policy import Action, Around, decide
from core.intake.reading import read
from core.intake.rules import classify
from core.intake.rules.loop import HOPS, OWN_MARK


def _raw(*fields: str, body: str = "hello", sender: str = "Ivan <ivan@example.com>") -> bytes:
    return "\r\n".join([*([f"From: {sender}"] if sender else []), *fields, "", body]).encode()


def _report(kind: str, body: str) -> bytes:
    lines = ['Content-Type: multipart/report; boundary="b"', "", "--b", f"Content-Type: {kind}", "", body, "--b--"]
    return b"From: MAILER-DAEMON@example.com\r\n" + "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("raw", "joins", "reason", "action"),
    [
        (_raw(), False, "kind.ordinary", Action.ACCEPT),
        (_raw(f"{OWN_MARK}: localhost"), True, "aside.loop", Action.SET_ASIDE),
        (_raw(*["Received: x"] * (HOPS + 1)), True, "aside.loop", Action.SET_ASIDE),
        (_report("message/feedback-report", "Feedback-Type: abuse"), False, "aside.feedback_report", Action.NOTE),
        (
            _report("message/delivery-status", "A: b\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\n"),
            False,
            "aside.bounce",
            Action.NOTE,
        ),
        (
            _report("message/delivery-status", "A: b\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: delivered\r\n"),
            False,
            "kind.receipt",
            Action.NOTE,
        ),
        (_report("message/disposition-notification", "Disposition: x; displayed"), False, "kind.receipt", Action.NOTE),
        (_raw("Auto-Submitted: auto-replied"), False, "aside.auto_reply", Action.NOTE),
        (_raw(sender=""), False, "aside.no_sender", Action.SET_ASIDE),
        (_raw("List-Id: <a.b>"), False, "aside.mailing_list", Action.SET_ASIDE),
        (_raw("List-Id: <a.b>"), True, "kind.answer", Action.ACCEPT),
        (_raw("List-Unsubscribe: <https://x.y>"), True, "kind.answer", Action.ACCEPT),
        (_raw("List-Id: <a.b>", "Precedence: list"), True, "kind.list_answer", Action.SILENTLY),
        (_raw("Auto-Submitted: auto-generated"), False, "kind.automatic", Action.SILENTLY),
        (_raw(sender="no-reply@example.com"), False, "kind.automatic", Action.SILENTLY),
    ],
)
def test_the_table_is_read_from_top_to_bottom(raw: bytes, reason: str, action: Action, *, joins: bool) -> None:
    understood = read(raw, "ivan@example.com")
    decision = decide(understood.letter, understood.kind, Around("localhost", joins=lambda: joins))
    assert (decision.reason, decision.action, decision.kind) == (reason, action, understood.kind)


def test_whether_it_joins_a_case_is_asked_of_mailing_lists_only() -> None:
    letter = parse(_raw())
    asked: list[bool] = []
    decide(letter, classify(letter, "a@b.c", b""), Around("localhost", joins=lambda: bool(asked.append(True))))
    assert asked == []
