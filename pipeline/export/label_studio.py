"""Records as Label Studio tasks, so that people correct them; `gold` reads them back.

Offsets are code points of the reading text, as Label Studio counts them (releases before 2022
counted UTF-16; `gold` takes both).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args
from xml.sax.saxutils import quoteattr

import msgspec

from ..records import (
    DateRecord,
    DateRef,
    DateType,
    EntityRecord,
    EntityType,
    EventRecord,
    EventStatus,
    Level,
    Orientation,
    Polarity,
    PredictionRecord,
    QuoteRecord,
    QuoteType,
    Record,
    Span,
)
from .texts import Text

MARK = "mark"
TEXT = "text"
# Controls of one region by the label that shows them: choices, or None for free text.
CONTROLS: dict[str, dict[str, tuple[str, ...] | None]] = {
    **{label: {"name": None, "aliases": None} for label in get_args(EntityType)},
    "Date": {"value": None, "date_type": get_args(DateType)},
    "DatedEvent": {
        "event_date": None,
        "event_status": get_args(EventStatus),
        "event_polarity": get_args(Polarity),
    },
    "Prediction": {
        "orientation": get_args(Orientation),
        "polarity": get_args(Polarity),
        "likelihood": get_args(Level),
        "holder": None,
        "horizon_value": None,
    },
    "Quote": {"quote_type": get_args(QuoteType), "speaker_name": None, "quote_date": None},
    "Cue": {},
    "Phrase": {},
}
_OPTIONS = {name: options for shown in CONTROLS.values() for name, options in shown.items()}
RELATIONS = (
    *("cue", "subject", "condition", "horizon", "speaker", "addressee", "venue", "date"),
    *("agent", "patient", "place", "recipient", "instrument", "topic", "continues", "within"),
)


def label_studio_files(texts: Iterable[Text]) -> Iterator[tuple[str, bytes]]:
    """`tasks.json`, a task an article with its records as a prediction, and `config.xml`.

    The text is the article's reading text, not its markup. Named mentions, dates, triggers,
    propositions and contents of quotes are regions; what is chosen or typed for one (type, value,
    level, speaker's name) is per region; cues, subjects, speakers and so on are regions of their
    own, to which relations lead.
    """
    yield "config.xml", _configuration().encode()
    yield "tasks.json", msgspec.json.encode([_task(text) for text in texts])


def _task(text: Text) -> dict[str, object]:
    record = text.records.article
    made = _Regions(text).results()
    scores = [score for other in text.records.others if (score := getattr(other, "confidence", 0))]
    return {
        "data": {
            TEXT: text.article.text,
            "article": record.article,
            "title": record.title,
            "published": record.published,
            "path": record.path,
            "media_type": record.media_type,
            "sha256": record.sha256,
        },
        "predictions": [
            {
                "model_version": f"claimline-{record.pipeline.version}-"
                f"{record.pipeline.fingerprint}",
                "score": sum(scores) / len(scores) if scores else 0.0,
                "result": made,
            }
        ],
    }


class _Regions:
    """The regions of one article and what is said of them."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._results: list[dict[str, object]] = []
        self._count = 0
        self._records: dict[str, str] = {}
        self._phrases: dict[tuple[str, int, int], str] = {}
        self._values: dict[str, str] = {}

    def results(self) -> list[dict[str, object]]:
        records = self._text.records
        for entity in records.of(EntityRecord):
            aliases = [alias for alias in entity.aliases if alias != entity.name]
            for mention in entity.mentions:
                if mention.form == "name":
                    region = self._region(entity.type, mention, entity)
                    self._say(region, mention, name=entity.name)
                    if aliases:
                        self._say(region, mention, aliases=aliases)
                        aliases = []
        for date in records.of(DateRecord):
            span = Span(start=date.start, end=date.end, text=date.text)
            region = self._region("Date", span, date)
            self._values[date.id] = date.value
            self._say(region, span, value=date.value, date_type=date.type)
        for event in records.of(EventRecord):
            self._event(event)
        # What stands nowhere cannot be marked.
        quotes = [quote for quote in records.of(QuoteRecord) if quote.content]
        for quote in quotes:
            self._quote(quote)
        for quote in quotes:
            self._relate("within", self._records[quote.id], self._records.get(quote.parent or ""))
        for prediction in records.of(PredictionRecord):
            self._prediction(prediction)
        return self._results

    def _event(self, event: EventRecord) -> None:
        region = self._region("DatedEvent", event.trigger, event)
        self._say(region, event.trigger, event_status=event.status, event_polarity=event.polarity)
        self._date(region, event.trigger, event.date, "date", "event_date")
        for participant in event.participants:
            self._relate(participant.role, region, self._phrase("Phrase", participant))

    def _quote(self, quote: QuoteRecord) -> None:
        first, *others = quote.content
        region = self._region("Quote", first, quote)
        self._say(region, first, quote_type=quote.type)
        for span in others:
            self._relate("continues", region, self._region("Quote", span, quote))
        # A further piece of the same quote stands for it no more than the first.
        self._records[quote.id] = region
        if quote.speaker is not None:
            self._relate("speaker", region, self._phrase("Phrase", quote.speaker))
            self._say(region, first, speaker_name=quote.speaker.name)
        if quote.cue is not None:
            self._relate("cue", region, self._phrase("Cue", quote.cue))
        for name, part in (("addressee", quote.addressee), ("venue", quote.venue)):
            if part is not None:
                self._relate(name, region, self._phrase("Phrase", part))
        self._date(region, first, quote.date, "date", "quote_date")

    def _prediction(self, prediction: PredictionRecord) -> None:
        span, holder = prediction.proposition, prediction.holder
        region = self._region("Prediction", span, prediction)
        self._say(
            region,
            span,
            orientation=prediction.orientation,
            polarity=prediction.polarity,
            likelihood=prediction.likelihood.level,
        )
        if holder.kind == "source":
            self._say(region, span, holder=holder.name or holder.text or "source")
        for cue in prediction.cues:
            self._relate("cue", region, self._phrase("Cue", cue))
        for name, part in (("subject", prediction.subject), ("condition", prediction.condition)):
            if part is not None:
                self._relate(name, region, self._phrase("Phrase", part))
        self._date(region, span, prediction.horizon, "horizon", "horizon_value")

    def _date(
        self, region: str, span: Span, date: DateRef | None, relation: str, control: str
    ) -> None:
        """A relation to the date's region, and its value where that region has another."""
        if date is None:
            return
        self._relate(relation, region, self._records.get(date.id or ""))
        if self._values.get(date.id or "") != date.value:
            self._say(region, span, **{control: date.value})

    def _region(self, label: str, span: Span, record: Record | None = None) -> str:
        self._count += 1
        region = f"m{self._count}"
        result = self._result(region, MARK, "labels", span, {"labels": [label]})
        if record is not None:
            self._records[record.id] = region
            result["meta"] = {"text": [record.id]}
            result["score"] = getattr(record, "confidence", None)
        return region

    def _phrase(self, label: str, span: Span) -> str:
        key = (label, span.start, span.end)
        if key not in self._phrases:
            self._phrases[key] = self._region(label, span)
        return self._phrases[key]

    def _say(self, region: str, span: Span, **values: str | list[str]) -> None:
        for control, value in values.items():
            given = value if isinstance(value, list) else [value]
            if _OPTIONS[control] is not None:
                self._result(region, control, "choices", span, {"choices": given})
            else:
                self._result(region, control, "textarea", span, {"text": given})

    def _relate(self, label: str, region: str, target: str | None) -> None:
        if target is not None:
            self._results.append(
                {
                    "type": "relation",
                    "from_id": region,
                    "to_id": target,
                    "direction": "right",
                    "labels": [label],
                }
            )

    def _result(
        self, region: str, control: str, type: str, span: Span, value: dict[str, object]
    ) -> dict[str, Any]:
        start, end = self._text.place(span)
        result: dict[str, Any] = {
            "id": region,
            "from_name": control,
            "to_name": TEXT,
            "type": type,
            "value": {
                "start": start,
                "end": end,
                "text": self._text.article.text[start:end],
                **value,
            },
        }
        self._results.append(result)
        return result


def _configuration() -> str:
    labels = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in CONTROLS)
    controls = "".join(
        _control(name, options, ",".join(label for label in CONTROLS if name in CONTROLS[label]))
        for name, options in _OPTIONS.items()
    )
    relations = "".join(f"    <Relation value={quoteattr(name)}/>\n" for name in RELATIONS)
    return (
        f'<View>\n  <Labels name="{MARK}" toName="{TEXT}">\n{labels}  </Labels>\n'
        f"  <Style>.htx-text{{ white-space: pre-wrap; }}</Style>\n"
        f'  <Text name="{TEXT}" value="${TEXT}"/>\n'
        f"{controls}  <Relations>\n{relations}  </Relations>\n</View>\n"
    )


def _control(name: str, options: tuple[str, ...] | None, labels: str) -> str:
    where = f'visibleWhen="region-selected" whenLabelValue="{labels}"'
    title = f"    <Header value={quoteattr(name.replace('_', ' '))}/>\n"
    shared = f'name="{name}" toName="{TEXT}" perRegion="true"'
    if options is None:
        many = "" if name == "aliases" else ' maxSubmissions="1"'
        control = f'    <TextArea {shared} editable="true"{many}/>\n'
    else:
        choices = "".join(f"<Choice value={quoteattr(option)}/>" for option in options)
        control = f'    <Choices {shared} choice="single">{choices}</Choices>\n'
    return f"  <View {where}>\n{title}{control}  </View>\n"
