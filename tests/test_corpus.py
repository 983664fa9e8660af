"""Whole articles: what must hold of every record, and the goldens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from pipeline import jsonl
from pipeline.claims.ids import number_twins
from pipeline.extraction import Extraction, Extractor
from pipeline.reading import Article, read_article
from pipeline.records import json_schema

from .conftest import ROOT, corpus_articles

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", params=corpus_articles(), ids=lambda path: path.name)
def extracted(request: pytest.FixtureRequest, extractor: Extractor) -> tuple[Article, Extraction]:
    article = read_article(request.param.relative_to(ROOT))
    return article, extractor.extract_article(article)


def spans(value: object) -> Iterator[dict[str, object]]:
    """Every object with offsets and text, at any depth of a record."""
    if isinstance(value, dict):
        if isinstance(value.get("start"), int) and "text" in value:
            yield value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def lines(extraction: Extraction) -> list[dict[str, object]]:
    return [json.loads(line) for line in jsonl.encode(extraction.records).split(b"\n") if line]


def check_invariants(article: Article, extraction: Extraction) -> None:
    records = lines(extraction)
    validator = jsonschema.Draft202012Validator(json_schema())
    for record in records:
        validator.validate(record)
        for span in spans(record):
            start, end = span["start"], span["end"]
            assert isinstance(start, int) and isinstance(end, int)
            assert 0 <= start < end <= len(article.source)
            assert article.map.clean(start, end) == span["text"]
    assert records[0]["kind"] == "article"
    ids = [str(record["id"]) for record in records]
    assert len(set(ids)) == len(ids)
    plain = [re.sub(r"(?<=-[0-9a-f]{10})-\d+$", "", name) for name in ids[1:]]
    assert sorted(number_twins(plain)) == sorted(ids[1:])
    order = [
        (r["start"] is None, r["start"] or 0, r["end"] or 0, r["kind"], r["id"])
        for r in records[1:]
    ]
    assert order == sorted(order)  # type: ignore[type-var]
    known = set(ids)
    for record in records:
        for key in ("entity", "quote", "source", "parent"):
            for linked in links(record, key):
                assert linked in known, (record["id"], key, linked)


def links(value: object, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str) and re.search(r"-[0-9a-f]{10}", inner):
                yield inner
            yield from links(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from links(inner, key)


def test_invariants(extracted: tuple[Article, Extraction]) -> None:
    check_invariants(*extracted)


def test_every_kind_is_found(extracted: tuple[Article, Extraction]) -> None:
    counts = extracted[1].article.counts
    assert {"entity", "date", "event", "prediction", "quote"} <= set(counts)


def test_the_same_article_gives_the_same_bytes(
    extracted: tuple[Article, Extraction], extractor: Extractor
) -> None:
    article, extraction = extracted
    assert extractor.extract_article(article).to_jsonl() == extraction.to_jsonl()


def test_golden(
    extracted: tuple[Article, Extraction], file_regression: FileRegressionFixture
) -> None:
    """A changed golden is read like changed code. The fingerprint, which any change of code
    changes, and the versions are left out."""
    text = re.sub(r'"pipeline":\{[^}]*\}', '"pipeline":{}', extracted[1].to_jsonl(), count=1)
    file_regression.check(text, extension=".jsonl", encoding="utf-8", newline="\n")


def test_corpus_holds_every_form() -> None:
    suffixes = [path.suffix for path in corpus_articles()]
    assert len(suffixes) >= 8
    assert suffixes.count(".html") >= 1 and suffixes.count(".md") >= 2


def test_gold_dev_keeps_the_invariants(shared: Path, extractor: Extractor) -> None:
    for path in sorted((shared / "gold" / "dev").glob("*.txt")):
        article = read_article(path)
        check_invariants(article, extractor.extract_article(article))
