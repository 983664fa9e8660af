"""Whole articles: what must hold of every record, and the goldens."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from pipeline import jsonl
from pipeline.evaluate.invariants import violations
from pipeline.extraction import Extraction, Extractor
from pipeline.reading import Article, read_article
from pipeline.records import json_schema

from .conftest import corpus_articles

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", params=corpus_articles(), ids=lambda path: path.name)
def extracted(
    request: pytest.FixtureRequest, extracted_corpus: dict[Path, tuple[Article, Extraction]]
) -> tuple[Article, Extraction]:
    return extracted_corpus[request.param]


def check_invariants(article: Article, extraction: Extraction) -> None:
    assert violations(article, extraction.records) == []
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in jsonl.encode(extraction.records).split(b"\n")[:-1]:
        validator.validate(json.loads(line))


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
