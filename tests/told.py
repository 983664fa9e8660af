"""Versions of articles by hand: a claim a sentence, every record at its true place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from pipeline.records import (
    ArticleRecord,
    EntityRecord,
    Holder,
    Likelihood,
    Mention,
    Pipeline,
    PredictionCue,
    PredictionRecord,
    QuoteCue,
    QuoteRecord,
    Record,
    Span,
    Speaker,
)
from pipeline.revisions import Version

Claim = tuple[str, Callable[[int, int, str], Record]]
"""A sentence, and what makes its record of its offset, its number and the article's id."""


def said(speaker: str, words: str, *, cue: str = "said", id: str | None = None) -> Claim:
    """`"Words," Speaker said.`"""
    sentence = f'"{words}," {speaker} {cue}.'

    def record(offset: int, number: int, article: str) -> Record:
        return QuoteRecord(
            id=id or _id("quote", words + speaker),
            article=article,
            start=offset + 1,
            end=offset + len(sentence) - 1,
            text=sentence[1:-1],
            sentence=number,
            section="body",
            type="direct",
            content=(_span(Span, sentence, words, offset),),
            speaker=_span(
                Speaker,
                sentence,
                speaker,
                offset,
                name=speaker,
                entity=None,
                role=None,
                anonymous=False,
                resolved_by="name",
            ),
            cue=_span(QuoteCue, sentence, cue, offset, lemma=cue, stance="neutral"),
            addressee=None,
            venue=None,
            date=None,
            reported=None,
            parent=None,
            confidence=0.8,
        )

    return sentence, record


def forecast(before: str, cue: str, after: str) -> Claim:
    """`before cue after.`, such as "The fees", "may", "rise next year"."""
    sentence = f"{before} {cue} {after}."
    level, low, high = {
        "may": ("possible", 30.0, 51.0),
        "will": ("unspecified", None, None),
        "will probably": ("likely", 60.0, 80.0),
    }[cue]

    def record(offset: int, number: int, article: str) -> Record:
        return PredictionRecord(
            id=_id("prediction", before + after + cue),
            article=article,
            start=offset,
            end=offset + len(sentence),
            text=sentence,
            sentence=number,
            section="body",
            cues=(
                _span(PredictionCue, sentence, cue, offset, lemma=cue, form="modal", role="hedge"),
            ),
            proposition=_span(Span, sentence, sentence[:-1], offset),
            hedged=cue != "will",
            orientation="future",
            polarity="positive",
            likelihood=Likelihood(
                level=level,  # type: ignore[arg-type]
                low=low,
                high=high,
                basis=None if low is None else "survey",
                source=None if low is None else "a table",
            ),
            holder=Holder(kind="author", text=None, name=None, entity=None, quote=None),
            subject=_span(Span, sentence, before, offset),
            horizon=None,
            condition=None,
            speech_act="assertion",
            confidence=0.7,
        )

    return sentence, record


def named(name: str, rest: str) -> Claim:
    """`Name rest Name.`: an entity with two mentions."""
    sentence = f"{name} {rest} {name}."

    def record(offset: int, number: int, article: str) -> Record:
        first = Mention(
            start=offset, end=offset + len(name), text=name, sentence=number, form="name"
        )
        last = offset + len(sentence) - 1
        second = Mention(start=last - len(name), end=last, text=name, sentence=number, form="name")
        return EntityRecord(
            id=_id("entity", name),
            article=article,
            start=first.start,
            end=first.end,
            text=name,
            sentence=number,
            section="body",
            name=name,
            type="ORG",
            aliases=(),
            roles=(),
            mentions=(first, second),
            confidence=0.9,
        )

    return sentence, record


def version(
    *claims: Claim | str, article: str = "port", origin: str = "port.txt", code: str = "aaaa"
) -> Version:
    """An article of these sentences, in their order.

    Args:
        claims: claims, and plain sentences.
        article: its id.
        origin: what it is called.
        code: the fingerprint of the pipeline that is said to have read it.
    """
    sentences = [claim if isinstance(claim, str) else claim[0] for claim in claims]
    text = " ".join(sentences)
    records: list[Record] = []
    offset = 0
    for number, (claim, sentence) in enumerate(zip(claims, sentences, strict=True)):
        if not isinstance(claim, str):
            records.append(claim[1](offset, number, article))
        offset += len(sentence) + 1
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    head = ArticleRecord(
        id="article-0",
        article=article,
        start=0,
        end=max(1, len(text)),
        sentence=0,
        section="body",
        schema="1",
        path=origin,
        sha256=sha256,
        encoding="utf-8",
        media_type="text/plain",
        title="Fees at the port",
        subtitle=None,
        authors=(),
        publisher=None,
        published="2028-05-05",
        language="en",
        characters=len(text),
        sentences=len(sentences),
        counts={},
        pipeline=Pipeline(name="claimline", version="1", model="m", fingerprint=code),
    )
    return Version(
        article=article,
        records=(head, *records),
        text=text,
        sha256=sha256,
        fingerprint=code,
        origin=origin,
    )


def _id(kind: str, words: str) -> str:
    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}-{digest[:10]}"


def _span(cls: Any, sentence: str, words: str, offset: int, **fields: Any) -> Any:
    at = sentence.index(words)
    return cls(start=offset + at, end=offset + at + len(words), text=words, **fields)
