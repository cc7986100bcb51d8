"""Bytes → Letter; never raises, whatever the bytes are, and takes bounded memory and nearly always little time."""

from core.intake.parse.letters import glimpse, parse

__all__ = ["glimpse", "parse"]
