"""Windows: every word settled once, in order, with its sentence whole where a window holds it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.windows import Output, Settled, settle

WIDTH = 66  # 64 pieces of text


class Splitter:
    """A model that finds the sentence starts it was given."""

    def __init__(self, starts: set[int]) -> None:
        self.starts = starts
        self.runs: list[tuple[int, int]] = []

    def __call__(self, start: int, end: int, given: np.ndarray) -> Output:
        self.runs.append((start, end))
        assert given[0] == 1
        found = np.array([start + i in self.starts for i in range(end - start)])
        found = np.where(given < 0, found, given == 1)
        return {
            "start": np.r_[0, found.astype(np.int64)],
            "sentence": np.r_[0, np.where(found, 0.9, 0.1)].astype(np.float32),
        }


def run(
    lengths: list[int], known: dict[int, int], found: set[int]
) -> tuple[list[Settled], Splitter]:
    splitter = Splitter(found)
    starts = np.full(len(lengths), -1, dtype=np.int64)
    for word, value in known.items():
        starts[word] = value
    parts = list(settle(np.array(lengths, dtype=np.int64), starts, max_pieces=WIDTH, run=splitter))
    assert [0, *(part.end for part in parts)] == [*(part.start for part in parts), len(lengths)]
    return parts, splitter


def test_short_text_is_one_window() -> None:
    parts, _ = run([1] * 64, {}, {0, 9})
    assert [(part.start, part.end) for part in parts] == [(0, 64)]


def test_cut_sentence_goes_to_the_next_window() -> None:
    parts, splitter = run([1] * 100, {}, {0, 20, 50, 80})
    assert [(part.start, part.end) for part in parts] == [(0, 50), (50, 100)]
    assert splitter.runs == [(0, 64), (50, 100)]


def test_window_ends_at_a_known_start_near_its_end() -> None:
    parts, splitter = run([1] * 100, {48: 1}, {0, 20, 48, 60})
    assert splitter.runs == [(0, 48), (48, 100)]
    assert [part.end for part in parts] == [48, 100]


def test_known_start_far_from_the_end_does_not_end_the_window() -> None:
    _, splitter = run([1] * 100, {20: 1}, {0, 20, 60})
    assert splitter.runs[0] == (0, 64)


def test_long_sentence_is_broken_where_it_is_likeliest() -> None:
    parts, _ = run([1] * 200, {}, {0})
    assert [part.forced for part in parts] == [True] * (len(parts) - 1) + [False]
    assert all(32 <= part.end - part.start <= 64 for part in parts[:-1])


def test_forced_break_avoids_words_known_to_go_on() -> None:
    inside = dict.fromkeys(range(1, 60), 0)
    parts, _ = run([1] * 100, inside, {0})
    assert parts[0].end >= 60


def test_narrow_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="max_pieces"):
        list(settle(np.ones(1, np.int64), np.ones(1, np.int64), max_pieces=63, run=Splitter({0})))


def test_no_words() -> None:
    assert run([], {}, set())[0] == []


@settings(max_examples=200)
@given(data=st.data())
def test_any_text(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 12), max_size=300))
    words = st.integers(0, max(0, len(lengths) - 1))
    known = (
        data.draw(st.dictionaries(words, st.sampled_from([0, 1]), max_size=40)) if lengths else {}
    )
    found = data.draw(st.sets(words, max_size=40))
    parts, splitter = run(lengths, known, found)
    for start, end in splitter.runs:
        assert sum(lengths[start:end]) <= WIDTH - 2
    # a window that settles little is followed by one that settles more
    assert len(splitter.runs) <= 2 + 8 * sum(lengths) / (WIDTH - 14)
    # only a sentence longer than a window is broken
    bounds = {len(lengths)} | {word for word in found if known.get(word) != 0}
    bounds |= {word for word, value in known.items() if value == 1}
    assert all(part.forced or part.end in bounds for part in parts)
