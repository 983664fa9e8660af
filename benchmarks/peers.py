"""Other finders of dates, asked for the same answer as ours: what `benchmarks.dates` compares.

A peer gets a sentence at a time with the day of publication as its base. What it finds becomes
`DateRecord`s with EDTF values, so that the scorer's allowances (open intervals, ranges, edges; see
`pipeline.evaluate.temporal`) hold for a peer as they do for us. Fields that a peer does not have
are filled in neutrally, and none of them is scored.

How the answers are read:

- dateparser (`search_dates`, English, both of its strategies): the moment it gives is cut to the
  unit it says it means (`add_period`): a year, a month, a Monday to Sunday, a day, else a time. It
  gives no offsets, only the words, which are looked for from left to right.
- Recognizers-Text (`DateTimeRecognizer`, English): of the past and the future reading of a date
  without its year the one nearer to the base. Its ends of ranges are exclusive, but for the ranges
  between two dates of the text. "Before", "since", "until" and "after" make open intervals; of
  "early" and "the end of" the whole is kept, which is what TIMEX3 has as the value.

Only finders in Python are asked; HeidelTime and SUTime need Java, and are not among them.

Peers are in the extra `bench`, not among what the package needs.

Example:
    >>> read_dateparser("It fell in June.", [("in June", datetime(2014, 6, 6), "month")])
    [Found(start=8, end=15, value='2014-06', type='DATE', modifier=None)]
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any, NamedTuple

from pipeline.reading import Article
from pipeline.records import DateRecord, DateType, Modifier

HOW_TO_INSTALL = "pip install --editable '.[bench]'"

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])|\n+")


class Found(NamedTuple):
    """What a peer found in a sentence: offsets in it, EDTF value, and what kind of date it is."""

    start: int
    end: int
    value: str
    type: DateType = "DATE"
    modifier: Modifier | None = None


@dataclass
class Peer:
    """A peer, ready to be asked.

    Attributes:
        name: of its column.
        version: of its distribution.
        ask: gives the answer of the peer itself to a sentence and a base.
        read: what that answer says of the sentence.
        seconds: of processor time spent in `ask` so far.
        failures: sentences at which it raised an exception; nothing is found in them.
    """

    name: str
    version: str
    ask: Callable[[str, datetime], Any]
    read: Callable[[str, Any, datetime], list[Found]]
    seconds: float = 0.0
    failures: int = 0

    def extract(self, article: Article) -> tuple[DateRecord, ...]:
        """The dates of an article."""
        base = base_of(article.published)
        records = []
        for start, sentence in sentences(article.text):
            clock = time.process_time()
            try:
                answer = self.ask(sentence, base)
            except Exception:
                answer = None
                self.failures += 1
            self.seconds += time.process_time() - clock
            if answer:
                records += [
                    record
                    for found in self.read(sentence, answer, base)
                    for record in _records(article, start, found)
                ]
        return tuple(records)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text, by their marks alone, each with its offset."""
    start = 0
    for match in (*_SENTENCE_END.finditer(text), None):
        end = len(text) if match is None else match.start()
        if text[start:end].strip():
            yield start, text[start:end]
        start = end if match is None else match.end()


def base_of(published: str | None) -> datetime:
    """The day of publication; the first of a month or year; of an unknown day, that of 2000.

    Example:
        >>> base_of("2014-05")
        datetime.datetime(2014, 5, 1, 0, 0)
    """
    return datetime.fromisoformat(f"{published or '2000'}-01-01"[:10])


def _records(article: Article, offset: int, found: Found) -> Iterator[DateRecord]:
    places = article.map.to_source(offset + found.start, offset + found.end)
    if places:
        start, end = places[0][0], places[-1][1]
        yield DateRecord(
            id=f"date-{start}",
            article=article.id,
            start=start,
            end=end,
            text=article.source[start:end],
            sentence=0,
            section="body",
            value=found.value,
            type=found.type,
            duration=None,
            earliest=None,
            latest=None,
            precision="vague",
            anchor="publication",
            modifier=found.modifier,
            alternatives=(),
            confidence=1.0,
        )


def load_peers() -> tuple[list[Peer], list[str]]:
    """The peers that are installed, and a line for each that is not, saying how to install it."""
    peers: list[Peer] = []
    lines: list[str] = []
    for name, make in (("dateparser", _dateparser), ("recognizers", _recognizers)):
        try:
            peers += make()
        except ImportError as error:
            lines.append(f"{name} is left out ({error}); to have it: {HOW_TO_INSTALL}")
    return peers, lines


# -- dateparser ---------------------------------------------------------------------------------


def _dateparser() -> list[Peer]:
    from dateparser.search import search_dates

    def ask(sentence: str, base: datetime, *, strategy: str) -> Any:
        return search_dates(
            sentence,
            languages=["en"],
            strategy=strategy,
            add_period=True,
            settings={"RELATIVE_BASE": base, "RETURN_TIME_AS_PERIOD": True},
        )

    return [
        Peer(name, version("dateparser"), partial(ask, strategy=strategy), read_dateparser)
        for name, strategy in (("dateparser", "split"), ("dateparser ngram", "ngram"))
    ]


def read_dateparser(
    sentence: str,
    answer: Sequence[tuple[str, datetime, str | None]],
    base: datetime | None = None,
) -> list[Found]:
    """What an answer of `search_dates` with its periods says; words not in the sentence are not."""
    dates = []
    at = 0
    for words, moment, period in answer:
        start = sentence.find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        day = moment.date()
        if period == "year":
            dates.append(Found(start, at, day.isoformat()[:4]))
        elif period == "month":
            dates.append(Found(start, at, day.isoformat()[:7]))
        elif period == "week":
            monday = day - timedelta(days=day.weekday())
            sunday = monday + timedelta(days=6)
            dates.append(Found(start, at, f"{monday.isoformat()}/{sunday.isoformat()}"))
        elif period == "day":
            dates.append(Found(start, at, day.isoformat()))
        else:
            dates.append(Found(start, at, moment.isoformat(timespec="minutes"), "TIME"))
    return dates


# -- Recognizers-Text ---------------------------------------------------------------------------


def _recognizers() -> list[Peer]:
    from recognizers_date_time import Culture, DateTimeRecognizer

    model = DateTimeRecognizer(Culture.English).get_datetime_model()
    return [
        Peer("recognizers", version("recognizers-text-date-time"), model.parse, read_recognizers)
    ]


_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}
_SEASON = re.compile(r"(?:(\d{4}|XXXX)-)?(SP|SU|FA|WI)")
_DATE = re.compile(r"(\d{4}|XXXX)(-\d\d)?(-\d\d)?")
_BETWEEN = re.compile(r"[-–—]|\b(?:to|and|until|till|through)\b", re.IGNORECASE)
_OPEN_AHEAD = frozenset(["since", "after"])
_OPEN_BEHIND = frozenset(["before", "until"])
_MODIFIERS: Mapping[str, Modifier] = {
    "start": "start",
    "mid": "mid",
    "end": "end",
    "approx": "approx",
}


def read_recognizers(sentence: str, answer: Sequence[Any], base: datetime) -> list[Found]:
    """What an answer of the model for dates and times says: its `ModelResult`s, ends inclusive."""
    dates = []
    for result in answer:
        words = sentence[result.start : result.end + 1]
        readings = (result.resolution or {}).get("values") or [{}]
        reading = min(readings, key=lambda one: _days_away(one, base))
        value, kind = recognizers_value(reading, words)
        modifier = reading.get("Mod", "")
        if modifier in _OPEN_AHEAD and kind == "DATE":
            value = f"{value}/.."
        elif modifier in _OPEN_BEHIND and kind == "DATE":
            value = f"../{value}"
        dates.append(Found(result.start, result.end + 1, value, kind, _MODIFIERS.get(modifier)))
    return dates


def _days_away(reading: Mapping[str, str | None], base: datetime) -> int:
    """Days from the base to a reading; 0 where it names no day."""
    day = _day_of(reading)
    return 0 if day is None else abs((day - base).days)


def _day_of(reading: Mapping[str, str | None]) -> datetime | None:
    """The day, the first or else the last of a reading."""
    for name in ("value", "start", "end"):
        text = reading.get(name) or ""
        if re.match(r"\d{4}-\d\d-\d\d", text):
            try:
                return datetime.fromisoformat(text[:10])
            except ValueError:  # no such day
                return None
    return None


def recognizers_value(reading: Mapping[str, str | None], words: str) -> tuple[str, DateType]:
    """The EDTF or ISO 8601 value of one resolution, and its type; "" where it has none.

    Args:
        reading: one of its values: "timex", "type", "Mod", and "value" or "start" and "end".
        words: the expression.

    Example:
        >>> recognizers_value({"timex": "XXXX-06", "type": "daterange", "start": "2014-06-01"}, "")
        ('2014-06', 'DATE')
    """
    timex, kind = reading.get("timex") or "", reading.get("type") or ""
    day = _day_of(reading)
    if kind == "duration":
        return timex, "DURATION"
    if kind == "set":
        return (f"R/{timex}" if timex.startswith("P") else timex), "SET"
    if timex.endswith("_REF"):
        return timex, "DATE"
    if kind in ("time", "timerange"):
        return _clock(timex), "TIME"
    if kind in ("datetime", "datetimerange"):
        clock = _clock(timex)
        return (clock if day is None else f"{day.date().isoformat()}{clock}"), "TIME"
    if match := _SEASON.fullmatch(timex):
        return f"{match[1] or 'XXXX'}-{_SEASONS[match[2]]}", "DATE"
    if day is None:
        return (timex if _DATE.fullmatch(timex) else ""), "DATE"
    if match := _DATE.fullmatch(timex):
        if match[1] != "XXXX":
            return timex, "DATE"
        if reading.get("Mod") == "after":
            day -= timedelta(days=1)  # what comes after a December begins in another year
        return f"{day.year:04d}{timex[4:]}", "DATE"
    begin, end = reading.get("start"), reading.get("end")
    if begin is None or end is None:
        return day.date().isoformat(), "DATE"
    last = datetime.fromisoformat(end[:10])
    if not (timex.startswith("(") and _BETWEEN.search(words)):
        last -= timedelta(days=1)
    return _interval(day, last), "DATE"


def _clock(timex: str) -> str:
    """The time of day in a TIMEX ("2014-05-05T17"), of a range the one that it begins with."""
    clock = timex.removeprefix("(").partition(",")[0].partition("T")[2]
    return f"T{clock}:00" if re.fullmatch(r"\d\d", clock) else f"T{clock}"


def _interval(first: datetime, last: datetime) -> str:
    """Two days as EDTF, as whole years or months where they bound such."""
    begin, end = first.date().isoformat(), last.date().isoformat()
    if begin.endswith("-01-01") and end.endswith("-12-31"):
        begin, end = begin[:4], end[:4]
    elif begin.endswith("-01") and (last + timedelta(days=1)).day == 1:
        begin, end = begin[:7], end[:7]
    return begin if begin == end else f"{begin}/{end}"


__all__ = [
    "Found",
    "Peer",
    "base_of",
    "load_peers",
    "read_dateparser",
    "read_recognizers",
    "recognizers_value",
    "sentences",
]
