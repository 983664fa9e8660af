"""Which records are to be shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from .. import forecasts, timeline
from ..dates.calendar import parse_edtf
from ..errors import PipelineError
from ..forecasts.select import AUTHOR
from ..records import (
    KINDS,
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Record,
)
from ..timeline.intervals import ALWAYS, Interval, interval_of
from ..timeline.names import Names, of_entity
from ..timeline.select import folded
from .terminal import told


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of records; each condition that is given must hold.

    What a kind has nothing to say to, it does not answer: a number chooses predictions only, a
    speaker none of the entities.

    Attributes:
        kinds: of one of these.
        speakers: the word of one of these: quotes that say so, predictions that such a one holds,
            events that such a quote tells of. An entity by any name that its article has for it, a
            person by family name, the words of the text, an author; "author" for any article's own
            voice.
        entities: about one of these, by any of its names: the entity itself, events that it takes
            part in, predictions that it holds or that mention it, quotes that it says or hears or
            that mention it.
        after: EDTF year, month or day: what may lie in it or later. A date, an event and a quote
            lie where their date does, a prediction where its horizon does, an article where its
            publication does. What has no bound at all does not answer.
        before: likewise, in it or earlier.
        least, most: percent: predictions of which the whole of low to high lies in them.
        words: with one of these in what is shown of it or in its text. Case, kinds of quotation
            marks and of blanks make no difference; `*` stands for anything.

    Raises:
        PipelineError: a value is none of those possible.

    Example:
        >>> Selection(kinds=("quote",), before="soon")
        Traceback (most recent call last):
        ...
        pipeline.errors.PipelineError: 'soon' is no date: write 2021-09-21, 2021-09 or 2021
    """

    kinds: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                raise PipelineError(f"there is no kind {kind!r}; the kinds are {', '.join(KINDS)}")
        # Dates and percentages mean what they mean in the other questions, wrong ones, too.
        self.time(), self.odds()

    def time(self) -> timeline.Selection:
        """The part that asks when."""
        return timeline.Selection(after=self.after, before=self.before)

    def odds(self) -> forecasts.Selection:
        """The part that asks how likely."""
        return forecasts.Selection(least=self.least, most=self.most)


class Chosen(NamedTuple):
    """The records that were asked for.

    Attributes:
        records: in the order that they came in.
        unnumbered: how many predictions more there would be but for having no number, where a
            least or most percent was asked for.
    """

    records: tuple[Record, ...]
    unnumbered: int


def choose(records: Sequence[Record], selection: Selection) -> Chosen:
    """The records of one or many articles that are asked for.

    Args:
        records: of any kinds; articles, entities and quotes give names.
        selection: which.

    Example:
        >>> choose([], Selection(kinds=("quote",))).records
        ()
    """
    question = _Question(records, selection)
    found: list[Record] = []
    unnumbered = 0
    for record in records:
        if question.holds(record):
            held = question.holds_number(record)
            unnumbered += held is None
            if held:
                found.append(record)
    return Chosen(tuple(found), unnumbered)


class _Question:
    """A selection, made ready to be put to each record of some articles."""

    def __init__(self, records: Sequence[Record], selection: Selection) -> None:
        self._wanted = selection
        self._speakers = frozenset(map(folded, selection.speakers))
        self._entities = frozenset(map(folded, selection.entities))
        self._patterns = [[_plain(part) for part in words.split("*")] for words in selection.words]
        self._time, self._odds = selection.time(), selection.odds()
        self._names = Names(
            (record for record in records if isinstance(record, ArticleRecord)),
            (record for record in records if isinstance(record, EntityRecord)),
        )
        self._quotes = {
            (record.article, record.id): record
            for record in records
            if isinstance(record, QuoteRecord)
        }

    def holds(self, record: Record) -> bool:
        """Whether a record belongs to the choice, its number aside."""
        wanted = self._wanted
        return (
            (not wanted.kinds or isinstance(record, tuple(KINDS[kind] for kind in wanted.kinds)))
            and (not wanted.speakers or self._is_said(record))
            and (not wanted.entities or not self._entities.isdisjoint(self._about(record)))
            and ((wanted.after is None and wanted.before is None) or self._is_then(record))
            and (not self._patterns or self._has_words(record))
        )

    def holds_number(self, record: Record) -> bool | None:
        """Whether its number does; None where one is needed and a prediction has none."""
        if isinstance(record, PredictionRecord):
            return self._odds.holds_number(record.likelihood)
        return self._wanted.least is None and self._wanted.most is None

    def _is_said(self, record: Record) -> bool:
        match record:
            case QuoteRecord():
                names = self._names.of_speaker(record)
            case PredictionRecord():
                names = self._names.of_holder(record)
                if record.holder.kind == "author":
                    names.add(AUTHOR)
            case EventRecord():
                quote = self._quotes.get((record.article, record.source or ""))
                names = self._names.of_speaker(quote) if quote else set()
            case _:
                return False
        return not self._speakers.isdisjoint(names)

    def _about(self, record: Record) -> Collection[str]:
        """Every folded name of whom a record is about."""
        names = self._names
        match record:
            case EntityRecord():
                return of_entity(record)
            case EventRecord():
                return names.of_participants(record)
            case PredictionRecord():
                return names.of_holder(record) | names.of_topic(record)
            case QuoteRecord():
                return names.of_speaker(record) | names.of_quoted(record)
            case _:
                return ()

    def _is_then(self, record: Record) -> bool:
        interval = _interval(record)
        return interval != ALWAYS and self._time.may_lie(interval)

    def _has_words(self, record: Record) -> bool:
        parts = [text for _, text in told(record)]
        if not isinstance(record, ArticleRecord) and record.text:
            parts.append(record.text)
        # A line feed never is in what is looked for, so nothing is found across two texts.
        shown = "\n".join(map(_plain, parts))
        return any(_matches(pattern, shown) for pattern in self._patterns)


def _interval(record: Record) -> Interval:
    """When it was or is to be; without any bound where nothing tells."""
    match record:
        case ArticleRecord():
            period = parse_edtf(record.published or "")
            return Interval(period.first_day, period.last_day) if period else ALWAYS
        case DateRecord():
            date: DateRecord | DateRef | None = record
        case EventRecord() | QuoteRecord():
            date = record.date
        case PredictionRecord():
            date = record.horizon
        case _:
            return ALWAYS
    try:
        return ALWAYS if date is None else interval_of(date.earliest, date.latest)
    except ValueError:
        return ALWAYS


_MARKS = str.maketrans("‘’‚‛“”„‟–—‑", "''''\"\"\"\"---")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_MARKS).casefold().split())


def _matches(parts: Sequence[str], text: str) -> bool:
    """Whether the parts stand in one line of a text, one after another: linear in the text."""
    return any(_follow(parts, line) for line in text.split("\n"))


def _follow(parts: Sequence[str], line: str) -> bool:
    at = 0
    for part in parts:
        found = line.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
