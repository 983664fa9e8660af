"""Which of the matched records stand elsewhere: those outside the longest run that kept its order.

A record counts with its words, so that the fewest words move: of two paragraphs that changed
places the shorter one did.
"""

from __future__ import annotations

from collections.abc import Sequence

from .align import Pair, digest_of

# What a pair weighs: its words and, between runs of equally many words, a digest that is the same
# in both directions.
_Weight = tuple[int, int]


def moved(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that left the order in which the others stand.

    Order is that of sentences: what changes places within a sentence has not moved.

    Args:
        pairs: of any kinds, one to one.
    """
    ordered = sorted(pairs, key=lambda p: (p.old.record.sentence, p.new.record.sentence))
    ranks = {s: i for i, s in enumerate(sorted({p.new.record.sentence for p in ordered}), start=1)}
    # Best run that ends at or before a rank, as a Fenwick tree of maxima.
    best: list[tuple[_Weight, int]] = [((0, 0), -1)] * (len(ranks) + 1)
    before: list[int] = []
    for index, pair in enumerate(ordered):
        rank = ranks[pair.new.record.sentence]
        (words, digest), last = _up_to(best, rank)
        before.append(last)
        own = _weight(pair)
        run = ((words + own[0], digest + own[1]), index)
        at = rank
        while at < len(best):
            best[at] = max(best[at], run)
            at += at & -at
    kept: set[int] = set()
    last = _up_to(best, len(ranks))[1]
    while last >= 0:
        kept.add(last)
        last = before[last]
    return [pair for index, pair in enumerate(ordered) if index not in kept]


def _up_to(best: list[tuple[_Weight, int]], rank: int) -> tuple[_Weight, int]:
    found: tuple[_Weight, int] = ((0, 0), -1)
    while rank > 0:
        found = max(found, best[rank])
        rank -= rank & -rank
    return found


def _weight(pair: Pair) -> _Weight:
    return len(pair.old.words) + len(pair.new.words) + 1, digest_of(pair)
