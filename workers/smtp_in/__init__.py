"""The mail door: it answers 250 when a letter is kept for good, and never before."""

from workers.smtp_in.door import Door, Listen, Seams
from workers.smtp_in.letters import Envelope, Keep, Kept, Knows
from workers.smtp_in.limits import DoorLimits

__all__ = ["Door", "DoorLimits", "Envelope", "Keep", "Kept", "Knows", "Listen", "Seams"]
