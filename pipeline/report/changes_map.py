"""A map of a revision: the old text above, the new one below, what answers what in between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

from .changes_entries import Told
from .changes_texts import Reading, Row

if TYPE_CHECKING:
    from ..revisions import Place
    from ..revisions.changes import Severity

WIDTH, HEIGHT = 1000, 72
BAR = 14
# A paragraph of a few words is still seen.
_LEAST = 1.5


class Band(NamedTuple):
    """A paragraph: from where to where on each bar; None on the side where it does not stand."""

    kind: Literal["same", "edited", "moved", "gone", "come"]
    old: tuple[float, float] | None
    new: tuple[float, float] | None

    @property
    def outline(self) -> str:
        """As the `d` of an SVG path."""
        if self.old is None or self.new is None:
            left, right = self.old or self.new or (0, 0)
            top = 0 if self.old else HEIGHT - BAR
            return f"M{left:.1f} {top}H{right:.1f}v{BAR}H{left:.1f}z"
        low, high = BAR, HEIGHT - BAR
        (a, b), (c, d) = self.old, self.new
        return f"M{a:.1f} 0H{b:.1f}V{low}L{d:.1f} {high}V{HEIGHT}H{c:.1f}V{high}L{a:.1f} {low}z"


class Tick(NamedTuple):
    """A change: where its record begins on each bar."""

    number: int
    severity: Severity
    old: float | None
    new: float | None

    @property
    def line(self) -> str:
        """As the `d` of an SVG path."""
        parts = []
        if self.old is not None:
            parts.append(f"M{self.old:.1f} 0V{BAR}")
        if self.new is not None:
            parts.append(f"M{self.new:.1f} {HEIGHT - BAR}V{HEIGHT}")
        return "".join(parts)


class Map(NamedTuple):
    """What is drawn, the gravest on top."""

    bands: Sequence[Band]
    ticks: Sequence[Tick]


def draw_map(told: Told, rows: Sequence[Row]) -> Map:
    """Draw an article's paragraphs and changes.

    Args:
        told: the article.
        rows: its paragraphs side by side.
    """
    old, new = _Bar(told.old), _Bar(told.new)
    bands = []
    for row in rows:
        if row.side == "new":
            continue  # drawn where it stood before
        before = None if row.old is None else old.paragraph(row.old)
        after = None if row.new is None else new.paragraph(row.new)
        bands.append(Band(_kind(row, told), before, after))
    ticks = [
        Tick(
            entry.number,
            entry.change.severity,
            old.place(entry.change.before),
            new.place(entry.change.after),
        )
        for entry in told.entries
    ]
    return Map(bands, ticks)


def _kind(row: Row, told: Told) -> Literal["same", "edited", "moved", "gone", "come"]:
    if row.moved:
        return "moved"
    if row.new is None:
        return "gone"
    if row.old is None:
        return "come"
    same = told.old.paragraphs[row.old].text == told.new.paragraphs[row.new].text
    return "same" if same else "edited"


class _Bar:
    """A text as a bar as wide as the map, so that each of its characters has a place on it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        lengths = [len(paragraph.text) for paragraph in reading.paragraphs]
        self._starts = list(accumulate(lengths, initial=0))
        self._scale = WIDTH / max(1, self._starts[-1])

    def paragraph(self, index: int) -> tuple[float, float]:
        left, right = self._starts[index] * self._scale, self._starts[index + 1] * self._scale
        return left, max(right, left + _LEAST)

    def place(self, place: Place | None) -> float | None:
        stretches = self._reading.find(place) if place else []
        if not stretches:
            return None
        return (self._starts[stretches[0].paragraph] + stretches[0].start) * self._scale
