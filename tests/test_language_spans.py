"""Spans out of BIO probabilities."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
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
        ("B-X B-X", [(0, 1, "X"), (1, 2, "X")]),
        ("B-X I-X B-Y I-Y", [(0, 2, "X"), (2, 4, "Y")]),
        ("B-X I-Y I-X", [(0, 3, "X")]),
        ("O I-X O", []),
        ("", []),
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
    probabilities = np.array([[0, 1, 0], [0, 0, 1], [0.1, 0.3, 0.6]], dtype=np.float32)
    parted = np.array([True, False, True])
    spans = tagged_spans(probabilities, threshold=0.5, parted=parted)
    assert [(span.start, span.end) for span in spans] == [(0, 2), (2, 3)]


def best_by_trying_all(labels: np.ndarray) -> float:
    """The highest product over all sequences of labels that a span decoder may give."""
    best = 0.0
    for sequence in product(range(labels.shape[1]), repeat=len(labels)):
        pairs = pairwise((0, *sequence))
        if all(now % 2 == 1 or now == 0 or before in (now, now - 1) for before, now in pairs):
            best = max(
                best, float(np.prod([row[i] for row, i in zip(labels, sequence, strict=True)]))
            )
    return best


PROBABILITIES = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 4), st.just(5)), elements=st.floats(-4, 4, width=32)
).map(lambda logits: np.exp(logits) / np.exp(logits).sum(1, keepdims=True))


@settings(max_examples=100)
@given(probabilities=PROBABILITIES, threshold=st.sampled_from([0.1, 0.25, 0.5, 0.8]))
def test_no_other_spans_are_more_probable(probabilities: np.ndarray, threshold: float) -> None:
    spans = tagged_spans(probabilities, threshold=threshold)
    labels = probabilities.astype(np.float64)
    labels[:, 0] *= threshold / (1 - threshold)
    said = labels[:, 0].copy()
    for span in spans:
        said[span.start] = labels[span.start, 1 + 2 * span.type]
        said[span.start + 1 : span.end] = labels[span.start + 1 : span.end, 2 + 2 * span.type]
    # words that can hardly be inside are outside beforehand
    if (probabilities[:, 0] <= 0.95).all():
        assert np.prod(said) == pytest.approx(best_by_trying_all(labels), rel=1e-9)


@given(
    probabilities=arrays.arrays(
        np.float32, st.tuples(st.integers(0, 40), st.just(5)), elements=st.sampled_from([0, 0.5, 1])
    ),
    parted=st.integers(0, 39),
)
def test_spans_are_ordered_and_apart(probabilities: np.ndarray, parted: int) -> None:
    before = np.arange(len(probabilities)) == parted
    spans = tagged_spans(probabilities, threshold=0.25, parted=before)
    ends = [0]
    for span in spans:
        assert ends[-1] <= span.start < span.end <= len(probabilities)
        assert not span.start < parted < span.end
        ends.append(span.end)
