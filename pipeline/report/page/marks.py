"""Which words of an article belong to a record, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from ...records import (
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
    Span,
)

Role = Literal[
    # Seen wherever they stand.
    "name",
    "referring",
    "date",
    "trigger",
    "proposition",
    "cue",
    "content",
    "problem",
    # Seen when their record is looked at.
    "clause",
    "participant",
    "evidence",
    "sentence",
    "subject",
    "condition",
    "attribution",
    "speaker",
    "saying",
    "addressee",
    "venue",
    "reported",
]
ROLES: tuple[Role, ...] = get_args(Role)
#: How many of `ROLES`, from the first, are seen without their record being looked at.
STANDING = ROLES.index("problem") + 1


class Mark(NamedTuple):
    """Words of a record: `text` is what the record says stands at `start..end` of the file."""

    role: Role
    start: int
    end: int
    text: str


def marks_of(record: Record) -> Iterator[Mark]:
    """The words that belong to a record; the widest may hold the others."""
    match record:
        case EntityRecord():
            for mention in record.mentions:
                yield _mark("name" if mention.form == "name" else "referring", mention)
        case DateRecord():
            yield Mark("date", record.start, record.end, record.text)
        case EventRecord():
            yield Mark("clause", record.start, record.end, record.text)
            yield _mark("trigger", record.trigger)
            for span in record.mentions:
                yield _mark("trigger", span)
            for participant in record.participants:
                yield _mark("participant", participant)
            for order in record.order:
                yield _mark("evidence", order.evidence)
        case PredictionRecord():
            yield Mark("sentence", record.start, record.end, record.text)
            yield _mark("proposition", record.proposition)
            for cue in record.cues:
                yield _mark("cue", cue)
            yield from _given(subject=record.subject, condition=record.condition)
        case QuoteRecord():
            yield Mark("attribution", record.start, record.end, record.text)
            for span in record.content:
                yield _mark("content", span)
            yield from _given(
                speaker=record.speaker,
                saying=record.cue,
                addressee=record.addressee,
                venue=record.venue,
                reported=record.reported,
            )
        case ProblemRecord():
            if record.start is not None and record.end is not None and record.text:
                yield Mark("problem", record.start, record.end, record.text)
        case _:  # the article itself is the whole of the text
            pass


def _mark(role: Role, span: Span) -> Mark:
    return Mark(role, span.start, span.end, span.text)


def _given(**spans: Span | None) -> Iterator[Mark]:
    for role in ROLES:
        span = spans.get(role)
        if span is not None:
            yield _mark(role, span)
