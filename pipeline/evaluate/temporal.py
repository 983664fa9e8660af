"""Date records against corpora of temporal expressions: spans, TIMEX3 values, calendar intervals.

Two kinds of gold are read, one JSON object a line with ``text``, ``published`` and ``dates``:

- TEI dates (GUM): each date has ``attrs`` (``when``, ``from``/``to``, ``notBefore``/``notAfter``)
  that name days, months or years;
- TIMEX3 dates (WikiWars): each has a ``value`` ("1939-09", "1939-SU", "BC0480", "P3D").

Figures, in terms of `Score`:

- ``relaxed``, ``strict``: an expression overlaps, or has the very offsets of, one of gold;
- ``value``: it overlaps and the TIMEX3 values are equal (as TempEval-3 counts them);
- ``calendar``: it overlaps and first and last day are equal; only what names an interval counts on
  either side, so neither durations nor clock times, open ends or days without a year;
- ``yearless``: of the intervals of gold whose text has no number of three or four digits, those
  found with the right first and last day (recall; nothing is ever extra).

TEI and TIMEX3 mark a date without the preposition that opens one of its ends, and either end of a
range by itself; the edge of a period ("the end of 1958") is to TIMEX3 the period with a modifier.
So an open interval stands for the date that bounds it, a range for its two ends wherever gold has
two expressions, and an edge for its whole wherever gold gives that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ..dates.calendar import (
    NoSuchDate,
    Period,
    Unit,
    civil,
    containing,
    day,
    iso,
    month,
    parse_edtf,
    year,
    year_text,
)
from ..errors import PipelineError
from ..reading import Article, read_text
from ..records import DateRecord, Record
from .scores import Score

Interval = tuple[int, int]
"""Day numbers of the first and the last day, as `pipeline.dates.calendar` counts them."""

FORMAL_GENRES = frozenset(
    ["academic", "bio", "court", "essay", "interview", "letter", "news", "speech", "textbook"]
)
"""The written and prepared genres of GUM, as against talk, travel guides and fiction."""

FIGURES = ("relaxed", "strict", "value", "calendar", "yearless")


class Timex(NamedTuple):
    """An expression of time on either side: offsets, text, TIMEX3 value and interval."""

    start: int
    end: int
    text: str
    value: str | None
    interval: Interval | None


class TemporalDocument(msgspec.Struct, frozen=True):
    """A text of a corpus with its gold expressions."""

    id: str
    text: str
    published: str | None
    gold: tuple[Timex, ...]
    genre: str | None = None


# -- reading gold -------------------------------------------------------------------------------


def load_documents(path: Path) -> list[TemporalDocument]:
    """The documents of a corpus file.

    Raises:
        PipelineError: the file cannot be read, or a line is not such a document.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return [_document(json.loads(line)) for line in lines]
    except OSError as error:
        raise PipelineError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PipelineError(f"{path}: not a corpus of dates: {error!r}") from error


def _document(row: Mapping[str, Any]) -> TemporalDocument:
    return TemporalDocument(
        id=str(row["id"]),
        text=row["text"],
        published=row["published"],
        gold=tuple(
            Timex(
                item["start"],
                item["end"],
                item["text"],
                item["value"],
                tei_interval(item["attrs"]) if "attrs" in item else timex_interval(item["value"]),
            )
            for item in row["dates"]
        ),
        genre=row.get("genre"),
    )


def tei_interval(attrs: Mapping[str, str]) -> Interval | None:
    """First and last day that TEI attributes name; None for open ends, times, days without a year.

    Example:
        >>> tei_interval({"from": "1960", "to": "1969-12-31"}) == value_interval("196X")
        True
        >>> tei_interval({"from": "14:00:00", "to": "16:30:00"}) is None
        True
    """
    for first, last in (("when", "when"), ("from", "to"), ("notBefore", "notAfter")):
        if first in attrs and last in attrs:
            begin, end = _tei_period(attrs[first]), _tei_period(attrs[last])
            return None if begin is None or end is None else (begin.first_day, end.last_day)
    return None


_TEI = re.compile(r"(-?)(\d{1,4})((?:-\d\d(?:-\d\d)?)?)(?:T.*)?")


def _tei_period(text: str) -> Period | None:
    match = _TEI.fullmatch(text)
    if match is None:
        return None
    # Annotators leave zeros out and give years BC the number that the text has.
    number = 1 - int(match[2]) if match[1] else int(match[2])
    return parse_edtf(f"{year_text(number)}{match[3]}")


_TIMEX = re.compile(r"(?P<bc>BC)?(?P<year>\d{4})(?:-(?P<rest>[A-Z0-9-]+))?(?:T(?s:.*))?")
_TIMEX_SEASONS = {"SP": 0, "SU": 1, "FA": 2, "WI": 3}


def timex_interval(value: str | None) -> Interval | None:
    """First and last day that a TIMEX3 value names; None for durations, references and X.

    Example:
        >>> timex_interval("P3D") is None
        True
    """
    match = _TIMEX.fullmatch(value or "")
    if match is None:
        decade = re.fullmatch(r"(BC)?(\d{2,3})", value or "")
        if decade is None or decade[1]:
            return None
        period = Period("decade" if len(decade[2]) == 3 else "century", int(decade[2]))
        return period.first_day, period.last_day
    at_year = 1 - int(match["year"]) if match["bc"] else int(match["year"])
    try:
        period_or_none = _period_in(at_year, (match["rest"] or "").split("T")[0])
    except NoSuchDate:
        return None
    return None if period_or_none is None else (period_or_none.first_day, period_or_none.last_day)


def _period_in(at_year: int, rest: str) -> Period | None:
    """The period that the part of a TIMEX3 value after the year names."""
    if not rest:
        return year(at_year)
    if rest in _TIMEX_SEASONS:
        return Period("season", 4 * at_year + _TIMEX_SEASONS[rest])
    if match := re.fullmatch(r"([QH])(\d)", rest):
        unit: Unit = "quarter" if match[1] == "Q" else "half"
        return Period(unit, at_year * (4 if unit == "quarter" else 2) + int(match[2]) - 1)
    if match := re.fullmatch(r"W(\d\d)", rest):
        # The first ISO week is the one with January 4.
        return containing("week", day(at_year, 1, 4).number).shifted(int(match[1]) - 1)
    if match := re.fullmatch(r"(\d\d)(?:-(\d\d))?", rest):
        if match[2]:
            return day(at_year, int(match[1]), int(match[2]))
        return month(at_year, int(match[1])) if 1 <= int(match[1]) <= 12 else None
    return None


# -- our side -----------------------------------------------------------------------------------


def value_interval(value: str) -> Interval | None:
    """First and last day of an EDTF value; of an open interval those of the date that bounds it.

    Example:
        >>> value_interval("199X") == value_interval("1990/1999")
        True
        >>> value_interval("2001/..") == value_interval("2001")
        True
    """
    first, slash, last = value.partition("/")
    if slash:
        begin = None if first in ("", "..") else value_interval(first)
        end = None if last in ("", "..") else value_interval(last)
        if begin is not None and end is not None:
            return begin[0], end[1]
        return begin or end
    text = value.rstrip("~?%")
    if match := re.fullmatch(r"(\d{2})(\d|X)X", text):
        century = Period("century", int(match[1]))
        if match[2] == "X":
            return century.first_day, century.last_day
        decade = Period("decade", int(match[1] + match[2]))
        return decade.first_day, decade.last_day
    if match := re.fullmatch(r"(-?\d{4})-(2[1-4])", text):
        season = Period("season", 4 * int(match[1]) + int(match[2]) - 21)
        return season.first_day, season.last_day
    period = parse_edtf(text) if re.fullmatch(r"-?\d{4}(-\d\d){0,2}(T.*)?", text) else None
    return None if period is None else (period.first_day, period.last_day)


_SEASON_NAMES = ("SP", "SU", "FA", "WI")


def timex_value(value: str) -> str:
    """An EDTF or ISO 8601 value as TIMEX3 writes it; of an open interval, the date that bounds it.

    Example:
        >>> [timex_value(v) for v in ("199X", "1941-24", "-0479", "../2023", "R/P1Y")]
        ['199', '1941-WI', 'BC0480', '2023', 'P1Y']
    """
    text = value.replace("~", "").removeprefix("R/")
    first, slash, last = text.partition("/")
    if slash and (first in ("", "..") or last in ("", "..")):
        return timex_value(last if first in ("", "..") else first)
    if slash:
        interval = value_interval(text)
        if interval is not None:
            return _named_period(interval) or text
    if match := re.fullmatch(r"(\d+?)X{1,2}", text):
        return match[1]
    if match := re.fullmatch(r"(-?\d{4})-2([1-4])", text):
        text = f"{match[1]}-{_SEASON_NAMES[int(match[2]) - 1]}"
    if text.startswith("-"):
        return f"BC{1 + int(text[1:5]):04d}{text[5:]}"
    return text


def _named_period(interval: Interval) -> str | None:
    """A week, quarter, half, or decade or century BC that fills an interval, as TIMEX3 names it."""
    first, last = interval
    early, late = civil(first), civil(last)
    if late[0] <= 0 and early[1:] == (1, 1) and late[1:] == (12, 31):
        # Years BC count from 1; the 470s end with 470 BC, the 4th century with 301 BC.
        oldest, newest = 1 - early[0], 1 - late[0]
        if (oldest % 10, newest % 10, oldest - newest) == (9, 0, 9):
            return f"BC{newest // 10:03d}"
        if (newest % 100, oldest - newest) == (1, 99):
            return f"BC{newest // 100:02d}"
    if last - first == 6 and containing("week", first).first_day == first:
        thursday = containing("year", first + 3)
        begin = containing("week", day(thursday.number, 1, 4).number)
        return f"{thursday.number:04d}-W{containing('week', first).number - begin.number + 1:02d}"
    for unit, letter, parts in (("quarter", "Q", 4), ("half", "H", 2)):
        period = containing(unit, first)  # type: ignore[arg-type]
        if (period.first_day, period.last_day) == interval:
            at_year, part = divmod(period.number, parts)
            return f"{at_year:04d}-{letter}{part + 1}"
    return None


# White space counts from its first character on, or a long run of it takes time of its square.
_RANGE = re.compile(
    r"(?:(?<!\s)\s+)?(?:[-–—/]|\b(?:to|and|until|till|through|thru|or)\b)\s*", re.IGNORECASE
)


def _timexes(record: DateRecord, gold: Sequence[Timex]) -> list[Timex]:
    """A date record as TIMEX3 would mark it; a range as its two ends where gold has several."""
    over = [item for item in gold if item.start < record.end and record.start < item.end]
    first, slash, last = record.value.partition("/")
    if slash and len(over) > 1 and not {first, last} & {"", ".."}:
        cuts = [match for match in _RANGE.finditer(record.text) if match.start()]
        if cuts:
            cut = cuts[len(cuts) // 2]
            middle = record.start + cut.start()
            return [
                _timex(record.start, middle, record.text[: cut.start()], first),
                _timex(record.start + cut.end(), record.end, record.text[cut.end() :], last),
            ]
    value = record.duration if record.type == "DURATION" and record.duration else record.value
    timex = timex_value(value)
    interval = value_interval(record.value)
    if record.type == "DURATION" and record.earliest is None:
        interval = None
    if record.type == "TIME" and "T" in record.value and not any(item.interval for item in over):
        interval = None  # a time of day names no interval of days
    bounded = {first, last} & {"", ".."} if slash else record.modifier
    if bounded and len(over) == 1:
        whole = _whole_of_edge(timex, over[0].value)
        if whole is not None:
            timex, interval = whole, timex_interval(whole)
        elif _holds(over[0], record, interval):
            interval = over[0].interval
    return [Timex(record.start, record.end, record.text, timex, interval)]


def _whole_of_edge(edge: str, gold: str | None) -> str | None:
    """The whole that gold gives for an edge of it ("1958" for "1958-12"), if it does."""
    if gold is not None and edge.startswith(gold) and edge[len(gold) :].startswith("-"):
        return gold
    return None


def _holds(gold: Timex, record: DateRecord, interval: Interval | None) -> bool:
    """Whether gold marks the whole alone ("the end of **1990**") and our edge lies within it."""
    if gold.interval is None or interval is None or gold.start == record.start:
        return False
    return gold.interval[0] <= interval[0] and interval[1] <= gold.interval[1]


def _timex(start: int, end: int, text: str, value: str) -> Timex:
    return Timex(start, end, text, timex_value(value), value_interval(value))


# -- counting -----------------------------------------------------------------------------------


class TemporalTally:
    """Adds up the figures over documents.

    Attributes:
        misses: one line for each expression that was missed, extra or got another interval.
    """

    def __init__(self) -> None:
        self._counts = {figure: [0, 0, 0] for figure in FIGURES}
        self.misses: list[str] = []

    def scores(self) -> dict[str, Score]:
        """The figures by name."""
        return {
            figure: Score(right, missed, extra)
            for figure, (right, missed, extra) in self._counts.items()
        }

    def add(self, document: TemporalDocument, records: Iterable[Record]) -> None:
        """Score the records of one document."""
        gold = document.gold
        got = [
            timex
            for record in records
            if isinstance(record, DateRecord)
            for timex in _timexes(record, gold)
        ]
        pairs = _pairs(gold, got)
        taken = set(pairs.values())
        for i, item in enumerate(gold):
            found = got[pairs[i]] if i in pairs else None
            self._count("relaxed", found is not None)
            self._count("strict", found is not None and found[:2] == item[:2])
            self._count("value", found is not None and _same_value(item.value, found.value))
            if item.interval is not None:
                right = found is not None and found.interval == item.interval
                self._count("calendar", right)
                if not re.search(r"\d{3}", item.text):
                    self._count("yearless", right)
            named = found is not None and (found.interval is not None or item.interval is not None)
            if (
                found is None
                or (item.value is not None and not _same_value(item.value, found.value))
                or (named and found.interval != item.interval)
            ):
                told = "missed" if found is None else f"got {found.text} = {found.value}"
                near = document.text[max(0, item.start - 60) : item.end + 40].replace("\n", " ")
                self.misses.append(f"{document.id} {item.text} = {_gold(item)}: {told} | {near}")
        for j, timex in enumerate(got):
            matched = next((gold[i] for i, k in pairs.items() if k == j), None)
            if matched is None:
                self.misses.append(f"{document.id} extra {timex.text} = {timex.value}")
            self._extra("relaxed", j not in taken)
            self._extra("strict", matched is None or timex[:2] != matched[:2])
            self._extra("value", matched is None or not _same_value(matched.value, timex.value))
            if timex.interval is not None:
                wrong = matched is None or matched.interval != timex.interval
                self._extra("calendar", wrong)

    def _count(self, figure: str, right: bool) -> None:
        self._counts[figure][0 if right else 1] += 1

    def _extra(self, figure: str, extra: bool) -> None:
        self._counts[figure][2] += extra


def _gold(item: Timex) -> str:
    """The value of a gold expression, or its interval, for people."""
    if item.value is not None or item.interval is None:
        return str(item.value)
    return "/".join(iso(number) for number in item.interval)


_TIMEX2_SETS = {"XXXX-XX-XX": "P1D", "XXXX-WXX": "P1W", "XXXX-XX": "P1M", "XXXX": "P1Y"}
_TIMEX2_LENGTHS = {"DE": 10, "CE": 100}


def _same_value(gold: str | None, got: str | None) -> bool:
    """Whether values are equal, what TIMEX2 writes otherwise put in the terms of TIMEX3."""
    if gold is None or got is None:
        return False
    if gold == got or _TIMEX2_SETS.get(gold) == got:
        return True
    length = re.fullmatch(r"P(\d+)(DE|CE)", gold)
    return length is not None and got == f"P{int(length[1]) * _TIMEX2_LENGTHS[length[2]]}Y"


def _pairs(gold: Sequence[Timex], got: Sequence[Timex]) -> dict[int, int]:
    """One-to-one pairs of overlapping expressions, those that share most characters first."""
    shared = []
    first = 0
    for i, item in enumerate(gold):
        while first < len(got) and got[first].end <= item.start:
            first += 1
        for j in range(first, len(got)):
            if got[j].start >= item.end:
                break
            common = min(item.end, got[j].end) - max(item.start, got[j].start)
            shared.append((-common, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(shared):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def articles_of(
    documents: Iterable[TemporalDocument],
) -> Iterator[tuple[TemporalDocument, Article]]:
    """Each document with its text as an article."""
    for document in documents:
        id = re.sub(r"[^\w.-]", "-", document.id)
        yield document, read_text(document.text, id=id, published=document.published)
