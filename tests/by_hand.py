"""Records by hand, for tests of what is made of records."""

from __future__ import annotations

from typing import Any

from pipeline.records import (
    DateRecord,
    DateRef,
    ProblemRecord,
    QuoteCue,
    QuoteRecord,
    Span,
    Speaker,
)


def ref(earliest: str | None, latest: str | None, value: str = "x") -> DateRef:
    return DateRef(value=value, earliest=earliest, latest=latest, text="then", id=None)


def date(
    id: str,
    earliest: str | None,
    latest: str | None,
    *,
    value: str = "x",
    text: str = "then",
    start: int = 0,
    article: str = "a",
) -> DateRecord:
    return DateRecord(
        id=id,
        article=article,
        start=start,
        end=start + len(text),
        text=text,
        sentence=0,
        section="body",
        value=value,
        type="DATE",
        duration=None,
        earliest=earliest,
        latest=latest,
        precision="day",
        anchor="absolute",
        modifier=None,
        alternatives=(),
        confidence=1.0,
    )


def quote(
    id: str,
    content: str,
    *,
    name: str | None = None,
    entity: str | None = None,
    anonymous: bool = False,
    when: DateRef | None = None,
    start: int = 0,
    article: str = "a",
    **fields: Any,
) -> QuoteRecord:
    speaker = None
    if name is not None:
        speaker = Speaker(
            start=start,
            end=start + 1,
            text="x",
            name=name,
            entity=entity,
            role=None,
            anonymous=anonymous,
            resolved_by=None,
        )
    given: dict[str, Any] = {"type": "direct", "section": "body", "addressee": None, **fields}
    return QuoteRecord(
        id=id,
        article=article,
        start=start,
        end=start + 10 + len(content),
        text=content,
        sentence=0,
        content=(Span(start=start + 10, end=start + 10 + len(content), text=content),),
        speaker=speaker,
        cue=QuoteCue(start=start + 2, end=start + 6, text="said", lemma="say", stance=None),
        venue=None,
        date=when,
        reported=None,
        parent=None,
        confidence=0.9,
        **given,
    )


def problem(message: str, article: str = "a") -> ProblemRecord:
    return ProblemRecord(
        id="problem-1",
        article=article,
        start=None,
        end=None,
        text=None,
        sentence=None,
        section=None,
        stage="reading",
        severity="warning",
        message=message,
    )
