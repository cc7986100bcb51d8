"""Bytes → Letter; never raises, whatever the bytes are, and takes bounded time and memory."""

from core.intake.parse.letters import parse

__all__ = ["parse"]
