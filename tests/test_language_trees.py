"""Trees: well-formed whatever the scores, and the best there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.language.trees import best_tree, is_tree


def all_trees(words: int) -> list[tuple[int, ...]]:
    return [heads for heads in product(range(words + 1), repeat=words) if is_tree(heads)]


def score(scores: np.ndarray, heads: tuple[int, ...] | list[int]) -> float:
    return float(sum(scores[word, head] for word, head in enumerate(heads, start=1)))


@pytest.mark.parametrize(("words", "count"), [(1, 1), (2, 2), (3, 9), (4, 64)])
def test_number_of_trees(words: int, count: int) -> None:
    # Cayley: n^(n-1) rooted labelled trees
    assert len(all_trees(words)) == count


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([0], True),
        ([], False),
        ([1], False),
        ([2, 1], False),
        ([0, 3, 2], False),
        ([3, 3, 0], True),
    ],
)
def test_is_tree(heads: list[int], expected: bool) -> None:
    assert is_tree(heads) is expected


@settings(max_examples=300)
@given(data=st.data())
def test_best_tree_of_all_trees(data: st.DataObject) -> None:
    words = data.draw(st.integers(1, 5))
    cells = st.integers(-50, 50).map(float) | st.just(-1e4)
    scores = data.draw(arrays.arrays(np.float64, (words + 1, words + 1), elements=cells))
    found = best_tree(scores)
    assert is_tree(found)
    assert score(scores, found) == max(score(scores, heads) for heads in all_trees(words))


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), words=st.integers(6, 120))
def test_best_tree_is_a_tree(seed: int, words: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(words + 1, words + 1)).astype(np.float32)
    assert is_tree(best_tree(scores))


def test_best_tree_of_nested_cycles() -> None:
    # every word prefers its neighbour: contraction after contraction
    words = 300
    scores = np.zeros((words + 1, words + 1))
    for word in range(1, words):
        scores[word, word + 1] = scores[word + 1, word] = words - word
    assert is_tree(best_tree(scores))


def test_greedy_heads_stand_where_they_are_a_tree() -> None:
    heads = [2, 0, 2, 3]
    scores = np.zeros((5, 5))
    for word, head in enumerate(heads, start=1):
        scores[word, head] = 3
    assert best_tree(scores) == heads
