"""Well-formed dependency trees out of arc scores.

Taking every word's best head gives a tree for nearly every sentence; only where it does not is
the maximum spanning tree searched (Chu and Liu 1965, Edmonds 1967; for parsing McDonald et al.
2005). Heads are numbered as in CoNLL-U: words from 1, 0 is the root.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def is_tree(heads: Sequence[int]) -> bool:
    """Whether the heads of a sentence form one tree under exactly one root word.

    Args:
        heads: head of word 1, 2, …; each between 0 and the number of words.

    Example:
        >>> is_tree([2, 0, 2]), is_tree([2, 1, 0]), is_tree([0, 0])
        (True, False, False)
    """
    if heads.count(0) != 1:
        return False
    reaches_root = [False] * (len(heads) + 1)
    reaches_root[0] = True
    for word in range(1, len(heads) + 1):
        path = []
        while not reaches_root[word]:
            path.append(word)
            if len(path) > len(heads):
                return False
            word = heads[word - 1]
        for passed in path:
            reaches_root[passed] = True
    return True


def best_tree(scores: NDArray[np.floating]) -> list[int]:
    """The heads of the highest-scoring tree with exactly one root word.

    Args:
        scores: of head h (column) for word d (row), shape (n+1, n+1), finite; row 0 and the
            diagonal are not looked at.

    Returns:
        The heads of words 1 to n. Equal scores: the lower head.

    Example:
        >>> best_tree(np.array([[0, 0, 0], [5, 0, 9], [4, 9, 0]]))
        [0, 1]
    """
    arcs = np.array(scores, dtype=np.float64)
    penalty = (np.ptp(arcs) + 1) * len(arcs)
    np.fill_diagonal(arcs, -np.inf)
    arcs[0] = -np.inf
    heads = _spanning(arcs)
    if np.count_nonzero(heads[1:] == 0) > 1:
        # Every tree has a root word, and the penalty outweighs all other arcs together: the best
        # tree has no second one, and among those it is the best. It takes as many contractions
        # as there are words, which is why it comes second.
        arcs[:, 0] -= penalty
        heads = _spanning(arcs)
    return [int(head) for head in heads[1:]]


def _spanning(arcs: Scores) -> NDArray[np.intp]:
    """Best head of every node but node 0: greedy, a cycle contracted to one node at a time."""
    heads: NDArray[np.intp] = arcs.argmax(1)
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.array(cycle)
    kept = np.ones(len(arcs), dtype=np.bool_)
    kept[inside] = False
    outside = np.flatnonzero(kept)
    merged = len(outside)  # the contracted cycle comes last; node 0 stays first
    small = np.full((merged + 1, merged + 1), -np.inf)
    small[:merged, :merged] = arcs[np.ix_(outside, outside)]
    # An arc into the cycle replaces the cycle's own arc to the same node.
    entering = arcs[np.ix_(inside, outside)] - arcs[inside, heads[inside]][:, None]
    entry = entering.argmax(0)
    small[merged, :merged] = entering[entry, np.arange(merged)]
    leaving = arcs[np.ix_(outside, inside)]
    exit_ = leaving.argmax(1)
    small[:merged, merged] = leaving[np.arange(merged), exit_]
    small[0] = -np.inf
    chosen = _spanning(small)
    for node in range(1, merged):
        head = chosen[node]
        heads[outside[node]] = inside[exit_[node]] if head == merged else outside[head]
    heads[inside[entry[chosen[merged]]]] = outside[chosen[merged]]
    return heads


def _cycle(heads: NDArray[np.intp]) -> list[int] | None:
    """The nodes of some cycle, in order of their arcs, or None."""
    seen = [0] * len(heads)
    for start in range(1, len(heads)):
        node = start
        while node and not seen[node]:
            seen[node] = start
            node = int(heads[node])
        if node and seen[node] == start:
            cycle = [node]
            while heads[cycle[-1]] != node:
                cycle.append(int(heads[cycle[-1]]))
            return cycle
    return None
