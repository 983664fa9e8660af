"""Versions and changes written by hand, their places given by the words that stand there."""

from __future__ import annotations

import hashlib

from pipeline.reading import read_text
from pipeline.records import ArticleRecord, EventRecord, PredictionRecord, QuoteRecord
from pipeline.revisions import Change, FieldChange, Passage, Place, Version, severity_of
from pipeline.revisions.changes import Cause, ChangeType, Kind

from . import by_hand

Located = EventRecord | PredictionRecord | QuoteRecord


def head(text: str, *, article: str = "strike", media_type: str = "text/plain") -> ArticleRecord:
    return by_hand.article(
        article,
        end=len(text),
        path=f"{article}.txt",
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        media_type=media_type,
        characters=len(text),
    )


def version(
    text: str, *, article: str = "strike", media_type: str = "text/plain", origin: str = "old.txt"
) -> Version:
    record = head(text, article=article, media_type=media_type)
    return Version(
        article=article,
        records=(record,),
        text=text,
        sha256=record.sha256,
        fingerprint=record.pipeline.fingerprint,
        origin=origin,
    )


def place(version: Version, words: str, *, id: str = "quote-1") -> Place:
    """Where the words stand in a version's file, markup in between allowed."""
    assert version.text is not None
    media_type = version.records[0].media_type  # type: ignore[union-attr]
    article = read_text(version.text, media_type=media_type)
    at = article.text.index(words)
    ((start, _), *_), (*_, (_, end)) = (article.map.to_source(at, at + len(words)),) * 2
    return Place(id=id, start=start, end=end, text=" ".join(words.split()))


def change(
    *types: ChangeType,
    before: Place | None,
    after: Place | None,
    kind: Kind = "quote",
    article: str = "strike",
    cause: Cause = "editorial",
    **fields: tuple[str | None, str | None],
) -> Change:
    return Change(
        types=types,
        severity=severity_of(types, kind),
        kind=kind,
        article=article,
        before=before,
        after=after,
        fields={
            name: FieldChange(
                before=None if old is None else Passage(text=old),
                after=None if new is None else Passage(text=new),
            )
            for name, (old, new) in fields.items()
        },
        cause=cause,
    )


OLD = version(
    "The dockers of Port Arran walk out on Monday.\n\n"
    '"We may be back within a week," Ines Calloway said on the quay.\n\n'
    "The harbour was built in 1911. Nobody remembers a winter so mild.\n\n"
    "Its cranes are older than the men who work them.\n\n"
    "The owners fear that the stoppage could cost 40,000 crowns a day.\n"
)
NEW = version(
    "The dockers of Port Arran walk out on Monday.\n\n"
    "The owners fear that the stoppage will cost 45,000 crowns a day.\n\n"
    '"We will be back within a week," Ines Calloway said on the quay.\n\n'
    "The harbour was built in 1911. Nobody remembers a winter so mild.\n\n"
    "Its cranes are older than the men who work them.\n\n"
    "A ferry from Skell brought bread.\n",
    origin="new.txt",
)
CHANGES = [
    change(
        "moved",
        "hedge_strengthened",
        "quantity_changed",
        kind="prediction",
        before=place(OLD, "The owners fear that the stoppage could cost 40,000 crowns a day."),
        after=place(NEW, "The owners fear that the stoppage will cost 45,000 crowns a day."),
        likelihood=("possible (25 to 50 %)", "unspecified"),
    ),
    change(
        "quote_altered",
        before=place(OLD, "We may be back within a week"),
        after=place(NEW, "We will be back within a week"),
        venue=(None, "the quay"),
    ),
    change("added", kind="entity", before=None, after=place(NEW, "Skell")),
]
