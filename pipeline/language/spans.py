"""Spans out of the probabilities of BIO labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tagged:
    """A span that a head has found.

    Attributes:
        start: first word.
        end: one past the last word.
        type: index of its type in the head's types.
        score: mean over the words of the probability of being inside a span of the type.
    """

    start: int
    end: int
    type: int
    score: float


def tagged_spans(
    probabilities: NDArray[np.float32],
    *,
    threshold: float,
    parted: NDArray[np.bool_] | None = None,
) -> list[Tagged]:
    """The spans of a head, without overlap.

    A word is inside when its probability of being inside reaches the threshold; a new span begins
    where "begin" outweighs "go on", so no span goes on without having begun. The type of a span
    is the one with the highest sum over its words.

    Args:
        probabilities: of the labels O, B-first type, I-first type, B-second type, …; shape (W, L).
        threshold: 0.5 is the head's own decision; lower finds more, for rules to confirm.
        parted: words before which no span goes on, such as sentence starts.

    Example:
        >>> tagged_spans(np.array([[.1, .9, 0], [.2, .1, .7], [.9, .1, 0]]), threshold=0.5)
        [Tagged(start=0, end=2, type=0, score=0.85)]
    """
    begins, goes_on = probabilities[:, 1::2], probabilities[:, 2::2]
    by_type = begins + goes_on
    inside = 1 - probabilities[:, 0] >= threshold
    new = begins.sum(1) > goes_on.sum(1)
    if parted is not None:
        new |= parted
    new[1:] |= ~inside[:-1]
    new[:1] = True
    (starts,) = np.nonzero(inside & new)
    if not len(starts):
        return []
    (edges,) = np.nonzero(~inside | new)
    ends = np.append(edges, len(inside))[np.searchsorted(edges, starts, side="right")]
    # Sums from each start to its end, and from there to the next start, which are left out.
    bounds = np.column_stack([starts, ends]).ravel()
    padded = np.vstack([by_type, np.zeros_like(by_type[:1])])
    means = np.add.reduceat(padded, bounds)[::2] / (ends - starts)[:, None]
    types = means.argmax(1)
    scores = means.max(1).astype(np.float64).round(4)
    found = zip(starts.tolist(), ends.tolist(), types.tolist(), scores.tolist(), strict=True)
    return [Tagged(*span) for span in found]
