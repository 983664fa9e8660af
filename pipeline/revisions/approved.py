"""An approved version of an article as a file that people read, and that git merges well.

JSON Lines: the `article` record, then one line a record in reading order, and one for each further
mention of an entity. What a change elsewhere in the article would change is not written, so that
two people who approve different passages touch different lines:

- `step`, sentences and code points from the beginning of the line before, in place of `sentence`,
  `start` and `end`;
- a span inside a record has a `start`, counted from that of the record, only where that is not the
  first place of its words in the record's text;
- a span that is nothing but its words is written as these;
- `length`, in place of `end`, only where markup makes a place longer than its words;
- neither confidence, problems, other readings of a date, nor fields that are empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from .. import jsonl
from ..errors import RecordError
from ..records import KINDS, ArticleRecord, EntityRecord, PredictionRecord, Record
from .changes import KINDS as COMPARED
from .versions import Version

MENTION = "mention"
_LEFT_OUT = frozenset({"alternatives", "article", "confidence", "sentence"})
# What an approved article record does without: facts about the file that are no claims.
_OF_NO_CLAIM = frozenset({"counts", "path", "sentences", "start", "end", "sentence", "section"})
# Approved is as sure as can be.
_CONFIDENCE = 1.0


class Line(NamedTuple):
    """One line of the file with where it stands in the article.

    Attributes:
        sentence, start: absolute, see `sentence` and `start` of a record.
        packed: the fields as they are written, without `step`.
    """

    sentence: int
    start: int
    packed: dict[str, Any]

    @property
    def id(self) -> str:
        """The id of the record, or of the entity that is mentioned."""
        return str(self.packed.get("entity" if self.packed["kind"] == MENTION else "id"))


def lines_of(records: Iterable[Record]) -> list[Line]:
    """The lines of the records of one article, in reading order, without the `article` record."""
    found = []
    for record in records:
        kind = str(record.__struct_config__.tag)
        if kind not in COMPARED:
            continue
        fields = msgspec.to_builtins(record)
        start, text = fields.pop("start"), fields["text"]
        mentions = fields.pop("mentions") if isinstance(record, EntityRecord) else ()
        if isinstance(record, PredictionRecord):
            del fields["likelihood"]["source"]  # what the table cites is no claim of the article
        packed: dict[str, Any] = {}
        for name, value in fields.items():
            if name == "end":
                packed |= _end(start, value, text)
            elif not _empty(value) and name not in _LEFT_OUT and (name, value) != _BODY:
                packed[name] = _packed(value, start, text)
        found.append(Line(fields["sentence"], start, packed))
        for mention in mentions:
            if mention["start"] == start:
                continue
            place = {"kind": MENTION, "entity": fields["id"], "text": mention["text"]}
            place |= _end(mention["start"], mention["end"], mention["text"])
            place["form"] = mention["form"]
            found.append(Line(mention["sentence"], mention["start"], place))
    return sorted(found, key=_order)


_BODY = ("section", "body")


def _order(line: Line) -> tuple[object, ...]:
    # That of records, with a mention behind the records that begin where it does.
    kind, text = line.packed["kind"], line.packed["text"]
    length = line.packed.get("length", len(text))
    return (line.start, kind == MENTION, length, kind, line.id, text)


def _empty(value: object) -> bool:
    return value is None or value == ()


def _end(start: int, end: int, text: str) -> dict[str, int]:
    """How long a place is, where its words do not say so."""
    length: int = end - start
    return {} if length == len(text) else {"length": length}


def _packed(value: Any, origin: int, text: str) -> Any:
    if isinstance(value, tuple):
        return [_packed(item, origin, text) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {
        name: _packed(item, origin, text)
        for name, item in value.items()
        if not _empty(item) and name not in {*_LEFT_OUT, "start", "end"}
    }
    if "start" in value:
        start = value["start"] - origin
        if text.find(value["text"]) != start:
            shown["start"] = start
        shown |= _end(value["start"], value["end"], value["text"])
        if len(shown) == 1:
            return value["text"]
    return shown


def encode(article: ArticleRecord, lines: Iterable[Line]) -> bytes:
    """The file of an approved article.

    Example:
        ``decode(encode(version.records[0], lines_of(version.records)), source="a").article``
    """
    head = msgspec.to_builtins(article)
    rows = [{n: v for n, v in head.items() if not _empty(v) and n not in _OF_NO_CLAIM}]
    sentence = start = 0
    for line in lines:
        step = [line.sentence - sentence, line.start - start]
        rows.append({"kind": line.packed["kind"], "step": step, **line.packed})
        sentence, start = line.sentence, line.start
    return jsonl.encode(rows)


def decode(data: bytes, *, source: str) -> tuple[ArticleRecord, list[Line]]:
    """An approved article and its lines.

    Raises:
        RecordError: it is no such file; the message names the file and the line.
    """
    article: ArticleRecord | None = None
    lines: list[Line] = []
    sentence = start = 0
    for number, row in enumerate(data.split(b"\n"), start=1):
        if not row.strip():
            continue
        try:
            fields = json.loads(row)
            kind = fields["kind"]
            if article is None:
                article = msgspec.convert(_filled(_ARTICLE, _article_fields(fields)), ArticleRecord)
                continue
            sentences, characters = fields.pop("step")
            sentence, start = sentence + int(sentences), start + int(characters)
            if kind != MENTION and kind not in COMPARED:
                raise ValueError(f"no kind {kind!r}")
            line = Line(sentence, start, fields)
            if not line.id or not isinstance(fields["text"], str):
                raise ValueError("it needs an id and a text")
            if not isinstance(fields.get("length", 0), int):
                raise ValueError("its length is no whole number")
            lines.append(line)
        except _DAMAGED as error:
            raise RecordError(_damaged(f"{source}, line {number}", error)) from error
    if article is None:
        raise RecordError(_damaged(source, ValueError("it is empty")))
    return article, lines


# What values of other kinds than are written can give.
_DAMAGED = (
    AttributeError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


def _damaged(where: str, error: Exception) -> str:
    return (
        f"{where}: no line of an approved article: {error!r}. If a merge left it so, take either "
        "side of it and run `claimline baseline accept` again."
    )


def version_of(article: ArticleRecord, lines: Iterable[Line], *, source: str) -> Version:
    """The approved records, as they were extracted but for confidence.

    Raises:
        RecordError: a line lacks a field, or its place is none.
    """
    mentions: dict[str, list[dict[str, Any]]] = {}
    rows = []
    for line in lines:
        placed = _placed(line)
        if line.packed["kind"] == MENTION:
            mentions.setdefault(line.id, []).append(placed)
        else:
            rows.append(placed)
    records: list[Record] = [article]
    for row in rows:
        row["article"] = article.article
        try:
            if row["kind"] == "entity":
                first = {**row, "form": "name"}
                others = mentions.get(str(row.get("id")), [])
                row["mentions"] = sorted([first, *others], key=_place)
            filled = _filled(_info(row["kind"]), row, row)
            records.append(msgspec.convert(filled, Record))
        except _DAMAGED as error:
            raise RecordError(_damaged(f"{source}, {row.get('id')}", error)) from error
    return Version(
        article=article.article,
        records=tuple(records),
        text=None,
        sha256=article.sha256,
        fingerprint=article.pipeline.fingerprint,
        origin=source,
    )


def _place(row: Mapping[str, Any]) -> int:
    return int(row["start"])


def _placed(line: Line) -> dict[str, Any]:
    fields = {"section": "body", **line.packed, "sentence": line.sentence, "start": line.start}
    fields["end"] = line.start + int(fields.pop("length", len(line.packed["text"])))
    return fields


def _article_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    stated = {"start": 0, "end": fields["characters"], "path": "", "sentences": 0, "counts": {}}
    return {**stated, **fields}


@cache
def _info(kind: str) -> inspect.StructType:
    info = inspect.type_info(KINDS[kind])
    assert isinstance(info, inspect.StructType)
    return info


_ARTICLE = _info("article")


def _filled(info: inspect.Type, value: Any, record: Mapping[str, Any] | None = None) -> Any:
    """A value with what `_packed` left out, as its type asks for it.

    Args:
        info: the type.
        value: what is written.
        record: the record that it is of, whose place and text its spans are counted from.
    """
    match info:
        case inspect.UnionType(types=types):
            struct = [t for t in types if isinstance(t, inspect.StructType)]
            return _filled(struct[0], value, record) if struct and value is not None else value
        case inspect.VarTupleType(item_type=item) if isinstance(value, list):
            return [_filled(item, entry, record) for entry in value]
        case inspect.StructType(fields=fields) if isinstance(value, dict | str):
            whole = {"text": value} if isinstance(value, str) else dict(value)
            if record is not None and value is not record and _is_span(info):
                _spread(whole, record)
            for field in fields:
                if field.encode_name in whole:
                    inner = whole[field.encode_name]
                    whole[field.encode_name] = _filled(field.type, inner, record)
                elif field.encode_name == "confidence":
                    whole["confidence"] = _CONFIDENCE
                elif field.required:
                    whole[field.encode_name] = _nothing(field.type)
            return whole
    return value


def _is_span(info: inspect.StructType) -> bool:
    return {"start", "end", "text"} <= {field.encode_name for field in info.fields}


def _spread(span: dict[str, Any], record: Mapping[str, Any]) -> None:
    """Give a span of a record its absolute place."""
    if "end" not in span:
        text = str(span["text"])
        start = span.get("start", str(record["text"]).find(text))
        span["start"] = record["start"] + int(start)
        span["end"] = span["start"] + int(span.pop("length", len(text)))


def _nothing(info: inspect.Type) -> list[object] | None:
    return [] if isinstance(info, inspect.VarTupleType) else None
