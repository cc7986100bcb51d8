"""Signatures as they are shown to whoever keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from core.people.signatures import ANY
from core.people.views import Representative
from core.texts.said import Notice, Said, said


def own(one: Representative) -> Notice:
    """Show what stands below the letters of a member of staff."""
    lines = lines_of(one.signatures)
    return Notice((said("signature.yours" if lines else "signature.none"), *lines, said("signature.how")))


def lines_of(kept: Sequence[tuple[str, str]]) -> list[Said]:
    """Show a signature in each language that has one, that for every other language first."""
    return [
        said("text.quote", text=text)
        if language == ANY
        else said("signature.in_language", language=said(f"language.{language}"), text=said("text.quote", text=text))
        for language, text in sorted(kept)
    ]
