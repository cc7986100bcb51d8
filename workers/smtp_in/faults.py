"""What a log may say of a fault at the door: its kind and place, for its message may quote the letter."""

from __future__ import annotations

import traceback
from pathlib import Path


def kind_and_place(error: BaseException) -> dict[str, str]:
    """Tell the class of an error and the last places it passed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = (f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return {"error": type(error).__name__, "at": " < ".join(reversed(list(places)))}
