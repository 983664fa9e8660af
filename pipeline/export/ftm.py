"""Records as FollowTheMoney entities, for Aleph and OpenAleph.

The model has no place for spans, cues, likelihoods or who doubts whom, so this loses most of a
record: it hands on who and what is in an article, when what happened, and notes to look up. The
note's text names the record, and the record has the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from ..records import DateRef, EntityRecord, EventRecord, PredictionRecord, QuoteRecord
from .collect import Collected

SCHEMAS = {"PERSON": "Person", "ORG": "Organization", "GPE": "Territory", "EVENT": "Event"}
"""By type of entity; the other types have no schema that fits, and are left out."""

# Those that the model takes for involved in an event.
_ACTORS = ("Person", "Organization")
_LANGUAGES = {"en": "eng"}
_PARTIAL_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def ftm_files(articles: Iterable[Collected]) -> Iterator[tuple[str, bytes]]:
    """`entities.ftm.json`: one entity a line.

    An article is an `Article`; a PERSON, ORG, GPE or EVENT is a `Person`, `Organization`,
    `Territory` or `Event` with its aliases, tied to the article by a `Documentation`; a dated
    event is an `Event`; predictions and quotes are `Note`s on their holder or speaker, or on the
    article. Entities of two articles are two, for Aleph to match.
    """
    lines = [line for article in articles for line in _entities(article)]
    yield "entities.ftm.json", "".join(f"{line}\n" for line in lines).encode()


def _entities(article: Collected) -> Iterator[str]:
    record = article.article
    document = _id(article.id, "article")
    yield _line(
        document,
        "Article",
        name=[record.title or article.id],
        fileName=[article.id],
        title=[record.title],
        author=record.authors,
        publisher=[record.publisher],
        publishedAt=[_date(record.published)],
        language=[_LANGUAGES.get(record.language)],
        mimeType=[record.media_type],
        encoding=[record.encoding],
    )
    schemas: dict[str, str] = {}
    for entity in article.of(EntityRecord):
        if entity.type in SCHEMAS:
            schemas[entity.id] = SCHEMAS[entity.type]
            key = _id(article.id, entity.id)
            yield _line(
                key,
                SCHEMAS[entity.type],
                name=[entity.name],
                alias=entity.aliases,
                notes=entity.roles,
                proof=[document],
            )
            yield _line(
                _id(article.id, entity.id, "mentioned"),
                "Documentation",
                document=[document],
                entity=[key],
                role=["mentioned"],
            )
    for event in article.of(EventRecord):
        yield _event(event, article.id, document, schemas)
    for quote in article.of(QuoteRecord):
        speaker = quote.speaker
        words = " … ".join(span.text for span in quote.content)
        yield _note(
            quote,
            f"{speaker.name if speaker else 'Someone'}: {words}",
            quote.date,
            about=speaker.entity if speaker else None,
            document=document,
            schemas=schemas,
        )
    for prediction in article.of(PredictionRecord):
        holder = prediction.holder
        name = holder.name or holder.text or "author"
        level = prediction.likelihood.level
        polarity = "" if prediction.polarity == "positive" else "not: "
        yield _note(
            prediction,
            f"{name} ({polarity}{level}): {prediction.proposition.text}",
            prediction.horizon,
            about=holder.entity,
            document=document,
            schemas=schemas,
        )


def _event(event: EventRecord, article: str, document: str, schemas: Mapping[str, str]) -> str:
    involved = [
        _id(article, participant.entity)
        for participant in event.participants
        if participant.entity and schemas.get(participant.entity) in _ACTORS
    ]
    earliest, latest = _date(event.date.earliest), _date(event.date.latest)
    return _line(
        _id(article, event.id),
        "Event",
        name=[event.text],
        summary=[f"{event.status}, {event.polarity}: {event.trigger.lemma} ({event.id})"],
        date=[earliest if earliest == latest else None],
        startDate=[earliest],
        endDate=[latest],
        location=[part.text for part in event.participants if part.role == "place"],
        involved=involved,
        proof=[document],
    )


def _note(
    record: QuoteRecord | PredictionRecord,
    words: str,
    date: DateRef | None,
    *,
    about: str | None,
    document: str,
    schemas: Mapping[str, str],
) -> str:
    kind = "Quote" if isinstance(record, QuoteRecord) else "Prediction"
    when = f" [{date.value}]" if date else ""
    return _line(
        _id(record.article, record.id),
        "Note",
        name=[f"{kind} {record.id}"],
        description=[f"{words}{when}"],
        summary=[record.text],
        entity=[_id(record.article, about) if about in schemas and about else document],
        proof=[document],
    )


def _line(id: str, schema: str, **properties: Iterable[str | None]) -> str:
    kept = {
        name: list(dict.fromkeys(value for value in values if value))
        for name, values in properties.items()
    }
    whole = {name: values for name, values in kept.items() if values}
    return json.dumps({"id": id, "schema": schema, "properties": whole}, ensure_ascii=False)


def _id(*names: str) -> str:
    return hashlib.sha1("\0".join(names).encode(), usedforsecurity=False).hexdigest()


def _date(value: str | None) -> str | None:
    """A date of the model, which has years of four digits and no seasons."""
    if value is None or not _PARTIAL_DATE.fullmatch(value) or value.startswith("0000"):
        return None
    return None if value[5:7] > "12" else value
