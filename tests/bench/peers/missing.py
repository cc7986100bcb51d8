"""A peer that this machine has not."""

from __future__ import annotations


class Missing(Exception):
    """It cannot be measured here; the sentence tells why, and what to do."""
