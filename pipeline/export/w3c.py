"""Records as W3C Web Annotations, JSON-LD.

The model is that of https://www.w3.org/TR/annotation-model/. Its position selectors count code
points of the text without markup. Of a plain text or Markdown file that is the file as decoded, so
`TextPositionSelector` has the offsets of the record. Of HTML nobody but a browser knows them, so
there a `DataPositionSelector` gives the bytes of the file, and the `TextQuoteSelector` the words.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from .. import jsonl
from ..records import EntityRecord, PredictionRecord, QuoteRecord, Record, Span
from .collect import places
from .texts import Text, file_name

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# As much as Hypothesis takes before and behind to find a passage again in a changed text.
AROUND = 32


def w3c_files(texts: Iterable[Text]) -> Iterator[tuple[str, bytes]]:
    """`ARTICLE.jsonld` for every article: an `AnnotationPage` with an annotation a record.

    An annotation's targets are the words that the record is about (`places`); its bodies are the
    kind as a tag, a line for people, and the whole record as JSON, so nothing is lost. The source
    is named by its content (RFC 6920, `ni:///sha-256;…`), not by where it lies.
    """
    for text in texts:
        source = _source(text)
        positions = _Positions(text)
        items = []
        for record in text.records.others:
            spans = places(record)
            if spans:
                items.append(_annotation(record, [positions.target(s, source) for s in spans]))
        page = {
            "@context": CONTEXT,
            "id": _urn(text.records.article.sha256, text.records.id),
            "type": "AnnotationPage",
            "items": items,
        }
        data = msgspec.json.format(msgspec.json.encode(page), indent=1)
        yield file_name(text.records.id, ".jsonld"), data


def _source(text: Text) -> dict[str, object]:
    record = text.records.article
    digest = base64.urlsafe_b64encode(bytes.fromhex(record.sha256)).rstrip(b"=").decode()
    return {
        "id": f"ni:///sha-256;{digest}",
        "type": "Text",
        "format": record.media_type,
        "language": record.language,
    }


def _annotation(record: Record, targets: list[dict[str, object]]) -> dict[str, object]:
    kind = str(record.__struct_config__.tag)
    line = jsonl.encode([record]).decode().rstrip("\n")
    return {
        "id": _urn(record.article, record.id),
        "type": "Annotation",
        "motivation": "identifying" if kind in ("entity", "date") else "describing",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": kind},
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "value": f"{kind}: {_described(record)}",
            },
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": line,
            },
        ],
        "target": targets,
    }


def _described(record: Record) -> str:
    if isinstance(record, EntityRecord):
        return f"{record.name} ({record.type})"
    if isinstance(record, QuoteRecord):
        return f"{record.type}, {record.speaker.name if record.speaker else 'no speaker'}"
    if isinstance(record, PredictionRecord):
        likelihood = record.likelihood
        percent = "" if likelihood.low is None else f", {likelihood.low:g}–{likelihood.high:g} %"
        holder = record.holder.name or record.holder.text or record.holder.kind
        return f"{record.orientation}, {likelihood.level}{percent}, {holder}"
    plain: dict[str, Any] = msgspec.to_builtins(record)
    date = plain.get("date") or plain
    return str(date.get("value") or plain.get("message"))


def _urn(*names: str) -> str:
    """A name for good: the same article and id give the same one."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, chr(0).join(names))}"


class _Positions:
    """Makes selectors for the spans of one article."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._article = text.article
        self._html = text.article.media_type == "text/html"
        self._bytes = self._count_bytes() if self._html else {}

    def target(self, span: Span, source: dict[str, object]) -> dict[str, object]:
        return {"type": "SpecificResource", "source": source, "selector": self._selectors(span)}

    def _selectors(self, span: Span) -> list[dict[str, object]]:
        if self._html:
            low, high = self._text.place(span)
            quote = _quote(self._article.text, low, high)
            if not self._bytes:
                return [quote]
            start, end = self._bytes[span.start], self._bytes[span.end]
            return [{"type": "DataPositionSelector", "start": start, "end": end}, quote]
        start, end = span.start, span.end
        quote = _quote(self._article.source, start, end)
        return [{"type": "TextPositionSelector", "start": start, "end": end}, quote]

    def _count_bytes(self) -> dict[int, int]:
        """Bytes of the file before each code point where a span begins or ends.

        Empty for an encoding that does not give the file back.
        """
        source, encoding = self._article.source, self._article.encoding
        spans = [span for record in self._text.records.others for span in places(record)]
        points = sorted({0, len(source)}.union(*((span.start, span.end) for span in spans)))
        counted = {0: 0}
        whole = hashlib.sha256()
        for start, end in pairwise(points):
            piece = source[start:end].encode(encoding, "replace")
            whole.update(piece)
            counted[end] = counted[start] + len(piece)
        return counted if whole.hexdigest() == self._article.sha256 else {}


def _quote(text: str, start: int, end: int) -> dict[str, object]:
    return {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - AROUND) : start],
        "suffix": text[end : end + AROUND],
    }
