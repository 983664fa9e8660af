"""Article and annotated Doc in, records out: offsets into the file, ids, links between records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from spacy.tokens import Doc

from ..reading import Article
from ..records import (
    SCHEMA_VERSION,
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Holder,
    Mention,
    Participant,
    Pipeline,
    PredictionCue,
    PredictionRecord,
    ProblemRecord,
    QuoteCue,
    QuoteRecord,
    Record,
    Span,
    Speaker,
    StatedOrder,
    Trigger,
)
from ..stages import findings as found
from ..stages import layers
from ..stages.runs import joined
from .ids import number_twins, record_id
from .places import Place, Places


class _Kind(msgspec.Struct, frozen=True):
    """The findings of one kind with their places and final ids, position for position."""

    places: list[Place]
    ids: list[str]

    def id(self, index: int | None) -> str | None:
        return None if index is None else self.ids[index]

    def common(self, index: int, article: str) -> dict[str, Any]:
        """The fields that every record with a place has."""
        place = self.places[index]
        return {
            "id": self.ids[index],
            "article": article,
            "start": place.start,
            "end": place.end,
            "text": place.text,
            "sentence": place.sentence,
            "section": place.section,
        }


def make_records(article: Article, doc: Doc, pipeline: Pipeline) -> list[Record]:
    """The records of an article: the `article` record, then all others in reading order.

    Args:
        article: what was read.
        doc: its reading text, annotated by the stages; it may be discarded afterwards.
        pipeline: what made the annotation.

    Returns:
        Records in the order (start, end, kind, id), those without a span last. Offsets are code
        points of the article file as decoded.

    Example:
        ``make_records(article, nlp(article.text), pipeline)[0].kind == "article"``
    """
    places = Places(article, doc)
    date_findings = layers.get_dates(doc)
    dates = _dates(date_findings, places, article.id)
    entities, entity_kind = _entities(layers.get_entities(doc), places, article.id)
    quote_findings = layers.get_quotes(doc)
    quote_kind = _locate_quotes(quote_findings, places)
    quotes = _quotes(quote_findings, quote_kind, places, article.id, dates, entity_kind)
    events = _events(
        layers.get_events(doc),
        layers.get_order(doc),
        places,
        article.id,
        date_findings,
        dates,
        entity_kind,
        quote_kind,
    )
    predictions = _predictions(
        layers.get_predictions(doc), places, article.id, dates, entity_kind, quote_kind
    )
    problems = _problems(article, layers.get_problems(doc), places)
    records: list[Record] = [*entities, *dates, *events, *predictions, *quotes, *problems]
    records.sort(key=_reading_order)
    counts: dict[str, int] = {}
    for record in records:
        kind = type(record).__struct_config__.tag
        counts[str(kind)] = counts.get(str(kind), 0) + 1
    return [_article(article, places, dict(sorted(counts.items())), pipeline), *records]


def _reading_order(record: Record) -> tuple[bool, int, int, str, str]:
    start, end = record.start, record.end
    kind = str(type(record).__struct_config__.tag)
    return (start is None, start or 0, end or 0, kind, record.id)


def _identify(places: list[Place], plain_ids: list[str]) -> _Kind:
    """Number twins in reading order, whatever order the stage found them in."""
    order = sorted(range(len(places)), key=lambda i: (places[i].start, places[i].end, i))
    numbered = number_twins(plain_ids[i] for i in order)
    ids = [""] * len(places)
    for position, index in enumerate(order):
        ids[index] = numbered[position]
    return _Kind(places, ids)


def _article(
    article: Article, places: Places, counts: dict[str, int], pipeline: Pipeline
) -> ArticleRecord:
    return ArticleRecord(
        id=record_id("article", article.id),
        article=article.id,
        start=0,
        end=len(article.source),
        sentence=0 if places.sentences else None,
        section=places.at_source(0)[1],
        schema=SCHEMA_VERSION,
        path=article.path,
        sha256=article.sha256,
        encoding=article.encoding,
        media_type=article.media_type,
        title=article.title,
        subtitle=article.subtitle,
        authors=article.authors,
        publisher=article.publisher,
        published=article.published,
        language=article.language,
        characters=len(article.source),
        sentences=places.sentences,
        counts=counts,
        pipeline=pipeline,
    )


def _dates(dates: Sequence[found.Date], places: Places, article: str) -> list[DateRecord]:
    at = [places.of(date.span) for date in dates]
    kind = _identify(
        at, [record_id("date", p.text, d.value) for d, p in zip(dates, at, strict=True)]
    )
    return [
        DateRecord(
            **kind.common(i, article),
            value=date.value,
            type=date.type,
            duration=date.duration,
            earliest=date.earliest,
            latest=date.latest,
            precision=date.precision,
            anchor=date.anchor,
            modifier=date.modifier,
            alternatives=date.alternatives,
            confidence=date.confidence,
        )
        for i, date in enumerate(dates)
    ]


def _date_ref(dates: Sequence[DateRecord], index: int | None) -> DateRef | None:
    if index is None:
        return None
    date = dates[index]
    return DateRef(
        value=date.value, earliest=date.earliest, latest=date.latest, text=date.text, id=date.id
    )


def _horizon(dates: Sequence[DateRecord], horizon: found.Horizon | None) -> DateRef | None:
    if horizon is None:
        return None
    date = dates[horizon.date]
    return DateRef(
        value=horizon.value,
        earliest=horizon.earliest,
        latest=horizon.latest,
        text=date.text,
        id=date.id,
    )


def _entities(
    entities: Sequence[found.Entity], places: Places, article: str
) -> tuple[list[EntityRecord], _Kind]:
    mentions: list[tuple[Mention, ...]] = []
    at: list[Place] = []
    for entity in entities:
        located = [(mention, places.of(mention.span)) for mention in entity.mentions]
        at.append(next(place for mention, place in located if mention.form == "name"))
        mentions.append(
            tuple(
                Mention(
                    start=place.start,
                    end=place.end,
                    text=place.text,
                    sentence=place.sentence,
                    form=mention.form,
                )
                for mention, place in located
            )
        )
    kind = _identify(at, [record_id("entity", e.type, e.name) for e in entities])
    records = [
        EntityRecord(
            **kind.common(i, article),
            name=entity.name,
            type=entity.type,
            aliases=entity.aliases,
            roles=entity.roles,
            mentions=mentions[i],
            confidence=entity.confidence,
        )
        for i, entity in enumerate(entities)
    ]
    return records, kind


def _locate_quotes(quotes: Sequence[found.Quote], places: Places) -> _Kind:
    at = []
    plain = []
    for quote in quotes:
        parts = [*quote.content]
        if quote.cue is not None:
            parts.append(quote.cue.span)
        # The speaker of a continuation stands with the quote before, often far away.
        if quote.speaker is not None and quote.speaker.resolved_by != "continuation":
            parts.append(quote.speaker.span)
        whole = found.TokenSpan(min(p.start for p in parts), max(p.end for p in parts))
        at.append(places.of(whole))
        content = " ".join(span.text for part in quote.content for span in places.spans(part))
        plain.append(record_id("quote", content, quote.speaker.name if quote.speaker else ""))
    return _identify(at, plain)


def _quotes(
    quotes: Sequence[found.Quote],
    kind: _Kind,
    places: Places,
    article: str,
    dates: Sequence[DateRecord],
    entities: _Kind,
) -> list[QuoteRecord]:
    return [
        QuoteRecord(
            **kind.common(i, article),
            type=quote.type,
            content=tuple(span for part in quote.content for span in places.spans(part)),
            speaker=_speaker(quote.speaker, places, entities),
            cue=_quote_cue(quote.cue, places),
            addressee=_span(quote.addressee, places),
            venue=_span(quote.venue, places),
            date=_date_ref(dates, quote.date),
            reported=_span(quote.reported, places),
            parent=kind.id(quote.parent),
            confidence=quote.confidence,
        )
        for i, quote in enumerate(quotes)
    ]


def _span(tokens: found.TokenSpan | None, places: Places) -> Span | None:
    return None if tokens is None else places.of(tokens).span


def _speaker(speaker: found.Speaker | None, places: Places, entities: _Kind) -> Speaker | None:
    if speaker is None:
        return None
    place = places.of(speaker.span)
    return Speaker(
        start=place.start,
        end=place.end,
        text=place.text,
        name=speaker.name,
        entity=entities.id(speaker.entity),
        role=speaker.role,
        anonymous=speaker.anonymous,
        resolved_by=speaker.resolved_by,
    )


def _quote_cue(cue: found.QuoteCue | None, places: Places) -> QuoteCue | None:
    if cue is None:
        return None
    place = places.of(cue.span)
    return QuoteCue(
        start=place.start, end=place.end, text=place.text, lemma=cue.lemma, stance=cue.stance
    )


def _events(
    events: Sequence[found.Event],
    order: Sequence[found.Order],
    places: Places,
    article: str,
    date_findings: Sequence[found.Date],
    dates: Sequence[DateRecord],
    entities: _Kind,
    quotes: _Kind,
) -> list[EventRecord]:
    at = [places.of(event.clause) for event in events]
    participants = [
        tuple(_participant(p, places, entities) for p in event.participants) for event in events
    ]

    when = [
        _run_ref(
            dates, event.date, joined(date_findings[event.date], date_findings[event.until]), places
        )
        if event.date is not None and event.until is not None
        else _date_ref(dates, event.date) or _bound(event.bound)
        for event in events
    ]

    def named(index: int, role: str) -> str:
        return next((p.text for p in participants[index] if p.role == role), "")

    kind = _identify(
        at,
        [
            record_id("event", e.lemma, when[i].value, named(i, "agent"), named(i, "patient"))
            for i, e in enumerate(events)
        ],
    )
    stated: list[list[StatedOrder]] = [[] for _ in events]
    for o in order:
        stated[o.event].append(
            StatedOrder(
                relation=o.relation,
                event=kind.ids[o.other],
                evidence=places.of(o.evidence).span,
                confidence=o.confidence,
            )
        )
    records = []
    for i, event in enumerate(events):
        trigger = places.of(event.trigger)
        records.append(
            EventRecord(
                **kind.common(i, article),
                trigger=Trigger(
                    start=trigger.start, end=trigger.end, text=trigger.text, lemma=event.lemma
                ),
                date=when[i],
                link=event.link,
                mentions=tuple(places.of(mention).span for mention in event.mentions),
                participants=participants[i],
                polarity=event.polarity,
                status=event.status,
                source=quotes.id(event.source),
                order=tuple(stated[i]),
                confidence=event.confidence,
            )
        )
    return records


def _run_ref(dates: Sequence[DateRecord], first: int, whole: found.Date, places: Places) -> DateRef:
    """Several dates on end as one, with the id of the first."""
    return DateRef(
        value=whole.value,
        earliest=whole.earliest,
        latest=whole.latest,
        text=places.of(whole.span).text,
        id=dates[first].id,
    )


def _bound(days: tuple[str | None, str | None] | None) -> DateRef:
    """What is known of the time of an event without a date: a bound, and no words for it."""
    earliest, latest = days or (None, None)
    value = f"{earliest or '..'}/{latest or '..'}"
    return DateRef(value=value, earliest=earliest, latest=latest, text="", id=None)


def _participant(participant: found.Participant, places: Places, entities: _Kind) -> Participant:
    place = places.of(participant.span)
    return Participant(
        start=place.start,
        end=place.end,
        text=place.text,
        role=participant.role,
        entity=entities.id(participant.entity),
    )


def _predictions(
    predictions: Sequence[found.Prediction],
    places: Places,
    article: str,
    dates: Sequence[DateRecord],
    entities: _Kind,
    quotes: _Kind,
) -> list[PredictionRecord]:
    at = [places.of(prediction.sentence) for prediction in predictions]
    propositions = [places.of(prediction.proposition).span for prediction in predictions]
    kind = _identify(
        at,
        [
            record_id("prediction", propositions[i].text, *(cue.lemma for cue in p.cues))
            for i, p in enumerate(predictions)
        ],
    )
    return [
        PredictionRecord(
            **kind.common(i, article),
            cues=tuple(_prediction_cue(cue, places) for cue in prediction.cues),
            proposition=propositions[i],
            hedged=prediction.hedged,
            orientation=prediction.orientation,
            polarity=prediction.polarity,
            likelihood=prediction.likelihood,
            holder=_holder(prediction.holder, places, entities, quotes),
            subject=_span(prediction.subject, places),
            horizon=_horizon(dates, prediction.horizon),
            condition=_span(prediction.condition, places),
            speech_act=prediction.speech_act,
            confidence=prediction.confidence,
        )
        for i, prediction in enumerate(predictions)
    ]


def _prediction_cue(cue: found.Cue, places: Places) -> PredictionCue:
    place = places.of(cue.span)
    return PredictionCue(
        start=place.start,
        end=place.end,
        text=place.text,
        lemma=cue.lemma,
        form=cue.form,
        role=cue.role,
    )


def _holder(holder: found.Holder, places: Places, entities: _Kind, quotes: _Kind) -> Holder:
    return Holder(
        kind=holder.kind,
        text=None if holder.span is None else places.of(holder.span).text,
        name=holder.name,
        entity=entities.id(holder.entity),
        quote=quotes.id(holder.quote),
    )


def _problems(
    article: Article, problems: Sequence[found.Problem], places: Places
) -> list[ProblemRecord]:
    found_problems: list[ProblemRecord] = []
    for notice in article.notices:
        text = sentence = section = None
        if notice.start is not None and notice.end is not None:
            text = article.map.clean(notice.start, notice.end)
            sentence, section = places.at_source(notice.start)
        found_problems.append(
            ProblemRecord(
                id=record_id("problem", "reading", notice.message),
                article=article.id,
                start=notice.start,
                end=notice.end,
                text=text,
                sentence=sentence,
                section=section,
                stage="reading",
                severity=notice.severity,
                message=notice.message,
            )
        )
    for problem in problems:
        place = None if problem.span is None else places.of(problem.span)
        found_problems.append(
            ProblemRecord(
                id=record_id("problem", problem.stage, problem.message),
                article=article.id,
                start=place.start if place else None,
                end=place.end if place else None,
                text=place.text if place else None,
                sentence=place.sentence if place else None,
                section=place.section if place else None,
                stage=problem.stage,
                severity=problem.severity,
                message=problem.message,
            )
        )
    found_problems.sort(key=_reading_order)
    ids = number_twins(problem.id for problem in found_problems)
    return [
        msgspec.structs.replace(problem, id=numbered)
        for problem, numbered in zip(found_problems, ids, strict=True)
    ]
