"""A time axis: from day numbers to places on a line, empty stretches cut out, with its labels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ..dates.calendar import civil, day_number, iso

LONGEST_GAP = 20
"""A stretch where nothing begins or ends is cut when it is longer than this many times the others
on average. Seen on the ten sample articles: from 4 the axis falls into pieces and years are cut in
two; at 30 an article with one old date shows a year of events in the width of one."""
MOST_CUTS = 6
CUT_WIDTH = 44.0
PAD = 23.0
LABEL_CHARACTER = 6.6
LABEL_GAP = 14.0

# How far apart ticks may stand, from the finest: days, weeks (of Mondays), then months.
_DAYS = (1, 7)
_MONTHS = (1, 3, 6, *(12 * n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)))


class Stretch(NamedTuple):
    """Days `first` to `last` of the axis, drawn from `left` to `right`, a `PAD` at both ends."""

    first: int
    last: int
    left: float
    right: float


class Tick(NamedTuple):
    """A mark on the axis; an empty label where there is no room for one."""

    place: float
    label: str


class Scale:
    """An axis, the same length for every day of it, with what would dwarf the rest cut out.

    Args:
        days: the day numbers where something begins or ends; at least one.
        left, right: where the axis begins and ends.

    Attributes:
        stretches: what is drawn, in order; between two of them the axis is cut.
        per_day: the width of a day, the same in all of them.
    """

    def __init__(self, days: Iterable[int], *, left: float, right: float) -> None:
        points = sorted(set(days))
        cuts = _cuts(points)
        starts = [points[0], *(points[i + 1] for i in cuts)]
        ends = [*(points[i] for i in cuts), points[-1]]
        room = right - left - CUT_WIDTH * len(cuts) - 2 * PAD * len(starts)
        self.per_day = room / max(1, sum(b - a for a, b in zip(starts, ends, strict=True)))
        self.stretches: list[Stretch] = []
        at = left
        for first, last in zip(starts, ends, strict=True):
            width = 2 * PAD + self.per_day * (last - first)
            self.stretches.append(Stretch(first, last, at, at + width))
            at += width + CUT_WIDTH
        self._firsts = starts

    def place(self, day: int) -> float:
        """Where a day begins; for one inside a cut, an end of the cut."""
        stretch = self.stretches[max(0, bisect_right(self._firsts, day) - 1)]
        return stretch.left + PAD + self.per_day * (min(day, stretch.last) - stretch.first)

    def cuts(self) -> list[tuple[float, float, int]]:
        """The cuts of the axis: from where to where, and how many days are left out."""
        return [(a.right, b.left, b.first - a.last) for a, b in pairwise(self.stretches)]

    def ticks(self, zoom: float = 1.0) -> list[Tick]:
        """The marks of every stretch; labels never overlap, and each stretch has one.

        Args:
            zoom: how many times as wide the axis will be shown.
        """
        found = [self._ticks(stretch, zoom) for stretch in self.stretches]
        taken: list[tuple[float, float]] = []
        shown: list[Tick] = []
        # A stretch with few marks needs its label more than one with many.
        for tick in (tick for ticks in sorted(found, key=len) for tick in ticks):
            half = (len(tick.label) * LABEL_CHARACTER + LABEL_GAP) / 2 / zoom
            low, high = tick.place - half, tick.place + half
            free = all(high <= other_low or low >= other_high for other_low, other_high in taken)
            if free:
                taken.append((low, high))
            shown.append(tick if free else Tick(tick.place, ""))
        return sorted(shown)

    def _ticks(self, stretch: Stretch, zoom: float) -> list[Tick]:
        for days, months in (*((days, 0) for days in _DAYS), *((0, months) for months in _MONTHS)):
            longest = 10 if days else 7 if months < 12 else 6
            if zoom * self.per_day * (days or 30 * months) >= longest * LABEL_CHARACTER + LABEL_GAP:
                marks = _multiples(stretch, days) if days else _month_starts(stretch, months)
                ticks = [Tick(self.place(day), _label(day, months)) for day in marks]
                if ticks:
                    return ticks
        middle = stretch.first + (stretch.last - stretch.first) // 2
        # No finer than what the stretch holds: a year by itself has no day.
        first, last = civil(stretch.first), civil(stretch.last - 1)
        months = 0 if first == last else 1 if first[:2] == last[:2] else 12
        return [Tick(self.place(middle), _label(middle, months))]


def _cuts(points: list[int]) -> list[int]:
    """After which points the axis is cut.

    As few of the longest gaps as are, each of them, much longer than the others; then the same
    among those others, until none dwarfs the rest.
    """
    by_length = sorted(range(len(points) - 1), key=lambda i: (points[i + 1] - points[i], i))
    lengths = [points[i + 1] - points[i] for i in by_length]
    kept = len(lengths)
    while True:
        for cut in range(1, MOST_CUTS - (len(lengths) - kept) + 1):
            rest = kept - cut
            if rest >= 2 and lengths[rest] * rest > LONGEST_GAP * sum(lengths[:rest]):
                kept = rest
                break
        else:
            return sorted(by_length[kept:])


def _multiples(stretch: Stretch, days: int) -> Iterator[int]:
    # Day 1 is a Monday.
    first = stretch.first + (1 - stretch.first) % days
    return iter(range(first, stretch.last + 1, days))


def _month_starts(stretch: Stretch, months: int) -> Iterator[int]:
    year, month, _ = civil(stretch.first)
    number = (12 * year + month - 1) // months
    while True:
        year, month = divmod(number * months, 12)
        if months > 12 and year <= 0:
            # Round numbers are those that readers count in: 100 BC is the year -99.
            year += 1
        day = day_number(year, month + 1, 1)
        if day > stretch.last:
            return
        # There is no year 0 to be round.
        if day >= stretch.first and (months <= 12 or number != 0):
            yield day
        number += 1


def _label(day: int, months: int) -> str:
    """A day, a month or a year, as far as the marks tell them apart."""
    if months and months % 12 == 0:
        year = civil(day)[0]
        return str(year) if year > 0 else f"{1 - year} BC"
    return iso(day)[:-3] if months else iso(day)
