"""Which events a timeline is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from ..dates.calendar import Period, parse_edtf
from ..errors import PipelineError
from ..records import EventStatus
from .intervals import Interval

_STATUSES: tuple[EventStatus, ...] = get_args(EventStatus)


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of events; each condition that is given must hold.

    Attributes:
        after: EDTF year, month or day: events that may lie in it or later.
        before: EDTF year, month or day: events that may lie in it or earlier.
        statuses: events with one of these.
        names: events with a participant of one of these names: an entity by any name that the
            article has for it, or the participant's own words; case and white space do not count.

    Raises:
        PipelineError: a date is no EDTF year, month or day, or there is no such status.

    Example:
        >>> Selection(after="2014-13")
        Traceback (most recent call last):
        ...
        pipeline.errors.PipelineError: '2014-13' is no date: write 2021-09-21, 2021-09 or 2021
    """

    after: str | None = None
    before: str | None = None
    statuses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for value in (self.after, self.before):
            if value is not None:
                _period(value)
        for status in self.statuses:
            if status not in _STATUSES:
                raise PipelineError(
                    f"there is no status {status!r}; the statuses are {', '.join(_STATUSES)}"
                )

    def holds(self, interval: Interval, status: EventStatus, names: Iterable[str]) -> bool:
        """Whether an event belongs to the choice.

        Args:
            interval: when it happened.
            status: whether it did.
            names: every name of its participants.
        """
        if self.after is not None and interval.last < _period(self.after).first_day:
            return False
        if self.before is not None and interval.first > _period(self.before).last_day:
            return False
        if self.statuses and status not in self.statuses:
            return False
        return not self.names or not {_folded(name) for name in self.names}.isdisjoint(
            map(_folded, names)
        )


def _period(value: str) -> Period:
    period = parse_edtf(value)
    # The reader of dates takes what begins with one; here nothing may follow it.
    if period is None or period.edtf() != value:
        raise PipelineError(f"{value!r} is no date: write 2021-09-21, 2021-09 or 2021")
    return period


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
