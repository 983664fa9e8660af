"""Records by hand: one maker a kind, so that a test states only the fields that it is about.

Whatever a maker fills in, a field of that name replaces.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from pipeline.records import (
    ArticleRecord,
    DateRecord,
    DateRef,
    EntityRecord,
    EventRecord,
    Holder,
    Likelihood,
    Mention,
    Pipeline,
    PredictionCue,
    PredictionRecord,
    ProblemRecord,
    QuoteCue,
    QuoteRecord,
    Span,
    Speaker,
    StatedOrder,
    Trigger,
)

_INSIDE: dict[str, Any] = {"article": "a", "sentence": 0, "section": "body"}
AUTHOR = Holder(kind="author", text=None, name=None, entity=None, quote=None)


def span(start: int, text: str) -> Span:
    return Span(start=start, end=start + len(text), text=text)


def span_of(words: str, text: str, offset: int = 0) -> Span:
    """Where words stand in a text that begins at an offset."""
    return span(offset + text.index(words), words)


def ref(earliest: str | None, latest: str | None, value: str = "x", **fields: Any) -> DateRef:
    plain = {"text": "then", "id": None}
    return DateRef(value=value, earliest=earliest, latest=latest, **{**plain, **fields})


def source(text: str, name: str | None = None, entity: str | None = None) -> Holder:
    return Holder(kind="source", text=text, name=name, entity=entity, quote=None)


def article(name: str = "a", *authors: str, **fields: Any) -> ArticleRecord:
    plain = {
        "id": f"article-{name}",
        "article": name,
        "start": 0,
        "end": 99,
        "sentence": None,
        "section": None,
        "schema": "1",
        "path": name,
        "sha256": "0",
        "encoding": "utf-8",
        "media_type": "text/plain",
        "title": None,
        "subtitle": None,
        "authors": authors,
        "publisher": None,
        "published": None,
        "language": "en",
        "characters": 99,
        "sentences": 1,
        "counts": {},
        "pipeline": Pipeline(name="claimline", version="0", model="m", fingerprint="0"),
    }
    return ArticleRecord(**{**plain, **fields})


def entity(name: str, *aliases: str, id: str = "e", at: int = 0, **fields: Any) -> EntityRecord:
    plain = {
        **asdict(span(at, "x")),
        "name": name,
        "type": "PERSON",
        "aliases": aliases,
        "roles": (),
        "mentions": (Mention(**asdict(span(at, "x")), sentence=0, form="name"),),
        "confidence": 1.0,
    }
    return EntityRecord(id=id, **{**_INSIDE, **plain, **fields})


def date(
    id: str,
    earliest: str | None,
    latest: str | None,
    *,
    start: int = 0,
    text: str = "then",
    **fields: Any,
) -> DateRecord:
    plain = {
        **asdict(span(start, text)),
        "value": "x",
        "type": "DATE",
        "duration": None,
        "precision": "day",
        "anchor": "absolute",
        "modifier": None,
        "alternatives": (),
        "confidence": 1.0,
    }
    return DateRecord(id=id, earliest=earliest, latest=latest, **{**_INSIDE, **plain, **fields})


def event(
    name: str,
    earliest: str | None,
    latest: str | None,
    *order: StatedOrder,
    start: int = 0,
    **fields: Any,
) -> EventRecord:
    plain = {
        "id": f"event-{name}",
        **asdict(span(start, "x")),
        "trigger": Trigger(start=start, end=start + 1, text=name, lemma=name),
        "date": ref(earliest, latest, text="x"),
        "link": "own",
        "mentions": (),
        "order": order,
        "participants": (),
        "polarity": "positive",
        "status": "occurred",
        "source": None,
        "confidence": 0.9,
    }
    return EventRecord(**{**_INSIDE, **plain, **fields})


def cue(start: int, text: str, form: Any = "modal") -> PredictionCue:
    return PredictionCue(**asdict(span(start, text)), lemma=text, form=form, role="hedge")


def prediction(
    id: str,
    low: float | None = 25.0,
    high: float | None = 50.0,
    *,
    level: Any = "possible",
    due: tuple[str | None, str | None] | None = None,
    who: Holder = AUTHOR,
    proposition: str | Span = "it may rain",
    start: int = 0,
    **fields: Any,
) -> PredictionRecord:
    if isinstance(proposition, str):
        proposition = span(start, proposition)
    plain = {
        "start": start,
        "end": start + 40,
        "text": "It may rain.",
        "cues": (cue(3, "may"),),
        "proposition": proposition,
        "hedged": True,
        "orientation": "future",
        "polarity": "positive",
        "likelihood": Likelihood(level=level, low=low, high=high, basis=None, source=None),
        "holder": who,
        "subject": None,
        "horizon": None if due is None else ref(*due),
        "condition": None,
        "speech_act": "assertion",
        "confidence": 0.9,
    }
    return PredictionRecord(id=id, **{**_INSIDE, **plain, **fields})


def speaker(start: int, text: str, **fields: Any) -> Speaker:
    plain = {"name": text, "entity": None, "role": None, "anonymous": False, "resolved_by": None}
    return Speaker(**asdict(span(start, text)), **{**plain, **fields})


def quote(
    id: str,
    words: str,
    *,
    name: str | None = None,
    entity: str | None = None,
    anonymous: bool = False,
    when: DateRef | None = None,
    start: int = 0,
    **fields: Any,
) -> QuoteRecord:
    who = speaker(start, "x", name=name, entity=entity, anonymous=anonymous)
    plain = {
        "start": start,
        "end": start + 10 + len(words),
        "text": words,
        "type": "direct",
        "content": (span(start + 10, words),),
        "speaker": None if name is None else who,
        "cue": QuoteCue(**asdict(span(start + 2, "said")), lemma="say", stance=None),
        "addressee": None,
        "venue": None,
        "date": when,
        "reported": None,
        "parent": None,
        "confidence": 0.9,
    }
    return QuoteRecord(id=id, **{**_INSIDE, **plain, **fields})


def problem(message: str, **fields: Any) -> ProblemRecord:
    plain = {
        "id": "problem-1",
        "article": "a",
        "start": None,
        "end": None,
        "text": None,
        "sentence": None,
        "section": None,
        "stage": "reading",
        "severity": "warning",
    }
    return ProblemRecord(message=message, **{**plain, **fields})
