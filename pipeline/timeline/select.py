"""Which events a timeline is about."""

from __future__ import annotations

import re
import unicodedata
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
            article has for it, a person by family name, or the participant's own words, as
            `folded` has them.

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
                period_of(value)
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
            names: every folded name of its participants.
        """
        return (
            self.may_lie(interval)
            and (not self.statuses or status in self.statuses)
            and (not self.names or not {folded(name) for name in self.names}.isdisjoint(names))
        )

    def may_lie(self, interval: Interval) -> bool:
        """Whether what happened then may lie in the time that is asked for."""
        after, before = self.after, self.before
        return (after is None or interval.last >= period_of(after).first_day) and (
            before is None or interval.first <= period_of(before).last_day
        )


def period_of(value: str) -> Period:
    """The year, month or day that a person has asked for.

    Raises:
        PipelineError: it is none.
    """
    period = parse_edtf(value)
    # The reader of dates takes what begins with one; here nothing may follow it.
    if period is None or period.edtf() != value:
        raise PipelineError(f"{value!r} is no date: write 2021-09-21, 2021-09 or 2021")
    return period


_GENITIVE = re.compile(r"['’]s\b")
_JOINING = re.compile(r"[.'’‘ʼʻ`]")


def folded(name: str) -> str:
    """A name as others may write it: case, accents, marks, a last 's and a leading "the" folded.

    Example:
        >>> folded("the Al-Qā’ida"), folded("al Qaida's"), folded("U.S.")
        ('al qaida', 'al qaida', 'us')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = _JOINING.sub("", _GENITIVE.sub("", plain))
    letters = (c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    # A name of nothing but marks is at least like itself.
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words) or name.strip()
