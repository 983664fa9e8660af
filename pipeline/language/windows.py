"""A text of any length through a network of bounded width, one window at a time.

A window holds as many words as fit, from the beginning of a sentence. It ends where a sentence is
known to begin, when one does near its end; otherwise the sentence that its end cuts off is left
for the next window, which begins with it. So each sentence is seen whole, with those before it in
its window, and what is said of it depends on the text alone: windows are run singly, because a
dynamically quantised network scales its numbers over all that it is given at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Output = dict[str, NDArray[np.generic]]
"""What the network says of one window: output name -> array, position 0 is the root."""

MIN_PIECES = 64
"""Narrower windows would cut most sentences."""

_NEAR_END = 2 / 3  # the part of its room that a window must fill to end at a known start
_LEAST_STEP = 1 / 8  # the part of its words that a window must settle: the work stays linear


@dataclass(frozen=True)
class Settled:
    """Whole sentences of a text, with the output of the window that begins with them.

    Attributes:
        start: first word.
        end: one past the last word; the window may go on beyond.
        output: of the window.
        forced: the sentence is longer than a window and was broken at `end`.
    """

    start: int
    end: int
    output: Output
    forced: bool


def settle(
    lengths: NDArray[np.int64],
    starts: NDArray[np.int64],
    *,
    max_pieces: int,
    run: Callable[[int, int, NDArray[np.int64]], Output],
) -> Iterator[Settled]:
    """Run windows over a text until every word is settled, in order.

    A sentence that no window holds is broken at the word that most probably begins one in the
    window's second half, and its first part run again as a sentence of its own.

    Args:
        lengths: pieces of each word.
        starts: of each word, whether it begins a sentence: 1 yes, 0 no, -1 unknown.
        max_pieces: width of a window, `[CLS]` and `[SEP]` counted; at least `MIN_PIECES`.
        run: annotates words `start` to `end`, given their `starts`; its output has `start` and
            `sentence` of `heads.py`.

    Raises:
        ValueError: windows are too narrow.
    """
    if max_pieces < MIN_PIECES:
        raise ValueError(f"max_pieces = {max_pieces} should be at least {MIN_PIECES}")
    room = max_pieces - 2
    words = len(lengths)
    pieces_before = np.concatenate([[0], np.cumsum(lengths)])
    known = np.flatnonzero(starts == 1)
    start = 0
    while start < words:
        limit = pieces_before[start] + room
        end = int(np.searchsorted(pieces_before, limit, side="right")) - 1
        forced = False
        if end < words:
            last = int(np.searchsorted(known, end, side="right")) - 1
            near = np.searchsorted(pieces_before, pieces_before[start] + _NEAR_END * room)
            if last >= 0 and known[last] >= near:
                end = int(known[last])
        output = run(start, end, _given(starts, start, end))
        stop = end
        if end < words and starts[end] != 1:
            stop = start + int(np.flatnonzero(output["start"][1:]).max(initial=0))
            if stop - start < _LEAST_STEP * (end - start):
                stop = _break(start, end, output, starts)
                output = run(start, stop, _given(starts, start, stop))
                forced = True
        yield Settled(start, stop, output, forced)
        start = stop


def _given(starts: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """What is known of a window's sentence starts; its first word always begins one."""
    given = starts[start:end].copy()
    given[0] = 1
    return given


def _break(start: int, end: int, output: Output, starts: NDArray[np.int64]) -> int:
    """The likeliest beginning of a sentence in the window's second half; never a known inside."""
    half = (end - start + 1) // 2
    likely = output["sentence"][1 + half :] - (starts[start + half : end] == 0)
    return start + half + int(likely.argmax())
