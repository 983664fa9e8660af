"""The hard set: what each passage of `hard_quotes.txt` holds is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.passages import Passage, load_passages, run_passages
from pipeline.extraction import Extractor

PASSAGES = load_passages(Path(__file__).parent / "hard_quotes.txt")


@pytest.mark.model
@pytest.mark.parametrize(
    "passage",
    [
        pytest.param(
            passage,
            id=passage.id,
            marks=[pytest.mark.xfail(reason=passage.xfail, strict=True)] if passage.xfail else [],
        )
        for passage in PASSAGES
    ],
)
def test_hard_quotes(passage: Passage, extractor: Extractor) -> None:
    (outcome,) = run_passages([passage], lambda a: extractor.extract_article(a).records)
    assert not outcome.differences


def test_hard_quotes_have_near_misses_and_every_type() -> None:
    assert len(PASSAGES) >= 250
    assert len({passage.text for passage in PASSAGES}) == len(PASSAGES)
    assert sum(not passage.quotes for passage in PASSAGES) >= 40
    types = {quote.type for passage in PASSAGES for quote in passage.quotes}
    assert types == {"direct", "indirect", "mixed"}
    fields = {field for passage in PASSAGES for quote in passage.quotes for field in quote.fields}
    assert fields == {
        *("name", "venue", "date", "to", "reported", "stance", "parent", "anonymous"),
    }
