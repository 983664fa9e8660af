"""Spans out of BIO probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.language.spans import tagged_spans

LABELS = ("O", "B-X", "I-X", "B-Y", "I-Y")


def decode(tags: str, threshold: float = 0.5, sure: float = 0.8) -> list[tuple[int, int, str]]:
    probabilities = np.full((len(tags.split()), len(LABELS)), (1 - sure) / 4, dtype=np.float32)
    for word, tag in enumerate(tags.split()):
        probabilities[word, LABELS.index(tag)] = sure
    spans = tagged_spans(probabilities, threshold=threshold)
    return [(span.start, span.end, "XY"[span.type]) for span in spans]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O O", []),
        ("B-X I-X O", [(0, 2, "X")]),
        ("O I-X I-X", [(1, 3, "X")]),
        ("B-X B-X", [(0, 1, "X"), (1, 2, "X")]),
        ("B-X I-X B-Y I-Y", [(0, 2, "X"), (2, 4, "Y")]),
        ("B-X I-Y I-X", [(0, 3, "X")]),
        ("I-X", [(0, 1, "X")]),
    ],
)
def test_decoding(tags: str, expected: list[tuple[int, int, str]]) -> None:
    assert decode(tags) == expected


def test_lower_threshold_finds_more() -> None:
    probabilities = np.array([[0.6, 0.4, 0.0], [0.7, 0.0, 0.3], [0.9, 0.0, 0.1]], dtype=np.float32)
    assert tagged_spans(probabilities, threshold=0.5) == []
    (span,) = tagged_spans(probabilities, threshold=0.25)
    assert (span.start, span.end, span.score) == (0, 2, 0.35)


def test_parted() -> None:
    probabilities = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=np.float32)
    parted = np.array([True, False, True])
    spans = tagged_spans(probabilities, threshold=0.5, parted=parted)
    assert [(span.start, span.end) for span in spans] == [(0, 2), (2, 3)]


@given(
    logits=arrays.arrays(
        np.float32, st.tuples(st.integers(0, 30), st.just(5)), elements=st.floats(-5, 5, width=32)
    ),
    threshold=st.floats(0.05, 0.95),
)
def test_spans_are_ordered_and_apart(logits: np.ndarray, threshold: float) -> None:
    weights = np.exp(logits)
    probabilities = weights / weights.sum(1, keepdims=True)
    spans = tagged_spans(probabilities, threshold=threshold)
    ends = [0]
    for span in spans:
        assert ends[-1] <= span.start < span.end <= len(logits)
        assert 0 <= span.score <= 1
        ends.append(span.end)
    covered = {word for span in spans for word in range(span.start, span.end)}
    assert covered == set(np.flatnonzero(1 - probabilities[:, 0] >= threshold).tolist())
