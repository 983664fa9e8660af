"""Conditional logistic regression: of several candidates, which have signs, some are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

_MIN_COUNT = 4


class Choice(NamedTuple):
    """A choice to be made: the signs of each candidate, and which candidates are right."""

    document: str
    kind: str
    signs: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]


def fit(
    data: Sequence[Choice], *, penalty: float, expected: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Weights by sign: the most probable given the right candidates and a Gaussian prior.

    Solved by Newton's method.

    Args:
        data: choices, each with a right candidate and one that is not.
        penalty: inverse variance of the prior.
        expected: means of the prior; 0 for every other sign.

    Returns:
        A weight for each sign of at least four choices and for each of `expected`.

    Example:
        >>> seen = [Choice("a", "day", (("near",), ("far",)), (True, False))] * 4
        >>> weights = fit(seen, penalty=4.0)
        >>> weights["near"] > 0 > weights["far"]
        True
    """
    means = expected or {}
    counts = Counter(
        sign for choice in data for sign in {s for signs in choice.signs for s in signs}
    )
    names = sorted({sign for sign, count in counts.items() if count >= _MIN_COUNT} | set(means))
    column = {name: at for at, name in enumerate(names)}
    # All candidates of all choices, one row each; a choice is a run of rows.
    begins = np.cumsum([0, *(len(choice.signs) for choice in data[:-1])])
    run = np.repeat(np.arange(len(data)), [len(choice.signs) for choice in data])
    right = np.array([one for choice in data for one in choice.right], dtype=float)
    table = np.zeros((len(run), len(names)))
    for row, signs in enumerate(signs for choice in data for signs in choice.signs):
        for sign in signs:
            if sign in column:
                table[row, column[sign]] += 1
    center = np.array([means.get(name, 0.0) for name in names])
    weights = center.copy()
    for _ in range(40):
        scores = table @ weights
        chances = np.exp(scores - np.maximum.reduceat(scores, begins)[run])
        chances /= np.add.reduceat(chances, begins)[run]
        wanted = np.maximum(chances, 1e-9) * right
        wanted /= np.add.reduceat(wanted, begins)[run]
        mean = np.add.reduceat(table * chances[:, None], begins)
        slope = table.T @ (chances - wanted) + penalty * (weights - center)
        curve = (table * chances[:, None]).T @ table - mean.T @ mean
        step = np.linalg.solve(curve + penalty * np.eye(len(names)), slope)
        # Far from the goal a full step can go beyond it.
        weights -= step * min(1.0, 1.0 / np.abs(step).max())
        if np.abs(step).max() < 1e-4:
            break
    return dict(zip(names, weights.tolist(), strict=True))
