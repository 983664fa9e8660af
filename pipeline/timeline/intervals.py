"""When an event happened, as two day numbers."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from ..dates.calendar import parse_edtf


class Interval(NamedTuple):
    """The first and the last day that an event may lie in, infinite where open.

    Days are numbered as in `datetime.date.toordinal`, in both directions.

    Example:
        >>> Interval(1.0, 3.0).precedes(Interval(4.0, inf))
        True
    """

    first: float
    last: float

    def precedes(self, other: Interval) -> bool:
        """Whether all of it is before all of the other: what dates can say for certain."""
        return self.last < other.first


ALWAYS = Interval(-inf, inf)


def interval_of(earliest: str | None, latest: str | None) -> Interval:
    """The interval of a date's `earliest` and `latest` (ISO days, None where open).

    Raises:
        ValueError: one of them is no day, or they are the wrong way round.

    Example:
        >>> interval_of("0001-01-01", None)
        Interval(first=1, last=inf)
    """
    first = -inf if earliest is None else _day(earliest)
    last = inf if latest is None else _day(latest)
    if last < first:
        raise ValueError(f"{earliest} is after {latest}")
    return Interval(first, last)


def _day(text: str) -> int:
    period = parse_edtf(text)
    if period is None or period.unit != "day" or period.edtf() != text:
        raise ValueError(f"{text!r} is no ISO day")
    return period.number
