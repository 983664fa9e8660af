"""Records as brat standoff: a text and its annotations, as brat and INCEpTION read them.

Offsets are code points of the `.txt` written here, which is the article's reading text: markup and
navigation are gone, paragraphs are apart by an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from ..records import (
    DateRecord,
    EntityRecord,
    EntityType,
    EventRecord,
    EventStatus,
    Level,
    ParticipantRole,
    PredictionRecord,
    QuoteRecord,
    Record,
    Span,
)
from .texts import Text, file_name

_LINES = re.compile(r"[^\r\n]+")
# Whatever some reader takes for the end of a line, or for a column's.
_BREAKS = re.compile("[\t\x0b\x0c\r\n\x1c-\x1e\x85\u2028\u2029]")

_RELATIONS = {
    "Cue": ("Prediction|Quote", "Cue"),
    "Subject": ("Prediction", "Phrase"),
    "Condition": ("Prediction", "Phrase"),
    "Horizon": ("Prediction", "Date"),
    "Holder": ("Prediction", "<ENTITY>"),
    "WithinQuote": ("Prediction", "Quote"),
    "Speaker": ("Quote", "Phrase"),
    "Addressee": ("Quote", "Phrase"),
    "Venue": ("Quote", "Phrase"),
    "SaidOn": ("Quote", "Date"),
    "Parent": ("Quote", "Quote"),
    "Is": ("Phrase", "<ENTITY>"),
}


def brat_files(texts: Iterable[Text]) -> Iterator[tuple[str, bytes]]:
    """`ARTICLE.txt` and `ARTICLE.ann` for every article, and one `annotation.conf`.

    An entity's named mentions, tied by `Equiv` lines; dates; events with their participants;
    predictions (the proposition) and quotes (all their content, discontinuous where it is) with
    relations to cue, subject, condition, horizon, speaker and so on; levels, polarity and the like
    as attributes; the record's id, and what else has no place, as notes.
    """
    yield "annotation.conf", _configuration().encode()
    for text in texts:
        yield file_name(text.records.id, ".txt"), text.article.text.encode()
        lines = _Standoff(text).lines()
        yield file_name(text.records.id, ".ann"), "".join(f"{line}\n" for line in lines).encode()


class _Standoff:
    """The annotations of one article, numbered as they come."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._lines: list[str] = []
        self._counts: dict[str, int] = {}
        # The annotation that stands for a record, and for a phrase of some type.
        self._records: dict[str, str] = {}
        self._phrases: dict[tuple[str, int, int], str] = {}

    def lines(self) -> list[str]:
        records = self._text.records
        for entity in records.of(EntityRecord):
            self._entity(entity)
        for date in records.of(DateRecord):
            mark = self._bound("Date", Span(start=date.start, end=date.end, text=date.text))
            self._represent(date, mark, f"{date.type} {date.value}")
        for event in records.of(EventRecord):
            self._event(event)
        quotes = records.of(QuoteRecord)
        predictions = records.of(PredictionRecord)
        for quote in quotes:
            self._represent(quote, self._bound("Quote", *quote.content))
        for prediction in predictions:
            self._represent(prediction, self._bound("Prediction", prediction.proposition))
        # Relations come when everything that they may lead to is there.
        for quote in quotes:
            self._quote(quote)
        for prediction in predictions:
            self._prediction(prediction)
        return self._lines

    def _number(self, letter: str) -> str:
        self._counts[letter] = self._counts.get(letter, 0) + 1
        return f"{letter}{self._counts[letter]}"

    def _bound(self, label: str, *spans: Span) -> str:
        """A text-bound annotation; its pieces end where lines do, as brat wants it."""
        whole = self._text.article.text
        pieces = []
        for span in spans:
            low, high = self._text.place(span)
            pieces += [match.span() for match in _LINES.finditer(whole, low, high)]
        mark = self._number("T")
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(whole[start:end] for start, end in pieces)
        self._lines.append(f"{mark}\t{label} {offsets}\t{_BREAKS.sub(' ', words)}")
        return mark

    def _phrase(self, label: str, span: Span) -> str:
        key = (label, span.start, span.end)
        if key not in self._phrases:
            self._phrases[key] = self._bound(label, span)
        return self._phrases[key]

    def _represent(self, record: Record, mark: str, note: str = "") -> None:
        self._records[record.id] = mark
        words = _BREAKS.sub(" ", f"{record.id} {note}".strip())
        self._lines.append(f"{self._number('#')}\tAnnotatorNotes {mark}\t{words}")

    def _attribute(self, name: str, mark: str, value: str) -> None:
        self._lines.append(f"{self._number('A')}\t{name} {mark} {value}")

    def _relation(self, name: str, mark: str, target: str | None) -> None:
        if target is not None:
            self._lines.append(f"{self._number('R')}\t{name} Arg1:{mark} Arg2:{target}")

    def _entity(self, entity: EntityRecord) -> None:
        named = [mention for mention in entity.mentions if mention.form == "name"]
        marks = [self._bound(entity.type, mention) for mention in named]
        if marks:
            self._represent(entity, marks[0], entity.name)
        if len(marks) > 1:
            self._lines.append(f"*\tEquiv {' '.join(marks)}")

    def _event(self, event: EventRecord) -> None:
        trigger = self._bound("DatedEvent", event.trigger)
        roles = [("Date", self._records.get(event.date.id or ""))]
        for participant in event.participants:
            phrase = self._phrase("Phrase", participant)
            roles.append((participant.role.capitalize(), phrase))
            if participant.entity:
                self._is(phrase, participant.entity)
        seen: dict[str, int] = {}
        arguments = ""
        for role, mark in roles:
            if mark is not None:
                seen[role] = seen.get(role, 0) + 1
                arguments += f" {role}{seen[role] if seen[role] > 1 else ''}:{mark}"
        mark = self._number("E")
        self._lines.append(f"{mark}\tDatedEvent:{trigger}{arguments}")
        self._represent(event, mark, event.date.value)
        self._attribute("Status", mark, event.status)
        self._attribute("Polarity", mark, event.polarity)

    def _quote(self, quote: QuoteRecord) -> None:
        mark = self._records[quote.id]
        self._attribute("Type", mark, quote.type)
        if quote.cue is not None:
            self._relation("Cue", mark, self._phrase("Cue", quote.cue))
            if quote.cue.stance is not None:
                self._attribute("Stance", mark, quote.cue.stance)
        if quote.speaker is not None:
            phrase = self._phrase("Phrase", quote.speaker)
            self._relation("Speaker", mark, phrase)
            if quote.speaker.entity:
                self._is(phrase, quote.speaker.entity)
        for name, span in (("Addressee", quote.addressee), ("Venue", quote.venue)):
            if span is not None:
                self._relation(name, mark, self._phrase("Phrase", span))
        if quote.date is not None and quote.date.id is not None:
            self._relation("SaidOn", mark, self._records.get(quote.date.id))
        if quote.parent is not None:
            self._relation("Parent", mark, self._records.get(quote.parent))

    def _prediction(self, prediction: PredictionRecord) -> None:
        mark = self._records[prediction.id]
        self._attribute("Orientation", mark, prediction.orientation)
        self._attribute("Polarity", mark, prediction.polarity)
        self._attribute("Likelihood", mark, prediction.likelihood.level)
        if prediction.hedged:
            self._lines.append(f"{self._number('A')}\tHedged {mark}")
        for cue in prediction.cues:
            self._relation("Cue", mark, self._phrase("Cue", cue))
        for name, span in (("Subject", prediction.subject), ("Condition", prediction.condition)):
            if span is not None:
                self._relation(name, mark, self._phrase("Phrase", span))
        if prediction.horizon is not None and prediction.horizon.id is not None:
            self._relation("Horizon", mark, self._records.get(prediction.horizon.id))
        self._relation("Holder", mark, self._records.get(prediction.holder.entity or ""))
        self._relation("WithinQuote", mark, self._records.get(prediction.holder.quote or ""))

    def _is(self, phrase: str, entity: str) -> None:
        key = (f"Is {phrase} {entity}", 0, 0)
        if key not in self._phrases:
            self._phrases[key] = phrase
            self._relation("Is", phrase, self._records.get(entity))


def _configuration() -> str:
    types = [*get_args(EntityType), "Date", "Prediction", "Quote", "Cue", "Phrase"]
    roles = ", ".join(f"{role.capitalize()}*:Phrase" for role in get_args(ParticipantRole))
    attributes = {
        "Status": ("DatedEvent", get_args(EventStatus)),
        "Polarity": ("<EVENT>|Prediction", ("positive", "negative")),
        "Orientation": ("Prediction", ("future", "present", "past")),
        "Likelihood": ("Prediction", get_args(Level)),
        "Type": ("Quote", ("direct", "indirect", "mixed")),
        "Stance": ("Quote", ("neutral", "supports", "doubts")),
    }
    return "\n".join(
        [
            "[entities]",
            *types,
            "[relations]",
            *(
                f"{name}\tArg1:{first}, Arg2:{second}"
                for name, (first, second) in _RELATIONS.items()
            ),
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "[events]",
            f"DatedEvent\tDate?:Date, {roles}",
            "[attributes]",
            *(
                f"{name}\tArg:{owner}, Value:{'|'.join(values)}"
                for name, (owner, values) in attributes.items()
            ),
            "Hedged\tArg:Prediction",
            "",
        ]
    )
