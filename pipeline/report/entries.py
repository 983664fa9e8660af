"""What a reader is told of one event, prediction or step, in a table and in a picture alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..dates.calendar import iso, parse_edtf
from ..forecasts import Forecast
from ..records import ArticleRecord, Record
from ..timeline import Entry

if TYPE_CHECKING:
    from ..revisions.history import Step


def when(entry: Entry) -> str:
    """When it happened, as exactly as its date says and no more."""
    return _dated(entry.value, entry.earliest, entry.latest) or "at no known time"


def due(forecast: Forecast) -> str:
    """By or in which date it comes true or false; empty without one."""
    if forecast.horizon is None:
        return ""
    dated = _dated(forecast.horizon, forecast.earliest, forecast.latest)
    return dated or forecast.due or forecast.horizon


def odds(forecast: Forecast) -> str:
    """How likely the event is, in percent; empty without a number."""
    if forecast.low is None or forecast.high is None:
        return ""
    if forecast.low == forecast.high:
        return f"{forecast.low:.3g}"
    return f"{forecast.low:.3g}–{forecast.high:.3g}"


def _dated(value: str, earliest: str | None, latest: str | None) -> str:
    """A date as exactly as it is known; empty where it has no bound.

    A year or a month is written as one; what no single date names is written by its bounds.

    Example:
        "2014-05", "2014-05-01 – 2014-05-10", "from 2013-01-19", "until 2014-05-27"
    """
    if earliest is None or latest is None:
        if latest is not None:
            return f"until {latest}"
        return "" if earliest is None else f"from {earliest}"
    if value.startswith(f"{earliest}T") and earliest == latest:
        return value  # with the time of day
    period = parse_edtf(value)
    if period is not None and period.edtf() == value.rstrip("~"):
        bounds = (iso(period.first_day), iso(period.last_day))
        if bounds == (earliest, latest):
            return value
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


def timeline_title(records: Iterable[Record]) -> str:
    """What the records are about: their article's title, if they are of one."""
    titles = {
        record.article: record.title for record in records if isinstance(record, ArticleRecord)
    }
    if len(titles) == 1:
        ((article, title),) = titles.items()
        return title or article
    return f"Timeline of {len(titles)} articles" if titles else "Timeline"


def types_told(step: Step) -> list[str]:
    """The types of a change, but for those that first seen and gone say."""
    return [name for name in step.types if name not in ("added", "removed")]


def happened(step: Step) -> str:
    """What a version did to a claim.

    Example:
        "tuesday.txt: hedge_weakened", "friday.txt: gone"
    """
    told = {"first": ["first seen"], "changed": [], "gone": ["gone"], "back": ["back again"]}
    return f"{step.origin}: {', '.join([*told[step.happening], *types_told(step)])}"
