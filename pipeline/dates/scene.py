"""What a date can be told from, and what is known of one while it is worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from ..records import Alternative, Modifier, Precision
from ..records import Anchor as AnchorKind
from .calendar import (
    Extent,
    Period,
)

Lean = Literal[-1, 0, 1]


class Scene(msgspec.Struct, kw_only=True):
    """What a date can be told from.

    Attributes:
        now: the day (month, year) of publication or of the dateline; None when unknown.
        now_kind: which of the two.
        then: the time the passage is talking about, as told by the dates before; None at first.
        day: the last day that the passage has named.
        narrative: whether bare months and weekdays belong to `then` rather than to `now`.
        limit: whether a preposition makes the date the end of something that goes on till then.
        firm: whether that holds whatever the tense, since the whole text tells of another time.
        lean: asked, where a bare month or weekday is met, which way its clause looks.
    """

    now: Period | None = None
    now_kind: AnchorKind = "publication"
    then: Extent | None = None
    day: Period | None = None
    narrative: bool = False
    firm: bool = False
    limit: bool = False
    lean: Callable[[], Lean] = lambda: 0

    def tells(self) -> bool:
        """Whether a bare date here is told from `then`: never one that the tense puts ahead."""
        if self.then is None:
            return False
        if self.now is None or self.firm:
            return self.now is None or self.narrative
        return self.narrative and self.lean() <= 0


class Unanchored(Exception):
    """There is nothing to count from.

    Attributes:
        value: what is known all the same.
        precision: of what is meant.
        wanting: whether a publication date would help.
    """

    def __init__(self, value: str, precision: Precision, wanting: bool = True) -> None:
        super().__init__(value)
        self.value = value
        self.precision = precision
        self.wanting = wanting


class Reading(msgspec.Struct, kw_only=True):
    """Where a point lies and how that was found; filled in while the tree is worked out."""

    extent: Extent
    anchor: AnchorKind = "absolute"
    modifier: Modifier | None = None
    thirds: tuple[int | None, int | None] | None = None
    approximate: bool = False
    confidence: float = 0.97
    alternatives: tuple[Alternative, ...] = ()


def base_of(scene: Scene, *, narrative: bool) -> Period:
    """The period to count from."""
    then = None if scene.then is None else scene.then.last or scene.then.first
    base = (then or scene.now) if narrative else (scene.now or then)
    if base is None:
        raise Unanchored("XXXX", "vague")
    return base


def base_kind(scene: Scene, *, narrative: bool = False) -> AnchorKind:
    """What kind of anchor `base_of` counts from."""
    if (narrative or scene.now is None) and scene.then is not None:
        return "narrative"
    return scene.now_kind
