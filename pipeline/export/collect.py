"""Records of any number of articles, sorted into articles, and checked as every format needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from .. import jsonl
from ..errors import RecordError
from ..records import (
    ArticleRecord,
    DateRecord,
    EntityRecord,
    EventRecord,
    PredictionRecord,
    ProblemRecord,
    QuoteRecord,
    Record,
    Span,
)

_SURROGATE = re.compile("[\ud800-\udfff]")

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Collected(NamedTuple):
    """The records of one article; `others` are all but the first, in their order."""

    article: ArticleRecord
    others: tuple[Record, ...]

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.article

    def of(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        """The records of one type."""
        return [record for record in self.others if isinstance(record, kind)]


def collect(records: Iterable[Record]) -> list[Collected]:
    """Sort records into articles, in the order of the articles' ids.

    What is there twice counts once. Lone surrogates, which UTF-8 and so most formats cannot hold,
    become U+FFFD.

    Raises:
        RecordError: an article without its `article` record, in two versions, or with one id for
            two records.
    """
    articles: dict[str, ArticleRecord] = {}
    others: dict[str, dict[str, Record]] = {}
    for record in map(_encodable, records):
        if isinstance(record, ArticleRecord):
            known: Record = articles.setdefault(record.article, record)
        else:
            known = others.setdefault(record.article, {}).setdefault(record.id, record)
        if known != record:
            raise RecordError(
                f"{record.article}: two different records have the id {record.id}. Were two "
                "versions of one article given? Give one of them."
            )
    for article, found in others.items():
        if article not in articles:
            raise RecordError(
                f"{article}: {len(found)} records without the article record that stands in the "
                "first line of its file. Give the file as `claimline extract` wrote it."
            )
    return [
        Collected(articles[article], tuple(others.get(article, {}).values()))
        for article in sorted(articles)
    ]


def _encodable(record: Record) -> Record:
    try:
        msgspec.json.encode(record)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(record), ensure_ascii=False)
        (record,) = jsonl.decode(_SURROGATE.sub("\ufffd", plain).encode())
    return record


def places(record: Record) -> Sequence[Span]:
    """The words that a record is about, in order.

    An entity's named mentions, a date's expression, an event's trigger, what is predicted, what is
    quoted. Articles, and problems without a place, have none.
    """
    match record:
        case EntityRecord():
            return [mention for mention in record.mentions if mention.form == "name"]
        case EventRecord():
            return [record.trigger]
        case PredictionRecord():
            return [record.proposition]
        case QuoteRecord():
            return record.content
        case DateRecord() | ProblemRecord():
            if record.start is None or record.end is None or not record.text:
                return []
            return [Span(start=record.start, end=record.end, text=record.text)]
        case ArticleRecord():
            return []
