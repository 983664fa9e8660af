"""Records made ready for comparison: what each one says, without ids, offsets and confidence.

References to other records are replaced by what those say (an entity's name, a quote's words), and
a record's words are its own: an event's clause does not speak for the quote inside it, nor a
prediction's sentence for the other half of the sentence.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from ..records import (
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    QuoteRecord,
    Span,
)
from .changes import KINDS, Kind
from .versions import Version
from .words import Word, words_of

Compared = EntityRecord | DateRecord | EventRecord | PredictionRecord | QuoteRecord

# How many mentions of an entity speak for its surroundings; the first ones introduce it.
_MENTIONS = 12
# What stands beside a date: so many words, which are found in so many characters.
_NEAR_WORDS, _NEAR_CHARACTERS = 4, 60
# So many claims that begin before a date are asked whether it lies in them.
_NEAR_CLAIMS = 8


class Item(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One record of one version.

    Attributes:
        record: the record itself.
        kind: its kind.
        content: everything it says; equal content is no change.
        structure: what makes it the same claim under other words of certainty, time or source;
            None where nothing does.
        words: its own words, those without meaning left out, as `Word.key`.
        names: the entities it speaks of, folded.
        days: earliest and latest day as ISO dates, "" where open; None when it is undated.
        context: words of the claims in the same sentence and its neighbours, without its own.
        around: of a date, the last words before it and the first behind it; of an entity, those of
            its names.
        place: how far into the article it stands, 0 to 1.
    """

    record: Compared
    kind: Kind
    content: tuple[object, ...]
    structure: tuple[object, ...] | None
    words: tuple[str, ...]
    names: frozenset[str]
    days: tuple[str, str] | None
    context: frozenset[str]
    around: tuple[tuple[str, ...], tuple[str, ...]]
    place: float


class View:
    """One version, its records as items.

    Attributes:
        version: what it was made from.
        items: by kind, in reading order, which neither ids nor the order of lines have a part in.
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        compared = [record for record in version.records if isinstance(record, Compared)]
        self._names = {r.id: r.name for r in compared if isinstance(r, EntityRecord)}
        self._triggers = {r.id: r.trigger.text for r in compared if isinstance(r, EventRecord)}
        self._dates = {r.id: r for r in compared if isinstance(r, DateRecord)}
        spans = sorted((date.start, date.end) for date in self._dates.values())
        self._date_starts = [start for start, _ in spans]
        self._date_ends = [end for _, end in spans]
        self._inside = _Inside(compared)
        self._said = _said_by_sentence(compared)
        self._end = max((record.end for record in compared), default=1)
        self.items: dict[Kind, list[Item]] = {kind: [] for kind in KINDS}
        for record in compared:
            kind = kind_of(record)
            self.items[kind].append(self._item(record, kind))
        for items in self.items.values():
            items.sort(key=lambda item: (item.place, item.record.end, repr(item.content)))

    def name_of(self, entity: str | None) -> str | None:
        """The name of an entity of this version by its id, None when there is none."""
        return None if entity is None else self._names.get(entity)

    def trigger_of(self, event: str) -> str | None:
        """The word of an event of this version by its id."""
        return self._triggers.get(event)

    def date_of(self, date: str | None) -> DateRecord | None:
        """A date of this version by its id."""
        return None if date is None else self._dates.get(date)

    def is_dated(self, place: int | None) -> bool:
        """Whether a place in the file is inside a date."""
        if place is None:
            return False
        behind = bisect.bisect_right(self._date_starts, place)
        return behind > 0 and place < self._date_ends[behind - 1]

    def own_words(self, record: Compared) -> tuple[Word, ...]:
        """The words by which a record is compared, with their places in `own_span(record).text`.

        Those that a field of its own answers for are left out: cues and condition of a prediction,
        the date of an event.
        """
        match record:
            case EventRecord():
                clause = Span(start=record.start, end=record.end, text=record.text)
                hidden = self._inside.of_others(record)
                return _without(clause, hidden, record.date.text)
            case PredictionRecord():
                fields = [*record.cues, *([record.condition] if record.condition else [])]
                due = record.horizon.text if record.horizon else ""
                return _without(record.proposition, fields, due)
            case DateRecord():
                return words_of(record.text)
            case EntityRecord():
                return words_of(record.name)
            case QuoteRecord():
                return words_of(content_of(record))

    def _item(self, record: Compared, kind: Kind) -> Item:
        own = tuple(word.key for word in self.own_words(record) if not word.is_slight)
        content: tuple[object, ...]
        structure: tuple[object, ...] | None = None
        days: tuple[str, str] | None = None
        names: Iterable[str | None] = ()
        match record:
            case EntityRecord():
                content = (record.name, record.type, sorted_(record.aliases), sorted_(record.roles))
            case DateRecord():
                content = (
                    record.text,
                    record.value,
                    record.type,
                    record.duration,
                    record.earliest,
                    record.latest,
                    record.precision,
                    record.modifier,
                )
                days = _days(record)
            case EventRecord():
                people = [(p.role, p.text, self.name_of(p.entity)) for p in record.participants]
                content = (
                    " ".join(word.text for word in self.own_words(record)),
                    record.trigger.lemma,
                    _date(record.date),
                    tuple(people),
                    record.polarity,
                    record.status,
                )
                structure = (record.trigger.lemma, _fold(p.text for p in record.participants))
                days = _days(record.date)
                names = [name or text for _, text, name in people]
            case PredictionRecord():
                holder = record.holder
                content = (
                    record.proposition.text,
                    tuple(cue.text for cue in record.cues),
                    record.hedged,
                    record.orientation,
                    record.polarity,
                    (record.likelihood.level, record.likelihood.low, record.likelihood.high),
                    (holder.kind, holder.name, holder.text),
                    _text(record.subject),
                    _date(record.horizon),
                    _text(record.condition),
                    record.speech_act,
                )
                structure = (own,)
                days = _days(record.horizon)
                names = [_text(record.subject), holder.name]
            case QuoteRecord():
                speaker = record.speaker
                content = (
                    record.type,
                    content_of(record),
                    speaker and (speaker.name, speaker.text, speaker.role, speaker.anonymous),
                    record.cue and (record.cue.text, record.cue.stance),
                    _text(record.addressee),
                    _text(record.venue),
                    _date(record.date),
                    _text(record.reported),
                )
                structure = (own,)
                days = _days(record.date)
                names = [speaker.name if speaker else None]
        return Item(
            record=record,
            kind=kind,
            content=content,
            structure=structure,
            words=own,
            names=_fold(names),
            days=days,
            context=self._context(record) - frozenset(own),
            around=self._around(record),
            place=anchor_of(record) / self._end,
        )

    def _context(self, record: Compared) -> frozenset[str]:
        if isinstance(record, EntityRecord):
            sentences = [mention.sentence for mention in record.mentions[:_MENTIONS]]
        else:
            sentences = [record.sentence - 1, record.sentence, record.sentence + 1]
        said = [self._said[sentence] for sentence in sentences if sentence in self._said]
        return frozenset().union(*said)

    def _around(self, record: Compared) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words beside a date, in the file or, without it, in a claim that holds the date.

        Of an entity, those beside each mention by name, where the file is at hand.
        """
        if isinstance(record, EntityRecord):
            return self._around_names(record)
        if not isinstance(record, DateRecord):
            return (), ()
        text, offset = self.version.text, 0
        if text is None:
            holder = self._inside.holder_of(record)
            if holder is None:
                return (), ()
            offset, text = holder.start, holder.text
        return self._beside(text, record.start - offset, record.end - offset)

    def _around_names(self, entity: EntityRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
        text = self.version.text
        if text is None:
            return (), ()
        named = [mention for mention in entity.mentions if mention.form == "name"]
        sides = [self._beside(text, mention.start, mention.end) for mention in named[:_MENTIONS]]
        return tuple(w for before, _ in sides for w in before), tuple(
            w for _, after in sides for w in after
        )

    @staticmethod
    def _beside(text: str, start: int, end: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        before = words_of(text[max(0, start - _NEAR_CHARACTERS) : start])
        after = words_of(text[end : end + _NEAR_CHARACTERS])
        return (
            tuple(word.key for word in before[-_NEAR_WORDS:]),
            tuple(word.key for word in after[:_NEAR_WORDS]),
        )


class _Inside:
    """Which stretches of an event's clause are other records'."""

    def __init__(self, records: Sequence[Compared]) -> None:
        self._spans = sorted(
            (span for record in records for span in _claimed(record)),
            key=lambda span: (span.start, span.end),
        )
        self._starts = [span.start for span in self._spans]

    def holder_of(self, date: DateRecord) -> Span | None:
        """A claim that holds the date and has its text as it stands in the file."""
        behind = bisect.bisect_right(self._starts, date.start)
        for span in self._spans[max(0, behind - _NEAR_CLAIMS) : behind][::-1]:
            if span.end >= date.end and span.end - span.start == len(span.text):
                return span
        return None

    def of_others(self, event: EventRecord) -> list[Span]:
        """What in the event's clause other records answer for, but for the trigger."""
        first = bisect.bisect_left(self._starts, event.start)
        last = bisect.bisect_left(self._starts, event.end)
        trigger = event.trigger
        return [
            span
            for span in self._spans[first:last]
            if span.end <= event.end
            and not span.start <= trigger.start < span.end
            and span.end - span.start < event.end - event.start
        ]


def _claimed(record: Compared) -> Sequence[Span]:
    match record:
        case QuoteRecord():
            return record.content
        case PredictionRecord():
            fields = [*record.cues, *([record.condition] if record.condition else [])]
            return (record.proposition, *fields)
        case EventRecord():
            return (Span(start=record.start, end=record.end, text=record.text),)
        case _:
            return ()


def kind_of(record: Compared) -> Kind:
    """The kind of a record that is compared."""
    tag = record.__struct_config__.tag
    return next(kind for kind in KINDS if kind == tag)


def anchor_of(record: Compared) -> int:
    """Where a record says what it says: two predictions of one sentence begin at different ones."""
    return record.proposition.start if isinstance(record, PredictionRecord) else record.start


def content_of(quote: QuoteRecord) -> str:
    """What is quoted, its stretches joined."""
    return " ".join(span.text for span in quote.content)


def sorted_(values: Iterable[str]) -> tuple[str, ...]:
    """Values whose order says nothing."""
    return tuple(sorted(values))


def _said_by_sentence(records: Sequence[Compared]) -> dict[int, frozenset[str]]:
    said: defaultdict[int, set[str]] = defaultdict(set)
    for record in records:
        said[record.sentence].update(word.key for word in words_of(record.text))
    return {sentence: frozenset(words) for sentence, words in said.items()}


def _without(span: Span, hidden: Iterable[Span], date: str) -> tuple[Word, ...]:
    """The words of a span that stand neither in other spans nor in a date."""
    text = span.text
    plain = span.end - span.start == len(text)
    cut = []
    for other in hidden:
        at = other.start - span.start if plain else text.find(other.text)
        cut.append((at, at + (other.end - other.start if plain else len(other.text))))
    at = text.find(date) if date else -1
    if at >= 0:
        cut.append((at, at + len(date)))
    gone = bytearray(len(text))
    for start, end in cut:
        start, end = max(start, 0), min(end, len(text))
        if start < end:
            gone[start:end] = b"\1" * (end - start)
    return tuple(word for word in words_of(text) if not gone[word.start])


def _days(date: DateRecord | DateRef | None) -> tuple[str, str] | None:
    if date is None or (date.earliest is None and date.latest is None):
        return None
    return (date.earliest or "", date.latest or "")


def _date(date: DateRef | None) -> tuple[object, ...] | None:
    return None if date is None else (date.text, date.value, date.earliest, date.latest)


def _text(span: Span | None) -> str | None:
    return None if span is None else span.text


def _fold(texts: Iterable[str | None]) -> frozenset[str]:
    folded = (
        " ".join(word.key for word in words_of(text) if not word.is_slight)
        for text in texts
        if text
    )
    return frozenset(text for text in folded if text)
