"""What a date can be told from, and what is known of one while it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from ..records import Alternative, Modifier, Precision
from ..records import Anchor as AnchorKind
from .calendar import (
    Extent,
    Period,
)

Lean = Literal[-1, 0, 1]
Sureness = Literal["surely", "likely", "perhaps"]
Limit = Literal["", "ahead", "back"]
MarkKind = Literal[
    "now", "event", "previous", "sentence", "paragraph", "section", "next", "first", "quote"
]


def _no_judge(candidates: Sequence[Any]) -> list[float]:
    """Without a judge every candidate is as good."""
    return [1 / len(candidates)] * len(candidates)


class Scene(msgspec.Struct, kw_only=True):
    """What a date can be told from.

    Attributes:
        marks: the anchors that the passage offers. `now` is the day (month, year) of publication
            or of the dateline; `event` the last date of the story, `previous` the last of any
            kind; `sentence`, `paragraph`, `section` (a heading) and `first` are the last or first
            dates given in full there, `next` the one that follows in the sentence; `quote` is when
            the words were said, for a date inside quotation marks.
        now_kind: publication or dateline.
        then: the time the passage is talking about, as told by the dates before; None at first.
        day: the last day that the passage has named.
        told: whether the passage tells of another time than that of the writing.
        firm: whether the whole text does.
        limit: "ahead" where a preposition makes the date an end ("by", "until"), "back" where it
            makes it a beginning ("since").
        quoted: whether it stands inside quotation marks.
        lasting: asked whether words about it set the present off against the past.
        lean: asked, where it matters, which way its clause looks.
        sure: asked how that is known: off the parse (surely), off a word of the clause (likely)
            or off one of the sentence (perhaps).
        judge: asked how probable each of several candidates is (see `choosing`).
    """

    marks: Mapping[MarkKind, Period] = {}
    now_kind: AnchorKind = "publication"
    then: Extent | None = None
    day: Period | None = None
    told: bool = False
    firm: bool = False
    limit: Limit = ""
    quoted: bool = False
    lasting: Callable[[], bool] = lambda: False
    lean: Callable[[], Lean] = lambda: 0
    sure: Callable[[], Sureness] = lambda: "perhaps"
    judge: Callable[[Sequence[Any]], list[float]] = _no_judge

    @property
    def now(self) -> Period | None:
        """When the text was written; None when unknown."""
        return self.marks.get("now")


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
