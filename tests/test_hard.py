"""The hard sets: what each passage of `hard_*.txt` holds is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.passages import Passage, load_passages, run_passages
from pipeline.extraction import Extractor

QUOTES, PREDICTIONS = (
    load_passages(Path(__file__).parent / f"hard_{find}.txt") for find in ("quotes", "predictions")
)


@pytest.mark.model
@pytest.mark.parametrize(
    "passage",
    [
        pytest.param(
            passage,
            id=f"{passage.find}-{passage.id}",
            marks=[pytest.mark.xfail(reason=passage.xfail, strict=True)] if passage.xfail else [],
        )
        for passage in (*QUOTES, *PREDICTIONS)
    ],
)
def test_hard(passage: Passage, extractor: Extractor) -> None:
    (outcome,) = run_passages([passage], lambda a: extractor.extract_article(a).records)
    assert not outcome.differences


@pytest.mark.parametrize(
    ("passages", "least", "near_misses", "heads", "fields"),
    [
        pytest.param(
            QUOTES,
            250,
            40,
            {"direct", "indirect", "mixed"},
            {"name", "venue", "date", "to", "reported", "stance", "parent", "anonymous"},
            id="quotes",
        ),
        pytest.param(
            PREDICTIONS,
            300,
            150,
            {"future", "present", "past"},
            {"level", "odds", "polarity", "holder", "horizon", "condition", "act"},
            id="predictions",
        ),
    ],
)
def test_a_hard_set_has_near_misses_and_every_kind_of_finding_and_field(
    passages: tuple[Passage, ...],
    least: int,
    near_misses: int,
    heads: set[str],
    fields: set[str],
) -> None:
    assert len(passages) >= least
    assert len({passage.text for passage in passages}) == len(passages)
    assert sum(not passage.wanted for passage in passages) >= near_misses
    assert {item.head for passage in passages for item in passage.wanted} == heads
    assert {field for p in passages for item in p.wanted for field in item.fields} == fields


def test_every_trap_has_predictions_and_near_misses() -> None:
    kinds = {passage.kind for passage in PREDICTIONS}
    for told in (True, False):
        assert kinds - {p.kind for p in PREDICTIONS if bool(p.wanted) == told} <= {
            # A courtesy forecasts nothing.
            "politeness and phrases of speech"
        }
