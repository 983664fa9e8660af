"""Named days: the rows of `dates_named.jsonl` on the calendar."""

from __future__ import annotations

from functools import lru_cache

from dateutil.easter import easter

from .calendar import (
    Extent,
    Period,
    at,
    day_number,
    month,
    parse_edtf,
)
from .words import NamedDay


@lru_cache(maxsize=512)
def extent_once(row: NamedDay) -> Extent | None:
    """The extent of a name that stands for one time only ("9/11", "World War II")."""
    if row.date is None or len(row.date) < 9:
        return None
    first, _, last = row.date.partition("/")
    begin, end = parse_edtf(first), parse_edtf(last or first)
    return None if begin is None or end is None else Extent(begin, end)


def named_pattern(row: NamedDay) -> str:
    """What is known of a named day without its year, as EDTF with X."""
    if row.date:
        return f"XXXX-{row.date}"
    return f"XXXX-{row.month:02d}-XX" if row.month else "XXXX-XX-XX"


@lru_cache(maxsize=4096)
def named_in(row: NamedDay, at_year: int) -> Extent | None:
    """The day of that name in a year; None where the rule gives none."""
    if row.date is not None:
        month_text, _, day_text = row.date.partition("-")
        return at(Period("day", day_number(at_year, int(month_text), int(day_text))))
    if row.easter is not None:
        # The Gregorian rule; dateutil knows it from 1583 to 4099.
        if not 1583 <= at_year <= 4099:
            return None
        return at(Period("day", easter(at_year).toordinal() + row.easter))
    if row.month is None or row.weekday is None or row.nth is None:
        return None
    whole = month(at_year, row.month)
    if row.nth > 0:
        ahead = (row.weekday - (whole.first_day - 1)) % 7
        number = whole.first_day + ahead + 7 * (row.nth - 1)
        if row.after and ahead == 0:
            # "the Tuesday after the first Monday"
            number += 7
    else:
        back = (whole.last_day - 1 - row.weekday) % 7
        number = whole.last_day - back
    return at(Period("day", number))
