"""Named days: the rows of `dates_named.jsonl` on the calendar."""

from __future__ import annotations

from functools import lru_cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from .calendar import (
    Extent,
    Period,
    at,
    day_number,
    month,
    nth_weekday,
    parse_edtf,
)
from .words import NamedDay, feasts


@lru_cache(maxsize=512)
def extent_once(row: NamedDay) -> Extent | None:
    """The extent of a name that stands for one time only ("9/11", "World War II")."""
    return None if row.date is None or len(row.date) < 9 else _extent(row.date)


def _extent(text: str) -> Extent | None:
    """A day, year or interval of them in EDTF."""
    first, _, last = text.partition("/")
    begin, end = parse_edtf(first), parse_edtf(last or first)
    return None if begin is None or end is None else Extent(begin, end)


def named_pattern(row: NamedDay) -> str:
    """What is known of a named day without its year, as EDTF with X."""
    if row.date:
        return f"XXXX-{row.date}"
    return f"XXXX-{row.month:02d}-XX" if row.month else "XXXX-XX-XX"


def is_approximate(row: NamedDay) -> bool:
    """Whether the day differs from place to place, as that of a month that the moon begins."""
    return row.feast is not None and feasts()[row.feast].approximate


@lru_cache(maxsize=4096)
def named_in(row: NamedDay, at_year: int) -> tuple[Extent, ...]:
    """The days of that name that begin in a year; none where the rule or the table gives none.

    A feast of the Islamic calendar may come twice in a year.
    """
    if row.feast is not None:
        begun = f"{at_year:04d}-"
        found = (_extent(text) for text in feasts()[row.feast].dates if text.startswith(begun))
        return tuple(extent for extent in found if extent is not None)
    if row.date is not None:
        month_text, _, day_text = row.date.partition("-")
        number = day_number(at_year, int(month_text), int(day_text))
    elif row.easter is not None:
        # The Gregorian calendar; dateutil knows it from 1583 to 4099.
        if not 1583 <= at_year <= 4099:
            return ()
        sunday = easter(at_year, EASTER_ORTHODOX if row.orthodox else EASTER_WESTERN)
        number = sunday.toordinal() + row.easter
    else:
        if row.month is None or row.weekday is None or row.nth is None:
            return ()
        whole = month(at_year, row.month)
        # "the Tuesday after the first Monday" of a month is the first after the first of it.
        number = nth_weekday(whole.first_day + row.after, whole.last_day, row.weekday, row.nth)
    return (at(Period("day", number)),)
