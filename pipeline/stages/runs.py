"""Runs of dates: neighbours on the calendar that the text coordinates, "in 1977 and 1978".

Each is a date of its own; an event that happened then has the time from the first to the last.
Dates with others between them ("in 2018 and 2020") are no run.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from spacy.tokens import Doc

from ..dates.calendar import day_number
from ..language import syntax
from .findings import Date, TokenSpan


def runs(doc: Doc, dates: Sequence[Date]) -> dict[int, int]:
    """The index of the first date of each run → that of its last.

    Args:
        doc: the parsed Doc.
        dates: its dates, in reading order.

    Example:
        "In 1977, 1978 and 1979 it rained" → ``{0: 2}``; "In 1977 it rained" → ``{}``
    """
    found: dict[int, int] = {}
    first = 0
    for index in range(1, len(dates)):
        joint = _joint(doc, dates[index - 1], dates[index])
        if joint is None:
            first = index
        elif joint != ",":  # "in 1977, 1978 was far off" ends with none
            found[first] = index
    return found


def joined(first: Date, last: Date) -> Date:
    """The first date of a run, made to last until the end of the last."""
    start, end = first.value.partition("/")[0], last.value.rpartition("/")[2]
    return msgspec.structs.replace(
        first,
        span=TokenSpan(first.span.start, last.span.end),
        value=f"{start}/{end}",
        latest=last.latest,
    )


def _joint(doc: Doc, first: Date, second: Date) -> str | None:
    """The word or comma between two neighbours on the calendar, lower-cased; None for others."""
    between = [token.lower_ for token in doc[first.span.end : second.span.start]]
    if between[:-1] not in ([], [","]) or between[-1:] not in ([","], ["and"], ["or"]):
        return None
    if first.precision != second.precision:
        return None
    if not (first.earliest and first.latest and second.earliest and second.latest):
        return None
    if _number(first.latest) + 1 != _number(second.earliest):
        return None
    # "He left in 1977 and **1978** saw a thaw."
    opens = any(
        syntax.is_subject(token) and not syntax.is_conjunct(token)
        for token in doc[second.span.start : second.span.end]
    )
    return None if opens else between[-1]


def _number(day: str) -> int:
    """The number of an ISO day."""
    year, month, of_month = day.rsplit("-", 2)
    return day_number(int(year), int(month), int(of_month))


__all__ = ["joined", "runs"]
