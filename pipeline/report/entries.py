"""What a reader is told of one entry of a timeline, in a table and in a picture alike."""

from __future__ import annotations

from ..dates.calendar import iso, parse_edtf
from ..timeline import Entry


def when(entry: Entry) -> str:
    """When it happened, as exactly as its date says and no more.

    A year or a month is written as one; what no single date names is written by its bounds.

    Example:
        "2014-05", "2014-05-01 – 2014-05-10", "from 2013-01-19", "until 2014-05-27"
    """
    earliest, latest = entry.earliest, entry.latest
    if earliest is None or latest is None:
        if latest is not None:
            return f"until {latest}"
        return "at no known time" if earliest is None else f"from {earliest}"
    if entry.value.startswith(f"{earliest}T") and earliest == latest:
        return entry.value  # with the time of day
    period = parse_edtf(entry.value)
    if period is not None and period.edtf() == entry.value.rstrip("~"):
        bounds = (iso(period.first_day), iso(period.last_day))
        if bounds == (earliest, latest):
            return entry.value
    return earliest if earliest == latest else f"{earliest} – {latest}"


def what(entry: Entry) -> str:
    """What happened, in a word or two."""
    return f"not {entry.trigger}" if entry.polarity == "negative" else entry.trigger


def who(entry: Entry) -> str:
    """Who took part, with their roles."""
    return ", ".join(f"{participant.role} {participant.name}" for participant in entry.participants)


def speaker(entry: Entry) -> str:
    """Whose word it is; empty when it is the article's own."""
    return entry.speaker or ("someone" if entry.source else "")
