"""The order of intervals and of stated edges between them, without writing every pair down.

Of n intervals up to n²/2 pairs are in order, so they are never listed. Two numbers of an item say
all: it precedes every item whose first day is after its last. To sort and to count, *boundaries*
stand in for the pairs: one for each first day that some item is wholly before. An item leads to
the first boundary after its last day, a boundary to the next one and to the items that begin at it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf

from .intervals import Interval


class Order:
    """A strict partial order of items 0 to n-1: that of their intervals and of edges added to it.

    Args:
        intervals: one an item; where the order leaves open which of two items comes first, `sort`
            takes the one with the lower number.
    """

    def __init__(self, intervals: Sequence[Interval]) -> None:
        self.intervals = intervals
        self.after: list[list[int]] = [[] for _ in intervals]
        # Items with edges to others, by their first day; of all others the intervals tell all.
        self._sources: list[tuple[float, int]] = []

    def add(self, earlier: int, later: int) -> bool:
        """Put an item before another; False, and nothing done, where that would close a cycle."""
        if self.precedes(later, earlier) or earlier == later:
            return False
        if not self.after[earlier]:
            insort(self._sources, (self.intervals[earlier].first, earlier))
        self.after[earlier].append(later)
        return True

    def precedes(self, item: int, other: int) -> bool:
        """Whether an item comes before another, by intervals and edges in any succession.

        Takes time in the number of edges at most, whatever the number of items.
        """
        goal = self.intervals[other]
        stack, seen = [item], {item}
        # Items that begin after the goal ends are after it, so that none of them leads to it.
        unseen = bisect_right(self._sources, (goal.last, len(self.intervals)))
        while stack:
            here = stack.pop()
            interval = self.intervals[here]
            if interval.precedes(goal):
                return True
            following = list(self.after[here])
            while unseen and self._sources[unseen - 1][0] > interval.last:
                unseen -= 1
                following.append(self._sources[unseen][1])
            for later in following:
                if later == other:
                    return True
                if later not in seen:
                    seen.add(later)
                    stack.append(later)
        return False

    def sorted(self) -> SortedOrder:
        """The order as it stands, sorted and reduced."""
        return SortedOrder(self)


class SortedOrder:
    """What follows from an `Order`: a succession, levels and the direct successors of each item.

    Attributes:
        sequence: the items so that each comes after all that precede it, else by number.
        levels: for each item, how many items the longest chain before it has.
    """

    def __init__(self, order: Order) -> None:
        self._intervals = order.intervals
        self._after = order.after
        count = len(order.intervals)
        self._begins = sorted((interval.first, i) for i, interval in enumerate(order.intervals))
        earliest_end = min((interval.last for interval in order.intervals), default=inf)
        days = sorted({first for first, _ in self._begins if first > earliest_end})
        self._days = days
        # Node numbers: items first, then boundaries.
        self._next = [
            count + place if (place := bisect_right(days, interval.last)) < len(days) else None
            for interval in order.intervals
        ]
        boundary_at = {day: count + place for place, day in enumerate(days)}
        successors: list[list[int]] = [
            [*later, *([] if boundary is None else [boundary])]
            for later, boundary in zip(order.after, self._next, strict=True)
        ]
        successors += [[count + i + 1] if i + 1 < len(days) else [] for i in range(len(days))]
        for item, interval in enumerate(order.intervals):
            if interval.first in boundary_at:
                successors[boundary_at[interval.first]].append(item)
        self._sort(count, successors)
        self._look_ahead(count, successors)

    def _sort(self, count: int, successors: list[list[int]]) -> None:
        waiting = [0] * len(successors)
        for following in successors:
            for later in following:
                waiting[later] += 1
        ready = [item for item in range(count) if not waiting[item]]
        heapify(ready)
        boundaries = [node for node in range(count, len(successors)) if not waiting[node]]
        depths = [0] * len(successors)
        self._nodes: list[int] = []
        while ready or boundaries:
            node = boundaries.pop() if boundaries else heappop(ready)
            self._nodes.append(node)
            depth = depths[node] + (node < count)
            for later in successors[node]:
                depths[later] = max(depths[later], depth)
                waiting[later] -= 1
                if not waiting[later]:
                    if later < count:
                        heappush(ready, later)
                    else:
                        boundaries.append(later)
        self.sequence = [node for node in self._nodes if node < count]
        self.levels = depths[:count]

    def _look_ahead(self, count: int, successors: list[list[int]]) -> None:
        """For each node, two things that tell whether a path leads from it to an item.

        A path ends in a step by intervals, from an item whose last day is before the other's first:
        so the least last day of all that can be reached is kept. Or it ends in an edge: so the ends
        of all edges that can be reached are kept, one bit each.
        """
        ends = sorted({later for following in self._after for later in following})
        self._bit = {item: 1 << place for place, item in enumerate(ends)}
        self._ends: list[int] = [0] * len(successors)
        self._least = [interval.last for interval in self._intervals]
        self._least += [inf] * len(self._days)
        for node in reversed(self._nodes):
            for later in successors[node]:
                self._least[node] = min(self._least[node], self._least[later])
                self._ends[node] |= self._ends[later]
            if node < count:
                for later in self._after[node]:
                    self._ends[node] |= self._bit[later]

    def _leads(self, node: int, item: int) -> bool:
        return (
            self._least[node] < self._intervals[item].first
            or self._ends[node] & self._bit.get(item, 0) != 0
        )

    def direct(self, item: int, *, most: int) -> tuple[list[int], list[int], bool]:
        """What comes directly after an item: after it, and after nothing that is after it.

        Args:
            item: its number.
            most: how many to give by intervals at most; there may be as many as items.

        Returns:
            Those that intervals put there, by first day; those that only an edge puts there; and
            whether the first list has them all.
        """
        boundary = self._next[item]
        edges = self._after[item]
        by_edge = [
            later
            for later in dict.fromkeys(edges)
            if not self._intervals[item].precedes(self._intervals[later])
            and not (boundary is not None and self._leads(boundary, later))
            and not any(self._leads(other, later) for other in edges if other != later)
        ]
        if boundary is None:
            return [], by_edge, True
        # Whatever begins after the least last day is after something that is after the item.
        first = bisect_left(self._begins, (self._days[boundary - len(self._intervals)], 0))
        last = bisect_right(self._begins, (self._least[boundary], len(self._intervals)))
        window = self._begins[first : min(last, first + 2 * most + len(edges))]
        direct = [
            later
            for _, later in window
            if not self._ends[boundary] & self._bit.get(later, 0)
            and not any(self._leads(other, later) for other in edges if other != later)
        ]
        complete = len(window) == last - first and len(direct) <= most
        return direct[:most], by_edge, complete
