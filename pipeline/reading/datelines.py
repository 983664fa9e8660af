"""Publication dates: date lines in the text, agency datelines, and stated dates checked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from ..errors import ConfigError
from ..lexicons import rows

_MAX_LINE = 120  # a longer line with a date in it is a sentence
_MAX_DATELINE = 100
_DASH = re.compile(r"\s?(?:[—–]|--)\s?|\s-\s")
_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2})(?=[T\s]|\Z)")
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:\.[^\W\d_](?![^\W\d_]))*|[^\s,.;:|·•()\[\]–—/+-]")
_PLACE = re.compile(r"[^\W\d_a-z][^\W\d_]+(?: [^\W\d_a-z][^\W\d_]+){0,3}, ?\s")
# An article may be filed in a later time zone than the one its paper is dated in.
_DAYS_AHEAD = timedelta(days=2)


class _Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str
    kind: Literal["month", "weekday", "label", "clock", "zone"]
    example: str
    value: int | None = None


class _Vocabulary(NamedTuple):
    months: dict[str, int]
    others: frozenset[str]
    full: re.Pattern[str]
    short: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    words = rows("reading_dates", _Word)
    months = {row.word: row.value for row in words if row.value is not None}
    month = "|".join(sorted(months, key=len, reverse=True))
    weekday = "|".join(row.word for row in words if row.kind == "weekday")
    day = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
    return _Vocabulary(
        months=months,
        others=frozenset(row.word for row in words if row.kind != "month"),
        full=re.compile(
            rf"(?<![^\W_])(?:(?:{weekday})\.?,?\s+)?(?:"
            rf"(?P<m1>{month})\.?\s+{day.format('d1')}(?:,\s*|\s+)(?P<y1>\d{{4}})"
            rf"|{day.format('d2')}\s+(?:of\s+)?(?P<m2>{month})\.?,?\s+(?P<y2>\d{{4}})"
            r"|(?P<y3>\d{4})(?P<s3>[-/.])(?P<m3>\d{1,2})(?P=s3)(?P<d3>\d{1,2})(?:T[\d:.]{4,15}Z?)?"
            r"|(?P<a4>\d{1,2})(?P<s4>[-/.])(?P<b4>\d{1,2})(?P=s4)(?P<y4>\d{4})"
            rf"|(?P<m5>{month})\.?,?\s+(?P<y5>\d{{4}})"
            r")(?![^\W_])",
            re.IGNORECASE | re.ASCII,
        ),
        short=re.compile(
            rf"(?<![^\W_])(?:(?P<m1>{month})\.?\s+{day.format('d1')}"
            rf"|{day.format('d2')}\s+(?P<m2>{month})\.?)(?![^\W_])",
            re.IGNORECASE | re.ASCII,
        ),
    )


def checked_edtf(value: str) -> str:
    """A year, month or day in EDTF (ISO 8601), as given.

    Raises:
        ConfigError: it is something else, or no such day exists.

    Example:
        >>> checked_edtf("2021-09")
        '2021-09'
    """
    match = _EDTF.fullmatch(value)
    if match is None or _iso(match[1], match[2] or "1", match[3] or "1") is None:
        raise ConfigError(
            f"publication date {value!r}: expected a year, month or day that exists, such as 2021, "
            "2021-09 or 2021-09-21"
        )
    return value


def stated_date(value: str) -> str | None:
    """The date that a metadata field states, to the day where it does, else None.

    Example:
        >>> stated_date("2021-09-21T16:02:00-04:00"), stated_date("Tue, 21 Sep 2021 16:02 GMT")
        ('2021-09-21', '2021-09-21')
    """
    value = value.strip()
    timestamp = _TIMESTAMP.match(value)
    try:
        return checked_edtf(timestamp[1] if timestamp else value)
    except ConfigError:
        match = _vocabulary().full.search(value[:_MAX_LINE])
        return _value(match) if match else None


def date_line(text: str) -> str | None:
    """The date, when the whole text is a date line: a date with its time and labels, or a place.

    Numeric dates count only where day and month cannot be mistaken.

    Example:
        >>> date_line("SEPTEMBER 21, 2021, 4:02 PM"), date_line("Nairobi, 5 May 2004")
        ('2021-09-21', '2004-05-05')
        >>> date_line("On May 5, 2004, the talks failed."), date_line("05/06/2004")
        (None, None)
    """
    if len(text) > _MAX_LINE:
        return None
    vocabulary = _vocabulary()
    match = vocabulary.full.search(text)
    if match is None:
        return None
    value = _value(match)
    rest = vocabulary.full.sub(" ", text)
    return value if value and (is_clock_line(rest) or _PLACE.fullmatch(rest)) else None


def is_clock_line(text: str) -> bool:
    """Whether a text holds only what stands around the date of a date line: time, zone, labels."""
    others = _vocabulary().others
    return len(text) <= _MAX_LINE and all(
        token.lower() in others or (token.isdigit() and len(token) <= 4)
        for token in _TOKEN.findall(text)
    )


def trailing_date_line(text: str) -> int | None:
    """Where a date line begins that was pasted onto the end of a title, else None.

    It must begin with the weekday or a label, as no title ends.

    Example:
        >>> trailing_date_line("An interview with the owners Sunday, October 21, 2007")
        29
    """
    matches = list(_vocabulary().full.finditer(text, max(0, len(text) - _MAX_LINE)))
    if not matches or matches[-1].end() != len(text) or not matches[-1].start():
        return None
    match = matches[-1]
    first_word = match[0].split(maxsplit=1)[0].rstrip(".,").lower()
    return match.start() if first_word in _vocabulary().others and _value(match) else None


def agency_dateline(text: str, published: str | None) -> str | None:
    """The day in the dateline that opens a report: "GENEVA, Nov 12 - " or "Lodwar, 28 May 2022:".

    Args:
        text: a paragraph.
        published: gives the year where the dateline has none; without it such a day stays open.
    """
    dash = _DASH.search(text, 0, _MAX_DATELINE)
    prefix = text[: dash.start()] if dash else ""
    words = prefix.split(maxsplit=1)
    if not words or not words[0].isupper() or len(words[0].strip(",.")) < 3:
        return _release_dateline(text)
    full = _vocabulary().full.search(prefix)
    if full is not None:
        value = _value(full)
        return value if value and len(value) == 10 else None
    short = _vocabulary().short.search(prefix)
    return _with_year(short, published) if short and published else None


def _release_dateline(text: str) -> str | None:
    place, comma, rest = text[:_MAX_DATELINE].partition(", ")
    if not comma or not place[:1].isupper() or not place.replace(" ", "").isalpha():
        return None
    match = _vocabulary().full.match(rest)
    if match is None or rest[match.end() : match.end() + 1] not in (".", ":", "-"):
        return None
    value = _value(match)
    return value if value and len(value) == 10 else None


def _value(match: re.Match[str]) -> str | None:
    months, groups = _vocabulary().months, match.groupdict()
    if groups["y1"]:
        return _iso(groups["y1"], str(months[groups["m1"].lower()]), groups["d1"])
    if groups["y2"]:
        return _iso(groups["y2"], str(months[groups["m2"].lower()]), groups["d2"])
    if groups["y3"]:
        return _iso(groups["y3"], groups["m3"], groups["d3"])
    if groups["y4"]:
        days = {
            _iso(groups["y4"], groups["b4"], groups["a4"]),
            _iso(groups["y4"], groups["a4"], groups["b4"]),
        } - {None}
        return days.pop() if len(days) == 1 else None
    first = _iso(groups["y5"], str(months[groups["m5"].lower()]), "1")
    return first[:7] if first else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _with_year(match: re.Match[str], published: str) -> str | None:
    """The last such day before the publication, or the one in the year it was published in."""
    month = str(_vocabulary().months[(match["m1"] or match["m2"]).lower()])
    day = match["d1"] or match["d2"]
    year = int(published[:4])
    if len(published) < 10:
        return _iso(str(year), month, day)
    told = min(date.fromisoformat(published), date.max - _DAYS_AHEAD)
    latest = (told + _DAYS_AHEAD).isoformat()
    for candidate in (year + 1, year, year - 1):
        value = _iso(str(candidate), month, day)
        if value is not None and value <= latest:
            return value
    return None
