"""Calendar arithmetic on periods: a day, a week, a month ... a century, each a numbered box.

A `Period` is a unit and a number. All periods of a unit are numbered without gaps, so "the month
before" is the number less one, whatever the unit. Years are astronomical (0 is 1 BC) and the
calendar is the proleptic Gregorian one, as in ISO 8601 and EDTF.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

Unit = Literal[
    "day",
    "week",
    "weekend",
    "month",
    "quarter",
    "season",
    "half",
    "year",
    "decade",
    "century",
]

UNITS: tuple[Unit, ...] = (
    "day",
    "weekend",
    "week",
    "month",
    "season",
    "quarter",
    "half",
    "year",
    "decade",
    "century",
)
"""From the finest to the coarsest."""

_DAYS_IN_400_YEARS = 146_097
# EDTF writes four digits; beyond that nothing here is worth a date.
FIRST_YEAR, LAST_YEAR = -9998, 9998
_MONTHS_IN = {"month": 1, "season": 3, "quarter": 3, "half": 6}
_YEARS_IN = {"year": 1, "decade": 10, "century": 100}


class NoSuchDate(Exception):
    """A day that is in no calendar, or one beyond what four digits of year can say."""


def day_number(year: int, month: int, day: int) -> int:
    """The number of a day; 0001-01-01 is 1, as in `datetime.date.toordinal`.

    Raises:
        NoSuchDate: there is no such day.
    """
    cycle, inside = divmod(year - 1, 400)
    try:
        return date(inside + 1, month, day).toordinal() + cycle * _DAYS_IN_400_YEARS
    except ValueError as error:
        raise NoSuchDate(f"{year}-{month}-{day}") from error


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    cycle, inside = divmod(number - 1, _DAYS_IN_400_YEARS)
    day = date.fromordinal(inside + 1)
    return day.year + 400 * cycle, day.month, day.day


def iso(number: int) -> str:
    """A day number as an ISO 8601 date, "2021-09-21", "-0479-03-01" for 480 BC."""
    year, month, day = civil(number)
    return f"{year_text(year)}-{month:02d}-{day:02d}"


def year_text(year: int) -> str:
    """Four digits, with a minus before the year 0."""
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


class Period(NamedTuple):
    """One box of the calendar.

    Example:
        >>> month(2005, 12).shifted(1).edtf()
        '2006-01'
        >>> year(2005).of("decade").edtf()
        '200X'
    """

    unit: Unit
    number: int

    def shifted(self, count: int) -> Period:
        """The period `count` of its own unit later."""
        return Period(self.unit, self.number + count)

    @property
    def first_day(self) -> int:
        """Day number of its first day."""
        unit, number = self
        if unit == "day":
            return number
        if unit == "week":
            return 7 * number + 1
        if unit == "weekend":
            return 7 * number + 6
        months = _MONTHS_IN.get(unit)
        if months is None:
            start = 12 * number * _YEARS_IN[unit]
        else:
            # The first season of a year is spring, which begins in March.
            start = number * months + (2 if unit == "season" else 0)
        at_year, at_month = divmod(start, 12)
        return day_number(at_year, at_month + 1, 1)

    @property
    def last_day(self) -> int:
        """Day number of its last day."""
        return self.first_day if self.unit == "day" else self._following_day - 1

    @property
    def _following_day(self) -> int:
        if self.unit == "weekend":
            return self.first_day + 2
        return self.shifted(1).first_day

    def of(self, unit: Unit) -> Period:
        """The period of another unit that holds the middle of this one."""
        if unit == self.unit:
            return self
        return containing(unit, (self.first_day + self.last_day) // 2)

    def edtf(self) -> str:
        """As EDTF; weeks, quarters and halves are intervals, which every reader understands."""
        unit, number = self
        if unit == "day":
            return iso(number)
        if unit == "month":
            at_year, at_month = divmod(number, 12)
            return f"{year_text(at_year)}-{at_month + 1:02d}"
        if unit == "year":
            return year_text(number)
        if unit == "season":
            at_year, season = divmod(number, 4)
            return f"{year_text(at_year)}-{21 + season}"
        if number >= 0 and unit == "decade":
            return f"{number:03d}X"
        if number >= 0 and unit == "century":
            return f"{number:02d}XX"
        inner: Unit = "day" if unit in ("week", "weekend") else "month"
        if unit in _YEARS_IN:
            inner = "year"
        first, last = containing(inner, self.first_day), containing(inner, self.last_day)
        return f"{first.edtf()}/{last.edtf()}"


def containing(unit: Unit, day: int) -> Period:
    """The period of a unit that holds a day; the weekend of its week."""
    if unit == "day":
        return Period("day", day)
    if unit in ("week", "weekend"):
        return Period(unit, (day - 1) // 7)
    at_year, at_month, _ = civil(day)
    months = _MONTHS_IN.get(unit)
    if months is None:
        return Period(unit, at_year // _YEARS_IN[unit])
    return Period(unit, (12 * at_year + at_month - 1 - (2 if unit == "season" else 0)) // months)


def day(at_year: int, at_month: int, at_day: int) -> Period:
    """A day; raises `NoSuchDate` when there is no such day."""
    return Period("day", day_number(at_year, at_month, at_day))


def month(at_year: int, at_month: int) -> Period:
    """A month, 1 to 12."""
    return Period("month", 12 * at_year + at_month - 1)


def season(at_year: int, index: int) -> Period:
    """A season, 0 (spring) to 3 (winter); winter runs into the next year."""
    return Period("season", 4 * at_year + index)


def year(at_year: int) -> Period:
    """A year."""
    return Period("year", at_year)


class Extent(NamedTuple):
    """From the start of one period to the end of another; None is an open end.

    `known` is false when the open end has a date that the text does not tell ("the past few
    days"): EDTF then leaves it empty instead of writing "..".
    """

    first: Period | None
    last: Period | None
    known: bool = True

    @property
    def earliest(self) -> int | None:
        """Day number of the first day, None when open."""
        return None if self.first is None else self.first.first_day

    @property
    def latest(self) -> int | None:
        """Day number of the last day, None when open."""
        return None if self.last is None else self.last.last_day

    def edtf(self, *, approximate: bool = False) -> str:
        """As EDTF, with "~" on the dates that are there when approximate.

        Raises:
            NoSuchDate: a year does not fit four digits.
        """
        for end in (self.first, self.last):
            if end is not None:
                _check(end)
        # EDTF has no approximate season.
        about = ["~" if approximate and end and end.unit != "season" else "" for end in self[:2]]
        if self.first == self.last and self.first is not None:
            text = self.first.edtf()
            return text if "/" in text else text + about[0]
        gap = ".." if self.known else ""
        first, last = gap, gap
        if self.first is not None:
            first = self.first.edtf().split("/")[0] + about[0]
        if self.last is not None:
            last = self.last.edtf().split("/")[-1] + about[1]
        return f"{first}/{last}"


def _check(period: Period) -> None:
    # A cheap bound first: numbers of any unit are within days of the same year.
    if abs(period.number) > 366 * LAST_YEAR:
        raise NoSuchDate(f"{period.unit} number {period.number}")
    first, last = civil(period.first_day)[0], civil(period.last_day)[0]
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise NoSuchDate(f"year {first} to {last}")


def at(period: Period) -> Extent:
    """The extent of one period."""
    return Extent(period, period)


def part(extent: Extent, which: Literal["start", "mid", "end"]) -> tuple[int | None, int | None]:
    """First and last day of the first, middle or last third of a closed extent."""
    first, last = extent.earliest, extent.latest
    if first is None or last is None:
        return first, last
    size = last - first + 1
    third = size // 3
    if which == "start":
        return first, max(first, first + third - 1)
    if which == "end":
        return min(last, last - third + 1), last
    return first + third, last - third


def nth_weekday(first: int, last: int, weekday: int, nth: int) -> int:
    """Day number of the n-th such weekday (0 is Monday) from the first day on; -1 is the last.

    Raises:
        NoSuchDate: there are fewer up to the last day.
    """
    if nth > 0:
        number = first + (weekday - (first - 1)) % 7 + 7 * (nth - 1)
    else:
        number = last - (last - 1 - weekday) % 7 + 7 * (nth + 1)
    if not first <= number <= last or nth == 0:
        raise NoSuchDate(f"weekday {weekday}, number {nth}")
    return number


_EDTF_DATE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def parse_edtf(text: str) -> Period | None:
    """A plain EDTF year, month or day ("2021-09-21") as a period; None for anything else."""
    match = _EDTF_DATE.match(text)
    if match is None:
        return None
    at_year, at_month, at_day = (int(group) if group else 0 for group in match.groups())
    try:
        if at_day:
            return day(at_year, at_month, at_day)
        if at_month:
            return month(at_year, at_month) if at_month <= 12 else None
        return year(at_year)
    except NoSuchDate:
        return None
