"""Paragraphs on their way to become blocks."""

from __future__ import annotations

from typing import NamedTuple

from ..records import Section
from .mapping import Passage


class Draft(NamedTuple):
    """One paragraph, with what the markup says about it.

    Attributes:
        passage: its reading text, with the map.
        section: what it is, where the markup says so (a figure's caption); None leaves it open.
        level: heading level 1 to 6, where the markup says that it is a heading.
        emphasised: the whole of it is bold or italic.
        follows_removed: a block of the file was left out between it and the one before.
    """

    passage: Passage
    section: Section | None = None
    level: int | None = None
    emphasised: bool = False
    follows_removed: bool = False

    @property
    def text(self) -> str:
        """The reading text."""
        return self.passage.text
