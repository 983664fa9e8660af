"""Dates of events against timelines: is each mention given the days on which its event happened?

The test is that of SemEval-2015 task 4 (TimeLine, Minard et al. 2015), asked of single mentions: a
row is an article with mentions of events, each with the date that readers gave it from the whole
article ("2009-12-15", "2013-XX-XX" where the year alone is known, "XXXX-XX-XX" where nothing is).

A mention is *exact* when the first and last day of its record's date are those of the gold date. A
mention without a record counts as dated on the day of publication: a reader's guess without the
text, and what the systems that this test was run on before do. That guess is never counted as a
wrong date of a mention that has none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from ..errors import PipelineError
from ..reading import Article, read_text
from ..records import EventRecord, Record

Days = tuple[str | None, str | None]

# The task's files leave unknown parts out as well ("2005").
_DATE = re.compile(r"(\d{4})(?:-(\d\d|XX))?(?:-(\d\d|XX))?")
_NO_DATE = "XXXX-XX-XX"


class TimelineMention(msgspec.Struct, frozen=True, kw_only=True):
    """One mention of an event: code points `start` to `end` of the text are the word(s) for it."""

    start: int
    end: int
    date: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"mention {self.start}..{self.end}: 0 <= start < end does not hold")
        _days(self.date)


class TimelineRow(msgspec.Struct, frozen=True, kw_only=True):
    """An article of the test with its mentions; `published` is its day of publication, ISO."""

    id: str
    published: str
    text: str
    events: tuple[TimelineMention, ...]


class TimelineScore(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over mentions.

    Attributes:
        dated: mentions with a gold date.
        exact: those given its days, by a record or by the guess.
        found: dated mentions that have a record with a date.
        found_exact: those of them that are exact.
        undated: mentions without a gold date.
        wrongly_dated: those to which a record gives one.
        misses: one line a mention that is not exact or wrongly dated, in reading order.
    """

    dated: int
    exact: int
    found: int
    found_exact: int
    undated: int
    wrongly_dated: int
    misses: tuple[str, ...] = ()

    @property
    def exact_share(self) -> float:
        """Exact among dated mentions, 0 to 1."""
        return self.exact / (self.dated or 1)

    @property
    def wrongly_dated_share(self) -> float:
        """Given a date among those that have none, 0 to 1."""
        return self.wrongly_dated / (self.undated or 1)


_decoder = msgspec.json.Decoder(TimelineRow)


def read_timelines(path: Path) -> Iterator[TimelineRow]:
    """The rows of a file, one JSON object a line; further fields are ignored.

    Raises:
        PipelineError: the file cannot be read or a line has not this form; names file and line.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield _decoder.decode(line)
                except msgspec.DecodeError as error:
                    raise PipelineError(f"{path}:{number}: not a timeline row: {error}") from error
    except OSError as error:
        raise PipelineError(f"{path}: cannot be read: {error.strerror}") from error


def score_timelines(
    rows: Iterable[TimelineRow], extract: Callable[[Article], Iterable[Record]]
) -> TimelineScore:
    """Score what is extracted from articles with dated mentions.

    Args:
        rows: the articles (see `read_timelines`).
        extract: gives the records of an article.

    Example:
        ``score_timelines(read_timelines(path), lambda a: load().extract_article(a).records)``
    """
    counts: Counter[str] = Counter()
    misses: list[str] = []
    for row in rows:
        article = read_text(row.text, id=row.id, published=row.published)
        events = [record for record in extract(article) if isinstance(record, EventRecord)]
        places = _Places(events)
        for mention in sorted(row.events, key=lambda mention: (mention.start, mention.end)):
            event = places.of(mention)
            given = None if event is None else (event.date.earliest, event.date.latest)
            gold = _days(mention.date)
            right = (given or (row.published, row.published)) == gold
            if gold is None:
                counts["undated"] += 1
                counts["wrongly_dated"] += given is not None
            else:
                counts["dated"] += 1
                counts["exact"] += right
                counts["found"] += given is not None
                counts["found_exact"] += given is not None and right
            if not right and (gold is not None or given is not None):
                word = row.text[mention.start : mention.end]
                got = "the guess" if event is None else _told(event)
                misses.append(f"{row.id} {mention.start} {word}: gold {mention.date} got {got}")
    return TimelineScore(
        **{name: counts[name] for name in TimelineScore.__struct_fields__ if name != "misses"},
        misses=tuple(misses),
    )


class _Places:
    """The records with a date, by the words that tell of their event."""

    def __init__(self, events: Iterable[EventRecord]) -> None:
        self._at = sorted(
            (
                (span.start, span.end, index, event)
                for index, event in enumerate(events)
                if event.date.id is not None
                for span in (event.trigger, *event.mentions)
            ),
            key=lambda place: place[:3],
        )
        self._ends = [end for _, end, _, _ in self._at]

    def of(self, mention: TimelineMention) -> EventRecord | None:
        """The first record, in reading order, of which a word overlaps the mention."""
        # Triggers are single words, so that their ends are in the order of their starts.
        first = bisect_left(self._ends, mention.start + 1)
        if first < len(self._at) and self._at[first][0] < mention.end:
            return self._at[first][3]
        return None


def _told(event: EventRecord) -> str:
    return f"{event.date.earliest or ''}..{event.date.latest or ''} ({event.link})"


def _days(date: str) -> Days | None:
    """First and last day of a gold date, ISO; None for one of which nothing is known.

    Raises:
        ValueError: it has another form, or there is no such month.

    Example:
        >>> _days("2012-02-XX")
        ('2012-02-01', '2012-02-29')
    """
    if date == _NO_DATE:
        return None
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(f"date {date!r} is not like 2009-12-15, 2009-12-XX or 2009-XX-XX")
    year, month, day = match.groups()
    if month in (None, "XX"):
        return f"{year}-01-01", f"{year}-12-31"
    if day in (None, "XX"):
        return f"{year}-{month}-01", f"{year}-{month}-{monthrange(int(year), int(month))[1]:02}"
    return date, date


__all__ = ["TimelineMention", "TimelineRow", "TimelineScore", "read_timelines", "score_timelines"]
