"""Is it a feedback report: somebody called our mail spam (RFC 5965)?"""

from __future__ import annotations

from core.intake.letter import Letter


def is_feedback_report(letter: Letter) -> bool:
    """Tell whether it is an abuse report for machines."""
    if any(part.content_type == "message/feedback-report" for part in letter.reports):
        return True
    return "report-type=feedback-report" in letter.header("content-type").replace('"', "").replace(" ", "").lower()
