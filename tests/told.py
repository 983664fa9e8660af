"""Versions of articles by hand: a claim a sentence, every record at its true place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from msgspec.structs import asdict

from pipeline.records import (
    Likelihood,
    Mention,
    Pipeline,
    QuoteCue,
    Record,
)
from pipeline.revisions import Version

from . import by_hand

Claim = tuple[str, Callable[[int, int, str], Record]]
"""A sentence, and what makes its record of its offset, its number and the article's id."""


def said(speaker: str, words: str, *, cue: str = "said", id: str | None = None) -> Claim:
    """`"Words," Speaker said.`"""
    sentence = f'"{words}," {speaker} {cue}.'

    def record(offset: int, number: int, article: str) -> Record:
        where = asdict(by_hand.span_of(cue, sentence, offset))
        return by_hand.quote(
            id or _id("quote", words + speaker),
            words,
            article=article,
            start=offset + 1,
            end=offset + len(sentence) - 1,
            text=sentence[1:-1],
            sentence=number,
            content=(by_hand.span_of(words, sentence, offset),),
            speaker=by_hand.speaker(offset + sentence.index(speaker), speaker, resolved_by="name"),
            cue=QuoteCue(**where, lemma=cue, stance="neutral"),
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
        return by_hand.prediction(
            _id("prediction", before + after + cue),
            article=article,
            start=offset,
            end=offset + len(sentence),
            text=sentence,
            sentence=number,
            cues=(by_hand.cue(offset + sentence.index(cue), cue),),
            proposition=sentence[:-1],
            hedged=cue != "will",
            likelihood=Likelihood(
                level=level,  # type: ignore[arg-type]
                low=low,
                high=high,
                basis=None if low is None else "survey",
                source=None if low is None else "a table",
            ),
            subject=by_hand.span_of(before, sentence, offset),
            confidence=0.7,
        )

    return sentence, record


def named(name: str, rest: str) -> Claim:
    """`Name rest Name.`: an entity with two mentions."""
    sentence = f"{name} {rest} {name}."

    def record(offset: int, number: int, article: str) -> Record:
        last = offset + len(sentence) - 1 - len(name)
        first, second = (
            Mention(**asdict(by_hand.span(start, name)), sentence=number, form="name")
            for start in (offset, last)
        )
        return by_hand.entity(
            name,
            id=_id("entity", name),
            article=article,
            at=offset,
            end=first.end,
            text=name,
            sentence=number,
            type="ORG",
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
    head = by_hand.article(
        article,
        end=max(1, len(text)),
        path=origin,
        sha256=sha256,
        title="Fees at the port",
        published="2028-05-05",
        characters=len(text),
        sentences=len(sentences),
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
