"""What holds of every record of every article: checked by tests and benchmarks alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..reading import Article
from ..records import ArticleRecord, Record

_TWIN = re.compile(r"(?<=-[0-9a-f]{10})-(\d+)$")
_LINK_FIELDS = ("entity", "quote", "source", "parent", "event")
# `source` of a likelihood names a row of a table; only ids of records have this form.
_ID = re.compile(r"[a-z]+-[0-9a-f]{10}(-\d+)?")


def violations(article: Article, records: Sequence[Record]) -> list[str]:
    """The broken invariants, one line each; empty when all hold.

    - The first record is the article's, the only one of its kind.
    - Every span lies in the file, and cleaning that slice gives its text.
    - Ids are unique; twins are numbered from 2 without a gap.
    - Records stand in the order (start, end, kind, id), those without a span last.
    - Every link names a record that exists.
    - `counts` counts.

    Args:
        article: the article as read.
        records: what was extracted from it.
    """
    found: list[str] = []
    if not records or not isinstance(records[0], ArticleRecord):
        return ["the first record is not the article's"]
    rest = records[1:]
    if any(isinstance(record, ArticleRecord) for record in rest):
        found.append("there is more than one article record")
    plain = [msgspec.to_builtins(record) for record in rest]
    ids = [record.id for record in rest]
    known = set(ids)
    for record in plain:
        for span in _spans(record):
            start, end = span["start"], span["end"]
            if not 0 <= start < end <= len(article.source):
                found.append(f"{record['id']}: {start}..{end} is not in the file")
            elif article.map.clean(start, end) != span["text"]:
                found.append(
                    f"{record['id']}: {start}..{end} reads {article.map.clean(start, end)!r}, "
                    f"not {span['text']!r}"
                )
        for field, link in _links(record):
            if link not in known:
                found.append(f"{record['id']}: {field} names {link}, which is not there")
    if len(known) != len(ids):
        found.append("ids are not unique")
    for name in ids:
        twin = _TWIN.search(name)
        if twin is not None:
            number = int(twin[1])
            before = _TWIN.sub("", name) + (f"-{number - 1}" if number > 2 else "")
            if before not in known:
                found.append(f"{name}: there is no {before}")
    order = [
        (r["start"] is None, r["start"] or 0, r["end"] or 0, r["kind"], r["id"]) for r in plain
    ]
    if order != sorted(order):
        found.append("records are not in reading order")
    counts: dict[str, int] = {}
    for record in plain:
        counts[record["kind"]] = counts.get(record["kind"], 0) + 1
    if records[0].counts != counts:
        found.append(f"counts say {records[0].counts}, there are {counts}")
    return found


def _spans(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("start"), int) and "text" in value:
            yield value
        for inner in value.values():
            yield from _spans(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _spans(inner)


def _links(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _LINK_FIELDS and isinstance(inner, str) and _ID.fullmatch(inner):
                yield name, inner
            elif name in ("date", "horizon") and isinstance(inner, dict) and inner["id"]:
                yield name, inner["id"]
            yield from _links(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _links(inner)
